"""Reads a whole organisation with as few calls as possible; nothing is read twice.

The rule it keeps: however the reading ends, what was read is published, and the rest stays unread.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from sa_tui.org.reading.calls import Progress, Reading
from sa_tui.org.reading.entities import every_listing, other_listings, unread_listings
from sa_tui.org.reading.people import members_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

    from sa_tui.konnect.models import AssignedRole
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org


async def read_organisation(
    org: Org,
    *,
    only: str | None = None,
    with_people: bool = False,
    on_progress: Callable[[Progress], None] = lambda _: None,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Reads the tokens, roles and teams of every account, and the roles of the teams they are in.

    `with_people` reads the same of every person. With `only`, the id of an account or a person,
    only that one is read.

    What was read before is not read again, unless it is incomplete or failed. Errors are published,
    not raised. A cancellation keeps what was read.
    """
    await _read_lists(org, is_for_all=only is None, with_people=with_people)
    reading = Reading(org.reader, on_progress=on_progress, monotonic=monotonic)
    for members in members_of(reading, with_people=with_people):
        members.plan(only=only)
    await reading.run()


async def read_tokens(
    org: Org,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Reads the tokens of every account and nothing else, in the same way."""
    await _read_lists(org, is_for_all=False, with_people=False)
    reading = Reading(org.reader, on_progress=on_progress, monotonic=monotonic)
    for members in members_of(reading, with_people=False):
        members.plan_tokens()
    await reading.run()


async def read_entity_names(org: Org) -> None:
    """Reads the names of the entities in roles: a call for each type and region."""
    roles = tuple(_all_roles(org.snapshot))
    if any(role.entity_region == "*" and role.entity_id != "*" for role in roles):
        await org.read_offer()  # it lists the regions to look in
    await read_lists(org, unread_listings(roles, org.snapshot), roles)


async def read_lists(
    org: Org,
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


async def read_every_entity(org: Org) -> None:
    """Reads every entity that a role can be held on: a call for each type and region, once."""
    await org.read_offer()  # it lists the regions to look in
    await org.read_entities(every_listing(org.snapshot))


def _all_roles(snapshot: Snapshot) -> Iterator[AssignedRole]:
    parts = [details.roles for details in snapshot.details.values()]
    parts += [details.roles for details in snapshot.user_details.values()]
    parts += [details.roles for details in snapshot.team_details.values()]
    for part in parts:
        yield from part.rows


async def _read_lists(org: Org, *, is_for_all: bool, with_people: bool) -> None:
    """Reads the organisation, the catalogue of roles, and the lists that the calls depend on."""
    snapshot = org.snapshot
    reading: list[Awaitable[None]] = []
    if snapshot.organization.value is None:
        reading.append(org.identify())
    if is_for_all and snapshot.catalogue.value is None:
        reading.append(org.offer.load_catalogue())
    if not snapshot.accounts.is_whole:
        reading.append(org.load_accounts())
    if with_people and not snapshot.people.is_whole:
        reading.append(org.read_people(again=True))
    if is_for_all and not snapshot.teams.is_whole:
        reading.append(org.read_teams(again=True))
    await asyncio.gather(*reading)
