"""Shows what two accounts, teams or people can do, side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.reader import read_access, team_subjects
from sa_tui.access.team_grants import gaps
from sa_tui.access.why import compare
from sa_tui.answers.pages import compare_report
from sa_tui.answers.problems import problems_of, subject_type
from sa_tui.base.words import plural
from sa_tui.cli.answers import conclude, head_of, put_report
from sa_tui.cli.exits import UsageError
from sa_tui.cli.finding import Candidates, find_loosely
from sa_tui.cli.reading.run import answer
from sa_tui.cli.reading.views import compared

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from sa_tui.access.subjects import Subject
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.org.snapshot import Snapshot

_KINDS = {"system_account": "account", "user": "person", "team": "team"}


def run_compare(options: Namespace, env: Environment) -> int:
    """Runs `compare`. Raises UsageError unless both names are those of one each."""
    return answer(options, env, partial(_answer, options=options, env=env))


async def _answer(source: Source, *, options: Namespace, env: Environment) -> int:
    with_people = options.people
    await source.read_lists(people=with_people)
    await source.read_teams()
    candidates = _candidates(source.snapshot, with_people=with_people)
    find: Callable[[str], Subject] = partial(find_loosely, candidates=candidates, tell=env.tell)
    chosen = find(options.left), find(options.right)
    if chosen[0].id == chosen[1].id:
        raise UsageError("Both names mean the same one: there is nothing to compare.")
    for subject in chosen:
        if subject.kind == "team":
            await source.read_team_details([subject.id])
        else:
            await source.read_one(subject.id, people=with_people)
    await source.read_entity_names()
    snapshot = source.snapshot
    access = read_access(snapshot, with_people=with_people)
    teams = {team.id: team for team in team_subjects(snapshot)}
    left, right = (access.subject(each.id) or teams[each.id] for each in chosen)
    differences = compare(left, right)
    if options.only_differences:
        differences = tuple(row for row in differences if not row.is_same)
    head = head_of(env, snapshot, problems_of(snapshot, [left, right], with_people=with_people))
    sides = (left, snapshot.user(left.id)), (right, snapshot.user(right.id))
    report = compare_report(
        head, sides, differences, access, is_only_differences=options.only_differences
    )
    put_report(env, options, report, shown=compared(left.name, right.name), now=source.now())
    differing = sum(row.same is Answer.NO for row in differences)
    unknown = sum(row.same is Answer.UNKNOWN for row in differences)
    summary = f"{plural(len(differences), 'grant')}, {plural(differing, 'difference')}"
    summary += f", {unknown:,} not known" if unknown else ""
    return conclude(env, head, f"{left.name} and {right.name}: {summary}")


def _candidates(snapshot: Snapshot, *, with_people: bool) -> Candidates[Subject]:
    """The accounts, the teams and the people by each of their names; nothing of them is read."""
    subjects = [*read_access(snapshot, with_people=with_people).subjects, *team_subjects(snapshot)]
    named = [
        (name, subject)
        for subject in subjects
        for name in dict.fromkeys((subject.name, *subject.other_names, _address(subject)))
        if name
    ]
    reasons = gaps(snapshot.accounts) + gaps(snapshot.teams)
    reasons += gaps(snapshot.people) if with_people else []
    return Candidates(
        named,
        what="account, team or person" if with_people else "account or team",
        lists="`sa-tui accounts --quick` lists the accounts.",
        incomplete=" ".join(reasons) or None,
        about={subject.id: _KINDS[subject_type(subject)] for subject in subjects},
    )


def _address(subject: Subject) -> str:
    return subject.description if subject.kind == "person" else ""
