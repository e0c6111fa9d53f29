"""Reads a whole organisation with as few calls as possible; nothing is read twice.

The rule it keeps: however the reading ends, what was read is published, and the rest stays unread.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from sa_tui.org.reading.calls import Progress, Reading
from sa_tui.org.reading.people import members_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

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
