"""What a profile is: which organisation, and where its token comes from - never the token itself.

A Profile or a source that exists is valid: whatever made it, it was checked here.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from sa_tui.base.address import is_region
from sa_tui.base.secrets import looks_like_token
from sa_tui.profiles.errors import ProfileError, quoted, visible
from sa_tui.profiles.urls import (
    GLOBAL_URL,
    checked_pattern,
    checked_url,
    regional_pattern,
)

if TYPE_CHECKING:
    from pathlib import Path

KONGCTL = "kongctl:"
"""Before the name of a profile of kongctl's, which compares names in lower case."""

COLOURS = ("none", "red", "yellow", "green", "blue", "magenta", "cyan")
MAX_NAME_CHARACTERS = 40
MAX_LABEL_CHARACTERS = 12
MAX_PAGE_SIZE = 1000
MAX_TIMEOUT_SECONDS = 600.0
MAX_CONCURRENCY = 16

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_DESCRIPTION_CHARACTERS = 70


@dataclass(frozen=True)
class EnvSource:
    """The token is the value of an environment variable."""

    variable: str

    def __post_init__(self) -> None:
        _refuse_token(self.variable, key="token.env")
        if not _VARIABLE.fullmatch(self.variable):
            raise ProfileError(
                "This is not the name of an environment variable.",
                key="token.env",
                mend='Write the name alone, such as env = "KONNECT_SPAT".',
            )

    def describe(self) -> str:
        """Where the token comes from, on one line."""
        return f"environment variable {self.variable}"


@dataclass(frozen=True)
class FileSource:
    """The token is the content of a file that only its owner may read; the path is absolute."""

    path: Path

    def __post_init__(self) -> None:
        _refuse_token(str(self.path), key="token.file")
        _check_path(self.path, key="token.file", example="/home/me/.konnect-token")

    def describe(self) -> str:
        """Where the token comes from, on one line."""
        return f"file {visible(str(self.path))}"


@dataclass(frozen=True)
class CommandSource:
    """The token is the first line that a command prints; no shell is involved."""

    argv: tuple[str, ...]

    def __post_init__(self) -> None:
        mend = 'Write a list of arguments, such as command = ["pass", "show", "konnect"].'
        if not self.argv or not self.argv[0]:
            raise ProfileError("The command is empty.", key="token.command", mend=mend)
        for argument in self.argv:
            _refuse_token(argument, key="token.command")
            if "\0" in argument:
                raise ProfileError(
                    "The command holds a null character.", key="token.command", mend=mend
                )

    def describe(self) -> str:
        """Where the token comes from, on one line."""
        shown = visible(shlex.join(self.argv))
        if len(shown) > _DESCRIPTION_CHARACTERS:
            shown = shown[: _DESCRIPTION_CHARACTERS - 1] + "…"
        return f"command {shown}"


@dataclass(frozen=True)
class KeyringSource:
    """The token is a password in the operating system's keyring."""

    service: str
    _: KW_ONLY
    username: str

    def __post_init__(self) -> None:
        for key, text in (("token.keyring", self.service), ("token.username", self.username)):
            _refuse_token(text, key=key)
            if not text or not text.isprintable():
                raise ProfileError(
                    "This is empty or holds control characters.",
                    key=key,
                    mend='Write keyring = "SERVICE", username = "USER" as the keyring knows them.',
                )

    def describe(self) -> str:
        """Where the token comes from, on one line."""
        return f"keyring entry {self.service} of {self.username}"


@dataclass(frozen=True)
class KongctlSource:
    """The token is the `pat` of a kongctl profile, read in place from its variable or its file."""

    profile: str

    def __post_init__(self) -> None:
        _refuse_token(self.profile, key="token.kongctl")
        if not self.profile or not self.profile.isprintable():
            raise ProfileError(
                "The kongctl profile's name is empty or holds control characters.",
                key="token.kongctl",
                mend='Write kongctl = "default", or the name that KONGCTL_PROFILE would hold.',
            )

    def describe(self) -> str:
        """Where the token comes from, on one line."""
        return f"kongctl profile {self.profile}"


TokenSource = EnvSource | FileSource | CommandSource | KeyringSource | KongctlSource


@dataclass(frozen=True)
class Profile:
    """One organisation to work on, how to reach it, and where its token comes from.

    Without a `regional_url` the one that goes with `base_url` is taken. Raises ProfileError with
    `key` naming the field.
    """

    name: str
    _: KW_ONLY
    source: TokenSource
    base_url: str = GLOBAL_URL
    regional_url: str = ""
    regions: tuple[str, ...] = ()
    label: str = ""
    read_only: bool = False
    keep_snapshot: bool = True
    colour: str = "none"
    page_size: int = 100
    timeout_seconds: float = 30.0
    concurrency: int = 6
    ca_bundle: Path | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        base_url = checked_url(self.base_url, key="base_url")
        pattern = self.regional_url or regional_pattern(base_url)
        object.__setattr__(self, "base_url", base_url)
        object.__setattr__(self, "regional_url", checked_pattern(pattern, key="regional_url"))
        for region in self.regions:
            if not is_region(region):
                raise ProfileError(
                    f"{quoted(region)} is not a region.",
                    key="regions",
                    mend='Write regions in lower case, such as regions = ["us", "eu"].',
                )
        _check_label(self.label)
        if self.colour not in COLOURS:
            raise ProfileError(
                f"There is no colour {quoted(self.colour)}.",
                key="colour",
                mend=f"Choose one of {', '.join(COLOURS)}.",
            )
        _check_range(self.page_size, 1, MAX_PAGE_SIZE, key="page_size")
        _check_range(self.timeout_seconds, 1, MAX_TIMEOUT_SECONDS, key="timeout_seconds")
        _check_range(self.concurrency, 1, MAX_CONCURRENCY, key="concurrency")
        if self.ca_bundle is not None:
            _check_path(self.ca_bundle, key="ca_bundle", example="/etc/ssl/corporate-ca.pem")

    def describe(self) -> str:
        """The profile on one line: name, label, server, mode, token source."""
        parts = [self.name, self.label, self.base_url, "read-only" if self.read_only else ""]
        parts.append(f"token from {self.source.describe()}")
        return " · ".join(part for part in parts if part)


def check_name(name: str) -> None:
    """Raises ProfileError unless name may name a profile."""
    _refuse_token(name, key="name")
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS or not name.isprintable() or name != name.strip():
        raise ProfileError(
            f"{quoted(name)} cannot be the name of a profile.",
            key="name",
            mend=f"Use 1 to {MAX_NAME_CHARACTERS} visible characters, no blanks at the ends.",
        )


def token_refused(key: str | None) -> ProfileError:
    """The refusal of a token that stands where its source belongs; does not repeat it."""
    return ProfileError(
        "This looks like a token itself, and no token is kept in a profile.",
        key=key,
        mend="Name where it is kept instead: env, file, command, keyring or kongctl. "
        "If this was saved or shared, revoke that token.",
    )


def _refuse_token(text: str, *, key: str) -> None:
    if looks_like_token(text):
        raise token_refused(key)


def _check_path(path: Path, *, key: str, example: str) -> None:
    if not path.is_absolute() or "\0" in str(path):
        raise ProfileError(
            "The path does not start at the root or at ~/.",
            key=key,
            mend=f'Write the whole path, such as "{example}".',
        )


def _check_label(label: str) -> None:
    _refuse_token(label, key="label")
    if len(label) > MAX_LABEL_CHARACTERS or not label.isprintable() or label != label.strip():
        raise ProfileError(
            f"{quoted(label)} cannot be a label.",
            key="label",
            mend=f"Use up to {MAX_LABEL_CHARACTERS} visible characters, such as PROD.",
        )


def _check_range(value: float, least: float, most: float, *, key: str) -> None:
    if not least <= value <= most:
        raise ProfileError(f"{value} is out of range.", key=key, mend=f"Use {least:g} to {most:g}.")
