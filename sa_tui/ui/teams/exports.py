"""The list of teams, to be written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.pages import teams_report
from sa_tui.answers.problems import ProblemSubject, problem_of
from sa_tui.ui.kit.exporting import Export, HeadMaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.answers.problems import Problem
    from sa_tui.answers.report import Report
    from sa_tui.konnect.models import Team
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Kept
    from sa_tui.ui.kit.host import Host


def teams_export(host: Host, kept: Kept) -> Export:
    """The teams that are shown, with the numbers of their roles and members."""
    head, snapshot = HeadMaker.of(host), host.snapshot
    teams = [team for key in kept.keys if (team := snapshot.team(key)) is not None]

    def report(_: str) -> Report:
        details = [snapshot.team_details_of(team.id) for team in teams]
        answer_head = head("team list", _problems(snapshot, teams), details)
        return kept.marked(teams_report(answer_head, teams, snapshot))

    note = "The command lists all teams." if kept.query else ""
    return Export(name="teams", report=report, words=("team", "list"), note=note)


def _problems(snapshot: Snapshot, teams: Sequence[Team]) -> list[Problem]:
    problems = problem_of("organization", snapshot.organization)
    problems += problem_of("teams", snapshot.teams)
    for team in teams:
        subject, details = (
            ProblemSubject("team", team.id, team.name),
            snapshot.team_details_of(team.id),
        )
        problems += problem_of("assigned_roles", details.roles, subject)
        problems += problem_of("system_accounts", details.accounts, subject)
        problems += problem_of("users", details.users, subject)
    return problems
