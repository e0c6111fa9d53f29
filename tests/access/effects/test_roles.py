"""What is left of a team's roles is not said to be all where not all could be read."""

from sa_tui.access.effects.roles import role_effect
from sa_tui.konnect.errors import Forbidden
from sa_tui.konnect.models import AssignedRole, Listing
from sa_tui.org.changes.roles import RoleOwner
from sa_tui.org.snapshot import Part, Snapshot, TeamDetails


def test_a_teams_remaining_access_is_unknown_where_its_roles_were_read_in_part():
    role = AssignedRole.from_wire(
        {
            "id": "a",
            "role_name": "Viewer",
            "entity_id": "*",
            "entity_type_name": "Portals",
            "entity_region": "eu",
        }
    )
    roles = Part(value=Listing((role,)), error=Forbidden(403, request="GET /v3/teams"))
    snapshot = Snapshot(team_details={"t": TeamDetails(roles=roles)})
    effect = role_effect(snapshot, RoleOwner(kind="team", id="t", name="T"), taken=[role])

    assert "T may hold more than is shown: its roles: " in effect.warnings[0]
    assert "  after:  not known" in [line.plain for line in effect.lines]
