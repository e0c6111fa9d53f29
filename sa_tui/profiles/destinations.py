"""The `[destinations.NAME]` tables of profiles.toml; none of them ever holds a token."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from sa_tui.base.destination import DESTINATION_KINDS, SECRET_FORMATS, NamedDestination
from sa_tui.profiles.errors import ProfileError, quoted
from sa_tui.profiles.mapping import check_keys, refuse_tokens, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIELDS = ("kind", "command", "path", "format", "note", "verify")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_NEEDS = {"command": "command", "file": "path"}


def destination_from_mapping(name: str, values: Mapping[str, object]) -> NamedDestination:
    """The destination that a table describes.

    Raises ProfileError whose `key` is relative to the table.
    """
    check_destination_name(name)
    refuse_tokens(values)
    check_keys(values, _FIELDS)
    kind = text_of(values.get("kind", ""), "kind")
    form = text_of(values.get("format", SECRET_FORMATS[0]), "format")
    if kind not in DESTINATION_KINDS:
        raise _not_among(kind, "kind", DESTINATION_KINDS, is_missing="kind" not in values)
    if form not in SECRET_FORMATS:
        raise _not_among(form, "format", SECRET_FORMATS)
    destination = NamedDestination(
        name,
        kind=kind,
        command=_arguments(values, "command"),
        path=text_of(values.get("path", ""), "path"),
        format=form,
        note=text_of(values.get("note", ""), "note"),
        verify=_arguments(values, "verify"),
    )
    _check_fields(destination)
    return destination


def destination_to_mapping(destination: NamedDestination) -> dict[str, object]:
    """The table that describes a destination, without its name and without what is the default."""
    usual = NamedDestination(destination.name, kind=destination.kind)
    values = ((key, getattr(destination, key)) for key in _FIELDS)
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in values
        if key == "kind" or value != getattr(usual, key)
    }


def check_destination_name(name: str) -> None:
    """Raises ProfileError unless `name` may name a destination."""
    if not _NAME.fullmatch(name):
        raise ProfileError(
            f"{quoted(name)} cannot be the name of a destination.",
            key="name",
            mend="Use up to 40 letters, digits, dots, dashes and underscores.",
        )


def _arguments(values: Mapping[str, object], key: str) -> tuple[str, ...]:
    """A command: a list of arguments, or a line that is split as a shell would."""
    value = values.get(key, ())
    if not isinstance(value, str):
        return texts_of(value, key)
    try:
        return tuple(shlex.split(value))
    except ValueError as error:
        raise ProfileError(
            f"The command cannot be read: {str(error).lower()}.",
            key=key,
            mend='Write a list of arguments, such as ["vault", "kv", "put"].',
        ) from None


def _check_fields(destination: NamedDestination) -> None:
    """Refuses what is missing, and what this kind of destination would ignore."""
    needed = _NEEDS.get(destination.kind)
    if needed is not None and not any(getattr(destination, needed)):
        raise ProfileError(
            f"A destination of the kind {destination.kind} needs a {needed}.",
            mend=f"Write {needed} = …",
        )
    takes: dict[str, tuple[str, ...]] = {
        "command": ("command", "format", "verify"),
        "file": ("path", "format"),
    }
    usual = NamedDestination(destination.name, kind=destination.kind)
    for key in ("command", "path", "format", "verify"):
        is_given = getattr(destination, key) != getattr(usual, key)
        if is_given and key not in takes.get(destination.kind, ()):
            raise ProfileError(
                f"A destination of the kind {destination.kind} has no {key}.",
                key=key,
                mend="Remove that line, or choose another kind.",
            )
    if any("\0" in part for part in (*destination.command, *destination.verify, destination.path)):
        raise ProfileError("A null character stands in it.", mend="Write it anew.")


def _not_among(
    value: Any, key: str, known: tuple[str, ...], *, is_missing: bool = False
) -> ProfileError:
    says = f"There is no {key}." if is_missing else f"There is no {key} {quoted(value)}."
    return ProfileError(says, key=None if is_missing else key, mend=f"Use {', '.join(known)}.")
