"""Reads what a plan needs to know: what is wished for, what is in its scope, and whom it harms."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sa_tui.access.effects.guards import read_for_guards
from sa_tui.konnect.models import AssignedRole
from sa_tui.org.reading.entities import unread_listings
from sa_tui.org.reading.naming import read_lists
from sa_tui.plans.difference import difference
from sa_tui.plans.entities import lists_to_read
from sa_tui.plans.finding import teams_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.plans.difference import Difference
    from sa_tui.plans.scope import Scope
    from sa_tui.plans.wished import Wished


async def planned_in(org: Org, wished: Wished, scope: Scope) -> Difference:
    """What has to change in an organisation whose accounts were read. Raises as `difference`."""
    await asyncio.gather(org.read_teams(), org.read_offer())
    await org.read_details(_account_ids(org.snapshot, wished, scope))
    await org.read_team_details(_team_ids(org.snapshot, wished, scope))
    await org.read_entities(lists_to_read(wished.roles, org.snapshot))
    roles = [*_wished_roles(wished), *_held_roles(org.snapshot)]
    await read_lists(org, unread_listings(roles, org.snapshot), roles)
    planned = difference(wished, org.snapshot, scope=scope)
    ends = [change for change in planned.changes if change.request.method == "DELETE"]
    if not ends:
        return planned
    await read_for_guards(ends, org)
    return difference(wished, org.snapshot, scope=scope)


def _account_ids(snapshot: Snapshot, wished: Wished, scope: Scope) -> list[str]:
    ids = {account.id for account in wished.accounts}
    names = {account.name for account in wished.accounts if account.name}
    return [
        account.id
        for account in snapshot.accounts.rows
        if account.id in ids or account.name in names or scope.holds("accounts", account.name)
    ]


def _team_ids(snapshot: Snapshot, wished: Wished, scope: Scope) -> list[str]:
    """The teams that are wished for, those of wished memberships, and those that are left."""
    named = {team.name for team in wished.teams}
    for account in wished.accounts:
        named |= {team.text for team in (*(account.teams or ()), *account.more_teams)}
    ids = {team.id for team in wished.teams} | named
    ids |= {team.id for name in named for team in teams_named(name, snapshot)}
    ids |= {team.id for details in snapshot.details.values() for team in details.teams.rows}
    return [
        team.id for team in snapshot.teams.rows if team.id in ids or scope.holds("teams", team.name)
    ]


def _wished_roles(wished: Wished) -> Iterator[AssignedRole]:
    """The roles on entities by their ids, whose names are shown."""
    for number, role in enumerate(wished.roles):
        if role.entity_id:
            yield AssignedRole(
                id=f"wished-{number}",
                role_name=role.role_name,
                entity_type_name=role.entity_type_name,
                entity_id=role.entity_id,
                entity_region=role.entity_region,
            )


def _held_roles(snapshot: Snapshot) -> Iterator[AssignedRole]:
    for details in snapshot.details.values():
        yield from details.roles.rows
    for team in snapshot.team_details.values():
        yield from team.roles.rows
