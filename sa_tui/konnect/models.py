"""Konnect's objects as frozen values; every string stays as it was sent.

A field that cannot be read gets its default, and `unreadable` has its raw text, so that it is never
taken for a missing one. Only a row without a usable id is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Self, TypeVar

from pydantic import Field, SecretStr, StrictBool, ValidationError

from sa_tui.base.text import one_line
from sa_tui.konnect.fields import Frozen, Identifier, LastUse, Moment
from sa_tui.konnect.predefined import names_of, title_of

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


class Row(Frozen):
    """One object of a list, known by its id."""

    id: Identifier
    unreadable: Mapping[str, str] = Field(default_factory=dict)

    @classmethod
    def from_wire(cls, row: object) -> Self:
        """The row of an answer. Raises ValueError if it has no usable id.

        A field of the wrong type gets its default, and is listed in `unreadable`; null means that
        the field is missing.
        """
        if not isinstance(row, Mapping):
            raise ValueError("not an object")
        given = {
            name: row[name]
            for name in cls.model_fields
            if name != "unreadable" and row.get(name) is not None
        }
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            wrong = {str(fault["loc"][0]) for fault in error.errors(include_url=False)}
        if "id" in wrong:
            raise ValueError("no usable id")
        readable = {name: value for name, value in given.items() if name not in wrong}
        readable["unreadable"] = {name: _raw(given[name]) for name in sorted(wrong)}
        return cls.model_validate(readable)


class SystemAccount(Row):
    """An identity for a machine. `konnect_managed` accounts belong to a mesh zone."""

    name: str = ""
    description: str = ""
    konnect_managed: StrictBool | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None


class AccessToken(Row):
    """An access token of a system account, without its secret."""

    name: str = ""
    created_at: Moment | None = None
    updated_at: Moment | None = None
    expires_at: Moment | None = None
    last_used_at: LastUse = None

    @property
    def kept_state(self) -> str:
        """The state that Konnect keeps: a revoked token of a system account is gone."""
        return "ACTIVE"


class PersonalAccessToken(AccessToken):
    """An access token of a person, without its secret."""

    user_id: Identifier | None = None
    state: str = ""
    revoked_at: Moment | None = None
    revoked_by: str | None = None

    @property
    def kept_state(self) -> str:
        """The state that Konnect keeps: ACTIVE, REVOKED, EXPIRED, or a later addition.

        Empty if it is missing or unreadable.
        """
        return self.state.upper()


class IssuedToken(Frozen):
    """A new access token with its secret, which Konnect shows this once."""

    access_token: AccessToken
    secret: SecretStr = Field(min_length=1)

    @classmethod
    def from_wire(cls, body: object) -> Self:
        """The issued token of an answer. Raises ValueError without an id or a secret."""
        access_token = AccessToken.from_wire(body)
        secret = body.get("token") if isinstance(body, Mapping) else None
        if not isinstance(secret, str):
            raise ValueError("no secret")
        return cls(access_token=access_token, secret=SecretStr(secret))


class AssignedRole(Row):
    """A role on an entity. `*` means every entity or region; None means not known."""

    role_name: str | None = None
    entity_type_name: str | None = None
    entity_id: Identifier | None = None
    entity_region: str | None = None


class Team(Row):
    """A group of people and system accounts; `system_team` marks a predefined team."""

    name: str = ""
    description: str = ""
    system_team: StrictBool | None = None
    labels: Mapping[str, str] = Field(default_factory=dict)
    created_at: Moment | None = None
    updated_at: Moment | None = None

    @property
    def title(self) -> str:
        """The name to show; predefined teams have their documented names."""
        return title_of(self.name, is_predefined=self.system_team)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which a query finds the team."""
        return names_of(self.name, is_predefined=self.system_team)


class User(Row):
    """A person of the organisation."""

    email: str = ""
    full_name: str = ""
    preferred_name: str = ""
    active: StrictBool | None = None
    inferred_region: str | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None


class Organization(Row):
    """The organisation that a token belongs to."""

    name: str = ""
    owner_id: str | None = None
    login_path: str | None = None
    state: str | None = None
    retention_period_days: int | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None


class AuthenticationSettings(Frozen):
    """How people get into teams; None if that is missing or unreadable."""

    idp_mapping_enabled: StrictBool | None = None
    konnect_mapping_enabled: StrictBool | None = None

    @classmethod
    def from_wire(cls, body: object) -> Self:
        """The settings of an answer. Raises ValueError if it is not an object."""
        if not isinstance(body, Mapping):
            raise ValueError("no settings")
        given = {name: body.get(name) for name in cls.model_fields}
        return cls(**{name: value for name, value in given.items() if isinstance(value, bool)})


class Entity(Frozen):
    """An entity that a role can be held on, with its name.

    `bare_name` is the name without the version, empty for an entity without one.
    """

    id: Identifier
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
