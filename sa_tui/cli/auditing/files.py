"""What an audit goes by: audit.toml, mutes.toml and a baseline, all checked before it reads.

The rule it keeps: a file that was named must be there; one that was not named may be missing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.audit.mutes_file import FILE_NAME as MUTES_FILE
from sa_tui.audit.mutes_file import read_mutes
from sa_tui.audit.registry import RULE_SET_VERSION, nearest, rules
from sa_tui.audit.settings import FILE_NAME as LIMITS_FILE
from sa_tui.audit.settings import default_settings, read_settings
from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.exits import UsageError
from sa_tui.cli.reading.input_file import read_input
from sa_tui.profiles.errors import ProfileError

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.audit.mute import Mute
    from sa_tui.audit.settings import ProfileName, Settings
    from sa_tui.cli.environment import Environment


class Baseline:
    """An earlier answer: the fingerprints of its findings, and which organisation it is about."""

    def __init__(self, name: str, env: Environment) -> None:
        text = read_input(name, env)
        try:
            answer = json.loads(text)
            if answer["command"] != "audit" or answer["schema_version"] != 1:
                raise ValueError
            found = [each for each in answer["findings"] if each["status"] != "not-checked"]
            self.known = frozenset(str(each["fingerprint"]) for each in found)
            self.version = answer["rule_set"]["version"]
            organization = answer["organization"]
            self.organization_id = organization and str(organization["id"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise UsageError(
                f"{name} is not an answer of `sa-tui audit -o json` of this version."
            ) from None
        self.name = name

    def check(self, organization_id: str, env: Environment) -> None:
        """Raises UsageError if it is about another organisation; warns of other rules."""
        if self.organization_id not in (None, organization_id):
            raise UsageError(
                f"{self.name} is about another organisation, {self.organization_id}: "
                f"this is {organization_id or 'unknown'}."
            )
        if self.version != RULE_SET_VERSION:
            env.warn(f"{self.name} was made by other rules: some findings may only seem new.")


def settings_of(options: Namespace, env: Environment) -> Settings:
    """The limits of --limits, or of audit.toml. Raises UsageError and ProfileError."""
    for id in options.rules:
        if id not in rules():
            raise UsageError(f"There is no rule {id}. {nearest(id)}")
    profile: ProfileName | None = "strict" if options.strict else None
    path = _path(options.limits, LIMITS_FILE, options, env)
    if path is None:
        return default_settings(profile)
    try:
        return read_settings(path, profile=profile)
    except FileNotFoundError:
        if options.limits:
            raise _missing(path) from None
        return default_settings(profile)


def mutes_of(options: Namespace, env: Environment) -> tuple[Mute, ...]:
    """The mutes of --mutes, or of mutes.toml. Raises UsageError and ProfileError."""
    path = _path(options.mutes, MUTES_FILE, options, env)
    if path is None:
        return ()
    try:
        return read_mutes(path)
    except FileNotFoundError:
        if options.mutes:
            raise _missing(path) from None
        return ()


def _path(name: str | None, usual: str, options: Namespace, env: Environment) -> Path | None:
    """The file that was named, or the usual one; None where there is no directory for it."""
    if name:
        return Path(name).expanduser()
    try:
        return ProfileChoice(options=options, env=env).store.directory / usual
    except (UsageError, ProfileError):  # without a home directory
        return None


def _missing(path: Path) -> UsageError:
    return UsageError(f"{path} cannot be read: there is no such file.")
