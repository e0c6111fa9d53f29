"""audit.toml: which rules are on, with which limits, for all accounts or for some.

The rule it keeps: what is not understood is refused by its line and with the nearest name, so that
no limit silently differs from what was meant.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, cast

from sa_tui.audit.limits import PROFILES, STRICT_RULES, Limits
from sa_tui.audit.registry import nearest, rules
from sa_tui.audit.rules.privilege import PAIRS
from sa_tui.profiles import toml_file
from sa_tui.profiles.errors import ProfileError, listed, quoted
from sa_tui.profiles.lines import dotted
from sa_tui.profiles.mapping import check_keys, text_of, texts_of, wrong_kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from sa_tui.konnect.models import SystemAccount

FILE_NAME = "audit.toml"
ALWAYS_ON = "C01"
_BECAUSE = "it decides what an audit does not report"
_KEYS = ("profile", "on", "off", "owners", "limits", "accounts")
_LIMITS = {field.name: getattr(PROFILES["baseline"], field.name) for field in fields(Limits)}
_MOST = 100_000

ProfileName = Literal["baseline", "strict"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an audit goes by. `of_accounts` are other limits by patterns of names, or ids.

    `owned` are the names and ids of accounts whose owner is recorded in another file.
    """

    profile: ProfileName = "baseline"
    limits: Limits = PROFILES["baseline"]
    of_accounts: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    owned: frozenset[str] = field(default_factory=frozenset)

    def limits_of(self, account: SystemAccount) -> Limits:
        """The limits of one account; of several patterns, the last one decides."""
        limits = self.limits
        for pattern, changed in self.of_accounts:
            if account.id == pattern or fnmatchcase(account.name.casefold(), pattern.casefold()):
                limits = replace(limits, **changed)
        return limits

    def active(self, named: Collection[str] = ()) -> set[str]:
        """The ids of the rules that are on, and of those that are `named` besides."""
        ids = {id for id, rule in rules().items() if rule.is_default}
        ids |= set(STRICT_RULES if self.profile == "strict" else ())
        return (ids | set(self.on)) - set(self.off) | set(named) | {ALWAYS_ON}


def default_settings(profile: ProfileName | None = None) -> Settings:
    """The settings without a file."""
    name = profile or "baseline"
    return Settings(profile=name, limits=PROFILES[name])


def read_settings(
    path: Path, *, profile: ProfileName | None = None, caller: int | None = None
) -> Settings:
    """The settings of a file; `profile` overrides the one that it names.

    Raises FileNotFoundError and ProfileError.
    """
    text, document = toml_file.read_toml(path, because=_BECAUSE, caller=caller)
    try:
        return _settings(document, profile=profile, directory=path.parent, caller=caller)
    except ProfileError as error:
        raise error if error.path else toml_file.placed(error, text, path) from None


def _settings(
    document: Mapping[str, Any],
    *,
    profile: ProfileName | None,
    directory: Path,
    caller: int | None,
) -> Settings:
    check_keys(document, _KEYS)
    name = text_of(document.get("profile", "baseline"), "profile")
    if name not in PROFILES:
        raise ProfileError(
            f"There is no profile {quoted(name)}.",
            key="profile",
            mend=f"Use {' or '.join(PROFILES)}.",
        )
    chosen = profile or cast("ProfileName", name)
    owners = document.get("owners")
    return Settings(
        profile=chosen,
        limits=replace(PROFILES[chosen], **_limits(_table(document, "limits"), "limits")),
        of_accounts=tuple(
            (pattern, _limits(_table(table, pattern, within="accounts"), key))
            for table in (_table(document, "accounts"),)
            for pattern in table
            for key in (f"accounts.{dotted((pattern,))}",)
        ),
        on=_ids(document, "on"),
        off=_ids(document, "off"),
        owned=_owned(directory / text_of(owners, "owners"), caller) if owners else frozenset(),
    )


def _table(values: Mapping[str, Any], key: str, *, within: str = "") -> Mapping[str, Any]:
    table = values.get(key, {})
    if not isinstance(table, dict):
        raise wrong_kind(f"{within}.{dotted((key,))}" if within else key, "a table of limits")
    return table


def _limits(table: Mapping[str, Any], within: str) -> dict[str, Any]:
    check_keys(table, _LIMITS, within=within)
    return {name: _limit(name, value, f"{within}.{name}") for name, value in table.items()}


def _limit(name: str, value: object, key: str) -> object:
    """The value of a limit, of the kind that it has."""
    if isinstance(_LIMITS[name], int):
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or not 0 <= cast("int", value) <= _MOST:
            raise wrong_kind(key, f"a whole number from 0 to {_MOST:,}, without quotes")
        return value
    if isinstance(_LIMITS[name], tuple):
        texts = texts_of(value, key)
        if name == "allowed_pairs" and (other := set(texts) - set(PAIRS)):
            raise ProfileError(
                f"There is no pair {quoted(min(other))}.",
                key=key,
                mend=f"The pairs are {listed(list(PAIRS))}.",
            )
        return texts
    try:
        re.compile(text_of(value, key))
    except re.error as error:
        raise ProfileError(
            f"This is not a regular expression: {error}.", key=key, mend="Mend the pattern."
        ) from None
    return value


def _ids(document: Mapping[str, Any], key: str) -> tuple[str, ...]:
    ids = texts_of(document.get(key, []), key)
    for id in ids:
        check_rule(id, key)
    if key == "off" and ALWAYS_ON in ids:
        raise ProfileError(
            f"{ALWAYS_ON} cannot be turned off: it says whether the audit is complete.",
            key=key,
            mend="--allow-partial accepts an audit that is not.",
        )
    return ids


def check_rule(id: str, key: str) -> None:
    """Raises ProfileError unless there is a rule with this id."""
    if id not in rules():
        raise ProfileError(f"There is no rule {quoted(id)}.", key=key, mend=nearest(id))


def _owned(path: Path, caller: int | None) -> frozenset[str]:
    """The accounts that have an owner, by a CSV with a name or id, then the owner, in each line."""
    try:
        text = toml_file.read_text(path, caller=caller, because=_BECAUSE)
    except OSError as error:
        raise toml_file.unusable(path, "read", error) from None
    try:
        rows = list(csv.reader(text.splitlines(), strict=True))
    except csv.Error as error:
        raise ProfileError(f"This is not CSV: {error}.", path=path, mend="Mend it.") from None
    return frozenset(row[0].strip() for row in rows if len(row) > 1 and row[1].strip())
