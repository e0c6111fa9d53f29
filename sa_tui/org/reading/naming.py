"""Reads the lists that name the entities of roles: those that are needed, and none twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sa_tui.org.reading.entities import every_listing, other_listings, unread_listings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sa_tui.konnect.models import AssignedRole
    from sa_tui.org.snapshot import Snapshot


class EntityLists(Protocol):
    """An organisation whose lists of entities are read one by one."""

    @property
    def snapshot(self) -> Snapshot:
        """What was read so far."""

    async def read_offer(self) -> None:
        """Reads the roles and regions that Konnect offers."""

    async def read_entities(self, pairs: Iterable[tuple[str, str]], *, again: bool = False) -> None:
        """Reads the lists of these (type, region)."""


async def read_entity_names(org: EntityLists) -> None:
    """Reads the names of the entities in roles: a call for each type and region."""
    roles = tuple(_all_roles(org.snapshot))
    if any(role.entity_region == "*" and role.entity_id != "*" for role in roles):
        await org.read_offer()  # it lists the regions to look in
    await read_lists(org, unread_listings(roles, org.snapshot), roles)


async def read_lists(
    org: EntityLists,
    pairs: Iterable[tuple[str, str]],
    roles: Sequence[AssignedRole],
    *,
    again: bool = False,
) -> None:
    """Reads lists of entities, then lists of other regions for entities that were not in them.

    An entity in another region than that of its role is not reached by it.
    """
    await org.read_entities(pairs, again=again)
    if other_listings(roles, org.snapshot):
        await org.read_offer()  # it lists the regions to look in
        await org.read_entities(other_listings(roles, org.snapshot))


async def read_every_entity(org: EntityLists) -> None:
    """Reads every entity that a role can be held on: a call for each type and region, once."""
    await org.read_offer()  # it lists the regions to look in
    await org.read_entities(every_listing(org.snapshot))


def _all_roles(snapshot: Snapshot) -> Iterator[AssignedRole]:
    parts = [details.roles for details in snapshot.details.values()]
    parts += [details.roles for details in snapshot.user_details.values()]
    parts += [details.roles for details in snapshot.team_details.values()]
    for part in parts:
        yield from part.rows
