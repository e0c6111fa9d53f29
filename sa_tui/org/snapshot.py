"""One organisation as it was last read; what was not read is unknown, never empty."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, TypeVar

from sa_tui.konnect.errors import NotSignedIn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sa_tui.konnect.errors import KonnectError
    from sa_tui.konnect.models import (
        AccessToken,
        AssignedRole,
        AuthenticationSettings,
        Entity,
        Listing,
        Organization,
        PersonalAccessToken,
        SystemAccount,
        Team,
        User,
    )
    from sa_tui.konnect.offer import CatalogueType, Regions

T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Part(Generic[T_co]):
    """One thing that is read from Konnect, and the state of its reading.

    `value` is what was read last; it stays when a later reading fails with `error`. It is None if
    nothing was read. With `is_old` an earlier run read it: it is shown with its age, counts as not
    read, and no change rests on it.
    """

    value: T_co | None = None
    read_at: datetime | None = None
    error: KonnectError | None = None
    is_reading: bool = False
    is_old: bool = False

    @property
    def is_unread(self) -> bool:
        """Whether it was never read, or is being read for the first time."""
        return (self.value is None or self.is_old) and self.error is None

    @property
    def is_whole(self) -> bool:
        """Whether the last reading was complete."""
        return self.error is None and self._gap is None

    @property
    def why_incomplete(self) -> str | None:
        """Why it may be incomplete; None if it was read in full."""
        return str(self.error) if self.error is not None else self._gap

    @property
    def _gap(self) -> str | None:
        if self.value is None:
            return "not read"
        return "read by an earlier run" if self.is_old else getattr(self.value, "incomplete", None)

    @property
    def rows(self: Part[Listing[R]]) -> tuple[R, ...]:
        """The rows of a list, as far as they were read."""
        return self.value.rows if self.value is not None else ()


@dataclass(frozen=True, kw_only=True)
class Details:
    """The tokens, roles and teams of a system account."""

    tokens: Part[Listing[AccessToken]] = Part()
    roles: Part[Listing[AssignedRole]] = Part()
    teams: Part[Listing[Team]] = Part()

    @property
    def is_unread(self) -> bool:
        """Whether no part of it was read."""
        return self.tokens.is_unread and self.roles.is_unread and self.teams.is_unread

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of the parts that were never read; a full reading may stop between them."""
        return tuple(name for name in ("tokens", "roles", "teams") if getattr(self, name).is_unread)


UNREAD_DETAILS = Details()


@dataclass(frozen=True, kw_only=True)
class UserDetails:
    """The tokens, roles and teams of a person."""

    tokens: Part[Listing[PersonalAccessToken]] = Part()
    roles: Part[Listing[AssignedRole]] = Part()
    teams: Part[Listing[Team]] = Part()


UNREAD_USER_DETAILS = UserDetails()


@dataclass(frozen=True, kw_only=True)
class TeamDetails:
    """The roles and members of a team."""

    roles: Part[Listing[AssignedRole]] = Part()
    accounts: Part[Listing[SystemAccount]] = Part()
    users: Part[Listing[User]] = Part()

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of the parts that were never read; a full reading may leave out people."""
        return tuple(
            name for name in ("roles", "accounts", "users") if getattr(self, name).is_unread
        )


UNREAD_TEAM_DETAILS = TeamDetails()


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot:
    """The organisation as last read; a change makes a new one, and identity tells them apart.

    `has_person` is False for a session with a system account's token, for which `me` stays unread:
    Konnect does not say which account it is.
    """

    has_person: bool = True
    organization: Part[Organization] = Part()
    me: Part[User] = Part()
    accounts: Part[Listing[SystemAccount]] = Part()
    details: Mapping[str, Details] = field(default_factory=lambda: MappingProxyType({}))
    teams: Part[Listing[Team]] = Part()
    team_details: Mapping[str, TeamDetails] = field(default_factory=lambda: MappingProxyType({}))
    people: Part[Listing[User]] = Part()
    user_details: Mapping[str, UserDetails] = field(default_factory=lambda: MappingProxyType({}))
    authentication: Part[AuthenticationSettings] = Part()
    catalogue: Part[tuple[CatalogueType, ...]] = Part()
    regions: Part[Regions] = Part()
    entities: Mapping[tuple[str, str], Part[Listing[Entity]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """(entity type, region) -> the list of entities, if it was asked for."""

    @property
    def is_signed_out(self) -> bool:
        """Whether an answer of Konnect refused the token."""
        parts: list[Part[object]] = [self.organization, self.accounts, self.teams]
        for details in self.details.values():
            parts += (details.tokens, details.roles, details.teams)
        return any(isinstance(part.error, NotSignedIn) for part in parts)

    @cached_property
    def _accounts_by_id(self) -> dict[str, SystemAccount]:
        return {account.id: account for account in self.accounts.rows}

    def account(self, account_id: str) -> SystemAccount | None:
        """The account as last read; None if it was not listed."""
        return self._accounts_by_id.get(account_id)

    def details_of(self, account_id: str) -> Details:
        """The details of the account; every part is unread if there are none."""
        return self.details.get(account_id, UNREAD_DETAILS)

    @cached_property
    def _teams_by_id(self) -> dict[str, Team]:
        return {team.id: team for team in self.teams.rows}

    def team(self, team_id: str) -> Team | None:
        """The team as last read; None if it was not listed."""
        return self._teams_by_id.get(team_id)

    def team_details_of(self, team_id: str) -> TeamDetails:
        """The details of the team; every part is unread if there are none."""
        return self.team_details.get(team_id, UNREAD_TEAM_DETAILS)

    @cached_property
    def _users_by_id(self) -> dict[str, User]:
        return {user.id: user for user in self.people.rows}

    def user(self, user_id: str) -> User | None:
        """The person as last read; None if they were not listed."""
        return self._users_by_id.get(user_id)

    def user_details_of(self, user_id: str) -> UserDetails:
        """The details of the person; every part is unread if there are none."""
        return self.user_details.get(user_id, UNREAD_USER_DETAILS)

    @cached_property
    def _entities_by_id(self) -> dict[str, Entity]:
        return {entity.id: entity for part in self.entities.values() for entity in part.rows}

    def entity(self, entity_id: str) -> Entity | None:
        """The entity as last read; None if it was not listed."""
        return self._entities_by_id.get(entity_id)

    def with_details(self, changed: Mapping[str, Details]) -> Snapshot:
        """The snapshot with new details of these accounts.

        Copies the whole mapping once: pass many accounts at once.
        """
        return replace(self, details=MappingProxyType({**self.details, **changed}))

    def with_team_details(self, changed: Mapping[str, TeamDetails]) -> Snapshot:
        """The snapshot with new details of these teams.

        Copies the whole mapping once: pass many teams at once.
        """
        return replace(self, team_details=MappingProxyType({**self.team_details, **changed}))

    def with_user_details(self, changed: Mapping[str, UserDetails]) -> Snapshot:
        """The snapshot with new details of these people.

        Copies the whole mapping once: pass many people at once.
        """
        return replace(self, user_details=MappingProxyType({**self.user_details, **changed}))

    def without_teams(self, team_ids: Collection[str]) -> Snapshot:
        """The snapshot with nobody in these teams."""
        accounts = {id: _outside(value, team_ids) for id, value in self.details.items()}
        people = {id: _outside(value, team_ids) for id, value in self.user_details.items()}
        teams = {id: value for id, value in self.team_details.items() if id not in team_ids}
        return replace(
            self,
            details=MappingProxyType(accounts),
            user_details=MappingProxyType(people),
            team_details=MappingProxyType(teams),
        )


DetailsT = TypeVar("DetailsT", Details, UserDetails)


def _outside(details: DetailsT, team_ids: Collection[str]) -> DetailsT:
    """The details without these teams; the same object if they are in none of them."""
    listing = details.teams.value
    if listing is None or not any(team.id in team_ids for team in listing.rows):
        return details
    rows = tuple(team for team in listing.rows if team.id not in team_ids)
    listing = replace(listing, rows=rows, total=None)
    return replace(details, teams=replace(details.teams, value=listing))
