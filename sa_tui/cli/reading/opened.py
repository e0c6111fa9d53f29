"""Opens the terminal application on a snapshot file, without a client and without a token."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from sa_tui.cli.application import (
    collecting_no_garbage,
    refuse_bad_terminal,
    refuse_debugging,
    state_directory,
)
from sa_tui.cli.connections import journal_in
from sa_tui.cli.exits import Exit
from sa_tui.cli.reading.file import open_file
from sa_tui.profiles.errors import ProfileError
from sa_tui.profiles.model import EnvSource, Profile

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from sa_tui.cli.environment import Environment
    from sa_tui.org.saved.model import Saved
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org


@dataclass(frozen=True)
class SnapshotSource(EnvSource):
    """Stands for a token where there is none, and says the file."""

    variable: str = "SA_TUI_SNAPSHOT"
    path: str = ""

    def describe(self) -> str:
        """The file, on one line."""
        return f"the file {self.path}"


def run_from_file(options: Namespace, env: Environment) -> int:
    """Runs the application on a file until the operator leaves it. Raises UsageError."""
    refuse_bad_terminal(env)
    if not options.unsafe_debug:
        refuse_debugging(env.environ)
    saved = open_file(options, env)
    path = os.path.abspath(os.path.expanduser(options.from_file))
    with collecting_no_garbage():
        from sa_tui.ui.app import SaTui
        from sa_tui.ui.dependencies import Dependencies
        from sa_tui.ui.kit.terminal import is_remote
    app = SaTui(
        Dependencies(
            connect=connect_file(saved),
            journal=journal_in(state_directory(env), now=env.now),
            saved_profiles=tuple,
            found_profiles=tuple,
            save=_refuse,
            edit=_refuse,
            remove=_refuse,
            now=env.now,
            sleep=env.sleep,
            monotonic=env.monotonic,
            environ=env.child_environ,
            first=profile_of(saved, path),
            opened_by=lambda _: ("--from", path),
            source=env.run.source,
        )
    )
    code = app.run(mouse=not is_remote(env.environ))
    return Exit.BROKEN if code is None else code


def profile_of(saved: Saved, path: str) -> Profile:
    """The profile of a snapshot, which changes nothing."""
    return Profile(
        saved.profile,
        source=SnapshotSource(path=path),
        base_url=saved.base_url,
        read_only=True,
    )


def connect_file(saved: Saved) -> Any:
    """What opens the organisation of a file in place of a profile's."""

    async def connect(_: Profile, *, on_change: Callable[[Snapshot], None], **__: object) -> Org:
        from sa_tui.org.saved.opened import FileOrg

        return FileOrg(saved, on_change=on_change)

    return connect


def _refuse(*_: object) -> NoReturn:
    raise ProfileError("A file keeps no profiles.", mend="Start sa-tui without --from for that.")
