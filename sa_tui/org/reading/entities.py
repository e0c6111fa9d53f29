"""The names of the entities in roles, or why they are not known.

The rule it keeps: "not visible" and "does not exist" differ, and both are said only after reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sa_tui.konnect.entities import LISTED_TYPES, is_global
from sa_tui.konnect.errors import Forbidden, NotFound
from sa_tui.konnect.regions import EVERY, GLOBAL, REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.konnect.models import AssignedRole, Entity, Listing
    from sa_tui.org.snapshot import Part, Snapshot

    Pair = tuple[str, str]


class Sight(StrEnum):
    """How much is known of an entity id."""

    EVERYTHING = "all"
    NAMED = "named"
    ELSEWHERE = "in another region"
    UNREAD = "not read yet"
    FAILED = "could not be read"
    HIDDEN = "not visible"
    GONE = "does not exist"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What is known of an entity; `name` is empty unless it is known, `why` explains that.

    `region` is its region, if the role names another one: such a role reaches nothing.
    """

    sight: Sight
    name: str = ""
    why: str = ""
    region: str = ""


def regions_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The regions that Konnect lists, or else the documented ones."""
    regions = snapshot.regions.value
    if regions is None:
        return REGIONS
    names = (*regions.stable, *regions.stable_opt_in, *regions.beta)
    return tuple(dict.fromkeys(names)) or REGIONS


def listings_for(
    entity_type_name: str, region: str, *, regions: Sequence[str], role_name: str = ""
) -> tuple[Pair, ...]:
    """The lists, as (type, region), that may name such an entity; empty if Konnect has none."""
    types = [
        "Mesh Control Planes" if entity_type_name == "Mesh Control Plane" else entity_type_name
    ]
    # These roles have the type Control Planes, but their entities are event gateways.
    if types == ["Control Planes"] and role_name.startswith("Event Gateways"):
        types.append("Event Gateways")
    return tuple(
        (name, place)
        for name in types
        if name in LISTED_TYPES
        for place in ((GLOBAL,) if is_global(name) else regions if region == EVERY else (region,))
    )


def listings_of(role: AssignedRole, snapshot: Snapshot) -> tuple[Pair, ...]:
    """The lists that may name the entity of a role; empty for a role on every entity."""
    if role.entity_id in (None, EVERY):
        return ()
    return listings_for(
        role.entity_type_name or "",
        role.entity_region or EVERY,
        regions=regions_of(snapshot),
        role_name=role.role_name or "",
    )


def every_listing(snapshot: Snapshot) -> tuple[Pair, ...]:
    """The lists of all types in all regions."""
    return every_list_in(regions_of(snapshot))


def every_list_in(regions: Sequence[str]) -> tuple[Pair, ...]:
    """The lists of all types in these regions."""
    pairs = (pair for name in LISTED_TYPES for pair in listings_for(name, EVERY, regions=regions))
    return tuple(dict.fromkeys(pairs))


def unread_listings(roles: Iterable[AssignedRole], snapshot: Snapshot) -> tuple[Pair, ...]:
    """The lists that may name the entities of these roles, and were not read yet."""
    pairs = dict.fromkeys(
        pair for role in _each_once(roles) for pair in listings_of(role, snapshot)
    )
    return tuple(pair for pair in pairs if pair not in snapshot.entities)


def other_listings(roles: Iterable[AssignedRole], snapshot: Snapshot) -> tuple[Pair, ...]:
    """The lists of other regions, for entities that do not exist in the region of their role."""
    regions = regions_of(snapshot)
    pairs = dict.fromkeys(
        pair
        for role in _each_once(roles)
        if look_up(role, snapshot).sight is Sight.GONE
        for pair in listings_for(role.entity_type_name or "", EVERY, regions=regions)
    )
    return tuple(pair for pair in pairs if pair not in snapshot.entities)


def _each_once(roles: Iterable[AssignedRole]) -> Iterable[AssignedRole]:
    """One role for each that is held, however many hold it."""
    return {
        (role.role_name, role.entity_type_name, role.entity_id, role.entity_region): role
        for role in roles
    }.values()


def look_up(role: AssignedRole, snapshot: Snapshot) -> Seen:
    """What is known of the entity of a role, as far as its lists were read."""
    if role.entity_id == EVERY:
        return Seen(sight=Sight.EVERYTHING)
    if role.entity_id is None:
        return Seen(sight=Sight.HIDDEN, why="Konnect gave no id that can be read.")
    if (entity := snapshot.entity(role.entity_id)) is not None:
        if entity.region in (GLOBAL, role.entity_region) or role.entity_region in (None, EVERY):
            return Seen(sight=Sight.NAMED, name=entity.name)
        return Seen(sight=Sight.ELSEWHERE, name=entity.name, region=entity.region)
    pairs = listings_of(role, snapshot)
    if not pairs:
        return Seen(sight=Sight.HIDDEN, why=f"Konnect offers no list of {role.entity_type_name}.")
    if any(pair not in snapshot.entities for pair in pairs):
        return Seen(sight=Sight.UNREAD)
    return max((_absent(snapshot.entities[pair]) for pair in pairs), key=_doubt)


def _doubt(seen: Seen) -> int:
    """How little is known: of several lists, the one that says the least decides."""
    return (Sight.GONE, Sight.HIDDEN, Sight.FAILED).index(seen.sight)


def _absent(part: Part[Listing[Entity]]) -> Seen:
    """What it means that an entity is missing from a list."""
    if isinstance(part.error, Forbidden | NotFound):
        return Seen(sight=Sight.HIDDEN, why=str(part.error))
    if part.error is not None or part.value is None:
        return Seen(sight=Sight.FAILED, why=str(part.error or ""))
    if part.value.incomplete or part.value.skipped:
        return Seen(sight=Sight.FAILED, why=part.value.incomplete or "Some rows were unreadable.")
    if not part.rows:
        # Konnect sends a caller without rights on a product an empty list, not a refusal.
        return Seen(sight=Sight.HIDDEN, why="The list is empty, or nothing in it is visible.")
    return Seen(sight=Sight.GONE, why="The list was read in full and does not have it.")
