"""Shows what changed between two snapshots of one organisation, or since one.

The rules it keeps: both sides are read alike, and another organisation is refused before the rest
of it is read.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.answers.diff import Origin, diff_markdown, diff_report, gap_text, problems_of_diff
from sa_tui.audit.diff.compare import compare_sides
from sa_tui.audit.diff.sides import side_of
from sa_tui.base.text import one_line
from sa_tui.base.words import plural
from sa_tui.cli.answers import conclude, head_of, put_report
from sa_tui.cli.auditing.files import settings_of
from sa_tui.cli.auditing.views import CHANGES
from sa_tui.cli.exits import Exit, StoppedError, UsageError
from sa_tui.cli.reading.file import FileSource, saved_in
from sa_tui.cli.reading.run import answer

if TYPE_CHECKING:
    from argparse import Namespace

    from sa_tui.audit.diff.model import Diff
    from sa_tui.audit.settings import Settings
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.org.saved.model import Saved
    from sa_tui.org.snapshot import Snapshot


def run_diff(options: Namespace, env: Environment) -> int:
    """Runs `diff`. Raises UsageError for a file that is no snapshot, before anything is read."""
    if options.new is not None:
        if hasattr(options, "from_file"):
            raise UsageError("NEW and --from are the same: give one of them.")
        options.from_file = options.new
    settings = settings_of(options, env)
    old = saved_in(options.old, env, lead="since", use="compared with")
    return answer(
        options, env, partial(_answer, old=old, settings=settings, options=options, env=env)
    )


async def _answer(
    source: Source, *, old: Saved, settings: Settings, options: Namespace, env: Environment
) -> int:
    await source.read_lists()
    env.run.organization = source.snapshot.organization.value
    _refuse_other(old.snapshot, source.snapshot)
    with_people = old.snapshot.people.value is not None
    before = FileSource(old)
    for each in (before, source):
        await _read(each, people=with_people)
    sides = (
        side_of(before.snapshot, now=old.taken_at, settings=settings, with_people=with_people),
        side_of(source.snapshot, now=source.now(), settings=settings, with_people=with_people),
    )
    diff = compare_sides(*sides)
    head = head_of(env, source.snapshot, problems_of_diff(diff))
    file = getattr(options, "from_file", None)
    ends = (
        Origin(file=options.old, taken_at=sides[0].now),
        Origin(file=file, taken_at=sides[1].now),
    )
    report = diff_report(head, diff, sides, ends)
    if options.output == "md":
        env.stdout.write(diff_markdown(report, *ends))
    else:
        put_report(env, options, report, shown=CHANGES, now=sides[1].now)
    _tell(diff, with_people=with_people, env=env)
    changes = plural(len(diff.changes), "change")
    code = conclude(env, head, f"{changes}, {gap_text(*ends)}")
    return Exit.FINDINGS if options.fail_on_change and diff.changes else code


async def _read(source: Source, *, people: bool) -> None:
    """Reads everything that is compared, and what the rules look at."""
    await source.read_all(people=people)
    await source.read_teams()
    await source.read_team_details([team.id for team in source.snapshot.teams.rows])
    await source.read_authentication()
    await source.read_entity_names()
    await source.read_endless_tokens()
    await source.read_accounts_again()  # a new one was not read, and that is said


def _refuse_other(old: Snapshot, new: Snapshot) -> None:
    """Raises StoppedError for another organisation; one that is not known is not compared."""
    then, now = old.organization.value, new.organization.value
    if then is not None and now is not None and then.id != now.id:
        raise StoppedError(
            f"OLD is of {one_line(then.name)} ({then.id}), NEW is of {one_line(now.name)} "
            f"({now.id}): two organisations are not compared.",
            code=Exit.UNSAFE,
        )


def _tell(diff: Diff, *, with_people: bool, env: Environment) -> None:
    if not with_people:
        env.tell("people are not compared: OLD has none (sa-tui snapshot --people)")
    if diff.unasked:
        times = plural(diff.unasked, "time")
        env.tell(f"NOT CHECKED: {times} a rule could be asked on neither side; see sa-tui audit")
