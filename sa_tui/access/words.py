"""Entities, roles, grants and people as they stand in a sentence.

The rule it keeps: what is not known is `?`, never nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.roles import ANY
from sa_tui.base.words import short_id
from sa_tui.konnect.regions import EVERY
from sa_tui.org.changes.roles import region_name, role_words
from sa_tui.org.reading.entities import Sight, look_up

if TYPE_CHECKING:
    from sa_tui.access.grants import Grant
    from sa_tui.konnect.models import AssignedRole
    from sa_tui.org.snapshot import Snapshot


def entity_name(role: AssignedRole, snapshot: Snapshot) -> str:
    """The entity of a role in a sentence."""
    sighting = look_up(role, snapshot)
    if sighting.sight is Sight.EVERYTHING:
        return "all"
    if sighting.sight is Sight.NAMED:
        return sighting.name
    if sighting.sight is Sight.ELSEWHERE:
        return f"{sighting.name} (reaches nothing: it is in {sighting.region})"
    if role.entity_id is None:
        return "?"
    doubt = "" if sighting.sight is Sight.UNREAD else f" ({sighting.sight})"
    return f"{short_id(role.entity_id)}{doubt}"


def role_line(role: AssignedRole, snapshot: Snapshot) -> str:
    """A role on one line: `Viewer on Control Planes prod-eu (eu)`."""
    return role_words(role, entity_name=entity_name(role, snapshot))


def as_role(grant: Grant) -> AssignedRole:
    """The assignment that the grant was read from."""
    from sa_tui.konnect.models import AssignedRole  # it loads pydantic, which a start does not need

    return AssignedRole(
        id=grant.assignment_id or "none",  # what a team implies has no assignment
        role_name=grant.role,
        entity_type_name=grant.type_name,
        entity_id=grant.entity_id,
        entity_region=grant.region,
    )


def grant_words(grant: Grant, snapshot: Snapshot) -> str:
    """A grant without its path: `Viewer on Control Planes prod-eu (eu)`."""
    if grant.entity_id != EVERY:
        return role_line(as_role(grant), snapshot)
    kind = "everything" if grant.kind == ANY else f"all {grant.type_name or '?'}"
    return f"{grant.role or '?'} on {kind} ({region_name(grant.region)})"
