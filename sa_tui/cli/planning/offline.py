"""Plans against a snapshot in a file: what would have to change, as it was then.

The rule it keeps: Konnect is not asked. A plan from a file is kept, shown and refused as any other.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.access.effects.consequences import consequences
from sa_tui.access.effects.guards import refused
from sa_tui.answers.preview import preview_record, render_preview
from sa_tui.answers.problems import required, sentences
from sa_tui.cli.answers import head_of, put_facts
from sa_tui.cli.exits import Exit, StoppedError, UsageError
from sa_tui.cli.planning.keeping import keep_plan
from sa_tui.cli.planning.wanting import wanted_from
from sa_tui.cli.reading.file import open_file
from sa_tui.plans.difference import difference
from sa_tui.plans.errors import WishError

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.access.effects.values import Consequences
    from sa_tui.cli.changing.command import Wanted
    from sa_tui.cli.environment import Environment
    from sa_tui.org.saved.model import Saved
    from sa_tui.plans.scope import Scope
    from sa_tui.plans.wished import Wished


def plan_offline(options: Namespace, env: Environment, wished: Wished, scope: Scope) -> int:
    """Shows or keeps the plan. Raises UsageError, StoppedError if a guard refuses it."""
    saved = open_file(options, env)
    required(saved.snapshot.accounts, "accounts")
    try:
        planned = difference(wished, saved.snapshot, scope=scope)
    except WishError as error:
        first, *others = error.reasons
        raise UsageError(first, below=tuple(others)) from None
    wanted = wanted_from(planned)
    _refuse(wanted, saved)
    means = consequences(wanted.changes, snapshot=saved.snapshot, now=saved.taken_at)
    if options.to_file is not None:
        keep_plan(wanted, Path(options.to_file), saved=saved, env=env)
    _show(options, env, saved, wanted, means)
    for sentence in sentences(wanted.problems):
        env.tell(f"INCOMPLETE: {sentence}")
    env.tell("Nothing was sent: this is from a file.")
    return wanted.complete(Exit.DONE if means.changes else Exit.ALREADY)


def _refuse(wanted: Wanted, saved: Saved) -> None:
    reasons = (refused(change, saved.snapshot, is_read_only=False) for change in wanted.changes)
    if texts := dict.fromkeys(filter(None, reasons)):
        raise StoppedError(f"Nothing was sent. {' '.join(texts)}", code=Exit.UNSAFE)


def _show(
    options: Namespace, env: Environment, saved: Saved, wanted: Wanted, means: Consequences
) -> None:
    base_url, notes = saved.base_url, wanted.notes
    if options.output != "json":
        if means.changes:
            text = render_preview(means, base_url=base_url, notes=notes, with_requests=True)
            env.stdout.write(f"{text}\n")
        return
    facts = {
        "dry_run": True,
        "preview": preview_record(means, base_url=base_url, notes=notes),
        "already": [],
        "outcomes": [],
        "made": [],
        **wanted.more,
    }
    put_facts(env, head_of(env, saved.snapshot, wanted.problems), facts)
