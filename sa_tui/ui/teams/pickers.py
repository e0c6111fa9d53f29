"""The kinds of membership picker: accounts or people of a team, teams of one or several accounts.

Each kind reads both sides again, names what can be picked, and reviews what was picked.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from sa_tui.access.governance import governance
from sa_tui.base.text import sought
from sa_tui.base.words import short_id
from sa_tui.org.changes.teams import Member
from sa_tui.org.names import person_name
from sa_tui.org.snapshot import Part
from sa_tui.ui.teams import memberships
from sa_tui.ui.teams.rows import haystack, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sa_tui.konnect.models import Listing, Row, SystemAccount, Team, User
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host, Then
    from sa_tui.ui.teams.memberships import Move

RowT = TypeVar("RowT", bound="Row")
Sides = tuple["Part[Listing[RowT]]", "Part[Listing[RowT]]"]


@dataclass(frozen=True, kw_only=True)
class PickerChoice:
    """One row to pick: its name, what tells it from a namesake, and the text a filter looks in."""

    name: str
    note: str
    haystack: str


class Picking(Protocol[RowT]):
    """What is picked among, and what becomes of it."""

    @property
    def title(self) -> str:
        """Whose memberships they are."""

    def parts(self, snapshot: Snapshot) -> Sides[RowT]:
        """All there are, and those that belong."""

    async def read(self, org: Org) -> None:
        """Reads both sides again."""

    def warning(self, snapshot: Snapshot) -> str:
        """What to know before a change."""

    def choice(self, row: RowT) -> PickerChoice:
        """A row in words."""

    def moves(
        self, joining: Collection[RowT], leaving: Collection[RowT], snapshot: Snapshot
    ) -> list[Move]:
        """What is picked, as memberships that begin and end."""

    def review(self, host: Host, moves: Sequence[Move], then: Then) -> None:
        """Reviews these changes."""


@dataclass(frozen=True)
class AccountsOfTeam:
    """The system accounts of a team."""

    team: Team

    @property
    def title(self) -> str:
        return f"System accounts of team {self.team.title or self.team.id}"

    def parts(self, snapshot: Snapshot) -> Sides[SystemAccount]:
        return snapshot.accounts, snapshot.team_details_of(self.team.id).accounts

    async def read(self, org: Org) -> None:
        """Reads who belongs now."""
        await org.read_team_details([self.team.id], again=True)

    def warning(self, snapshot: Snapshot) -> str:
        return ""

    def choice(self, row: SystemAccount) -> PickerChoice:
        """An account in words."""
        text = sought(row.name, row.description, row.id)
        note = "managed by Konnect" if row.konnect_managed else row.description
        return PickerChoice(name=row.name or "(no name)", note=note, haystack=text)

    def moves(
        self,
        joining: Collection[SystemAccount],
        leaving: Collection[SystemAccount],
        snapshot: Snapshot,
    ) -> list[Move]:
        return _moves(map(account_member, joining), [self.team], joins=True) + _moves(
            map(account_member, leaving), [self.team], joins=False
        )

    def review(self, host: Host, moves: Sequence[Move], then: Then) -> None:
        memberships.review_members(host, self.team, moves, then=then)


@dataclass(frozen=True)
class PeopleOfTeam:
    """The people of a team."""

    team: Team

    @property
    def title(self) -> str:
        return f"People of team {self.team.title or self.team.id}"

    def parts(self, snapshot: Snapshot) -> Sides[User]:
        return snapshot.people, snapshot.team_details_of(self.team.id).users

    async def read(self, org: Org) -> None:
        """Reads who there is, who belongs now, and who decides about it."""
        await asyncio.gather(
            org.read_people(again=True),
            org.read_team_details([self.team.id], again=True),
            org.read_authentication(again=True),
        )

    def warning(self, snapshot: Snapshot) -> str:
        return governance(snapshot)

    def choice(self, row: User) -> PickerChoice:
        """A person in words."""
        note = row.email if row.active is not False else f"inactive · {row.email}"
        text = sought(row.full_name, row.preferred_name, row.email, row.id)
        return PickerChoice(name=person_name(row), note=note, haystack=text)

    def moves(
        self, joining: Collection[User], leaving: Collection[User], snapshot: Snapshot
    ) -> list[Move]:
        return _moves(map(person_member, joining), [self.team], joins=True) + _moves(
            map(person_member, leaving), [self.team], joins=False
        )

    def review(self, host: Host, moves: Sequence[Move], then: Then) -> None:
        memberships.review_members(host, self.team, moves, then=then)


@dataclass(frozen=True)
class TeamsOfAccounts:
    """The teams of one or several system accounts; joined are those that all accounts are in."""

    accounts: tuple[SystemAccount, ...]
    notes: Sequence[str] = ()

    @property
    def title(self) -> str:
        if len(self.accounts) == 1:
            return f"Teams of {self.accounts[0].name or self.accounts[0].id}"
        return f"Teams of {len(self.accounts)} accounts · joined: those that all accounts are in"

    def parts(self, snapshot: Snapshot) -> Sides[Team]:
        """All there are, and those that all of them belong to."""
        parts = [snapshot.details_of(account.id).teams for account in self.accounts]
        unread = next((part for part in parts if part.value is None), None)
        if unread is not None or len(parts) == 1:
            return snapshot.teams, unread or parts[0]
        listings = [part.value for part in parts if part.value is not None]
        shared_ids = set.intersection(*({team.id for team in listing.rows} for listing in listings))
        first_listing = listings[0]
        joined = tuple(team for team in first_listing.rows if team.id in shared_ids)
        doubts = (listing.incomplete for listing in listings if listing.incomplete)
        return snapshot.teams, Part(
            value=replace(first_listing, rows=joined, incomplete=next(doubts, None))
        )

    async def read(self, org: Org) -> None:
        """Reads which teams there are and which they belong to now."""
        ids = [account.id for account in self.accounts]
        await asyncio.gather(org.read_teams(again=True), org.read_details(ids, again=True))

    def warning(self, snapshot: Snapshot) -> str:
        return " ".join(self.notes)

    def choice(self, row: Team) -> PickerChoice:
        """A team in words; the id, because names are not unique."""
        return PickerChoice(
            name=row.title or "(no name)",
            note=f"{short_id(row.id)} {kind_of(row)}",
            haystack=haystack(row),
        )

    def moves(
        self, joining: Collection[Team], leaving: Collection[Team], snapshot: Snapshot
    ) -> list[Move]:
        """What is picked, as memberships that begin and end; nobody joins a team twice."""
        moves = []
        for account in self.accounts:
            teams = snapshot.details_of(account.id).teams.value
            held_ids = {team.id for team in teams.rows} if teams is not None else set()
            member = [account_member(account)]
            moves += _moves(
                member, [team for team in joining if team.id not in held_ids], joins=True
            )
            moves += _moves(member, leaving, joins=False)
        return moves

    def review(self, host: Host, moves: Sequence[Move], then: Then) -> None:
        if len(self.accounts) == 1:
            memberships.review_teams(host, self.accounts[0], moves, then=then)
        else:
            memberships.review_many(host, moves, then=then, notes=self.notes)


def account_member(account: SystemAccount) -> Member:
    """A system account as a member."""
    return Member(kind="account", id=account.id, name=account.name)


def person_member(user: User) -> Member:
    """A person as a member."""
    return Member(kind="user", id=user.id, name=person_name(user))


def _moves(members: Iterable[Member], teams: Collection[Team], *, joins: bool) -> list[Move]:
    return [
        memberships.Move(member=member, team=team, joins=joins)
        for member in members
        for team in teams
    ]
