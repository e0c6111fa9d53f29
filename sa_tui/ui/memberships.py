"""What the membership picker picks among: accounts or people of a team, teams of an account.

Each kind reads both sides anew, names what can be picked, and reviews what was picked.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sa_tui.base.text import sought
from sa_tui.org.snapshot import Part
from sa_tui.org.team_changes import Member, join_team, leave_team
from sa_tui.ui import team_flows
from sa_tui.ui.account_flows import MANAGED
from sa_tui.ui.format import short_id
from sa_tui.ui.team_rows import haystack, kind_of, person_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sa_tui.api.models import Listing, SystemAccount, Team, User
    from sa_tui.org.changes import Change, Outcome
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.app import SaTui

    Then = Callable[[tuple[Outcome, ...] | None], None]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing to pick: its name, what tells it from a namesake, and what a filter looks in."""

    name: str
    note: str
    haystack: str


@dataclass(frozen=True)
class AccountsOfTeam:
    """The system accounts of a team."""

    team: Team
    noun = "system account"

    @property
    def title(self) -> str:
        return f"System accounts of team {self.team.title or self.team.id}"

    def parts(self, snapshot: Snapshot) -> tuple[Part[Listing[Any]], Part[Listing[Any]]]:
        """All there are, and those that belong."""
        return snapshot.accounts, snapshot.team_details_of(self.team.id).accounts

    async def read(self, org: Org) -> None:
        """Reads who belongs now."""
        await org.read_team_details([self.team.id], again=True)

    def warning(self, snapshot: Snapshot) -> str:
        """What to know before a change."""
        return ""

    def refusal(self, rows: Collection[SystemAccount]) -> str:
        """Why these cannot be picked, or empty."""
        managed = [row.name for row in rows if row.konnect_managed]
        return f"{managed[0]}: {MANAGED}" if managed else ""

    def choice(self, row: SystemAccount) -> Choice:
        """An account in words."""
        text = sought(row.name, row.description, row.id)
        note = "managed by Konnect" if row.konnect_managed else row.description
        return Choice(name=row.name or "(no name)", note=note, haystack=text)

    def review(
        self,
        app: SaTui,
        joining: Collection[SystemAccount],
        leaving: Collection[SystemAccount],
        then: Then,
    ) -> None:
        """Reviews these changes."""
        team_flows.review_members(
            app, self.team, _changes(self.team, _accounts(joining), _accounts(leaving)), then=then
        )


@dataclass(frozen=True)
class PeopleOfTeam:
    """The people of a team."""

    team: Team
    noun = "person"

    @property
    def title(self) -> str:
        return f"People of team {self.team.title or self.team.id}"

    def parts(self, snapshot: Snapshot) -> tuple[Part[Listing[Any]], Part[Listing[Any]]]:
        """All there are, and those that belong."""
        return snapshot.people, snapshot.team_details_of(self.team.id).users

    async def read(self, org: Org) -> None:
        """Reads who there is, who belongs now, and who decides about it."""
        await asyncio.gather(
            org.read_people(again=True),
            org.read_team_details([self.team.id], again=True),
            org.read_authentication(again=True),
        )

    def warning(self, snapshot: Snapshot) -> str:
        """What to know before a change."""
        return team_flows.governance(snapshot)

    def refusal(self, rows: Collection[User]) -> str:
        """Why these cannot be picked, or empty."""
        return ""

    def choice(self, row: User) -> Choice:
        """A person in words."""
        note = row.email if row.active is not False else f"inactive · {row.email}"
        text = sought(row.full_name, row.preferred_name, row.email, row.id)
        return Choice(name=person_name(row), note=note, haystack=text)

    def review(
        self, app: SaTui, joining: Collection[User], leaving: Collection[User], then: Then
    ) -> None:
        """Reviews these changes."""
        team_flows.review_members(
            app, self.team, _changes(self.team, _people(joining), _people(leaving)), then=then
        )


@dataclass(frozen=True)
class TeamsOfAccount:
    """The teams of a system account."""

    account: SystemAccount
    noun = "team"

    @property
    def title(self) -> str:
        return f"Teams of {self.account.name or self.account.id}"

    def parts(self, snapshot: Snapshot) -> tuple[Part[Listing[Any]], Part[Listing[Any]]]:
        """All there are, and those that it belongs to."""
        return snapshot.teams, snapshot.details_of(self.account.id).teams

    async def read(self, org: Org) -> None:
        """Reads which teams there are and which it belongs to now."""
        await asyncio.gather(
            org.read_teams(again=True), org.read_details([self.account.id], again=True)
        )

    def warning(self, snapshot: Snapshot) -> str:
        """What to know before a change."""
        return ""

    def refusal(self, rows: Collection[Team]) -> str:
        """Why these cannot be picked, or empty."""
        return ""

    def choice(self, row: Team) -> Choice:
        """A team in words; the id, because names are not unique."""
        return team_choice(row)

    def review(
        self, app: SaTui, joining: Collection[Team], leaving: Collection[Team], then: Then
    ) -> None:
        """Reviews these changes."""
        member = Member(kind="account", id=self.account.id, name=self.account.name)
        wanted = [(team, join_team(member, team)) for team in joining]
        wanted += [(team, leave_team(member, team)) for team in leaving]
        team_flows.review_teams(app, self.account, wanted, then=then)


@dataclass(frozen=True)
class TeamsOfAccounts:
    """The teams of several system accounts; those count as joined that all of them are in."""

    accounts: tuple[SystemAccount, ...]
    noun = "team"

    @property
    def title(self) -> str:
        return f"Teams of {len(self.accounts)} accounts · joined: those that all of them are in"

    def parts(self, snapshot: Snapshot) -> tuple[Part[Listing[Any]], Part[Listing[Any]]]:
        """All there are, and those that all of them belong to."""
        held = [snapshot.details_of(account.id).teams for account in self.accounts]
        unread = next((part for part in held if part.value is None), None)
        if unread is not None:
            return snapshot.teams, unread
        listings = [part.value for part in held if part.value is not None]
        shared = set.intersection(*({team.id for team in each.rows} for each in listings))
        first = listings[0]
        joined = tuple(team for team in first.rows if team.id in shared)
        doubts = (each.incomplete for each in listings if each.incomplete)
        return snapshot.teams, Part(
            value=replace(first, rows=joined, incomplete=next(doubts, None))
        )

    async def read(self, org: Org) -> None:
        """Reads which teams there are and which they belong to now."""
        ids = [account.id for account in self.accounts]
        await asyncio.gather(org.read_teams(again=True), org.read_details(ids, again=True))

    def warning(self, snapshot: Snapshot) -> str:
        """What to know before a change."""
        return ""

    def refusal(self, rows: Collection[Team]) -> str:
        """Why these cannot be picked, or empty."""
        managed = [account.name for account in self.accounts if account.konnect_managed]
        return f"{managed[0]}: {MANAGED}" if managed else ""

    def choice(self, row: Team) -> Choice:
        """A team in words; the id, because names are not unique."""
        return team_choice(row)

    def review(
        self, app: SaTui, joining: Collection[Team], leaving: Collection[Team], then: Then
    ) -> None:
        """Reviews these changes, without those that are so already."""
        wanted = []
        for account in self.accounts:
            teams = app.snapshot.details_of(account.id).teams.value
            held = {team.id for team in teams.rows} if teams is not None else set()
            member = account_member(account)
            wanted += [(t, member, join_team(member, t)) for t in joining if t.id not in held]
            wanted += [(team, member, leave_team(member, team)) for team in leaving]
        team_flows.review_many(app, wanted, then=then)


Picking = AccountsOfTeam | PeopleOfTeam | TeamsOfAccount | TeamsOfAccounts


def team_choice(row: Team) -> Choice:
    """A team in words; the id, because names are not unique."""
    return Choice(
        name=row.title or "(no name)",
        note=f"{short_id(row.id)} {kind_of(row)}",
        haystack=haystack(row),
    )


def account_member(account: SystemAccount) -> Member:
    """A system account as a member."""
    return Member(kind="account", id=account.id, name=account.name)


def person_member(user: User) -> Member:
    """A person as a member."""
    return Member(kind="user", id=user.id, name=person_name(user))


def _accounts(rows: Collection[SystemAccount]) -> list[Member]:
    return [account_member(row) for row in rows]


def _people(rows: Collection[User]) -> list[Member]:
    return [person_member(row) for row in rows]


def _changes(
    team: Team, joining: Collection[Member], leaving: Collection[Member]
) -> list[tuple[Member, Change]]:
    wanted = [(member, join_team(member, team)) for member in joining]
    return wanted + [(member, leave_team(member, team)) for member in leaving]
