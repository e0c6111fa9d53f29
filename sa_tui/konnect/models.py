"""Konnect's objects as frozen values; every string is kept as it was sent, no row raises.

A field that cannot be read takes its default and its raw text is kept in `unreadable`, so that
"not readable" is never mistaken for "not there". Only a row without a usable id is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StrictBool,
    ValidationError,
)

from sa_tui.base.text import one_line
from sa_tui.konnect.predefined import names_of, title_of

__all__ = [
    "AccessToken",
    "AssignedRole",
    "AuthenticationSettings",
    "CatalogueRole",
    "CatalogueType",
    "Entity",
    "Exchange",
    "IssuedToken",
    "Listing",
    "Organization",
    "Page",
    "PersonalAccessToken",
    "Regions",
    "Row",
    "SystemAccount",
    "Team",
    "User",
    "Wait",
    "read_catalogue",
    "read_rows",
]

T_co = TypeVar("T_co", covariant=True)
RowT = TypeVar("RowT", bound="Row")

# Stricter than the standard library, which takes any character between date and time: a time that
# had to be guessed must not decide when a token expires.
_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", flags=re.ASCII
)

_FIRST_YEAR = 2015
"""Konnect is younger."""


def _identifier(text: str) -> str:
    if text.strip() in ("", ".", ".."):
        raise ValueError("not usable as an identifier")
    return text


def _utc(value: object) -> datetime:
    if isinstance(value, str):
        if not _RFC3339.fullmatch(value):
            raise ValueError("not an RFC 3339 time")
        value = datetime.fromisoformat(value.upper())
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("not an aware time")
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        raise ValueError("outside the calendar") from None
    if moment.year < _FIRST_YEAR:
        # What a server writes for a time that it does not have: nothing ended in year 1.
        raise ValueError("before there was a Konnect")
    return moment


def _last_use(value: object) -> datetime | None:
    """When something was last used; None for a moment before there was a Konnect.

    Some servers spell never as the first moment that their clock knows: year 1, or 1970.
    """
    if value is None:
        return None
    if isinstance(value, str) and _RFC3339.fullmatch(value) and int(value[:4]) < _FIRST_YEAR:
        return None
    return _utc(value)


Identifier = Annotated[str, AfterValidator(_identifier)]
Moment = Annotated[datetime, BeforeValidator(_utc)]
LastUse = Annotated[datetime | None, BeforeValidator(_last_use)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Row(_Frozen):
    """One object of a list, known by its id."""

    id: Identifier
    unreadable: Mapping[str, str] = Field(default_factory=dict)

    @classmethod
    def from_wire(cls, row: object) -> Self:
        """The row that a server sent, whatever shape its fields are in.

        A field of the wrong type takes its default and lands in `unreadable`; null means not
        given. Raises ValueError for a row without a usable id.
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
            wrong = {str(each["loc"][0]) for each in error.errors(include_url=False)}
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
    """What is known of a system account's access token; never its secret."""

    name: str = ""
    created_at: Moment | None = None
    updated_at: Moment | None = None
    expires_at: Moment | None = None
    last_used_at: LastUse = None

    @property
    def kept_state(self) -> str:
        """The state that Konnect keeps: a system account's token that is revoked is gone."""
        return "ACTIVE"


class PersonalAccessToken(AccessToken):
    """What is known of a person's access token; its secret is never told again."""

    user_id: Identifier | None = None
    state: str = ""
    revoked_at: Moment | None = None
    revoked_by: str | None = None

    @property
    def kept_state(self) -> str:
        """The state that Konnect keeps: ACTIVE, REVOKED, EXPIRED, or what it may add to these.

        Empty when it was not given, or not readably.
        """
        return self.state.upper()


class IssuedToken(_Frozen):
    """A new access token with its secret, which Konnect shows this once."""

    access_token: AccessToken
    secret: SecretStr = Field(min_length=1)

    @classmethod
    def from_wire(cls, body: object) -> Self:
        """The issued token of an answer; raises ValueError without an id or a secret."""
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
    """A group of people and system accounts. Konnect made those with `system_team`."""

    name: str = ""
    description: str = ""
    system_team: StrictBool | None = None
    labels: Mapping[str, str] = Field(default_factory=dict)
    created_at: Moment | None = None
    updated_at: Moment | None = None

    @property
    def title(self) -> str:
        """The name to show: of Konnect's own teams the documented one."""
        return title_of(self.name, is_predefined=self.system_team)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that it is found by."""
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


class AuthenticationSettings(_Frozen):
    """How people come to belong to teams; None means that Konnect did not say it readably."""

    idp_mapping_enabled: StrictBool | None = None
    konnect_mapping_enabled: StrictBool | None = None

    @classmethod
    def from_wire(cls, body: object) -> Self:
        """The settings of an answer; raises ValueError when it is no object."""
        if not isinstance(body, Mapping):
            raise ValueError("no settings")
        given = {name: body.get(name) for name in cls.model_fields}
        return cls(**{name: each for name, each in given.items() if isinstance(each, bool)})


class CatalogueRole(_Frozen):
    """A role that Konnect offers for a type of entity."""

    key: str
    name: str
    description: str = ""


class CatalogueType(_Frozen):
    """A type of entity and the roles that Konnect offers on it."""

    key: str
    name: str
    roles: tuple[CatalogueRole, ...] = ()


class Regions(_Frozen):
    """The regions that Konnect runs in."""

    stable: tuple[str, ...] = ()
    stable_opt_in: tuple[str, ...] = ()
    beta: tuple[str, ...] = ()

    @classmethod
    def from_wire(cls, body: object) -> Self:
        """The regions of an answer; raises ValueError when it holds none."""
        regions = body.get("regions") if isinstance(body, Mapping) else None
        if not isinstance(regions, Mapping):
            raise ValueError("no regions")
        return cls(**{name: tuple(_texts(regions.get(name))) for name in cls.model_fields})


class Entity(_Frozen):
    """Something a role can be held on, with the name that people know it by.

    `bare_name` is the name without its version, empty for what has none.
    """

    id: Identifier
    name: str
    entity_type_name: str
    region: str
    bare_name: str = ""


@dataclass(frozen=True)
class Listing(Generic[T_co]):
    """What was read of a list.

    `total` is the server's own count, None when it gave no usable one. `incomplete` is a sentence
    that says why something may be missing; None means that everything was read.
    """

    rows: tuple[T_co, ...]
    total: int | None = field(default=None, kw_only=True)
    incomplete: str | None = field(default=None, kw_only=True)
    skipped: int = field(default=0, kw_only=True)


@dataclass(frozen=True)
class Page(Generic[T_co]):
    """News while a list is being read: its new rows, and how many were read so far."""

    rows: tuple[T_co, ...]
    read: int = field(kw_only=True)
    total: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Wait:
    """Requests wait this long for the reason given; `Wait(0, "")` says that it is over."""

    seconds: float
    reason: str


@dataclass(frozen=True)
class Exchange:
    """One request and what became of it; no bodies, no query, no secrets.

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
    for each in data:
        try:
            rows.append(model.from_wire(each))
        except ValueError:
            skipped += 1
    return rows, skipped


def read_catalogue(body: object) -> tuple[CatalogueType, ...]:
    """The types and roles of an answer, in its order; what has no name goes by its key.

    Raises ValueError when the answer is not a catalogue at all.
    """
    types = body if isinstance(body, Mapping) else {}
    catalogue = tuple(
        CatalogueType(key=str(key), name=_text(each, "name", str(key)), roles=_roles(each))
        for key, each in types.items()
        if isinstance(each, Mapping)
    )
    if not catalogue:
        raise ValueError("no catalogue")
    return catalogue


def _roles(of_type: Mapping[str, object]) -> tuple[CatalogueRole, ...]:
    roles = of_type.get("roles")
    return tuple(
        CatalogueRole(
            key=str(key),
            name=_text(each, "name", str(key)),
            description=_text(each, "description", ""),
        )
        for key, each in (roles.items() if isinstance(roles, Mapping) else ())
        if isinstance(each, Mapping)
    )


def _text(of: Mapping[str, object], name: str, default: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) and value else default


def _texts(values: object) -> list[str]:
    return [each for each in values if isinstance(each, str)] if isinstance(values, list) else []


def _raw(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return one_line(text)
