"""Shows everything about one system account or one team."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.answers.holdings import account_facts, problems_of_team, team_facts
from sa_tui.answers.problems import problems_of_accounts, problems_of_lists
from sa_tui.base.times import utc
from sa_tui.base.words import plural
from sa_tui.cli.access_views import text_column
from sa_tui.cli.answers import conclude, head_of, put_facts
from sa_tui.cli.changing.listing import HELD, PREDEFINED, TEAM_NAME, read_account, read_team
from sa_tui.cli.columns import TextColumn
from sa_tui.cli.output import put_table
from sa_tui.cli.reading.run import answer
from sa_tui.cli.views import TOKENS, view

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from sa_tui.answers.records import Record
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.cli.views import RecordColumn

_ID = text_column("id", TextColumn("ID"))
_TEAMS = (TEAM_NAME, PREDEFINED, _ID)
_MEMBERS = (text_column("name", TextColumn("NAME")), _ID)
_PEOPLE = (
    text_column("full_name", TextColumn("NAME")),
    text_column("email", TextColumn("E-MAIL")),
    _ID,
)


def show_account(options: Namespace, env: Environment) -> int:
    """Runs `account show`. Raises KonnectError without a list of accounts."""
    return answer(options, env, partial(_show_account, options=options, env=env))


def show_team(options: Namespace, env: Environment) -> int:
    """Runs `team show`. Raises KonnectError without a list of teams."""
    return answer(options, env, partial(_show_team, options=options, env=env))


async def _show_account(source: Source, *, options: Namespace, env: Environment) -> int:
    await source.read_lists()
    account = read_account(source, options.name, env)
    source.narrate_rotations(account.id)
    await source.read_details([account.id])
    await source.read_entity_names()
    snapshot, now = source.snapshot, source.now()
    problems = problems_of_lists(snapshot) + problems_of_accounts(snapshot, [account])
    head = head_of(env, snapshot, problems)
    facts = account_facts(account, snapshot, now=now)
    if options.output == "json":
        put_facts(env, head, facts)
    else:
        record = facts["system_account"]
        names = ("name", "id", "description", "konnect_managed", "created_at")
        _put_fields(env, {name: record[name] for name in names}, record["unknown"])
        _put_section(env, "Access tokens", TOKENS, facts["access_tokens"], now)
        _put_section(env, "Assigned roles", HELD, facts["assigned_roles"], now)
        _put_section(env, "Teams", _TEAMS, facts["teams"], now)
    roles, teams = plural(len(facts["assigned_roles"]), "role"), plural(len(facts["teams"]), "team")
    tokens = plural(len(facts["access_tokens"]), "access token")
    return conclude(env, head, f"{account.name}, {tokens}, {roles}, {teams}")


async def _show_team(source: Source, *, options: Namespace, env: Environment) -> int:
    await source.read_lists()
    team = await read_team(source, options.name, env)
    await source.read_team_details([team.id])
    await source.read_entity_names()
    snapshot, now = source.snapshot, source.now()
    problems = problems_of_lists(snapshot) + problems_of_team(team, snapshot)
    head = head_of(env, snapshot, problems)
    facts = team_facts(team, snapshot)
    if options.output == "json":
        put_facts(env, head, facts)
    else:
        record = facts["team"]
        labels = [f"{key}={value}" for key, value in sorted((record["labels"] or {}).items())]
        names = ("name", "id", "description", "system_team", "created_at")
        fields = {name: record[name] for name in names} | {"labels": ", ".join(labels)}
        _put_fields(env, fields, record["unknown"])
        _put_section(env, "Assigned roles", HELD, facts["assigned_roles"], now)
        _put_section(env, "System accounts", _MEMBERS, facts["system_accounts"], now)
        _put_section(env, "People", _PEOPLE, facts["users"], now)
    accounts = plural(len(facts["system_accounts"]), "account")
    people = plural(len(facts["users"]), "person", "people")
    roles = plural(len(facts["assigned_roles"]), "role")
    return conclude(env, head, f"{team.title}, {roles}, {accounts}, {people}")


def _put_fields(env: Environment, fields: Mapping[str, object], unknown: Sequence[str]) -> None:
    rows = [
        (name.replace("_", " "), "?" if name in unknown else _text(value))
        for name, value in fields.items()
    ]
    put_table(env, [TextColumn("FIELD"), TextColumn("VALUE", shrinks_to=20)], rows)


def _text(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return utc(value) if isinstance(value, datetime) else str(value)


def _put_section(
    env: Environment,
    title: str,
    columns: Sequence[RecordColumn],
    records: Sequence[Record],
    now: datetime,
) -> None:
    """A table below its title; what has no rows says so."""
    env.put(f"\n{title}: {len(records) or 'none'}")
    if records:
        rows = [{"unknown": ()} | record for record in records]
        put_table(env, *view(columns, rows, now))
