"""Reads a whole organisation with as few calls as will do; nothing is asked for twice.

The rule it keeps: whatever ends the reading, what was read by then is published, and what was not
stays unread. Who is in which team is asked of the accounts or of the teams, whichever are fewer.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sa_tui.api.errors import NotSignedIn
from sa_tui.api.models import Listing
from sa_tui.org.entities import every_listing, unread_listings
from sa_tui.org.snapshot import Part

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from sa_tui.api.client import KonnectClient
    from sa_tui.api.models import AssignedRole, Page, SystemAccount, Team
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org

    Job = Callable[[], Awaitable[None]]

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


def asks_teams(*, accounts: int, teams: int) -> bool:
    """Whether asking each team for its accounts takes fewer calls than each account for its teams.

    Both are what is still to be asked.
    """
    return teams < accounts


async def read_organisation(
    org: Org,
    *,
    only: str | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Reads the tokens, roles and teams of every account, and the roles of the teams they are in.

    With `only`, the id of an account, nothing is asked about the others.

    What was read before is not read again, unless it was read in part or failed. What cannot be
    read is published as the error it met; nothing is raised. Cancelling it keeps what was read.
    """
    await _read_lists(org, is_for_all=only is None)
    await _Reading(org, only=only, on_progress=on_progress, monotonic=monotonic).run()


async def read_entity_names(org: Org) -> None:
    """Lists what roles are held on, so that it can be named: a call for each type and region."""
    roles = tuple(_all_roles(org.snapshot))
    if any(role.entity_region == "*" and role.entity_id != "*" for role in roles):
        await org.read_offer()  # which regions there are to look in
    await org.read_entities(unread_listings(roles, org.snapshot))


async def read_every_entity(org: Org) -> None:
    """Lists all that roles can be held on: a call for each type and region, once."""
    await org.read_offer()  # which regions there are to look in
    await org.read_entities(every_listing(org.snapshot))


def _all_roles(snapshot: Snapshot) -> Iterator[AssignedRole]:
    parts = [details.roles for details in snapshot.details.values()]
    parts += [details.roles for details in snapshot.team_details.values()]
    for part in parts:
        if part.value is not None:
            yield from part.value.rows


async def _read_lists(org: Org, *, is_for_all: bool) -> None:
    """The organisation, the catalogue of roles, and the two lists that decide how to go on."""
    snapshot = org.snapshot
    reading: list[Awaitable[None]] = []
    if snapshot.organization.value is None:
        reading.append(org.identify())
    if is_for_all and snapshot.catalogue.value is None:
        reading.append(org._load_catalogue())
    if not _is_whole(snapshot.accounts):
        reading.append(org._load_accounts())
    if is_for_all and not _is_whole(snapshot.teams):
        reading.append(org.read_teams(again=True))
    await asyncio.gather(*reading)


def _is_whole(part: Part[Listing[Any]]) -> bool:
    return part.value is not None and part.error is None and part.value.incomplete is None


class _Reading:
    """The calls that are still to be made, and what they brought since the last publication."""

    def __init__(
        self,
        org: Org,
        *,
        only: str | None,
        on_progress: Callable[[Progress], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._org = org
        self._only = only
        self._client: KonnectClient = org._client
        self._on_progress = on_progress
        self._monotonic = monotonic
        self._jobs: deque[Job] = deque()
        self._under_way = 0
        self._done = 0
        self._started_at = monotonic()
        self._of_accounts: defaultdict[str, dict[str, Part[Any]]] = defaultdict(dict)
        self._of_teams: defaultdict[str, dict[str, Part[Any]]] = defaultdict(dict)
        self._unpublished = 0
        self._planned_teams: set[str] = set()
        self._members_to_come: set[str] = set()

    async def run(self) -> None:
        self._plan()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(READERS, len(self._jobs))):
                    group.create_task(self._work())
        finally:
            self._publish()

    def _plan(self) -> None:
        snapshot = self._org.snapshot
        listed = snapshot.accounts.value.rows if snapshot.accounts.value else ()
        accounts = [each for each in listed if self._only in (None, each.id)]
        teams = snapshot.teams.value.rows if snapshot.teams.value else ()
        teamless = [a for a in accounts if not _is_whole(snapshot.details_of(a.id).teams)]
        closed = [t for t in teams if not _is_whole(snapshot.team_details_of(t.id).accounts)]
        by_teams = snapshot.teams.value is not None and asks_teams(
            accounts=len(teamless), teams=len(closed)
        )
        if by_teams:
            self._ask_teams(closed)
        for account in accounts:
            details = snapshot.details_of(account.id)
            self._ask_of_account(account, "tokens", self._client.list_access_tokens)
            self._ask_of_account(account, "roles", self._client.list_account_roles)
            if not by_teams:
                self._ask_of_account(account, "teams", self._client.list_account_teams)
            for team in details.teams.value.rows if details.teams.value else ():
                self._ask_team_roles(team.id)
        if by_teams and not closed:
            self._tell_members()

    def _ask_of_account(
        self, account: SystemAccount, name: str, ask: Callable[..., Awaitable[Any]]
    ) -> None:
        async def job() -> None:
            before = getattr(self._org.snapshot.details_of(account.id), name)
            if _is_whole(before):  # somebody looked at it meanwhile
                return
            part = await self._read(before, partial(ask, account.id))
            self._of_accounts[account.id][name] = part
            if name == "teams" and part.value is not None:
                for team in part.value.rows:
                    self._ask_team_roles(team.id)

        if not _is_whole(getattr(self._org.snapshot.details_of(account.id), name)):
            self._jobs.append(job)

    def _ask_teams(self, teams: Sequence[Team]) -> None:
        self._members_to_come = {team.id for team in teams}
        snapshot = self._org.snapshot
        for team in snapshot.teams.value.rows if snapshot.teams.value else ():
            members = snapshot.team_details_of(team.id).accounts
            if team.id not in self._members_to_come and members.value and members.value.rows:
                self._ask_team_roles(team.id)
        self._jobs.extend(partial(self._read_members, team) for team in teams)

    async def _read_members(self, team: Team) -> None:
        before = self._org.snapshot.team_details_of(team.id).accounts
        part = await self._read(before, partial(self._client.list_team_accounts, team.id))
        self._of_teams[team.id]["accounts"] = part
        if part.value is None or part.value.rows:
            self._ask_team_roles(team.id)
        self._members_to_come.discard(team.id)
        if not self._members_to_come:
            self._tell_members()

    def _ask_team_roles(self, team_id: str) -> None:
        async def job() -> None:
            before = self._org.snapshot.team_details_of(team_id).roles
            part = await self._read(before, partial(self._client.list_team_roles, team_id))
            self._of_teams[team_id]["roles"] = part

        is_read = _is_whole(self._org.snapshot.team_details_of(team_id).roles)
        if team_id not in self._planned_teams and not is_read:
            self._planned_teams.add(team_id)
            self._jobs.append(job)

    def _tell_members(self) -> None:
        """Says of each account which teams it is in, now that every team has been asked."""
        self._publish()
        snapshot = self._org.snapshot
        teams_of: defaultdict[str, list[Team]] = defaultdict(list)
        trouble = [snapshot.teams.value.incomplete] if snapshot.teams.value else []
        for team in snapshot.teams.value.rows if snapshot.teams.value else ():
            members = snapshot.team_details_of(team.id).accounts
            if not _is_whole(members):
                why = members.error or (members.value.incomplete if members.value else "not read")
                trouble.append(f'The members of team "{team.name}": {why}')
            for member in members.value.rows if members.value else ():
                teams_of[member.id].append(team)
        incomplete = " ".join(filter(None, trouble)) or None
        for account in snapshot.accounts.value.rows if snapshot.accounts.value else ():
            if not _is_whole(snapshot.details_of(account.id).teams):
                listing = Listing(tuple(teams_of[account.id]), incomplete=incomplete)
                part = Part(value=listing, read_at=self._org._now())
                self._of_accounts[account.id]["teams"] = part

    # Calls

    async def _work(self) -> None:
        while self._jobs:
            job = self._jobs.popleft()
            self._under_way += 1
            try:
                await job()
            finally:
                self._under_way -= 1
            self._done += 1
            self._unpublished += 1
            if self._unpublished >= max(PUBLISH_AFTER, len(self._org.snapshot.details) // 4):
                self._publish()
            self._tell_progress()

    async def _read(self, before: Part[Any], ask: Callable[..., Awaitable[Any]]) -> Part[Any]:
        """One list; its first page is the job itself, each further one is a call more."""
        pages = 0

        def count(_: Page[Any]) -> None:
            nonlocal pages
            pages += 1
            self._done += pages > 1

        part = await self._org._read(before, partial(ask, on_page=count))
        if isinstance(part.error, NotSignedIn):
            self._jobs.clear()  # the token has ended: every other call would fail as well
        return part

    def _tell_progress(self) -> None:
        left = len(self._jobs) + self._under_way
        elapsed = self._monotonic() - self._started_at
        seconds_left = elapsed / self._done * left if self._done >= FEW_CALLS else None
        self._on_progress(
            Progress(done=self._done, planned=self._done + left, seconds_left=seconds_left)
        )

    def _publish(self) -> None:
        snapshot = self._org.snapshot
        accounts = {
            account_id: replace(snapshot.details_of(account_id), **parts)
            for account_id, parts in self._of_accounts.items()
        }
        teams = {
            team_id: replace(snapshot.team_details_of(team_id), **parts)
            for team_id, parts in self._of_teams.items()
        }
        self._of_accounts.clear()
        self._of_teams.clear()
        self._unpublished = 0
        if accounts or teams:
            self._org._publish(snapshot.with_details(accounts).with_team_details(teams))
