"""Profiles as the tables of profiles.toml; a wrong type or an unknown key is refused by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from sa_tui.base.secrets import looks_like_token
from sa_tui.profiles.errors import ProfileError, listed, quoted
from sa_tui.profiles.lines import dotted
from sa_tui.profiles.model import (
    CommandSource,
    EnvSource,
    FileSource,
    KeyringSource,
    KongctlSource,
    Profile,
    TokenSource,
    token_refused,
)
from sa_tui.profiles.urls import GLOBAL_URL, regional_pattern

_SOURCES = ("env", "file", "command", "keyring", "kongctl")
_SOURCE_MEND = (
    'Write one of token = { env = "NAME" }, { file = "PATH" }, { command = ["NAME", "ARGUMENT"] }, '
    '{ keyring = "SERVICE", username = "USER" } or { kongctl = "PROFILE" }.'
)
_FIELDS = (
    "base_url",
    "regional_url",
    "regions",
    "label",
    "read_only",
    "colour",
    "page_size",
    "timeout_seconds",
    "concurrency",
    "ca_bundle",
    "keep_snapshot",
)


def profile_from_mapping(
    name: str, values: Mapping[str, object], *, home: Path | None = None
) -> Profile:
    """The profile that a table describes; `~/` in paths is below home.

    Raises ProfileError whose `key` is relative to the table.
    """
    refuse_tokens(values)
    check_keys(values, (*_FIELDS, "token"))
    if "token" not in values:
        raise ProfileError("The profile has no token source.", key="token", mend=_SOURCE_MEND)
    readers: dict[str, Callable[[Any, str], Any]] = {
        "regions": texts_of,
        "read_only": _flag,
        "keep_snapshot": _flag,
        "page_size": _whole_number,
        "timeout_seconds": _number,
        "concurrency": _whole_number,
        "ca_bundle": lambda value, key: _path(value, key, home),
    }
    given = {key: readers.get(key, text_of)(values[key], key) for key in _FIELDS if key in values}
    return Profile(name, source=source_from_mapping(values["token"], home=home), **given)


def source_from_mapping(values: object, *, home: Path | None = None) -> TokenSource:
    """The token source that a `token` table describes. Raises ProfileError; repeats no value."""
    if isinstance(values, str) and looks_like_token(values):
        raise token_refused("token")
    if not isinstance(values, Mapping):
        raise ProfileError("This is not a token source.", key="token", mend=_SOURCE_MEND)
    refuse_tokens(values, within=("token",))
    check_keys(values, (*_SOURCES, "username"), within="token")
    kinds = [key for key in _SOURCES if key in values]
    if len(kinds) != 1 or ("username" in values and kinds != ["keyring"]):
        raise ProfileError(
            "There must be exactly one token source.", key="token", mend=_SOURCE_MEND
        )
    kind = kinds[0]
    key, value = f"token.{kind}", values[kind]
    if kind == "command":
        return CommandSource(texts_of(value, key))
    if kind == "file":
        return FileSource(_path(value, key, home))
    text = text_of(value, key)
    if kind == "env":
        return EnvSource(text)
    if kind == "kongctl":
        return KongctlSource(text)
    if "username" not in values:
        raise ProfileError("The keyring's user name is missing.", key="token", mend=_SOURCE_MEND)
    return KeyringSource(text, username=text_of(values["username"], "token.username"))


def profile_to_mapping(profile: Profile) -> dict[str, object]:
    """The table that describes a profile, without its name and without what is the default."""
    usual = {
        "base_url": GLOBAL_URL,
        "regional_url": regional_pattern(profile.base_url),
        **{field.name: field.default for field in fields(Profile) if field.name in _FIELDS[2:]},
    }
    values = {
        key: value
        for key, value in settings_of(profile).items()
        if getattr(profile, key) != usual[key]
    }
    return {**values, "token": source_to_mapping(profile.source)}


def settings_of(profile: Profile) -> dict[str, object]:
    """Everything that a table may hold besides the token's source, written as it would be there."""
    return {key: _plain(getattr(profile, key)) for key in _FIELDS}


def source_to_mapping(source: TokenSource) -> dict[str, object]:
    """The `token` table that describes a source."""
    match source:
        case EnvSource(variable):
            return {"env": variable}
        case FileSource(path):
            return {"file": str(path)}
        case CommandSource(argv):
            return {"command": list(argv)}
        case KeyringSource(service):
            return {"keyring": service, "username": source.username}
        case KongctlSource(profile):
            return {"kongctl": profile}


def check_keys(values: Mapping[str, object], known: Iterable[str], *, within: str = "") -> None:
    """Raises ProfileError for the first key that is not known, naming the nearest known one."""
    names = list(known)
    for key in values:
        if key not in names:
            near = difflib.get_close_matches(key.lower(), names, n=1, cutoff=0.6)
            raise ProfileError(
                f"The key {quoted(key)} is not known here.",
                key=f"{within}.{dotted((key,))}" if within else dotted((key,)),
                mend=f'Did you mean "{near[0]}"?' if near else f"Known keys: {listed(names)}.",
            )


def refuse_tokens(value: object, *, within: tuple[str, ...] = ()) -> None:
    """Raises ProfileError when a text in it looks like a token; repeats none."""
    for path, text in _strings(value, within):
        if looks_like_token(text):
            raise token_refused(dotted(path) if path else None)


def _strings(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield path, str(key)
            yield from _strings(inner, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner, path)


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value


def wrong_kind(key: str, wanted: str) -> ProfileError:
    """The error of a value that is not what its key takes."""
    return ProfileError("The value is of the wrong kind.", key=key, mend=f"Write {wanted}.")


def text_of(value: object, key: str) -> str:
    """The text under a key. Raises ProfileError for a value of another kind."""
    if not isinstance(value, str):
        raise wrong_kind(key, "text in quotes")
    return value


def texts_of(value: object, key: str) -> tuple[str, ...]:
    """The texts under a key. Raises ProfileError for a value of another kind."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise wrong_kind(key, 'a list of texts, such as ["one", "two"]')
    return tuple(value)


def _flag(value: object, key: str) -> bool:
    if not isinstance(value, bool):
        raise wrong_kind(key, "true or false, without quotes")
    return value


def _whole_number(value: object, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_kind(key, "a whole number, without quotes")
    return value


def _number(value: object, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_kind(key, "a number of seconds, without quotes")
    return float(value)


def _path(value: object, key: str, home: Path | None) -> Path:
    text = text_of(value, key)
    if text.startswith("~/"):
        return (home or Path.home()) / text[2:]
    return Path(text)
