"""The text of profiles.toml with one thing changed, and every comment where it was.

Whoever uses the text reads it back: it may not say what was meant in a file of an odd layout.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sa_tui.profiles.destinations import destination_to_mapping
from sa_tui.profiles.lines import dotted, last_lines, renamed
from sa_tui.profiles.mapping import profile_to_mapping, settings_of, source_to_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sa_tui.base.destination import NamedDestination
    from sa_tui.profiles.model import Profile

    _Missing = tuple[tuple[str, ...], dict[str, object]]

_HEADING = "Profiles of sa-tui: where each token is kept, never a token itself."


class EditError(Exception):
    """The text cannot be changed so."""


def with_profile(text: str, profile: Profile, *, default: bool) -> str:
    """The text with this profile at its end. Raises EditError, as all of these do."""
    import tomlkit

    with _reported():
        document = tomlkit.parse(text)
        if not text:
            document.add(tomlkit.comment(_HEADING))
        table = tomlkit.table()
        for key, value in profile_to_mapping(profile).items():
            table.append(key, _item(value))
        if "profiles" not in document:
            document["profiles"] = tomlkit.table(is_super_table=True)
        document["profiles"][profile.name] = table
        if default:
            document["default"] = profile.name
        return document.as_string()


def with_destination(text: str, destination: NamedDestination) -> str:
    """The text with this destination at its end."""
    import tomlkit

    with _reported():
        document = tomlkit.parse(text)
        table = tomlkit.table()
        for key, value in destination_to_mapping(destination).items():
            table.append(key, _item(value))
        if "destinations" not in document:
            document["destinations"] = tomlkit.table(is_super_table=True)
        document["destinations"][destination.name] = table
        return document.as_string()


def without_profile(text: str, name: str, *, is_default: bool) -> str:
    """The text without this profile, and without the default if that is it."""
    import tomlkit

    with _reported():
        document = tomlkit.parse(text)
        del document["profiles"][name]
        if is_default:
            del document["default"]
        return document.as_string()


# Changing one where it stands


def with_changes(text: str, old: Profile, new: Profile, *, is_default: bool) -> str:
    """The text with the new profile in the place of the old one."""
    import tomlkit

    with _reported():
        if new.name != old.name:
            text = renamed(text, ("profiles", old.name), new.name)
        document = tomlkit.parse(text)
        if is_default and new.name != old.name:
            document["default"] = new.name
        table, own = document["profiles"][new.name], ("profiles", new.name)
        missing: list[_Missing] = [(own, _change_settings(table, old, new))]
        if old.source != new.source:
            is_headed = (*own, "token") in last_lines(text)
            token_source = source_to_mapping(new.source)
            missing.append(_change_source(table, own, token_source, is_headed=is_headed))
        text = document.as_string()
        for path, values in missing:
            text = _with_keys(text, path, values)
        return text


def _change_settings(table: Any, old: Profile, new: Profile) -> dict[str, object]:
    """Changes what is written of the settings; what is to be written besides."""
    before, after, settings = settings_of(old), settings_of(new), profile_to_mapping(new)
    for key in [key for key in table if key in after and before[key] != after[key]]:
        if key in settings:
            _put(table, key, after[key])
        else:
            del table[key]
    return {key: value for key, value in settings.items() if key in after and key not in table}


def _put(table: Any, key: str, value: Any) -> None:
    """Changes a value; a list keeps what stays in it, and with that the comments there."""
    held = table[key]
    if isinstance(held, list) and isinstance(value, list):
        for entry in [entry for entry in held if entry not in value]:
            held.remove(entry)
        held.extend(entry for entry in value if entry not in held)
    if held != value:
        table[key] = value


def _change_source(
    table: Any, own: tuple[str, ...], source: Mapping[str, object], *, is_headed: bool
) -> _Missing:
    """Changes where the token comes from; what is to be written besides."""
    from tomlkit.items import InlineTable

    token = table["token"]
    if token.keys() == source.keys():
        for key, value in source.items():
            _put(token, key, value)
        return own, {}
    if is_headed:
        for key in list(token):
            del token[key]
        return (*own, "token"), dict(source)
    if isinstance(token, InlineTable):
        table["token"] = _item(source)
        return own, {}
    del table["token"]
    return own, {"token": source}


def _with_keys(text: str, path: tuple[str, ...], values: Mapping[str, object]) -> str:
    """The text with more keys below the last one of a table: comments after it stay after them."""
    if not values:
        return text
    if (at := last_lines(text).get(path)) is None:
        raise EditError(f"nothing is headed [{dotted(path)}]")
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    lines[at:at] = [f"{key} = {_item(value).as_string()}{end}" for key, value in values.items()]
    return "\n".join(lines)


def _item(value: Any) -> Any:
    import tomlkit

    if not isinstance(value, Mapping):
        return tomlkit.item(value)
    table = tomlkit.inline_table()
    table.update(value)
    return table


@contextmanager
def _reported() -> Iterator[None]:
    from tomlkit.exceptions import TOMLKitError

    try:
        yield
    except (TOMLKitError, TypeError, ValueError) as error:
        raise EditError(str(error)) from error
