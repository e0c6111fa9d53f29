"""What the entity ids in roles stand for: their names, or why these are not known.

The rule it keeps: "not visible" and "does not exist" differ, and neither is said before reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sa_tui.konnect.entities import LISTED_TYPES, is_global
from sa_tui.konnect.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.konnect.models import AssignedRole, Entity, Listing
    from sa_tui.org.snapshot import Part, Snapshot

    Pair = tuple[str, str]

EVERY = "*"
GLOBAL = "global"
REGIONS = ("us", "eu", "au", "me", "in", "sg")
"""The regions that Konnect is documented to have, for when it cannot be asked."""


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
    """What an entity id stands for; `name` is empty unless it is known, `why` explains that.

    `region` is where it is, for one that a role looks for in another: such a role reaches nothing.
    """

    sight: Sight
    name: str = ""
    why: str = ""
    region: str = ""


def regions_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The regions as Konnect named them, else those that it is documented to have."""
    read = snapshot.regions.value
    if read is None:
        return REGIONS
    return tuple(dict.fromkeys((*read.stable, *read.stable_opt_in, *read.beta))) or REGIONS


def listings_for(
    entity_type_name: str, region: str, *, regions: Sequence[str], role_name: str = ""
) -> tuple[Pair, ...]:
    """The lists that would name such an entity: (type, region); none when Konnect has none."""
    types = [
        "Mesh Control Planes" if entity_type_name == "Mesh Control Plane" else entity_type_name
    ]
    # These roles are given on the type Control Planes, but held on event gateways.
    if types == ["Control Planes"] and role_name.startswith("Event Gateways"):
        types.append("Event Gateways")
    return tuple(
        (name, place)
        for name in types
        if name in LISTED_TYPES
        for place in ((GLOBAL,) if is_global(name) else regions if region == EVERY else (region,))
    )


def listings_of(role: AssignedRole, snapshot: Snapshot) -> tuple[Pair, ...]:
    """The lists that would name the entity of a role; none for one on everything."""
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
    """The lists that would name entities of these roles and were not asked for yet."""
    pairs = dict.fromkeys(pair for role in roles for pair in listings_of(role, snapshot))
    return tuple(pair for pair in pairs if pair not in snapshot.entities)


def other_listings(roles: Iterable[AssignedRole], snapshot: Snapshot) -> tuple[Pair, ...]:
    """The lists of other regions, where what is not in its own region may be."""
    regions = regions_of(snapshot)
    pairs = dict.fromkeys(
        pair
        for role in roles
        if look_up(role, snapshot).sight is Sight.GONE
        for pair in listings_for(role.entity_type_name or "", EVERY, regions=regions)
    )
    return tuple(pair for pair in pairs if pair not in snapshot.entities)


def look_up(role: AssignedRole, snapshot: Snapshot) -> Seen:
    """What the entity of a role is, as far as its lists were read."""
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
    """How little is known: one list that was not read leaves it open where the entity is."""
    return (Sight.GONE, Sight.HIDDEN, Sight.FAILED).index(seen.sight)


def _absent(part: Part[Listing[Entity]]) -> Seen:
    """What it means that an entity is not in this list."""
    if isinstance(part.error, Forbidden | NotFound):
        return Seen(sight=Sight.HIDDEN, why=str(part.error))
    if part.error is not None or part.value is None:
        return Seen(sight=Sight.FAILED, why=str(part.error or ""))
    if part.value.incomplete or part.value.skipped:
        return Seen(sight=Sight.FAILED, why=part.value.incomplete or "Some rows were unreadable.")
    if not part.rows:
        # A caller without rights on a product is shown an empty list, not a refusal.
        return Seen(sight=Sight.HIDDEN, why="The list is empty, or nothing in it is visible.")
    return Seen(sight=Sight.GONE, why="The list was read in full and does not have it.")
