"""Writes the metrics of an organisation's tokens for node_exporter's textfile collector.

The rule it keeps: a file is replaced as a whole, and stays as it was when there is no answer.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.answers.metrics import FIRST, Records, metrics_text, problems_of_metrics
from sa_tui.answers.problems import Problem
from sa_tui.base.shared_file import write_shared
from sa_tui.base.words import plural
from sa_tui.cli.answers import conclude, head_of
from sa_tui.cli.application import state_directory
from sa_tui.cli.connections import journal_in
from sa_tui.cli.exits import UsageError
from sa_tui.cli.reading.run import answer
from sa_tui.records.journal import JournalError
from sa_tui.records.rotations import FILE_NAME as ROTATIONS_FILE
from sa_tui.records.rotations import Rotations

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from datetime import datetime

    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.records.rotations import Rotation


def run_metrics(options: Namespace, env: Environment) -> int:
    """Runs `metrics`. Raises KonnectError when the accounts cannot be read."""
    return answer(options, env, partial(_answer, options=options, env=env))


async def _answer(source: Source, *, options: Namespace, env: Environment) -> int:
    await source.read_tokens()
    snapshot = source.snapshot
    problems = problems_of_metrics(snapshot)
    records = _records(source, env, problems, is_demo=hasattr(options, "demo"))
    text = metrics_text(snapshot, records, problems, now=source.now())
    if options.to in (None, "-"):
        env.stdout.write(text)
    else:
        try:
            write_shared(Path(options.to), text.encode(), begin=FIRST.encode())
        except OSError as error:
            reason = error.strerror or error
            raise UsageError(f"{options.to} is not written: {reason}.") from None
    head = head_of(env, snapshot, problems)
    tokens = sum(len(details.tokens.rows) for details in snapshot.details.values())
    accounts = plural(len(snapshot.accounts.rows), "account")
    return conclude(env, head, f"{plural(tokens, 'access token')} of {accounts}")


def _records(
    source: Source, env: Environment, problems: list[Problem], *, is_demo: bool
) -> Records:
    """What this machine knows of the organisation; the demo's records are empty."""
    try:
        directory = None if is_demo else state_directory(env)
    except UsageError:  # without a home directory nothing was begun here
        directory = None
    if directory is None:
        return Records(rotations_since=(), unacknowledged=0)
    return Records(
        rotations_since=_rotations(directory, source, problems),
        unacknowledged=_unacknowledged(directory, source, problems),
    )


def _rotations(
    directory: Path, source: Source, problems: list[Problem]
) -> Sequence[datetime] | None:
    try:
        rotations = Rotations(directory / ROTATIONS_FILE, now=source.now).all_in_progress()
    except JournalError as error:
        problems.append(Problem(what="rotations", reason=str(error)))
        return None
    return [each.begun_at for each in rotations if _is_under_way(each, source.snapshot)]


def _is_under_way(rotation: Rotation, snapshot: Snapshot) -> bool:
    """Whether it is of this organisation, and its old token may still be there."""
    if snapshot.account(rotation.account_id) is None:
        return False
    tokens = snapshot.details_of(rotation.account_id).tokens
    return not tokens.is_whole or any(token.id == rotation.old_id for token in tokens.rows)


def _unacknowledged(directory: Path, source: Source, problems: list[Problem]) -> int | None:
    organization = source.snapshot.organization.value
    journal = journal_in(directory, now=source.now)
    try:
        if not journal.path.exists():
            return 0
        left = journal.unfinished(organization_id=organization.id if organization else None)
    except (JournalError, OSError) as error:
        problems.append(Problem(what="journal", reason=str(error)))
        return None
    return len(left)
