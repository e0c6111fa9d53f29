"""Reads of an organisation what a plan needs to know: what it is about, and whom it harms.

The rule it keeps: errors are in the snapshot, and the plan says what could not be read.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sa_tui.access.effects.guards import read_for_guards
from sa_tui.konnect.models import AssignedRole
from sa_tui.org.reading.entities import unread_listings
from sa_tui.org.reading.naming import read_lists
from sa_tui.plans.checking.check import check
from sa_tui.plans.difference import difference
from sa_tui.plans.entities import lists_to_read
from sa_tui.plans.finding import teams_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sa_tui.org.changes.change import Change, VerbName
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.plans.checking.check import Checked
    from sa_tui.plans.difference import Difference
    from sa_tui.plans.saved import SavedPlan
    from sa_tui.plans.scope import Scope
    from sa_tui.plans.wished import Wished


async def planned_in(org: Org, wished: Wished, scope: Scope, *, again: bool = False) -> Difference:
    """What has to change in an organisation whose accounts were read. Raises as `difference`.

    With `again`, what was read before is read again.
    """
    await asyncio.gather(org.read_teams(again=again), org.read_offer())
    await org.read_details(_account_ids(org.snapshot, wished, scope), again=again)
    await org.read_team_details(_team_ids(org.snapshot, wished, scope), again=again)
    await org.read_entities(lists_to_read(wished.roles, org.snapshot))
    roles = [*_wished_roles(wished), *_held_roles(org.snapshot)]
    await read_lists(org, unread_listings(roles, org.snapshot), roles)
    planned = difference(wished, org.snapshot, scope=scope)
    if await _read_losses(planned.changes, org):
        return difference(wished, org.snapshot, scope=scope)
    return planned


async def checked_in(org: Org, plan: SavedPlan, *, again: bool = False) -> Checked:
    """What became of a saved plan, once the accounts were read. Raises as `check`."""
    await _read_touched(org, plan, again=again)
    checked = check(plan, org.snapshot)
    return check(plan, org.snapshot) if await _read_losses(checked.changes, org) else checked


async def _read_losses(changes: Iterable[Change], org: Org) -> bool:
    """Reads what the guards need about changes that end something; whether there are any."""
    ends = [change for change in changes if change.request.method == "DELETE"]
    if ends:
        await read_for_guards(ends, org)
    return bool(ends)


async def _read_touched(org: Org, plan: SavedPlan, *, again: bool) -> None:
    """Reads what the plan touches, and what is made already of what it makes."""
    ids = [id for saved in plan.changes for id in saved.ids.items()]
    reading = [org.read_teams(again=again), org.read_offer()]
    if any(kind == "user_id" for kind, _ in ids):
        reading.append(org.read_people(again=again))
    await asyncio.gather(*reading)
    accounts, teams = _new_names(plan, "create-account"), _new_names(plan, "create-team")
    account_ids = {id for kind, id in ids if kind == "account_id"}
    team_ids = {id for kind, id in ids if kind == "team_id"}
    rows = org.snapshot.accounts.rows
    listed = [row.id for row in rows if row.id in account_ids or row.name in accounts]
    of_teams = [
        row.id for row in org.snapshot.teams.rows if row.id in team_ids or row.name in teams
    ]
    await asyncio.gather(
        org.read_details(listed, again=again), org.read_team_details(of_teams, again=again)
    )
    roles = [
        AssignedRole(id=f"planned-{number}", **saved.body)
        for number, saved in enumerate(plan.changes)
        if saved.verb == "give-role" and _is_role(saved.body)
    ]
    for id in listed:
        roles += org.snapshot.details_of(id).roles.rows
    await read_lists(org, unread_listings(roles, org.snapshot), roles)


def _new_names(plan: SavedPlan, verb: VerbName) -> set[str]:
    """The names of what is created, as far as they are texts."""
    values = (saved.body.get("name") for saved in plan.changes if saved.verb == verb)
    return {value for value in values if isinstance(value, str)}


def _is_role(body: Mapping[str, object]) -> bool:
    """Whether this is the body of a role; any other is refused when it is compared."""
    fields = {"role_name", "entity_type_name", "entity_id", "entity_region"}
    return body.keys() == fields and all(isinstance(value, str) for value in body.values())


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
