"""Gives roles to system accounts and teams, and removes them.

The rule it keeps: a role that somebody holds directly, exactly so, is not given again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import can_be_given, canonical_key
from sa_tui.cli.changing.command import Wanted
from sa_tui.cli.changing.names import split
from sa_tui.cli.changing.places import Places
from sa_tui.cli.changing.role_words import check_regions, find_role_names, find_type_name
from sa_tui.cli.exits import UsageError
from sa_tui.konnect.errors import Unreadable
from sa_tui.konnect.models import AssignedRole
from sa_tui.konnect.regions import EVERY
from sa_tui.org.changes.roles import RoleOwner, RoleRequest, assign_role, remove_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.konnect.models import Listing
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Part


async def give(command: ChangeCommand) -> Wanted:
    """The roles that are to be given to those who lack them."""
    owners = await owners_of(command)
    changes: list[Change] = []
    already: list[Change] = []
    for request in await _requests(command):
        for owner in owners:
            held = _held(command, owner).rows
            wanted = already if any(map(request.is_written_in, held)) else changes
            wanted.append(assign_role(owner, request))
    return Wanted(changes=_by_owner(changes, owners), already=tuple(already))


async def take(command: ChangeCommand) -> Wanted:
    """The roles that are to be removed from those who hold them."""
    owners = await owners_of(command)
    held = [role for owner in owners for role in _held(command, owner).rows]
    changes: dict[str, Change] = {}
    already = []
    for request in await _requests(command, held=held):
        for owner in owners:
            part = _held(command, owner)
            matching = [role for role in part.rows if _is_meant(role, request, command)]
            changes |= {role.id: _removal(command, owner, role, request) for role in matching}
            if not matching and not part.is_whole:
                raise Unreadable(
                    f"Not every role of {owner.name} could be read. {part.why_incomplete}",
                    advice="Try again",
                )
            if not matching:
                already.append(_not_held(owner, request))
    return Wanted(changes=_by_owner(list(changes.values()), owners), already=tuple(already))


async def owners_of(command: ChangeCommand) -> list[RoleOwner]:
    """The accounts and teams that are named, after their roles were read. Raises UsageError."""
    accounts = command.accounts(command.names)
    teams = await command.teams(command.options.teams)
    if not accounts and not teams:
        raise UsageError("Name the accounts, or teams with --team.")
    org = command.org
    await org.read_details([account.id for account in accounts], again=True)
    team_ids = dict.fromkeys(team.id for team in teams)
    for account in accounts:
        joined = org.snapshot.details_of(account.id).teams.rows
        team_ids |= dict.fromkeys(team.id for team in joined)
    await org.read_team_details(list(team_ids), again=True)
    owners = [RoleOwner(kind="account", id=one.id, name=one.name) for one in accounts]
    return owners + [RoleOwner(kind="team", id=one.id, name=one.title) for one in teams]


async def _requests(
    command: ChangeCommand, *, held: Sequence[AssignedRole] | None = None
) -> list[RoleRequest]:
    """Every role on every entity that the options name.

    With `held`, to remove roles of these: old types and roles as well, in any region.
    """
    options, org = command.options, command.org
    await org.read_offer()
    type_name = find_type_name(options.type, org.snapshot, held or ())
    alike = [role for role in held or () if _is_of_type(role, type_name)]
    role_names = find_role_names(split(options.roles), type_name, org.snapshot, alike)
    regions = split(options.regions)
    check_regions(regions, org.snapshot)
    places = Places(
        snapshot=org.snapshot,
        type_name=type_name,
        role_names=role_names,
        regions=regions,
        needs_region=held is None,
    )
    texts = split(options.entities)
    if any(text != EVERY for text in texts):
        await org.read_entities(places.listings)
        places = replace(places, snapshot=org.snapshot)
    return [
        RoleRequest(
            role_name=name,
            entity_type_name=type_name,
            entity_id=place.entity_id,
            entity_region=place.region,
            entity_name=place.entity_name,
        )
        for place in places.find(texts)
        for name in role_names
    ]


def _held(command: ChangeCommand, owner: RoleOwner) -> Part[Listing[AssignedRole]]:
    """What the owner holds directly."""
    if owner.kind == "account":
        return command.snapshot.details_of(owner.id).roles
    return command.snapshot.team_details_of(owner.id).roles


def _is_of_type(role: AssignedRole, type_name: str) -> bool:
    return canonical_key(role.entity_type_name or "") == canonical_key(type_name)


def _is_meant(role: AssignedRole, request: RoleRequest, command: ChangeCommand) -> bool:
    """Whether a held role is the one that is named: without --region, in any region."""
    has_region = not command.options.regions or role.entity_region == request.entity_region
    return (
        role.role_name == request.role_name
        and role.entity_id == request.entity_id
        and _is_of_type(role, request.entity_type_name)
        and has_region
    )


def _removal(
    command: ChangeCommand, owner: RoleOwner, role: AssignedRole, request: RoleRequest
) -> Change:
    live = command.snapshot.catalogue.value
    return remove_role(
        owner,
        role,
        entity_name=request.entity_name,
        can_be_given=can_be_given(role.entity_type_name or "", live),
    )


def _not_held(owner: RoleOwner, request: RoleRequest) -> Change:
    """The removal of a role that is not held: it has no id."""
    role = AssignedRole(
        id="none",
        role_name=request.role_name,
        entity_type_name=request.entity_type_name,
        entity_id=request.entity_id,
        entity_region=request.entity_region,
    )
    return replace(remove_role(owner, role, entity_name=request.entity_name), ids=owner.ids())


def _by_owner(changes: Sequence[Change], owners: Sequence[RoleOwner]) -> tuple[Change, ...]:
    """The changes in the order of the owners."""
    order = {owner.id: number for number, owner in enumerate(owners)}
    return tuple(
        sorted(changes, key=lambda one: order[one.ids.account_id or one.ids.team_id or ""])
    )
