"""Stops changes that a guard refuses, and asks about the others, unless --yes is the answer.

The rule it keeps: what the screen wants typed, a command wants typed too, or given by --confirm.
"""

from __future__ import annotations

import asyncio
import shlex
from typing import TYPE_CHECKING

from sa_tui.access.effects.guards import refused, to_type
from sa_tui.base.words import plural
from sa_tui.cli.exits import Exit, StoppedError, UsageError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from typing import TextIO

    from sa_tui.cli.environment import Environment
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot


def refuse_silence(options: Namespace, env: Environment) -> None:
    """Raises UsageError if nobody can be asked, and neither --yes nor --dry-run is given."""
    if not (options.yes or options.dry_run or _has_somebody(env)):
        raise UsageError("Nothing was sent: add --yes to send it, or --dry-run to look.")


def refuse_guarded(changes: Sequence[Change], snapshot: Snapshot, *, is_read_only: bool) -> None:
    """Raises StoppedError if a guard refuses one of the changes."""
    reasons = dict.fromkeys(
        refused(change, snapshot, is_read_only=is_read_only) for change in changes
    )
    if texts := list(filter(None, reasons)):
        _stop(f"Nothing was sent. {' '.join(texts)}")


def is_confirmed(changes: Sequence[Change], options: Namespace) -> bool:
    """Whether the command line confirms the changes."""
    wanted = to_type(changes)
    return options.yes and (wanted is None or options.confirm in _accepted(wanted, changes))


async def confirm(changes: Sequence[Change], options: Namespace, env: Environment) -> None:
    """Returns once the changes are confirmed. Raises StoppedError if they are not."""
    if is_confirmed(changes, options):
        return
    wanted = to_type(changes)
    if options.yes:
        given = f"--confirm {shlex.quote(wanted or '')}"
        _stop(f"Nothing was sent. To do it all the same, add {given}")
    number = f" (there are {plural(len(changes), 'change')})" if len(changes) > 1 else ""
    if wanted is not None:
        question = f"To send, type {wanted}{number}: "
    else:
        question = f"Send {plural(len(changes), 'change')}? [y/N] "
    env.stderr.write(question)
    env.stderr.flush()
    answer = (await _line(env.stdin)).strip()
    if wanted is None and answer.casefold() not in ("y", "yes"):
        _stop("Nothing was sent.")
    if wanted is not None and answer != wanted:
        _stop(f"That is not {wanted}. Nothing was sent.")


async def _line(stdin: TextIO) -> str:
    """The next line that is typed; a signal ends the wait for it at once."""
    try:
        descriptor = stdin.fileno()
    except OSError:  # a stream in memory
        return stdin.readline()
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(descriptor)
    return stdin.readline()


def _accepted(wanted: str, changes: Sequence[Change]) -> set[str]:
    """What --confirm may be: for a single change also the whole name and the id."""
    if len(changes) > 1:
        return {wanted}
    ids = changes[0].ids
    names = (changes[0].confirm_text, ids.token_id, ids.team_id, ids.account_id)
    return {wanted, *filter(None, names)}


def _has_somebody(env: Environment) -> bool:
    return env.stdin.isatty() and env.stderr.isatty()


def _stop(message: str) -> None:
    raise StoppedError(message, code=Exit.UNSAFE)
