"""The types of single fields of Konnect's objects; an unreadable value raises ValueError."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

# Stricter than the standard library, which takes any character between date and time: a guessed
# time must not decide when a token expires.
_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", flags=re.ASCII
)

_FIRST_YEAR = 2015
"""Konnect is younger: an earlier time stands for none."""


def _identifier(text: str) -> str:
    if text.strip() in ("", ".", ".."):
        raise ValueError("not usable as an identifier")
    return text


def _utc(value: object) -> datetime:
    if isinstance(value, str):
        if not _RFC3339.fullmatch(value):
            raise ValueError("not an RFC 3339 time")
        value = datetime.fromisoformat(value.upper())
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("not an aware time")
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        raise ValueError("outside the calendar") from None
    if moment.year < _FIRST_YEAR:
        # Servers write such a time, often year 1, when they have none.
        raise ValueError("before there was a Konnect")
    return moment


def _last_use(value: object) -> datetime | None:
    """When something was last used; None for a time before there was a Konnect.

    Some servers write never as the first time of their clock: year 1, or 1970.
    """
    if value is None:
        return None
    if isinstance(value, str) and _RFC3339.fullmatch(value) and int(value[:4]) < _FIRST_YEAR:
        return None
    return _utc(value)


Identifier = Annotated[str, AfterValidator(_identifier)]
Moment = Annotated[datetime, BeforeValidator(_utc)]
LastUse = Annotated[datetime | None, BeforeValidator(_last_use)]


class Frozen(BaseModel):
    """A value that never changes; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
