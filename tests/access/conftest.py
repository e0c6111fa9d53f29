"""Organisations written by hand: accounts, teams and grants, and what of them was not read."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import settings

from sa_tui.access.reader import read_access
from sa_tui.konnect.errors import Forbidden
from sa_tui.konnect.models import (
    AccessToken,
    AssignedRole,
    Entity,
    Listing,
    PersonalAccessToken,
    SystemAccount,
    Team,
    User,
)
from sa_tui.konnect.regions import REGIONS
from sa_tui.org.reading.entities import every_list_in
from sa_tui.org.snapshot import Details, Part, Snapshot, TeamDetails, UserDetails

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.access.subjects import Access, Subject

# The same examples every time, however slow the machine is today.
settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile("steady")

T = TypeVar("T")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
UNREAD: Part[Any] = Part()


def read(rows: Iterable[T], *, incomplete: str | None = None) -> Part[Listing[T]]:
    """A list that was read, in full unless said otherwise."""
    return Part(value=Listing(tuple(rows), incomplete=incomplete), read_at=NOW)


def refused() -> Part[Any]:
    """A thing that could not be read."""
    return Part(error=Forbidden(403, request="GET /v3/somewhere"))


def token(
    name: str = "token",
    *,
    expires_in: float | None = 30,
    used_ago: float | None = 1,
    age: float = 60,
    unreadable: dict[str, str] | None = None,
) -> AccessToken:
    """A token, in days from now; None for no expiry and for never used."""
    return AccessToken(
        id=f"token-{name}",
        name=name,
        created_at=NOW - timedelta(days=age),
        expires_at=None if expires_in is None else NOW + timedelta(days=expires_in),
        last_used_at=None if used_ago is None else NOW - timedelta(days=used_ago),
        unreadable=unreadable or {},
    )


def personal_token(name: str = "laptop", *, state: str = "ACTIVE", **times: Any) -> AccessToken:
    """The same of a person, in a state that Konnect keeps."""
    made = token(name, **times)
    return PersonalAccessToken(
        **{each.name: getattr(made, each.name) for each in fields(made)}, state=state
    )


@dataclass
class Organisation:
    """Grows by one account, person or team at a time."""

    accounts: list[SystemAccount] = field(default_factory=list)
    details: dict[str, Details] = field(default_factory=dict)
    people: list[User] = field(default_factory=list)
    user_details: dict[str, UserDetails] = field(default_factory=dict)
    teams: list[Team] = field(default_factory=list)
    team_details: dict[str, TeamDetails] = field(default_factory=dict)
    entities: dict[tuple[str, str], Part[Listing[Entity]]] = field(default_factory=dict)
    ids: Iterable[int] = field(default_factory=count)

    def role(
        self,
        role_name: str | None = "Admin",
        type_name: str | None = "Control Planes",
        entity_id: str | None = "*",
        region: str | None = "*",
    ) -> AssignedRole:
        number = next(iter(self.ids))
        return AssignedRole(
            id=f"assignment-{number}",
            role_name=role_name,
            entity_type_name=type_name,
            entity_id=entity_id,
            entity_region=region,
        )

    def team(
        self,
        name: str,
        *roles: AssignedRole,
        is_predefined: bool | None = False,
        part: Part[Listing[AssignedRole]] | None = None,
        **about: Any,
    ) -> Team:
        id = f"team-{len(self.teams)}"
        team = Team(id=id, name=name, system_team=is_predefined, **about)
        self.teams.append(team)
        self.team_details[team.id] = TeamDetails(roles=part or read(roles))
        return team

    def account(
        self,
        name: str,
        *roles: AssignedRole,
        teams: Iterable[Team] = (),
        tokens: Iterable[AccessToken] = (),
        description: str = "",
        age: float = 200,
        parts: dict[str, Part[Any]] | None = None,
    ) -> SystemAccount:
        account = SystemAccount(
            id=f"account-{len(self.accounts)}",
            name=name,
            description=description,
            konnect_managed=False,
            created_at=NOW - timedelta(days=age),
        )
        self.accounts.append(account)
        given = Details(tokens=read(tokens), roles=read(roles), teams=read(teams))
        self.details[account.id] = replace(given, **(parts or {}))
        return account

    def person(
        self,
        name: str,
        *roles: AssignedRole,
        teams: Iterable[Team] = (),
        tokens: Iterable[Any] = (),
        is_active: bool | None = True,
        age: float = 200,
        parts: dict[str, Part[Any]] | None = None,
        **about: Any,
    ) -> User:
        user = User(
            id=f"user-{len(self.people)}",
            active=is_active,
            created_at=NOW - timedelta(days=age),
            full_name=name,
            email=f"{name}@example.com",
        )
        user = replace(user, **about)
        self.people.append(user)
        given = UserDetails(tokens=read(tokens), roles=read(roles), teams=read(teams))
        self.user_details[user.id] = replace(given, **(parts or {}))
        return user

    def entity(
        self,
        name: str,
        *,
        type_name: str = "Control Planes",
        region: str = "eu",
        id: str = "",
        bare_name: str = "",
    ) -> Entity:
        entity = Entity(
            id=id or f"id-of-{name}",
            name=name,
            bare_name=bare_name,
            entity_type_name=type_name,
            region=region,
        )
        before = self.entities.get((type_name, region))
        rows = before.value.rows if before and before.value else ()
        self.entities[type_name, region] = read((*rows, entity))
        return entity

    def list_the_rest(self) -> None:
        """Reads every list of names that has nothing in it."""
        for pair in every_list_in(REGIONS):
            self.entities.setdefault(pair, read(()))

    @property
    def snapshot(self) -> Snapshot:
        return Snapshot(
            accounts=read(self.accounts),
            details=MappingProxyType(self.details),
            people=read(self.people),
            user_details=MappingProxyType(self.user_details),
            teams=read(self.teams),
            team_details=MappingProxyType(self.team_details),
            entities=MappingProxyType(self.entities),
        )

    @property
    def access(self) -> Access:
        """The access of everybody there is."""
        return read_access(self.snapshot, with_people=bool(self.people))

    def subject(self, name: str) -> Subject:
        return next(each for each in self.access.subjects if each.name == name)


@pytest.fixture
def organisation() -> Organisation:
    return Organisation()
