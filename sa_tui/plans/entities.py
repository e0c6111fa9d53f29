"""The entities of wished roles: found by their names where no id is said.

The rule it keeps: a name that stands for none, or for more than one, is an error that says what
there is. A list that could not be read is not an empty one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import canonical_key, find_type, offered_types, type_key
from sa_tui.base.text import one_line
from sa_tui.konnect.entities import LISTED_TYPES
from sa_tui.konnect.errors import Unreadable
from sa_tui.konnect.regions import EVERY
from sa_tui.org.changes.roles import RoleRequest
from sa_tui.org.reading.entities import listings_for, regions_of
from sa_tui.org.snapshot import Part
from sa_tui.plans.errors import ADVICE, nearest, some_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.konnect.models import AssignedRole, Entity, Listing
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.plans.wished import WishedRole


@dataclass(frozen=True)
class NoEntityError(Exception):
    """A wished role whose entity is not clear."""

    reason: str


def lists_to_read(roles: Iterable[WishedRole], snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """The lists, as (type, region), in which the names of these roles are looked for."""
    return tuple(
        dict.fromkeys(
            pair
            for role in roles
            if role.entity_name and role.entity_region != EVERY
            for pair in _lists(role, snapshot)
        )
    )


def request_of(role: WishedRole, snapshot: Snapshot) -> RoleRequest:
    """The role as it is asked of Konnect.

    Raises NoEntityError, or Unreadable if a list that may name its entity could not be read.
    """
    entity_id, entity_name = role.entity_id, role.entity_name
    if entity_name:
        entity = _entity_named(role, snapshot)
        entity_id, entity_name = entity.id, entity.name
    elif (known := snapshot.entity(entity_id)) is not None:
        entity_name = known.name
    return RoleRequest(
        role_name=role.role_name,
        entity_type_name=_type_name(role),
        entity_id=entity_id,
        entity_region=role.entity_region,
        entity_name=entity_name,
    )


def why_not_given(request: RoleRequest, snapshot: Snapshot) -> str:
    """Why Konnect certainly does not give this role, in a clause; empty if it may.

    Without Konnect's own lists every role may be given.
    """
    regions = (*regions_of(snapshot), EVERY)
    if snapshot.regions.value is not None and request.entity_region not in regions:
        region = one_line(request.entity_region)
        guess = nearest(request.entity_region, regions)
        return f"there is no region {region}.{guess} There is {some_of(regions)}"
    live = snapshot.catalogue.value
    if live is None:
        return ""
    types, key = offered_types(live), canonical_key(request.entity_type_name)
    offered = next((row for row in types if canonical_key(row.name) == key), None)
    what = one_line(request.entity_type_name)
    if offered is None:
        names = [row.name for row in types]
        guess = nearest(request.entity_type_name, names)
        return f"Konnect gives no roles on {what}.{guess} It does on {some_of(names)}"
    names = [role.name for role in offered.roles]
    if request.role_name in names:
        return ""
    role, guess = one_line(request.role_name), nearest(request.role_name, names)
    return f"there is no role {role} on {what}.{guess} There is {some_of(names)}"


def is_same(request: RoleRequest, role: AssignedRole) -> bool:
    """Whether an assigned role is the requested one, by whatever name Konnect calls its type."""
    return (
        request.role_name == role.role_name
        and request.entity_id == role.entity_id
        and request.entity_region == role.entity_region
        and type_key(request.entity_type_name) == type_key(role.entity_type_name or "")
    )


def _type_name(role: WishedRole) -> str:
    """The type as Konnect spells it; one that nobody knows as it is written."""
    written, known = role.entity_type_name, find_type(role.entity_type_name)
    if known is None or written in (known.name, *known.also, *LISTED_TYPES):
        return written
    return known.name


def _lists(role: WishedRole, snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    return listings_for(
        _type_name(role),
        role.entity_region,
        regions=regions_of(snapshot),
        role_name=role.role_name,
    )


def _entity_named(role: WishedRole, snapshot: Snapshot) -> Entity:
    name, where = one_line(role.entity_name), f"{_type_name(role)} in {role.entity_region}"
    if role.entity_region == EVERY:
        raise NoEntityError(f"{name} needs its region: a name is one of a region")
    pairs = _lists(role, snapshot)
    if not pairs:
        raise NoEntityError(f"Konnect lists no {_type_name(role)}: give the entity_id of {name}")
    parts: list[Part[Listing[Entity]]] = [snapshot.entities.get(pair, Part()) for pair in pairs]
    rows = [entity for part in parts for entity in part.rows]
    matching = [row for row in rows if role.entity_name in (row.name, row.bare_name)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        choices = ", ".join(f"{one_line(row.name)} {row.id}" for row in matching)
        raise NoEntityError(f"{name} is not clear among the {where}. Give an entity_id: {choices}")
    for part in parts:
        if not part.is_whole:
            why = part.why_incomplete
            raise Unreadable(
                f"whether there is {name} among the {where} is not known: {why}", advice=ADVICE
            )
    names = [row.name for row in rows]
    there = f"There is {some_of(names)}" if names else "There is none at all"
    guess = nearest(role.entity_name, names)
    raise NoEntityError(f"there is no {name} among the {where}.{guess} {there}")
