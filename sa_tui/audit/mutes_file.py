"""mutes.toml: which findings somebody has accepted, why, and until when.

The rule it keeps: a mute that does not say why, by whom and until when is refused, with its line.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sa_tui.audit.mute import Mute
from sa_tui.audit.mutes import NEVER_MUTED
from sa_tui.audit.registry import rules
from sa_tui.audit.settings import check_rule
from sa_tui.profiles.errors import ProfileError, quoted
from sa_tui.profiles.lines import item_lines
from sa_tui.profiles.mapping import check_keys, refuse_tokens, text_of, wrong_kind
from sa_tui.profiles.toml_file import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "mutes.toml"
MOST_DAYS = 366
_NEEDED = ("rule", "reason", "approved_by", "created", "expires")
_KEYS = (*_NEEDED, "account", "team", "object", "ticket")
_BECAUSE = "it decides which findings do not count"


def read_mutes(path: Path, *, caller: int | None = None) -> tuple[Mute, ...]:
    """The mutes of a file. Raises FileNotFoundError and ProfileError."""
    text, document = read_toml(path, because=_BECAUSE, caller=caller)
    lines = item_lines(text, "mute")
    try:
        check_keys(document, ("mute",))
        tables = document.get("mute", [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            raise wrong_kind("mute", "[[mute]] above the lines of each mute")
    except ProfileError as error:
        line = lines[0].get("") if lines else None
        raise error.at(path, line=line, key=error.key) from None
    if len(lines) != len(tables):  # written as an array of inline tables
        lines = [{}] * len(tables)
    mutes = []
    for values, place in zip(tables, lines, strict=True):
        try:
            mutes.append(_mute(values, line=place.get("")))
        except ProfileError as error:
            line = place.get(error.key or "", place.get(""))
            raise error.at(path, line=line, key=error.key) from None
    return tuple(mutes)


def _mute(values: Mapping[str, Any], *, line: int | None) -> Mute:
    check_keys(values, _KEYS)
    refuse_tokens(values)
    for key in _NEEDED:
        if key not in values or values[key] == "":
            raise ProfileError(f"The mute has no {key}.", mend=f"Write {key} = …")
    days: dict[str, Any] = {key: _day(values[key], key) for key in ("created", "expires")}
    texts: dict[str, Any] = {
        key: text_of(values.get(key, ""), key) for key in _KEYS if key not in days
    }
    mute = Mute(**texts, **days, line=line)
    check_rule(mute.rule, "rule")
    _check_subject(mute)
    _check_days(mute)
    return mute


def _check_subject(mute: Mute) -> None:
    if mute.rule in NEVER_MUTED:
        raise ProfileError(
            f"{mute.rule} cannot be muted: it says whether the audit is complete.",
            key="rule",
            mend="--allow-partial accepts an audit that is not.",
        )
    if mute.account and mute.team:
        raise ProfileError(
            "A mute is about an account or a team, not both.", key="team", mend="Split it."
        )
    about = rules()[mute.rule].about
    if about != "organization" and not (mute.account or mute.team or mute.object):
        raise ProfileError(
            "The mute does not say what it is about.",
            mend='Write account = …, team = … or object = …; "*" stands for all.',
        )


def _check_days(mute: Mute) -> None:
    if mute.expires < mute.created:
        raise ProfileError(
            "The mute ends before it was created.", key="expires", mend="Mend one of the days."
        )
    if (mute.expires - mute.created).days > MOST_DAYS:
        raise ProfileError(
            f"The mute lasts for more than {MOST_DAYS} days.",
            key="expires",
            mend="Write an earlier end: whoever still accepts it then says so again.",
        )


def _day(value: object, key: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(text_of(value, key))
    except ValueError:
        raise ProfileError(
            f"{quoted(str(value))} is not a day.", key=key, mend="Write 2027-03-01."
        ) from None
