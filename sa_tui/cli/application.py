"""Opens the terminal application, unless this terminal or environment cannot run it safely.

The rule it keeps: before the first paint, only what the first paint needs is imported.
"""

from __future__ import annotations

import codecs
import gc
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.connections import action_log, journal_in
from sa_tui.cli.environment import NOWHERE
from sa_tui.cli.exits import Exit, UsageError
from sa_tui.handover.harden import disable_core_dumps
from sa_tui.records.actions_file import FILE_NAME as ACTIONS_FILE

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping

    from sa_tui.cli.environment import Environment
    from sa_tui.org.log import ActionLog
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.ui.dependencies import Connect

_HEADLESS = "The commands work without it, such as `sa-tui accounts`: see `sa-tui --help`."


def run_application(options: Namespace, env: Environment) -> int:
    """Runs the application until the operator leaves it. Raises UsageError before it begins."""
    choice = ProfileChoice(options=options, env=env)
    refuse_bad_terminal(env)
    if not options.unsafe_debug:
        refuse_debugging(env.environ)
    first = choice.first()
    with collecting_no_garbage():
        from sa_tui.ui.app import SaTui
        from sa_tui.ui.dependencies import Dependencies
        from sa_tui.ui.kit.terminal import is_remote
    with journal_directory(choice) as directory:
        is_first_start = is_unused(directory)
        actions_path = directory / ACTIONS_FILE
        actions = action_log(actions_path, now=env.now)
        app = SaTui(
            Dependencies(
                connect=_connect(choice, directory, actions),
                journal=journal_in(directory, now=env.now),
                saved_profiles=choice.saved,
                found_profiles=choice.found,
                save=choice.save,
                edit=choice.edit,
                remove=choice.remove,
                destinations=lambda: tuple(choice.destinations().values()),
                save_destination=choice.save_destination,
                now=env.now,
                sleep=env.sleep,
                monotonic=env.monotonic,
                environ=env.child_environ,
                first=first,
                actions=actions,
                actions_path=actions_path,
                opened_by=choice.opened_by,
                is_first_start=is_first_start,
            )
        )
        code = app.run(mouse=not is_remote(env.environ))
    # Without a code the application crashed, and has printed why.
    return Exit.BROKEN if code is None else code


def _connect(choice: ProfileChoice, directory: Path, actions: ActionLog) -> Connect:
    """What opens profiles, logs changes and keeps the last snapshots; the demo keeps none."""
    konnect = replace(choice.konnect, actions=actions)
    if not choice.is_demo:
        from sa_tui.org.saved.last import LastSnapshots

        konnect = replace(konnect, last=LastSnapshots(directory))
    return _hardened(konnect.connect)


def _hardened(connect: Connect) -> Connect:
    """Turns core dumps off before the first secret is read, but after the first paint."""

    async def connect_hardened(profile: Profile, **options: Any) -> Org:
        disable_core_dumps()
        return await connect(profile, **options)

    return connect_hardened


def refuse_bad_terminal(env: Environment) -> None:
    """Raises UsageError when this terminal cannot show the application."""
    for name, stream in (("input", env.stdin), ("output", env.stdout), ("error", env.stderr)):
        if not stream.isatty():
            raise UsageError(
                f"The application needs a terminal, and standard {name} is none. {_HEADLESS}"
            )
    if env.environ.get("TERM") == "dumb":
        raise UsageError(f"TERM=dumb can show no application. {_HEADLESS}")
    # Textual draws on the error stream, so that one counts as well.
    for stream in (env.stdout, env.stderr):
        encoding = stream.encoding or "ascii"
        if codecs.lookup(encoding).name != "utf-8":
            raise UsageError(
                f"The application needs UTF-8, and output here is {encoding}. "
                f"Set LC_ALL=C.UTF-8 (or another UTF-8 locale; see `locale -a`). {_HEADLESS}"
            )


def refuse_debugging(environ: Mapping[str, str]) -> None:
    """Raises UsageError when Textual's own settings would write down what is shown or typed."""
    leaks = [name for name in environ if name.startswith(("TEXTUAL_LOG", "TEXTUAL_SCREENSHOT"))]
    # Textual ignores upper and lower case.
    if "devtools" in (word.strip() for word in environ.get("TEXTUAL", "").lower().split(",")):
        leaks.append("TEXTUAL=devtools")
    if environ.get("TEXTUAL_DEBUG") == "1":  # writes every key to a file in the working directory
        leaks.append("TEXTUAL_DEBUG")
    if leaks:
        raise UsageError(
            f"{', '.join(sorted(leaks))} would write what is on the screen or typed, tokens "
            "included, where others may read it. Unset it, or accept that with --unsafe-debug."
        )


@contextmanager
def journal_directory(choice: ProfileChoice) -> Iterator[Path]:
    """The directory of the journal; the demo's is removed at the end. Raises UsageError."""
    if choice.is_demo:
        with _temporary_directory(choice.env) as directory:
            yield directory
    else:
        yield state_directory(choice.env)


def is_unused(directory: Path) -> bool:
    """Whether no earlier run left anything there; no where nobody can look."""
    try:
        return not any(directory.iterdir())
    except FileNotFoundError:
        return True
    except OSError:
        return False


def state_directory(env: Environment) -> Path:
    """The directory of the journal and logs. Raises UsageError without a home directory."""
    from sa_tui.records.journal import default_directory

    env.need_home("XDG_STATE_HOME")
    return default_directory()


@contextmanager
def _temporary_directory(env: Environment) -> Iterator[Path]:
    """A directory for as long as the demo runs; NOWHERE when none can be made."""
    for parent in (None, "/dev/shm"):  # noqa: S108 - a new directory in it, for its owner alone
        try:
            directory = TemporaryDirectory(prefix="sa-tui-demo-", dir=parent)
        except OSError:
            continue
        with directory as name:
            yield Path(name)
        return
    env.warn("There is no temporary directory: set TMPDIR. Without one no token is issued.")
    yield NOWHERE


@contextmanager
def collecting_no_garbage() -> Iterator[None]:
    """Imports without garbage collection: their objects stay, so a search only costs time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
