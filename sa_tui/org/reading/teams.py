"""Reads teams, their roles and their members into the snapshot.

The rule it keeps: errors are published, not raised.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from sa_tui.konnect.models import Listing, Team
    from sa_tui.org.reading.reader import Reader
    from sa_tui.org.snapshot import Part

PUBLISH_EVERY = 50
"""How many teams are read and published together."""


class TeamReader:
    """Reads teams and people."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._being_read: set[str] = set()

    async def read_teams(self, *, again: bool = False) -> None:
        """Reads the list of teams, unless it was read before and not `again`."""
        before = self._reader.snapshot.teams
        if again or before.value is None or before.is_old:
            self._reader.publish(
                replace(self._reader.snapshot, teams=replace(before, is_reading=True))
            )
            part = await self._reader.read(before, self._reader.client.teams.list)
            self._reader.publish(replace(self._reader.snapshot, teams=part))

    async def read_people(self, *, again: bool = False) -> None:
        """Reads the people of the organisation, unless they were read before and not `again`."""
        before = self._reader.snapshot.people
        if again or before.value is None:
            part = await self._reader.read(before, self._reader.client.users.list)
            self._reader.publish(replace(self._reader.snapshot, people=part))

    async def read_teams_of_people(self, user_ids: Iterable[str]) -> None:
        """Reads the teams of these people again, if their details were read before."""
        details = self._reader.snapshot.user_details
        known_ids = [user_id for user_id in dict.fromkeys(user_ids) if user_id in details]
        parts = await asyncio.gather(*map(self._read_teams_of_person, known_ids))
        changed = {
            user_id: replace(self._reader.snapshot.user_details_of(user_id), teams=part)
            for user_id, part in zip(known_ids, parts, strict=True)
        }
        if changed:
            self._reader.publish(self._reader.snapshot.with_user_details(changed))

    async def _read_teams_of_person(self, user_id: str) -> Part[Listing[Team]]:
        before = self._reader.snapshot.user_details_of(user_id).teams
        return await self._reader.read(before, partial(self._reader.client.users.teams, user_id))

    async def read_authentication(self, *, again: bool = False) -> None:
        """Reads the authentication settings, unless they were read before and not `again`."""
        before = self._reader.snapshot.authentication
        if again or before.value is None:
            part = await self._reader.read(before, self._reader.client.get_authentication_settings)
            self._reader.publish(replace(self._reader.snapshot, authentication=part))

    async def read_team_details(
        self, team_ids: Iterable[str], *, again: bool = False, with_people: bool = True
    ) -> None:
        """Reads roles, system accounts and people of these teams: three requests for each.

        What was read before, or is being read now, is left out unless `again`: the other reading
        may be too old.
        """
        asks: dict[str, Callable[..., Awaitable[object]]] = {
            "roles": self._reader.client.teams.roles,
            "accounts": self._reader.client.teams.accounts,
            "users": self._reader.client.teams.users,
        }
        if not with_people:
            del asks["users"]
        wanted = [
            team_id
            for team_id in dict.fromkeys(team_ids)
            if again
            or (
                team_id not in self._being_read
                and asks.keys() & self._reader.snapshot.team_details_of(team_id).unread
            )
        ]
        self._being_read.update(wanted)
        try:
            for start in range(0, len(wanted), PUBLISH_EVERY):
                batch = wanted[start : start + PUBLISH_EVERY]
                details_of = self._reader.snapshot.team_details_of
                read = await asyncio.gather(
                    *(
                        self._reader.read_parts(details_of(team_id), asks, team_id, again)
                        for team_id in batch
                    )
                )
                changed = {
                    team_id: replace(self._reader.snapshot.team_details_of(team_id), **parts)
                    for team_id, parts in zip(batch, read, strict=True)
                }
                self._reader.publish(self._reader.snapshot.with_team_details(changed))
        finally:
            self._being_read.difference_update(wanted)
