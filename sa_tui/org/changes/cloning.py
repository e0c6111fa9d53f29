"""The roles and teams of an account that another one lacks.

The rule it keeps: a role is copied only if Konnect lists all of its fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.org.changes.change import once_made
from sa_tui.org.changes.roles import RoleOwner, RoleRequest, assign_role, owner_of_new
from sa_tui.org.changes.teams import Member, join_team, member_of_new

if TYPE_CHECKING:
    from sa_tui.konnect.models import SystemAccount, Team
    from sa_tui.org.changes.change import Change
    from sa_tui.org.changes.new_ids import NewId
    from sa_tui.org.snapshot import Details, Snapshot


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """What an account lacks of another one's access; so many roles are `left_out`."""

    grants: tuple[RoleRequest, ...]
    teams: tuple[Team, ...]
    left_out: int

    def changes_for(self, account: SystemAccount) -> list[Change]:
        """The changes that give it to this account."""
        owner = RoleOwner(kind="account", id=account.id, name=account.name)
        member = Member(kind="account", id=account.id, name=account.name)
        changes = [assign_role(owner, grant) for grant in self.grants]
        return changes + [join_team(member, team) for team in self.teams]

    def changes_for_new(self, new: NewId) -> list[Change]:
        """The changes that give it to the account that an earlier change makes."""

        def giving(grant: RoleRequest) -> Change:
            return once_made((new,), lambda: assign_role(owner_of_new(new), grant))

        def joining(team: Team) -> Change:
            return once_made((new,), lambda: join_team(member_of_new(new), team))

        return [*map(giving, self.grants), *map(joining, self.teams)]


def lacking(snapshot: Snapshot, like: SystemAccount, held: Details) -> Lacking:
    """What somebody who holds this lacks of what the account `like` has."""
    grants, left_out = [], 0
    for role in snapshot.details_of(like.id).roles.rows:
        fields = (role.role_name, role.entity_type_name, role.entity_id, role.entity_region)
        if not all(fields):
            left_out += 1
            continue
        name, entity_type, entity_id, region = map(str, fields)
        entity = snapshot.entity(entity_id)
        grant = RoleRequest(
            role_name=name,
            entity_type_name=entity_type,
            entity_id=entity_id,
            entity_region=region,
            entity_name=entity.name if entity is not None else "",
        )
        if not any(map(grant.is_written_in, held.roles.rows)):
            grants.append(grant)
    joined_ids = {team.id for team in held.teams.rows}
    teams = (team for team in snapshot.details_of(like.id).teams.rows if team.id not in joined_ids)
    return Lacking(grants=tuple(grants), teams=tuple(teams), left_out=left_out)
