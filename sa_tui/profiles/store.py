"""profiles.toml: read whole or not at all, changed in place with its comments, never overwritten.

What a change would make is read back and compared before the file is replaced.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import KW_ONLY, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.base.destination import NamedDestination
from sa_tui.base.private_file import make_private_directory, opened_directory, take_lock
from sa_tui.profiles import edits, toml_file
from sa_tui.profiles.destinations import destination_from_mapping, destination_to_mapping
from sa_tui.profiles.errors import ProfileError, listed, quoted
from sa_tui.profiles.lines import dotted
from sa_tui.profiles.mapping import check_keys, profile_from_mapping

if TYPE_CHECKING:
    from sa_tui.profiles.model import Profile

    Edit = Callable[[str, "Profiles"], tuple[str, "Profiles"]]

FILE_NAME = "profiles.toml"


@dataclass(frozen=True)
class Profiles(Mapping[str, "Profile"]):
    """The profiles of one file in its order, and the name of the one to open by default.

    `destinations` are the places for secrets that the file names; one that is written down wrongly
    has a problem, and keeps the others from nothing.
    """

    by_name: Mapping[str, Profile] = field(default_factory=dict)
    _: KW_ONLY
    default: str | None = None
    destinations: Mapping[str, NamedDestination] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Profile:
        return self.by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)

    def pick(self, name: str | None = None) -> Profile:
        """The named profile; without a name the default one, or the only one there is."""
        only = next(iter(self)) if len(self) == 1 else None
        wanted_name = name if name is not None else self.default or only
        if wanted_name is None:
            raise ProfileError(
                "It is not clear which profile to use.",
                mend=f"Name one with --profile: {listed(list(self))}.",
            )
        if wanted_name not in self:
            raise ProfileError(
                f"There is no profile {quoted(wanted_name)}.",
                mend=f"Known profiles: {listed(list(self))}.",
            )
        return self[wanted_name]


@dataclass(frozen=True)
class ProfileStore:
    """The profiles kept in one directory; `~/` inside the file is below home.

    `caller` is the user who may have written it, besides root; this process's user if not given.
    """

    directory: Path
    _: KW_ONLY
    home: Path | None = None
    caller: int | None = None

    @property
    def path(self) -> Path:
        """Where the file is, or would be."""
        return self.directory / FILE_NAME

    def load(self) -> Profiles:
        """The profiles of the file, none without a file; raises ProfileError if it is broken."""
        return self._parsed(self._text())

    def add(self, profile: Profile, *, default: bool = False) -> None:
        """Adds a profile at the end; raises ProfileError if its name is taken."""

        def edit(text: str, before: Profiles) -> tuple[str, Profiles]:
            self._refuse_taken(profile.name, before)
            by_name, name = {**before, profile.name: profile}, profile.name
            after = replace(before, by_name=by_name, default=name if default else before.default)
            return edits.with_profile(text, profile, default=default), after

        self._change(edit)

    def replace(self, old: Profile, new: Profile) -> None:
        """Puts a profile in the place of one, perhaps under another name, and keeps the comments.

        The default follows. Raises ProfileError if the name is taken, or if the file says by now
        something else of the old one.
        """

        def edit(text: str, before: Profiles) -> tuple[str, Profiles]:
            if before.pick(old.name) != old:
                raise ProfileError(
                    f"The profile {quoted(old.name)} was changed meanwhile.",
                    path=self.path,
                    mend="Nothing was saved: leave this, and look at it again.",
                )
            if new.name != old.name:
                self._refuse_taken(new.name, before)
            is_default = before.default == old.name
            pairs = ((new.name, new) if key == old.name else (key, before[key]) for key in before)
            default = new.name if is_default else before.default
            after = replace(before, by_name=dict(pairs), default=default)
            return edits.with_changes(text, old, new, is_default=is_default), after

        self._change(edit)

    def remove(self, name: str) -> None:
        """Removes a profile, and the default if it was that; raises ProfileError if unknown."""

        def edit(text: str, before: Profiles) -> tuple[str, Profiles]:
            before.pick(name)
            is_default = before.default == name
            others = {key: before[key] for key in before if key != name}
            default = None if is_default else before.default
            after = replace(before, by_name=others, default=default)
            return edits.without_profile(text, name, is_default=is_default), after

        self._change(edit)

    def add_destination(self, destination: NamedDestination) -> None:
        """Adds a named destination at the end; raises ProfileError if it cannot be there."""
        destination_from_mapping(destination.name, destination_to_mapping(destination))

        def edit(text: str, before: Profiles) -> tuple[str, Profiles]:
            if destination.name in before.destinations:
                raise ProfileError(
                    f"There is already a destination {quoted(destination.name)}.",
                    path=self.path,
                    key="name",
                    mend="Choose another name, or change that one by hand.",
                )
            destinations = {**before.destinations, destination.name: destination}
            after = replace(before, destinations=destinations)
            return edits.with_destination(text, destination), after

        self._change(edit)

    def _refuse_taken(self, name: str, profiles: Profiles) -> None:
        if name in profiles:
            raise ProfileError(
                f"There is already a profile {quoted(name)}.",
                path=self.path,
                key="name",
                mend="Choose another name, or remove that one first.",
            )

    def _change(self, edit: Edit) -> None:
        with self._locked():
            text = self._text()
            before = self._parsed(text)
            try:
                edited = edit(text, before)
            except edits.EditError:
                edited = None
            if edited is None or not self._says(*edited):
                raise ProfileError(
                    "This file cannot be changed without disturbing something else in it.",
                    path=self.path,
                    mend="Make the change by hand; one [profiles.NAME] table per profile is safe.",
                )
            self._replace(edited[0])

    def _says(self, text: str, expected: Profiles) -> bool:
        try:
            profiles = self._parsed(text)
        except ProfileError:
            return False
        return profiles == expected and list(profiles) == list(expected)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keeps other writers out; the lock is on the directory, so that nothing is left behind.

        What fails while it is held is told as a file that cannot be written.
        """
        try:
            make_private_directory(self.directory)
            with opened_directory(self.directory) as lock:
                take_lock(lock)  # False: a network file system without locks
                yield
        except OSError as error:
            raise toml_file.unusable(self.path, "written", error) from None

    def _replace(self, text: str) -> None:
        # A link, as dotfile managers make them, stays a link: its target is replaced.
        target = self.path.resolve()
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".profiles-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            raise

    def _text(self) -> str:
        try:
            return toml_file.read_text(
                self.path,
                caller=self.caller,
                because="it can name commands to run, and where a token is sent",
            )
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise toml_file.unusable(self.path, "read", error) from None

    def _parsed(self, text: str) -> Profiles:
        nested = (
            "This is no file of profiles: a value in it is nested too deeply or too long. "
            "Put back the file that was there, or choose another with --config DIR."
        )
        document = toml_file.read_document(text, self.path, nested=nested)
        try:
            return self._profiles(document, text)
        except ProfileError as error:
            raise toml_file.placed(error, text, self.path) from None

    def _profiles(self, document: dict[str, object], text: str) -> Profiles:
        tables, default = document.get("profiles", {}), document.get("default")
        for key, value in document.items():
            if isinstance(value, dict) and key != "profiles" and "token" in value:
                raise ProfileError(
                    "A profile stands at the top of the file.",
                    key=dotted((key,)),
                    mend=f"Write its heading as [{dotted(('profiles', key))}].",
                )
        check_keys(document, ("default", "profiles", "destinations"))
        if not isinstance(tables, dict):
            raise _not_a_table(("profiles",))
        profiles = {name: self._profile(name, values) for name, values in tables.items()}
        places = document.get("destinations", {})
        if not isinstance(places, dict):
            raise _not_a_table(("destinations",))
        destinations = {
            name: self._destination(name, values, text) for name, values in places.items()
        }
        if default is not None and not (isinstance(default, str) and default in profiles):
            raise ProfileError(
                "The default is not the name of a profile.",
                key="default",
                mend=f"Known profiles: {listed(list(profiles))}.",
            )
        return Profiles(profiles, default=default, destinations=destinations)

    def _profile(self, name: str, values: object) -> Profile:
        if not isinstance(values, dict):
            raise _not_a_table(("profiles", name))
        with self._placed("profiles", name):
            return profile_from_mapping(name, values, home=self.home)

    def _destination(self, name: str, values: object, text: str) -> NamedDestination:
        try:
            if not isinstance(values, dict):
                raise _not_a_table(("destinations", name))
            with self._placed("destinations", name):
                return destination_from_mapping(name, values)
        except ProfileError as error:
            problem = str(toml_file.placed(error, text, self.path))
            return NamedDestination(name, kind="command", problem=problem)

    @contextmanager
    def _placed(self, *path: str) -> Iterator[None]:
        """Says of a ProfileError in which table of the file it is."""
        here = dotted(path)
        try:
            yield
        except ProfileError as error:
            key = f"{here}.{error.key}" if error.key and error.key != "name" else here
            raise error.at(self.path, line=None, key=key) from None


def default_directory(environ: Mapping[str, str]) -> Path:
    """The directory of profiles.toml: SA_TUI_CONFIG, or the user's configuration directory."""
    import platformdirs

    if environ.get("SA_TUI_CONFIG"):
        return Path(environ["SA_TUI_CONFIG"])
    return platformdirs.user_config_path("sa-tui", appauthor=False)


def _not_a_table(path: tuple[str, ...]) -> ProfileError:
    return ProfileError(
        "This is not a table.",
        key=dotted(path),
        mend=f"Write one [{path[0]}.NAME] per {path[0].removesuffix('s')}.",
    )
