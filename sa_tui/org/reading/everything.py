"""Reads a whole organisation with as few calls as will do; nothing is asked for twice.

The rule it keeps: whatever ends the reading, what was read by then is published, and what was not
stays unread.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from sa_tui.konnect.errors import NotSignedIn
from sa_tui.org.reading.entities import every_listing, other_listings, unread_listings
from sa_tui.org.reading.people import Members, PersonalTokens, is_whole
from sa_tui.org.snapshot import Details, UserDetails

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from sa_tui.konnect.client import KonnectClient
    from sa_tui.konnect.models import AssignedRole, Page
    from sa_tui.org.reading.people import Ask
    from sa_tui.org.snapshot import Part, Snapshot
    from sa_tui.org.store import Org

    Job = Callable[[], Awaitable[None]]

DetailsT = TypeVar("DetailsT", Details, UserDetails)

READERS = 16
"""As many as a client ever lets through at once; it holds back those that are too many for it."""

PUBLISH_AFTER = 50
"""Lists read between two publications, at least: more when there is more, for each copies it."""

FEW_CALLS = 20
"""Before so many are done, how long the rest will take is anybody's guess."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a reading has come; `seconds_left` is None as long as nobody can tell."""

    done: int
    planned: int
    seconds_left: float | None


async def read_organisation(
    org: Org,
    *,
    only: str | None = None,
    with_people: bool = False,
    on_progress: Callable[[Progress], None] = lambda _: None,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Reads the tokens, roles and teams of every account, and the roles of the teams they are in.

    `with_people` reads the same of every person. With `only`, the id of an account or of a person,
    nothing is asked about the others.

    What was read before is not read again, unless it was read in part or failed. What cannot be
    read is published as the error it met; nothing is raised. Cancelling it keeps what was read.
    """
    await _read_lists(org, is_for_all=only is None, with_people=with_people)
    reading = Reading(org, with_people=with_people, on_progress=on_progress, monotonic=monotonic)
    await reading.run(only=only)


async def read_entity_names(org: Org) -> None:
    """Lists what roles are held on, so that it can be named: a call for each type and region."""
    roles = tuple(_all_roles(org.snapshot))
    if any(role.entity_region == "*" and role.entity_id != "*" for role in roles):
        await org.read_offer()  # which regions there are to look in
    await read_lists(org, unread_listings(roles, org.snapshot), roles)


async def read_lists(
    org: Org,
    pairs: Iterable[tuple[str, str]],
    roles: Sequence[AssignedRole],
    *,
    again: bool = False,
) -> None:
    """Reads lists of entities, then those of other regions for what these roles are held on.

    What is not in the region that its role says may be in another: the role then reaches nothing.
    """
    await org.read_entities(pairs, again=again)
    if other_listings(roles, org.snapshot):
        await org.read_offer()  # which regions there are to look in
        await org.read_entities(other_listings(roles, org.snapshot))


async def read_every_entity(org: Org) -> None:
    """Lists all that roles can be held on: a call for each type and region, once."""
    await org.read_offer()  # which regions there are to look in
    await org.read_entities(every_listing(org.snapshot))


def _all_roles(snapshot: Snapshot) -> Iterator[AssignedRole]:
    parts = [details.roles for details in snapshot.details.values()]
    parts += [details.roles for details in snapshot.user_details.values()]
    parts += [details.roles for details in snapshot.team_details.values()]
    for part in parts:
        if part.value is not None:
            yield from part.value.rows


async def _read_lists(org: Org, *, is_for_all: bool, with_people: bool) -> None:
    """The organisation, the catalogue of roles, and the lists that decide how to go on."""
    snapshot = org.snapshot
    reading: list[Awaitable[None]] = []
    if snapshot.organization.value is None:
        reading.append(org.identify())
    if is_for_all and snapshot.catalogue.value is None:
        reading.append(org._load_catalogue())
    if not is_whole(snapshot.accounts):
        reading.append(org._load_accounts())
    if with_people and not is_whole(snapshot.people):
        reading.append(org.read_people(again=True))
    if is_for_all and not is_whole(snapshot.teams):
        reading.append(org.read_teams(again=True))
    await asyncio.gather(*reading)


class Reading:
    """The calls that are still to be made, and what they brought since the last publication."""

    def __init__(
        self,
        org: Org,
        *,
        with_people: bool,
        on_progress: Callable[[Progress], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._org = org
        self._client: KonnectClient = org._client
        self._on_progress = on_progress
        self._monotonic = monotonic
        self._stopped = self._client.stopped
        self._jobs: deque[Job] = deque()
        self._under_way = 0
        self._done = 0
        self._started_at = monotonic()
        self._unpublished = 0
        self._planned_teams: set[str] = set()
        self._personal_tokens = PersonalTokens(self._client, is_person=org._has_person)
        self._accounts = self._account_side()
        self._people = self._people_side() if with_people else None
        self.of_teams: defaultdict[str, dict[str, Part[Any]]] = defaultdict(dict)

    def _account_side(self) -> Members:
        client = self._client
        calls: dict[str, Ask] = {
            "tokens": client.list_access_tokens,
            "roles": client.list_account_roles,
            "teams": client.list_account_teams,
        }
        return Members(self, of_team="accounts", calls=calls, ask_team=client.list_team_accounts)

    def _people_side(self) -> Members:
        client = self._client
        calls: dict[str, Ask] = {
            "tokens": self._personal_tokens,
            "roles": client.list_user_roles,
            "teams": client.list_user_teams,
        }
        return Members(self, of_team="users", calls=calls, ask_team=client.list_team_users)

    async def run(self, *, only: str | None) -> None:
        """Makes every call; with `only` those about one account or one person."""
        self._accounts.plan(only=only)
        if self._people is not None:
            self._people.plan(only=only)
        self._org._readings_of_all += 1
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(READERS, len(self._jobs))):
                    group.create_task(self._work())
        finally:
            self._org._readings_of_all -= 1
            self.publish()

    # What the members need

    @property
    def snapshot(self) -> Snapshot:
        """What is published now."""
        return self._org.snapshot

    def now(self) -> datetime:
        """The moment that something is read at."""
        return self._org.now()

    def add(self, job: Job) -> None:
        """Puts a call at the end of those to be made."""
        self._jobs.append(job)

    def ask_team_roles(self, team_id: str) -> None:
        """Adds the call for the roles of a team, unless they are known or asked for already."""

        async def job() -> None:
            before = self.snapshot.team_details_of(team_id).roles
            part = await self.read(before, partial(self._client.list_team_roles, team_id))
            self.of_teams[team_id]["roles"] = part

        is_read = is_whole(self.snapshot.team_details_of(team_id).roles)
        if team_id not in self._planned_teams and not is_read:
            self._planned_teams.add(team_id)
            self._jobs.append(job)

    async def read(self, before: Part[Any], ask: Callable[..., Awaitable[Any]]) -> Part[Any]:
        """One list; its first page is the job itself, each further one is a call more."""
        pages = 0

        def count(_: Page[Any]) -> None:
            nonlocal pages
            pages += 1
            self._done += pages > 1

        part = await self._org._read(before, partial(ask, on_page=count))
        is_over = isinstance(part.error, NotSignedIn)
        if is_over and part.error is not self._personal_tokens.refusal:
            self._jobs.clear()  # the token has ended: every other call would fail as well
        return part

    def publish(self) -> None:
        """Hands over what was read since the last time."""
        snapshot = before = self.snapshot
        if found := _merged(self._accounts, before.details_of):
            snapshot = snapshot.with_details(found)
        if self._people and (of_users := _merged(self._people, before.user_details_of)):
            snapshot = snapshot.with_user_details(of_users)
        if self.of_teams:
            details_of = before.team_details_of
            teams = {each: replace(details_of(each), **new) for each, new in self.of_teams.items()}
            snapshot = snapshot.with_team_details(teams)
            self.of_teams.clear()
        self._unpublished = 0
        if snapshot is not before:
            self._org._publish(snapshot)

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


def _merged(members: Members, details_of: Callable[[str], DetailsT]) -> dict[str, DetailsT]:
    """What is published of these members with what was read since, which is then forgotten."""
    found = {each: replace(details_of(each), **new) for each, new in members.parts.items()}
    members.parts.clear()
    return found
