"""Reads what the system accounts of an organisation hold, and in the same way its people.

The rule it keeps: memberships are read from the members or from the teams, whichever are fewer,
and nothing is read twice.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Literal

from sa_tui.konnect.errors import Forbidden, NotFound, NotSignedIn
from sa_tui.konnect.models import Listing
from sa_tui.org.snapshot import Part

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

    from sa_tui.konnect.calls import OnPage
    from sa_tui.konnect.models import PersonalAccessToken, SystemAccount, Team, User
    from sa_tui.org.reading.calls import Parts, Reading
    from sa_tui.org.snapshot import Details, TeamDetails, UserDetails

    Ask = Callable[..., Awaitable[Listing[object]]]
    AskTeam = Callable[..., Awaitable[Listing[SystemAccount | User]]]


def asks_teams(*, members: int, teams: int) -> bool:
    """Whether it takes fewer calls to read the members of teams than the teams of members.

    Both are the numbers of those that are not read yet.
    """
    return teams < members


class Members:
    """The accounts or the people that are read, and the calls for them.

    `calls` read the tokens, roles and teams of a member, `ask_team` the members of a team, which
    are the part `of_team` of its details. What is read is added to `parts`, to be published.
    """

    def __init__(
        self,
        reading: Reading,
        *,
        of_team: Literal["accounts", "users"],
        calls: Mapping[str, Ask],
        ask_team: AskTeam,
        parts: Parts,
    ) -> None:
        self._reading = reading
        self._of_team = of_team
        self._calls = calls
        self._ask_team = ask_team
        self._to_come: set[str] = set()
        self._parts = parts

    @property
    def _ids(self) -> list[str]:
        """The ids of all who are listed."""
        snapshot = self._reading.snapshot
        listed: Part[Listing[SystemAccount | User]] = (
            snapshot.accounts if self._of_team == "accounts" else snapshot.people
        )
        return [member.id for member in listed.rows]

    def details_of(self, member_id: str) -> Details | UserDetails:
        """The published details of a member."""
        snapshot = self._reading.snapshot
        if self._of_team == "accounts":
            return snapshot.details_of(member_id)
        return snapshot.user_details_of(member_id)

    def _of(self, team: TeamDetails) -> Part[Listing[SystemAccount | User]]:
        return team.accounts if self._of_team == "accounts" else team.users

    def plan(self, *, only: str | None) -> None:
        """Adds every call that is needed to the reading."""
        snapshot = self._reading.snapshot
        member_ids = [id for id in self._ids if only in (None, id)]
        teamless = [id for id in member_ids if not self.details_of(id).teams.is_whole]
        teams = snapshot.teams.rows
        unread = [
            team for team in teams if not self._of(snapshot.team_details_of(team.id)).is_whole
        ]
        by_teams = snapshot.teams.value is not None and asks_teams(
            members=len(teamless), teams=len(unread)
        )
        if by_teams:
            self._ask_teams(unread)
        for member_id in member_ids:
            self._ask_for(member_id, "tokens")
            self._ask_for(member_id, "roles")
            if not by_teams:
                self._ask_for(member_id, "teams")
            for team in self.details_of(member_id).teams.rows:
                self._reading.ask_team_roles(team.id)
        if by_teams and not unread:
            self._set_teams()

    def plan_tokens(self) -> None:
        """Adds the calls for the tokens of everybody to the reading."""
        for member_id in self._ids:
            self._ask_for(member_id, "tokens")

    def _ask_for(self, member_id: str, name: str) -> None:
        async def job() -> None:
            before = getattr(self.details_of(member_id), name)
            if before.is_whole:  # it was read meanwhile, for a page
                return
            part = await self._reading.read(before, partial(self._calls[name], member_id))
            self._parts[member_id][name] = part
            for team in part.rows if name == "teams" else ():
                self._reading.ask_team_roles(team.id)

        if not getattr(self.details_of(member_id), name).is_whole:
            self._reading.add(job)

    def _ask_teams(self, teams: Sequence[Team]) -> None:
        self._to_come = {team.id for team in teams}
        snapshot = self._reading.snapshot
        for team in snapshot.teams.rows:
            members = self._of(snapshot.team_details_of(team.id))
            if team.id not in self._to_come and members.rows:
                self._reading.ask_team_roles(team.id)
        for team in teams:
            self._reading.add(partial(self._read_team, team))

    async def _read_team(self, team: Team) -> None:
        before = self._of(self._reading.snapshot.team_details_of(team.id))
        part = await self._reading.read(before, partial(self._ask_team, team.id))
        self._reading.of_teams[team.id][self._of_team] = part
        if part.value is None or part.rows:
            self._reading.ask_team_roles(team.id)
        self._to_come.discard(team.id)
        if not self._to_come:
            self._set_teams()

    def _set_teams(self) -> None:
        """Sets the teams of each member, once the members of every team were read."""
        self._reading.publish()
        snapshot = self._reading.snapshot
        teams_of: defaultdict[str, list[Team]] = defaultdict(list)
        trouble = [snapshot.teams.value.incomplete] if snapshot.teams.value else []
        for team in snapshot.teams.rows:
            members = self._of(snapshot.team_details_of(team.id))
            if reason := members.why_incomplete:
                trouble.append(f'The members of team "{team.title}": {reason}')
            for member in members.rows:
                teams_of[member.id].append(team)
        incomplete = " ".join(filter(None, trouble)) or None
        for member_id in self._ids:
            if not self.details_of(member_id).teams.is_whole:
                listing = Listing(tuple(teams_of[member_id]), incomplete=incomplete)
                part = Part(value=listing, read_at=self._reading.now())
                self._parts[member_id]["teams"] = part


class PersonalTokens:
    """Reads the tokens of people, until a system account's token is first refused.

    Konnect documents that such a token may not read them, so the first refusal holds for all.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def __call__(
        self, user_id: str, *, on_page: OnPage[PersonalAccessToken] | None = None
    ) -> Listing[PersonalAccessToken]:
        """The tokens of this person. Raises the first refusal again, without asking."""
        if self._reading.refusal is not None:
            raise self._reading.refusal
        try:
            return await self._reading.client.users.tokens(user_id, on_page=on_page)
        except (Forbidden, NotFound, NotSignedIn) as error:
            if not self._reading.has_person:
                self._reading.refusal = error
            raise


def members_of(reading: Reading, *, with_people: bool) -> Iterator[Members]:
    """The accounts of an organisation and, with `with_people`, its people."""
    client = reading.client
    yield Members(
        reading,
        of_team="accounts",
        calls={
            "tokens": client.accounts.tokens,
            "roles": client.accounts.roles,
            "teams": client.accounts.teams,
        },
        ask_team=client.teams.accounts,
        parts=reading.of_accounts,
    )
    if with_people:
        yield Members(
            reading,
            of_team="users",
            calls={
                "tokens": PersonalTokens(reading),
                "roles": client.users.roles,
                "teams": client.users.teams,
            },
            ask_team=client.teams.users,
            parts=reading.of_users,
        )
