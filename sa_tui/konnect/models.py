"""Konnect's objects as frozen values; every string stays as it was sent.

A field that cannot be read gets its default, and `unreadable` has its raw text, so that it is never
taken for a missing one. Only a row without a usable id is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

from sa_tui.base.text import one_line
from sa_tui.konnect.fields import COUNT, FLAG, IDENTIFIER, LABELS, LAST_USE, MOMENT, TEXT
from sa_tui.konnect.predefined import names_of, title_of

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import SecretStr

__all__ = [
    "AccessToken",
    "AssignedRole",
    "AuthenticationSettings",
    "Entity",
    "Exchange",
    "IssuedToken",
    "ListPage",
    "Listing",
    "Organization",
    "PersonalAccessToken",
    "Row",
    "SystemAccount",
    "Team",
    "User",
    "Wait",
    "read_rows",
]

T_co = TypeVar("T_co", covariant=True)
RowT = TypeVar("RowT", bound="Row")


NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One object of a list, known by its id."""

    id: str = field(metadata=IDENTIFIER)
    unreadable: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    @classmethod
    def from_wire(cls, row: object) -> Self:
        """The row of an answer. Raises ValueError if it has no usable id.

        A field of the wrong type gets its default, and is listed in `unreadable`; null means that
        the field is missing.
        """
        if not isinstance(row, Mapping):
            raise ValueError("not an object")
        given: dict[str, Any] = {}
        unreadable: dict[str, str] = {}
        for known in fields(cls):
            name, read = known.name, known.metadata.get("read")
            if read is None or (value := row.get(name)) is None:
                continue
            try:
                given[name] = read(value)
            except ValueError:
                unreadable[name] = _raw(value)
        if "id" not in given:
            raise ValueError("no usable id")
        if unreadable:
            given["unreadable"] = dict(sorted(unreadable.items()))
        return cls(**given)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemAccount(Row):
    """An identity for a machine. `konnect_managed` accounts belong to a mesh zone."""

    name: str = field(default="", metadata=TEXT)
    description: str = field(default="", metadata=TEXT)
    konnect_managed: bool | None = field(default=None, metadata=FLAG)
    created_at: datetime | None = field(default=None, metadata=MOMENT)
    updated_at: datetime | None = field(default=None, metadata=MOMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken(Row):
    """An access token of a system account, without its secret."""

    name: str = field(default="", metadata=TEXT)
    created_at: datetime | None = field(default=None, metadata=MOMENT)
    updated_at: datetime | None = field(default=None, metadata=MOMENT)
    expires_at: datetime | None = field(default=None, metadata=MOMENT)
    last_used_at: datetime | None = field(default=None, metadata=LAST_USE)

    @property
    def kept_state(self) -> str:
        """The state that Konnect keeps: a revoked token of a system account is gone."""
        return "ACTIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalAccessToken(AccessToken):
    """An access token of a person, without its secret."""

    user_id: str | None = field(default=None, metadata=IDENTIFIER)
    state: str = field(default="", metadata=TEXT)
    revoked_at: datetime | None = field(default=None, metadata=MOMENT)
    revoked_by: str | None = field(default=None, metadata=TEXT)

    @property
    def kept_state(self) -> str:
        """The state that Konnect keeps: ACTIVE, REVOKED, EXPIRED, or a later addition.

        Empty if it is missing or unreadable.
        """
        return self.state.upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A new access token with its secret, which Konnect shows this once."""

    access_token: AccessToken
    secret: SecretStr

    @classmethod
    def from_wire(cls, body: object) -> Self:
        """The issued token of an answer. Raises ValueError without an id or a secret."""
        access_token = AccessToken.from_wire(body)
        secret = body.get("token") if isinstance(body, Mapping) else None
        if not isinstance(secret, str) or not secret:
            raise ValueError("no secret")
        from pydantic import SecretStr

        return cls(access_token=access_token, secret=SecretStr(secret))


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedRole(Row):
    """A role on an entity. `*` means every entity or region; None means not known."""

    role_name: str | None = field(default=None, metadata=TEXT)
    entity_type_name: str | None = field(default=None, metadata=TEXT)
    entity_id: str | None = field(default=None, metadata=IDENTIFIER)
    entity_region: str | None = field(default=None, metadata=TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team(Row):
    """A group of people and system accounts; `system_team` marks a predefined team."""

    name: str = field(default="", metadata=TEXT)
    description: str = field(default="", metadata=TEXT)
    system_team: bool | None = field(default=None, metadata=FLAG)
    labels: Mapping[str, str] = field(default_factory=lambda: NOTHING, metadata=LABELS)
    created_at: datetime | None = field(default=None, metadata=MOMENT)
    updated_at: datetime | None = field(default=None, metadata=MOMENT)

    @property
    def title(self) -> str:
        """The name to show; predefined teams have their documented names."""
        return title_of(self.name, is_predefined=self.system_team)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which a query finds the team."""
        return names_of(self.name, is_predefined=self.system_team)


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Row):
    """A person of the organisation."""

    email: str = field(default="", metadata=TEXT)
    full_name: str = field(default="", metadata=TEXT)
    preferred_name: str = field(default="", metadata=TEXT)
    active: bool | None = field(default=None, metadata=FLAG)
    inferred_region: str | None = field(default=None, metadata=TEXT)
    created_at: datetime | None = field(default=None, metadata=MOMENT)
    updated_at: datetime | None = field(default=None, metadata=MOMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Row):
    """The organisation that a token belongs to."""

    name: str = field(default="", metadata=TEXT)
    owner_id: str | None = field(default=None, metadata=TEXT)
    login_path: str | None = field(default=None, metadata=TEXT)
    state: str | None = field(default=None, metadata=TEXT)
    retention_period_days: int | None = field(default=None, metadata=COUNT)
    created_at: datetime | None = field(default=None, metadata=MOMENT)
    updated_at: datetime | None = field(default=None, metadata=MOMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationSettings:
    """How people get into teams; None if that is missing or unreadable."""

    idp_mapping_enabled: bool | None = None
    konnect_mapping_enabled: bool | None = None

    @classmethod
    def from_wire(cls, body: object) -> Self:
        """The settings of an answer. Raises ValueError if it is not an object."""
        if not isinstance(body, Mapping):
            raise ValueError("no settings")
        given = {each.name: body.get(each.name) for each in fields(cls)}
        return cls(**{name: value for name, value in given.items() if isinstance(value, bool)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An entity that a role can be held on, with its name.

    `bare_name` is the name without the version, empty for an entity without one.
    """

    id: str
    name: str
    entity_type_name: str
    region: str
    bare_name: str = ""


@dataclass(frozen=True)
class Listing(Generic[T_co]):
    """The rows of a list, as far as they were read.

    `total` is the server's own count, None without a usable one. `incomplete` is a sentence that
    says why something may be missing; None means that everything was read.
    """

    rows: tuple[T_co, ...]
    total: int | None = field(default=None, kw_only=True)
    incomplete: str | None = field(default=None, kw_only=True)
    skipped: int = field(default=0, kw_only=True)


@dataclass(frozen=True)
class ListPage(Generic[T_co]):
    """One page while a list is being read: its new rows, and how many were read so far."""

    rows: tuple[T_co, ...]
    read: int = field(kw_only=True)
    total: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Wait:
    """How long requests wait, and why; `Wait(0, "")` says that it is over."""

    seconds: float
    reason: str


@dataclass(frozen=True)
class Exchange:
    """One request and its result, without bodies, query and secrets.

    `outcome_unknown` is true when a change may have been made although no usable answer arrived.
    """

    method: str
    path: str
    status: int | None = field(default=None, kw_only=True)
    seconds: float = field(default=0.0, kw_only=True)
    trace: str | None = field(default=None, kw_only=True)
    error: str | None = field(default=None, kw_only=True)
    outcome_unknown: bool = field(default=False, kw_only=True)


def read_rows(model: type[RowT], data: Iterable[object]) -> tuple[list[RowT], int]:
    """The rows that could be read, and how many could not."""
    rows: list[RowT] = []
    skipped = 0
    for row in data:
        try:
            rows.append(model.from_wire(row))
        except ValueError:
            skipped += 1
    return rows, skipped


def _raw(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return one_line(text)
