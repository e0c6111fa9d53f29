"""Finds what other Konnect tools have configured, to be offered when there is no profile yet."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.profiles.errors import ProfileError
from sa_tui.profiles.kongctl import config_path, kongctl_profiles, login_only
from sa_tui.profiles.model import (
    KONGCTL,
    EnvSource,
    FileSource,
    KongctlSource,
    Profile,
    TokenSource,
)
from sa_tui.profiles.urls import GLOBAL_URL, identity_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Found:
    """Usable profiles, best first, and a sentence for each thing found that is of no use.

    `unusable` says of those that could have been a profile, by name, why they are none.
    """

    profiles: tuple[Profile, ...]
    notes: tuple[str, ...]
    unusable: Mapping[str, ProfileError] = field(default_factory=dict)


def survey(environ: Mapping[str, str], home: Path) -> Found:
    """What other tools have configured: system account token, personal token, kongctl, decK.

    Never raises for what it finds broken: that becomes a note.
    """
    search = _Search()
    server = environ.get("KONNECT_SERVER_URL") or GLOBAL_URL
    for variable in ("KONNECT_SPAT", "KONNECT_TOKEN"):
        if environ.get(variable, "").strip():
            search.offer(variable, server, partial(EnvSource, variable))
    search.kongctl(environ, home)
    server = environ.get("DECK_KONNECT_ADDR") or GLOBAL_URL
    if environ.get("DECK_KONNECT_TOKEN", "").strip():
        search.offer("DECK_KONNECT_TOKEN", server, partial(EnvSource, "DECK_KONNECT_TOKEN"))
    kept = environ.get("DECK_KONNECT_TOKEN_FILE", "")
    if kept.strip():
        path = Path(os.path.abspath(kept))
        search.offer("DECK_KONNECT_TOKEN_FILE", server, partial(FileSource, path))
    return Found(tuple(search.profiles), tuple(search.notes), search.unusable)


class _Search:
    """Collects profiles, and notes about what cannot be one."""

    def __init__(self) -> None:
        self.profiles: list[Profile] = []
        self.notes: list[str] = []
        self.unusable: dict[str, ProfileError] = {}

    def offer(self, name: str, address: str, source: Callable[[], TokenSource]) -> None:
        base_url, regions = identity_address(address)
        try:
            self.profiles.append(Profile(name, source=source(), base_url=base_url, regions=regions))
        except ProfileError as error:
            self._refuse(name, error)

    def _refuse(self, name: str, error: ProfileError) -> None:
        self.notes.append(f"{name} was found but cannot be used: {error}")
        self.unusable[name] = error

    def kongctl(self, environ: Mapping[str, str], home: Path) -> None:
        try:
            profiles = kongctl_profiles(environ, home)
        except ProfileError as error:
            self._refuse(KONGCTL.rstrip(":"), error)
            return
        for profile in profiles:
            name = f"{KONGCTL}{profile.name}"
            if profile.problem is not None:
                self._refuse(name, profile.problem)
            elif profile.has_token:
                self.offer(name, profile.address, partial(KongctlSource, profile.name))
            else:
                reason = login_only(profile.name, config_path(environ, home))
                self.notes.append(str(reason))
                self.unusable[name] = reason
