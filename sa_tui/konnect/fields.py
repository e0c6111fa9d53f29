"""Reads single fields of Konnect's objects from JSON; an unreadable value raises ValueError."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

# Stricter than the standard library, which takes any character between date and time: a guessed
# time must not decide when a token expires.
_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", flags=re.ASCII
)

_FIRST_YEAR = 2015
"""Konnect is younger: an earlier time stands for none."""


def text(value: object) -> str:
    """A text; half a character, which no file and no terminal takes, is unreadable."""
    if not isinstance(value, str):
        raise ValueError("not a text")
    value.encode()
    return value


def identifier(value: object) -> str:
    """An id, which can stand in a path."""
    if text(value).strip() in ("", ".", ".."):
        raise ValueError("not usable as an identifier")
    return text(value)


def flag(value: object) -> bool:
    """True or false, and nothing that only means it."""
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def count(value: object) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not a whole number")
    return value


def labels(value: object) -> Mapping[str, str]:
    """The names and values of labels."""
    if not isinstance(value, Mapping):
        raise ValueError("not labels")
    return {text(name): text(label) for name, label in value.items()}


def moment(value: object) -> datetime:
    """A time in UTC."""
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("not an RFC 3339 time")
    try:
        read = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except OverflowError:
        raise ValueError("outside the calendar") from None
    if read.year < _FIRST_YEAR:
        # Servers write such a time, often year 1, when they have none.
        raise ValueError("before there was a Konnect")
    return read


def last_use(value: object) -> datetime | None:
    """When something was last used; None for a time before there was a Konnect.

    Some servers write never as the first time of their clock: year 1, or 1970.
    """
    if isinstance(value, str) and _RFC3339.fullmatch(value) and int(value[:4]) < _FIRST_YEAR:
        return None
    return moment(value)


TEXT, IDENTIFIER, FLAG, COUNT, LABELS, MOMENT, LAST_USE = (
    MappingProxyType({"read": read})
    for read in (text, identifier, flag, count, labels, moment, last_use)
)
"""The metadata of a field of a dataclass that is read in this way."""
