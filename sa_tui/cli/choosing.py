"""Chooses the profile of a run: named, then default, then the only one, then a discovered one.

The rule it keeps: the profile that was chosen is always shown.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.cli.arguments.common import faults_of
from sa_tui.cli.connections import DEMO, demo_konnect, demo_profile, real_konnect
from sa_tui.cli.exits import UsageError
from sa_tui.profiles.errors import ProfileError, listed, quoted
from sa_tui.profiles.model import KONGCTL, EnvSource

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from sa_tui.base.destination import NamedDestination
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
    """The profiles to choose from, and the options of the command line that choose."""

    options: Namespace
    env: Environment

    def __post_init__(self) -> None:
        demo_options = [name for name in _DEMO_OPTIONS if hasattr(self.options, name)]
        demo_options += ["fault"] * bool(faults_of(self.options))
        if demo_options and not self.is_demo:
            raise UsageError(f"--{demo_options[0]} is for the demo organisation: add --demo.")
        if self.is_demo and hasattr(self.options, "profile"):
            raise UsageError("--demo and --profile exclude each other.")
        if hasattr(self.options, "from_file"):
            raise UsageError(
                "--from FILE is for what only reads: this command needs Konnect, and a profile."
            )

    @property
    def is_demo(self) -> bool:
        """Whether the demo organisation was asked for."""
        return hasattr(self.options, "demo")

    @property
    def is_read_only(self) -> bool:
        """Whether changes are refused even where the profile allows them."""
        return hasattr(self.options, "read_only")

    @property
    def name(self) -> str | None:
        """The name of the profile, from an option, else from the environment."""
        if self.is_demo:
            return DEMO
        name: str | None = getattr(self.options, "profile", None)
        return name if name is not None else self.env.environ.get("SA_TUI_PROFILE") or None

    @cached_property
    def store(self) -> ProfileStore:
        """The file of profiles. Raises UsageError without a home directory."""
        from sa_tui.profiles.store import ProfileStore, default_directory

        config = getattr(self.options, "config", None)
        if not config and not self.env.environ.get("SA_TUI_CONFIG"):
            self.env.need_home("XDG_CONFIG_HOME")
        directory = Path(config) if config else default_directory(self.env.environ)
        return ProfileStore(directory, home=self.env.home)

    @cached_property
    def survey(self) -> Found:
        """The profiles that the configuration of other tools makes possible."""
        from sa_tui.profiles.discover import survey

        return survey(self.env.environ, self.env.home)

    @cached_property
    def konnect(self) -> Konnect:
        """Konnect, or the demo, for these options."""
        if self.is_demo:
            konnect = demo_konnect(self.options, self.env, is_read_only=self.is_read_only)
        else:
            konnect = real_konnect(self.env, is_read_only=self.is_read_only)
        # The operator can end a wait in the application; a script cannot.
        default = None if self.options.command is None else MAX_WAIT_SECONDS
        return replace(konnect, max_wait_seconds=getattr(self.options, "max_wait", default))

    def saved(self) -> tuple[Profile, ...]:
        """The saved profiles, or the one of the demo. Raises ProfileError."""
        if self.is_demo:
            return (self._with_mode(demo_profile()),)
        return tuple(map(self._with_mode, self._saved_profiles().values()))

    def found(self) -> tuple[Profile, ...]:
        """The profiles that were discovered in the configuration of other tools, best first."""
        return () if self.is_demo else tuple(map(self._with_mode, self.survey.profiles))

    def destinations(self) -> Mapping[str, NamedDestination]:
        """The destinations for secrets in the file of profiles. Raises ProfileError."""
        return {} if self.is_demo else self.store.load().destinations

    def save_destination(self, destination: NamedDestination) -> None:
        """Saves a new named destination. Raises ProfileError."""
        self.refuse_demo()
        self.store.add_destination(destination)

    def save(self, profile: Profile, *, default: bool = False) -> None:
        """Saves a new profile; the first one becomes the default. Raises ProfileError."""
        self.refuse_demo()
        self.store.add(profile, default=default or not self.store.load())

    def edit(self, old: Profile, new: Profile) -> None:
        """Replaces a saved profile. Raises ProfileError."""
        self.refuse_demo()
        saved = self.store.load().pick(old.name)
        if self.is_read_only and old == self._with_mode(saved):
            # --read-only is for this run: the file keeps its own mode.
            new = replace(new, read_only=saved.read_only) if new.read_only else new
            old = saved
        self.store.replace(old, new)

    def remove(self, name: str) -> None:
        """Removes a saved profile, and what was kept of its organisation. Raises ProfileError."""
        self.refuse_demo()
        profile = self.store.load().get(name)
        self.store.remove(name)
        if profile is not None:
            from sa_tui.org.saved.last import LastSnapshots
            from sa_tui.records.journal import default_directory

            with suppress(OSError, RuntimeError):  # without a home directory nothing is kept
                last = LastSnapshots(default_directory())
                last.forget(profile=profile.name, base_url=profile.base_url)

    def refuse_demo(self) -> None:
        """Raises ProfileError in the demo, which saves no profiles."""
        if self.is_demo:
            raise ProfileError(
                "The demo keeps no profiles.", mend="Start sa-tui without --demo for that."
            )

    def opened_by(self, profile: Profile) -> tuple[str, ...]:
        """The options that open this profile, or the same demo, in another run."""
        options = vars(self.options)
        if self.is_demo:
            given = [name for name in _DEMO_OPTIONS if name in options]
            values = (() if options[name] is True else (str(options[name]),) for name in given)
            pairs = zip(given, values, strict=True)
            return ("--demo", *(word for name, value in pairs for word in (f"--{name}", *value)))
        config = options.get("config")
        directory = ("--config", os.path.abspath(config)) if config else ()
        return (*directory, "--profile", profile.name)

    def pick(self, name: str | None = None) -> Profile:
        """The profile of a command. Raises ProfileError when there is none."""
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
        # A saved profile wins over a discovered one of the same name.
        profiles = {profile.name: profile for profile in (*self.found(), *self.saved())}
        if name not in profiles and name.lower().startswith(KONGCTL):
            name = name.lower()
            for unusable in (
                name,
                KONGCTL.rstrip(":"),
            ):  # the profile, or the whole file of kongctl
                if unusable in self.survey.unusable:
                    raise self.survey.unusable[unusable]
        if name not in profiles:
            raise ProfileError(
                f"There is no profile {quoted(name)}.",
                mend=f"Known profiles: {listed(sorted(profiles))}.",
            )
        return profiles[name]

    def _unnamed(self) -> Profile | None:
        saved = self._saved_profiles()
        if not saved:
            return None
        if saved.default is None and len(saved) > 1:
            raise _UnclearError(
                "It is not clear which profile to use.",
                mend=f"Name one with --profile: {listed(list(saved))}.",
            )
        return self._with_mode(saved.pick())

    def _saved_profiles(self) -> Profiles:
        """The profiles in the file; their token variables are hidden from child processes."""
        saved = self.store.load()
        self.env.token_variables.update(
            profile.source.variable
            for profile in saved.values()
            if isinstance(profile.source, EnvSource)
        )
        return saved

    def _with_mode(self, profile: Profile) -> Profile:
        return replace(profile, read_only=True) if self.is_read_only else profile


class _UnclearError(ProfileError):
    """There are several profiles and no default."""
