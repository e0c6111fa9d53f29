"""Chooses the profile of a run: named, then default, then the only one, then one that was found.

What nobody named is always said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.cli.arguments import faults_of
from sa_tui.cli.connections import DEMO, demo_konnect, demo_profile, real_konnect
from sa_tui.cli.exits import UsageError
from sa_tui.profiles.errors import ProfileError, listed, quoted
from sa_tui.profiles.model import KONGCTL, EnvSource

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.cli.connections import Konnect
    from sa_tui.cli.environment import Environment
    from sa_tui.profiles.discover import Found
    from sa_tui.profiles.model import Profile
    from sa_tui.profiles.store import Profiles, ProfileStore

MAX_WAIT_SECONDS = 300.0
"""How long a command waits for Konnect unless it is told otherwise."""

_DEMO_OPTIONS = ("accounts", "latency", "seed", "odd")


@dataclass(frozen=True, kw_only=True)
class ProfileChoice:
    """The profiles that there are, and what the command line says about them."""

    options: Namespace
    env: Environment

    def __post_init__(self) -> None:
        given = [name for name in _DEMO_OPTIONS if hasattr(self.options, name)]
        given += ["fault"] * bool(faults_of(self.options))
        if given and not self.is_demo:
            raise UsageError(f"--{given[0]} is for the demo organisation: add --demo.")
        if self.is_demo and hasattr(self.options, "profile"):
            raise UsageError("--demo and --profile exclude each other.")

    @property
    def is_demo(self) -> bool:
        """Whether the demo organisation was asked for."""
        return hasattr(self.options, "demo")

    @property
    def is_read_only(self) -> bool:
        """Whether changes are refused, whatever a profile says."""
        return hasattr(self.options, "read_only")

    @property
    def name(self) -> str | None:
        """The profile that was named: by an option before the environment."""
        if self.is_demo:
            return DEMO
        given = getattr(self.options, "profile", None)
        return given if given is not None else self.env.environ.get("SA_TUI_PROFILE") or None

    @cached_property
    def store(self) -> ProfileStore:
        """Where profiles are kept. Raises UsageError when there is no place for them."""
        from sa_tui.profiles.store import ProfileStore, default_directory

        config = getattr(self.options, "config", None)
        if not config and not self.env.environ.get("SA_TUI_CONFIG"):
            self.env.need_home("XDG_CONFIG_HOME")
        directory = Path(config) if config else default_directory(self.env.environ)
        return ProfileStore(directory, home=self.env.home)

    @cached_property
    def survey(self) -> Found:
        """What other tools have configured."""
        from sa_tui.profiles.discover import survey

        return survey(self.env.environ, self.env.home)

    @cached_property
    def konnect(self) -> Konnect:
        """What connects the profiles."""
        if self.is_demo:
            konnect = demo_konnect(self.options, self.env, is_read_only=self.is_read_only)
        else:
            konnect = real_konnect(self.env, is_read_only=self.is_read_only)
        # Somebody who looks at the application can end a wait; a script cannot.
        default = None if self.options.command is None else MAX_WAIT_SECONDS
        return replace(konnect, max_wait_seconds=getattr(self.options, "max_wait", default))

    def saved(self) -> tuple[Profile, ...]:
        """The profiles that are kept; in the demo, the demo. Raises ProfileError."""
        if self.is_demo:
            return (self._as_asked(demo_profile()),)
        return tuple(map(self._as_asked, self._kept().values()))

    def found(self) -> tuple[Profile, ...]:
        """The profiles that other tools' configuration makes possible, best first."""
        return () if self.is_demo else tuple(map(self._as_asked, self.survey.profiles))

    def save(self, profile: Profile, *, default: bool = False) -> None:
        """Keeps a new profile; the first one becomes the default. Raises ProfileError."""
        self.refuse_demo()
        self.store.add(profile, default=default or not self.store.load())

    def edit(self, old: Profile, new: Profile) -> None:
        """Puts a profile in the place of one that is kept. Raises ProfileError."""
        self.refuse_demo()
        kept = self.store.load().pick(old.name)
        if self.is_read_only and old == self._as_asked(kept):
            # Read-only is what was asked of this run, and not what the file says.
            new = replace(new, read_only=kept.read_only) if new.read_only else new
            old = kept
        self.store.replace(old, new)

    def remove(self, name: str) -> None:
        """Forgets a profile. Raises ProfileError."""
        self.refuse_demo()
        self.store.remove(name)

    def refuse_demo(self) -> None:
        """Raises ProfileError in the demo, whose one profile is made up."""
        if self.is_demo:
            raise ProfileError(
                "The demo keeps no profiles.", mend="Start sa-tui without --demo for that."
            )

    def pick(self, name: str | None = None) -> Profile:
        """The profile of a command that needs one; raises ProfileError when there is none."""
        profile = self._named(name or self.name) or self._unnamed()
        if profile is not None:
            return profile
        if not self.found():
            for note in self.survey.notes:
                self.env.tell(note)
            raise ProfileError(
                "There is no profile, and no other tool's token was found.",
                mend="Add one with `sa-tui profiles add`, set KONNECT_SPAT, or try --demo.",
            )
        return self.found()[0]

    def first(self) -> Profile | None:
        """The profile that the application opens; None when it has to ask."""
        try:
            return self._named(self.name) or self._unnamed()
        except _UnclearError:
            return None

    def _named(self, name: str | None) -> Profile | None:
        if name is None:
            return None
        # What is kept wins over what was found under the same name.
        known = {profile.name: profile for profile in (*self.found(), *self.saved())}
        if name not in known and name.lower().startswith(KONGCTL):
            name = name.lower()
            for unusable in (name, KONGCTL.rstrip(":")):  # the profile, or kongctl's whole file
                if unusable in self.survey.unusable:
                    raise self.survey.unusable[unusable]
        if name not in known:
            raise ProfileError(
                f"There is no profile {quoted(name)}.",
                mend=f"Known profiles: {listed(sorted(known))}.",
            )
        return known[name]

    def _unnamed(self) -> Profile | None:
        kept = self._kept()
        if not kept:
            return None
        if kept.default is None and len(kept) > 1:
            raise _UnclearError(
                "It is not clear which profile to use.",
                mend=f"Name one with --profile: {listed(list(kept))}.",
            )
        return self._as_asked(kept.pick())

    def _kept(self) -> Profiles:
        """The profiles in the file; no program that is started gets a token of any of them."""
        kept = self.store.load()
        self.env.token_variables.update(
            each.source.variable for each in kept.values() if isinstance(each.source, EnvSource)
        )
        return kept

    def _as_asked(self, profile: Profile) -> Profile:
        return replace(profile, read_only=True) if self.is_read_only else profile


class _UnclearError(ProfileError):
    """Several profiles, and nothing says which."""
