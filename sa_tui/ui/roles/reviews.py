"""The reviews of giving and removing roles, with the access before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.ui.kit import guards
from sa_tui.ui.kit.workers import DETAILS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sa_tui.konnect.models import AssignedRole
    from sa_tui.org.changes.change import Change
    from sa_tui.org.changes.roles import RoleOwner, RoleRequest
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host, Then


_NAMES_IN_A_NOTE = 20
"""A sentence is cut when it is too long: the names go on in the next one."""


def review_assignments(
    host: Host,
    owners: Sequence[RoleOwner],
    grants: Sequence[RoleRequest],
    *,
    notes: Sequence[str],
    then: Then,
) -> str:
    """Reviews giving these roles to those who lack them; returns why there is nothing to give.

    What was read decides who holds what already: directly, exactly so. The rows are in the order
    of the owners.
    """
    from sa_tui.org.changes.roles import assign_role

    holders = {grant: _holders(host.snapshot, owners, grant) for grant in grants}
    changes = [
        assign_role(owner, grant)
        for owner in owners
        for grant in grants
        if owner not in holders[grant]
    ]
    left_out = [note for grant, owners in holders.items() for note in _left_out(grant, owners)]
    if not changes:
        return " ".join(("Nothing to give.", *left_out))
    host.review("", changes, notes=(*notes, *left_out), then=then)
    return ""


def _holders(
    snapshot: Snapshot, owners: Sequence[RoleOwner], grant: RoleRequest
) -> dict[RoleOwner, None]:
    """Those who hold exactly this role already, in their order."""
    return {
        owner: None for owner in owners if any(map(grant.is_written_in, _roles_of(snapshot, owner)))
    }


def _roles_of(snapshot: Snapshot, owner: RoleOwner) -> Sequence[AssignedRole]:
    is_account = owner.kind == "account"
    details = snapshot.details_of if is_account else snapshot.team_details_of
    return details(owner.id).roles.rows


def _left_out(grant: RoleRequest, holders: Iterable[RoleOwner]) -> Iterator[str]:
    names = [owner.name or owner.id for owner in holders]
    for first in range(0, len(names), _NAMES_IN_A_NOTE):
        some = ", ".join(names[first : first + _NAMES_IN_A_NOTE])
        yield f"Left out, held already: {grant.describe()}: {some}."


def remove_roles(host: Host, owner: RoleOwner, roles: Sequence[AssignedRole]) -> None:
    """Reviews removing these roles, with the access that remains."""
    is_account = owner.kind == "account"
    targets = [
        Target(
            account_id=owner.id if is_account else None,
            team_id=None if is_account else owner.id,
            roles=tuple(roles),
        )
    ]
    if guards.is_refused(host, verbs.REMOVE_ROLES, targets) or not roles or host.org is None:
        return

    def changes(snapshot: Snapshot) -> list[Change]:
        return _removals(owner, roles, snapshot)

    host.run_worker(read_held(host.org, [owner]), group=DETAILS)
    host.review("", changes)


def _removals(owner: RoleOwner, roles: Sequence[AssignedRole], snapshot: Snapshot) -> list[Change]:
    from sa_tui.access.catalogue import can_be_given
    from sa_tui.org.changes.roles import remove_role
    from sa_tui.org.reading.entities import Sight, look_up

    entities = [look_up(role, snapshot) for role in roles]
    return [
        remove_role(
            owner,
            role,
            entity_name=entity.name if entity.sight is Sight.NAMED else "",
            can_be_given=can_be_given(role.entity_type_name or "", snapshot.catalogue.value),
        )
        for role, entity in zip(roles, entities, strict=True)
    ]


async def read_held(org: Org, owners: Iterable[RoleOwner]) -> None:
    """Reads again the roles of the owners, direct and through their teams."""
    account_ids = [owner.id for owner in owners if owner.kind == "account"]
    team_ids = dict.fromkeys(owner.id for owner in owners if owner.kind == "team")
    await org.read_details(account_ids, again=True)
    for account_id in account_ids:
        teams = org.snapshot.details_of(account_id).teams.rows
        team_ids.update(dict.fromkeys(team.id for team in teams))
    await org.read_team_details(list(team_ids), again=True)
