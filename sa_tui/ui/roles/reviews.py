"""The reviews of giving and removing roles, with the access before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.ui.kit import guards
from sa_tui.ui.kit.workers import DETAILS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.konnect.models import AssignedRole
    from sa_tui.org.changes.change import Change
    from sa_tui.org.changes.roles import RoleOwner, RoleRequest
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host, Then


def target(owner: RoleOwner, roles: Sequence[AssignedRole] = ()) -> Target:
    """The target of a verb: the owner, and the roles that are removed from it."""
    is_account = owner.kind == "account"
    return Target(
        account_id=owner.id if is_account else None,
        team_id=None if is_account else owner.id,
        roles=tuple(roles),
    )


def review_assignments(
    host: Host, owner: RoleOwner, grants: Sequence[RoleRequest], *, then: Then | None = None
) -> None:
    """Reviews giving these roles, with the access before and after."""
    from sa_tui.org.changes.roles import assign_role

    changes = [assign_role(owner, grant) for grant in grants]
    host.review("", changes, then=then)


def remove_roles(host: Host, owner: RoleOwner, roles: Sequence[AssignedRole]) -> None:
    """Reviews removing these roles, with the access that remains."""
    targets = [target(owner, roles)]
    if guards.is_refused(host, verbs.REMOVE_ROLES, targets) or not roles or host.org is None:
        return

    def changes(snapshot: Snapshot) -> list[Change]:
        return _removals(owner, roles, snapshot)

    host.run_worker(read_held(host.org, owner), group=DETAILS)
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


async def read_held(org: Org, owner: RoleOwner) -> None:
    """Reads again the roles of the owner, direct and through its teams."""
    if owner.kind == "team":
        await org.read_team_details([owner.id], again=True)
        return
    await org.read_details([owner.id], again=True)
    teams = org.snapshot.details_of(owner.id).teams.value
    if teams is not None:
        await org.read_team_details([team.id for team in teams.rows], again=True)
