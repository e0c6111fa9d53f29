"""Lists the roles that accounts and teams hold directly, and the teams of an organisation."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.answers.holdings import problems_of_team, roles_report
from sa_tui.answers.pages import teams_report
from sa_tui.answers.problems import (
    Problem,
    ProblemSubject,
    problem_of,
    problems_of_lists,
    required,
)
from sa_tui.base.words import plural
from sa_tui.cli.access_views import text_column
from sa_tui.cli.answers import conclude, head_of, put_report
from sa_tui.cli.columns import TextColumn
from sa_tui.cli.exits import UsageError
from sa_tui.cli.finding import find_account, find_team
from sa_tui.cli.reading.run import answer
from sa_tui.cli.views import RecordColumn
from sa_tui.konnect.predefined import title_of
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import datetime

    from sa_tui.answers.records import Record
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.konnect.models import SystemAccount, Team


def list_roles(options: Namespace, env: Environment) -> int:
    """Runs `role list`. Raises KonnectError without a list of accounts."""
    from sa_tui.cli.changing.names import read_names

    names = read_names(options.names, env.stdin)
    if not names and not options.teams:
        raise UsageError("Name the accounts, or teams with --team.")
    return answer(options, env, partial(_list_roles, options=options, env=env, names=names))


def list_teams(options: Namespace, env: Environment) -> int:
    """Runs `team list`. Raises KonnectError without a list of teams."""
    return answer(options, env, partial(_list_teams, options=options, env=env))


async def _list_roles(
    source: Source, *, options: Namespace, env: Environment, names: tuple[str, ...]
) -> int:
    await source.read_lists()
    accounts = [read_account(source, name, env) for name in names]
    teams = [await read_team(source, name, env) for name in options.teams]
    await source.read_details([account.id for account in accounts])
    await source.read_team_details([team.id for team in teams])
    await source.read_entity_names()
    snapshot = source.snapshot
    problems: list[Problem] = problem_of("organization", snapshot.organization)
    for account in accounts:
        subject = ProblemSubject("system_account", account.id, account.name)
        problems += problem_of("assigned_roles", snapshot.details_of(account.id).roles, subject)
    for team in teams:
        subject = ProblemSubject("team", team.id, team.name)
        problems += problem_of("assigned_roles", snapshot.team_details_of(team.id).roles, subject)
    head = head_of(env, snapshot, problems)
    report = roles_report(head, [*accounts, *teams], snapshot)
    put_report(env, options, report, shown=ROLES, now=source.now())
    return conclude(env, head, plural(len(report.rows), "role"))


async def _list_teams(source: Source, *, options: Namespace, env: Environment) -> int:
    await source.read_lists()
    await source.read_teams()
    listed = required(source.snapshot.teams, "teams").rows
    teams = sorted(listed, key=lambda team: team.title.casefold())
    problems = problems_of_lists(source.snapshot)
    problems += problem_of("teams", source.snapshot.teams)
    if not options.quick:
        await source.read_team_details([team.id for team in teams])
        for team in teams:
            problems += problems_of_team(team, source.snapshot)
    head = head_of(env, source.snapshot, problems)
    report = teams_report(head, teams, source.snapshot)
    shown = QUICK_TEAMS if options.quick else TEAMS
    put_report(env, options, report, shown=shown, now=source.now())
    return conclude(env, head, plural(len(teams), "team"))


def read_account(source: Source, text: str, env: Environment) -> SystemAccount:
    """The account of this name, which may differ in case. Raises as `find_account`."""
    accounts = required(source.snapshot.accounts, "accounts")
    return find_account(text, accounts.rows, incomplete=accounts.incomplete, tell=env.tell)


async def read_team(source: Source, text: str, env: Environment) -> Team:
    """The team of this name, which may differ in case. Raises as `find_account`."""
    await source.read_teams()
    teams = required(source.snapshot.teams, "teams")
    return find_team(text, teams.rows, incomplete=teams.incomplete, tell=env.tell)


def _entity(record: Record, _: datetime) -> str:
    if record["entity_id"] == EVERY:
        return "* (all)"
    return record["entity_name"] or str(record["entity_id"])


def _team_name(record: Record, _: datetime) -> str:
    return title_of(record["name"], is_predefined=record["system_team"])


ENTITY = RecordColumn(key="entity_id", column=TextColumn("ENTITY", shrinks_to=12), show=_entity)
HELD = (
    text_column("role_name", TextColumn("ROLE")),
    text_column("entity_type_name", TextColumn("TYPE")),
    ENTITY,
    text_column("entity_region", TextColumn("REGION")),
    text_column("id", TextColumn("ID", priority=1)),
)
ROLES = (text_column("holder_name", TextColumn("HOLDER", shrinks_to=12)), *HELD)
TEAM_NAME = RecordColumn(key="name", column=TextColumn("NAME", shrinks_to=12), show=_team_name)
PREDEFINED = RecordColumn(
    key="system_team",
    column=TextColumn("PREDEFINED", priority=3),
    show=lambda record, _: "yes" if record["system_team"] else "",
)
QUICK_TEAMS = (
    TEAM_NAME,
    text_column("id", TextColumn("ID", priority=4)),
    PREDEFINED,
    text_column("description", TextColumn("DESCRIPTION", shrinks_to=20, priority=5)),
)
TEAMS = (
    *QUICK_TEAMS[:3],
    text_column("assigned_roles", TextColumn("ROLES", right=True)),
    text_column("system_accounts", TextColumn("ACCOUNTS", right=True)),
    text_column("users", TextColumn("PEOPLE", right=True)),
    QUICK_TEAMS[3],
)
