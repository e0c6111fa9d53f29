"""The calls of one large reading, made concurrently, counted, and published in steps.

The rule it keeps: however the reading ends, what was read is published.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from sa_tui.konnect.errors import NotSignedIn
from sa_tui.org.snapshot import Details, TeamDetails, UserDetails

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from sa_tui.konnect.errors import KonnectError
    from sa_tui.konnect.models import ListPage
    from sa_tui.org.reading.reader import Reader
    from sa_tui.org.snapshot import Part, Snapshot

    Job = Callable[[], Awaitable[None]]
    Parts = defaultdict[str, dict[str, Part[Any]]]

T = TypeVar("T")
DetailsT = TypeVar("DetailsT", Details, UserDetails, TeamDetails)

READERS = 16
"""The most that a client allows at once; it limits them further if need be."""

PUBLISH_AFTER = 50
"""The least number of lists between two publications; large snapshots are slow to copy."""

FEW_CALLS = 20
"""With fewer calls done, the time that is left cannot be estimated."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The progress of a reading; `seconds_left` is None if it is not known."""

    done: int
    planned: int
    seconds_left: float | None


class Reading:
    """The calls that are still to be made, and what was read since the last publication.

    `refusal` is a NotSignedIn that does not mean that the token has ended.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        on_progress: Callable[[Progress], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._reader = reader
        self.client = reader.client
        self.has_person = reader.snapshot.has_person
        self._on_progress = on_progress
        self._monotonic = monotonic
        self._stopped = self.client.stopped
        self._jobs: deque[Job] = deque()
        self._under_way = 0
        self._done = 0
        self._started_at = monotonic()
        self._unpublished = 0
        self._planned_teams: set[str] = set()
        self.refusal: KonnectError | None = None
        self.of_accounts: Parts = defaultdict(dict)
        self.of_users: Parts = defaultdict(dict)
        self.of_teams: Parts = defaultdict(dict)

    async def run(self) -> None:
        """Makes every call, and publishes the rest at the end, even of a cancellation."""
        self._reader.readings_of_all += 1
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(READERS, len(self._jobs))):
                    group.create_task(self._work())
        finally:
            self._reader.readings_of_all -= 1
            self.publish()

    # For the members

    @property
    def snapshot(self) -> Snapshot:
        """The current snapshot."""
        return self._reader.snapshot

    def now(self) -> datetime:
        """The present time, by Konnect's clock."""
        return self._reader.now()

    def add(self, job: Job) -> None:
        """Adds a call at the end."""
        self._jobs.append(job)

    def ask_team_roles(self, team_id: str) -> None:
        """Adds the call for the roles of a team, unless they were read or asked for already."""

        async def job() -> None:
            before = self.snapshot.team_details_of(team_id).roles
            part = await self.read(before, partial(self.client.teams.roles, team_id))
            self.of_teams[team_id]["roles"] = part

        is_read = self.snapshot.team_details_of(team_id).roles.is_whole
        if team_id not in self._planned_teams and not is_read:
            self._planned_teams.add(team_id)
            self._jobs.append(job)

    async def read(self, before: Part[T], ask: Callable[..., Awaitable[T]]) -> Part[T]:
        """Reads one list; each page after the first counts as one more call."""
        pages = 0

        def count(_: ListPage[object]) -> None:
            nonlocal pages
            pages += 1
            self._done += pages > 1

        part = await self._reader.read(before, partial(ask, on_page=count))
        is_over = isinstance(part.error, NotSignedIn)
        if is_over and part.error is not self.refusal:
            self._jobs.clear()  # the token has ended: every call would fail
        return part

    def publish(self) -> None:
        """Publishes what was read since the last time."""
        snapshot = before = self.snapshot
        if accounts := _merged(self.of_accounts, before.details_of):
            snapshot = snapshot.with_details(accounts)
        if users := _merged(self.of_users, before.user_details_of):
            snapshot = snapshot.with_user_details(users)
        if teams := _merged(self.of_teams, before.team_details_of):
            snapshot = snapshot.with_team_details(teams)
        self._unpublished = 0
        if snapshot is not before:
            self._reader.publish(snapshot)

    # Calls

    async def _work(self) -> None:
        while self._jobs and not self._stopped.is_set():
            job = self._jobs.popleft()
            self._under_way += 1
            try:
                await job()
            finally:
                self._under_way -= 1
            self._done += 1
            self._unpublished += 1
            if self._unpublished >= max(PUBLISH_AFTER, len(self.snapshot.details) // 4):
                self.publish()
            self._tell_progress()

    def _tell_progress(self) -> None:
        left = len(self._jobs) + self._under_way
        elapsed = self._monotonic() - self._started_at
        seconds_left = elapsed / self._done * left if self._done >= FEW_CALLS else None
        self._on_progress(
            Progress(done=self._done, planned=self._done + left, seconds_left=seconds_left)
        )


def _merged(parts: Parts, details_of: Callable[[str], DetailsT]) -> dict[str, DetailsT]:
    """The published details with the new parts, which are cleared."""
    merged = {id: replace(details_of(id), **new) for id, new in parts.items()}
    parts.clear()
    return merged
