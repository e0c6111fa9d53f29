"""Entity types and their roles as far as public sources tell, each role with its tier.

The rule it keeps: names lie, so tiers come from this table; a role or type that is not in it stays
what it is, with a tier guessed from the end of its name.

Sources: Kong's specification of the Identity API, its page on teams and roles, and what
`GET /v3/roles` is known to answer. No one of them is complete.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sa_tui.konnect.offer import CatalogueType

Tier = Literal["A", "W", "C", "R", "?"]
"""Full write, partial write, create only, read, not known."""

TIERS: tuple[Tier, ...] = ("A", "W", "?", "C", "R")
"""Strongest first; what is not known may be a write."""


@dataclass(frozen=True)
class EntityType:
    """A type of entity; `short` is what people type, `column` what heads a narrow column.

    `is_global` types are served from one host for all regions, `is_singular` ones have no
    instances: a role on them is held on the organisation.
    """

    name: str
    _: KW_ONLY
    short: str
    column: str
    roles: Mapping[str, Tier]
    also: tuple[str, ...] = ()
    is_global: bool = False
    is_singular: bool = False

    @property
    def key(self) -> str:
        """What its spellings have in common."""
        return type_key(self.name)


def _roles(**by_tier: tuple[str, ...]) -> Mapping[str, Tier]:
    letters: Mapping[str, Tier] = {"full": "A", "part": "W", "create": "C", "read": "R"}
    return MappingProxyType(
        {role: letters[tier] for tier, roles in by_tier.items() for role in roles}
    )


_ANALYTICS = _roles(full=("Admin",), part=("Editor",), create=("Creator",), read=("Viewer",))
_MAINTAINED = _roles(part=("Maintainer",), create=("Creator",), read=("Viewer",))

TYPES: tuple[EntityType, ...] = (
    EntityType(
        "Control Planes",
        short="cp",
        column="CPL",
        roles=_roles(
            full=("Admin",),
            part=(
                *("Certificate Admin", "Consumer Admin", "Deployer", "Gateway Service Admin"),
                *("Key Admin", "Plugin Admin", "Route Admin", "SNI Admin", "Upstream Admin"),
                *("Vault Admin", "Cloud Gateway Cluster Admin", "Event Gateways Admin"),
                # By Kong's description it creates sessions within a control plane, and reads it.
                *("Serverless Cluster Admin", "Debug Session Creator"),
            ),
            create=("Creator", "Event Gateways Creator"),
            read=(
                *("Viewer", "Cloud Gateway Cluster Viewer", "Event Gateways Viewer"),
                "Serverless Cluster Viewer",
            ),
        ),
    ),
    EntityType(
        "APIs",
        short="api",
        column="API",
        roles=_roles(
            full=("Admin",),
            part=("Maintainer", "Publisher", "Registration Approver"),
            create=("Creator",),
            read=("Viewer",),
        ),
    ),
    EntityType(
        "API Products",
        short="prd",
        column="PRD",
        roles=_roles(
            full=("Admin",),
            part=(
                *("Application Registration", "Deployer", "Maintainer", "Plugins Admin"),
                "Publisher",
            ),
            create=("Creator",),
            read=("Viewer",),
        ),
    ),
    EntityType(
        "Portals",
        short="portal",
        column="PTL",
        roles=_roles(
            full=("Admin",),
            part=(
                *("API Registration Approver", "Appearance Maintainer", "Content Editor"),
                *("Maintainer", "Product Publisher"),
            ),
            create=("Creator",),
            read=("Viewer",),
        ),
    ),
    EntityType(
        "Mesh Control Planes",
        short="mesh",
        column="MSH",
        roles=_roles(full=("Admin",), part=("Connector",), create=("Creator",), read=("Viewer",)),
    ),
    EntityType(
        "Identity", short="idn", column="IDN", roles=_roles(full=("Admin",)), is_singular=True
    ),
    EntityType(
        "Audit Logs", short="aud", column="AUD", roles=_roles(full=("Admin",)), is_singular=True
    ),
    EntityType("Dashboards", short="dsh", column="DSH", roles=_ANALYTICS),
    EntityType("Reports", short="rpt", column="RPT", roles=_ANALYTICS),
    EntityType("Application Auth Strategies", short="app", column="APP", roles=_MAINTAINED),
    EntityType("DCR Providers", short="dcr", column="DCR", roles=_MAINTAINED, also=("DCR",)),
    EntityType(
        "Auth Servers",
        short="auth",
        column="AUT",
        roles=_roles(full=("Admin",), read=("Viewer",)),
    ),
    EntityType(
        "Networks",
        short="net",
        column="NET",
        roles=_roles(
            full=("Network Admin",), create=("Network Creator",), read=("Network Viewer",)
        ),
        is_global=True,
    ),
    EntityType(
        "Add Ons",
        short="add",
        column="ADD",
        roles=_roles(full=("Add On Admin",), read=("Add On Viewer",)),
        is_global=True,
    ),
    EntityType(
        "Service Hub",
        short="hub",
        column="CAT",
        roles=_roles(
            full=("Service Admin",),
            # By Kong's list of permissions a Service Viewer may create, edit and delete, and a
            # Discovery Viewer may start jobs.
            part=(
                *("Discovery Admin", "Discovery Viewer", "Integration Admin", "Scorecard Admin"),
                "Service Viewer",
            ),
            create=("Service Creator",),
            read=("Integration Viewer", "Scorecard Viewer"),
        ),
        also=("Catalog",),
    ),
    EntityType(
        "Metering",
        short="met",
        column="MET",
        roles=_roles(
            full=("Admin",),
            # The documentation calls Meter Admin Metering Admin.
            part=(
                *("Billing Admin", "Ingest", "Meter Admin", "Metering Admin"),
                "Product Catalog Admin",
            ),
            read=(
                *("Billing Viewer", "Entitlement Access", "Metering Viewer"),
                "Product Catalog Viewer",
            ),
        ),
        also=("Metering & Billing",),
        is_singular=True,
    ),
    EntityType(
        "MCP Registry",
        short="mcp",
        column="MCP",
        roles=_roles(full=("Admin",), part=("Publisher",), create=("Creator",), read=("Viewer",)),
        also=("MCP Registries",),
    ),
)
"""Every type that public sources name, most used first."""


REGIONS = ("us", "eu", "au", "me", "in", "sg")
"""Every region that public sources name; Konnect may have others."""


def type_key(name: str) -> str:
    """What the spellings of one type have in common: not case, number, blanks or hyphens."""
    bare = "".join(character for character in name.casefold() if character.isalnum())
    return bare.removesuffix("s") or name


def _by_key() -> Mapping[str, EntityType]:
    return MappingProxyType(
        {type_key(name): each for each in TYPES for name in (each.name, *each.also)}
    )


_BY_KEY = _by_key()
_BY_SHORT = MappingProxyType({each.short: each for each in TYPES})

_LEGACY = MappingProxyType(
    {
        "runtimegroup": ("controlplane",),
        "controlplanegroup": ("controlplane",),
        "service": ("servicehub", "api", "apiproduct"),
    }
)
"""Types of old data, and the types of today that a role on them may still reach."""


def canonical_key(name: str) -> str:
    """The key of the type that a name means; of one that is not in the table, its own."""
    key = type_key(name)
    found = _BY_KEY.get(key)
    return found.key if found else key


def find_type(name: str) -> EntityType | None:
    """The type with this key or name, in any spelling, or with this short name; None if unknown."""
    return _BY_KEY.get(type_key(name)) or _BY_SHORT.get(name.casefold())


def may_reach(key: str, other: str) -> bool:
    """Whether roles on a type may reach the other type; nobody says for certain."""
    # Some roles on control planes are held on event gateways, which are no type of their own.
    return other in _LEGACY.get(key, ()) or (key, other) == ("controlplane", "eventgateway")


def is_documented(key: str) -> bool:
    """Whether it is said which roles on a type include which: not for old types, nor for none."""
    return key != "" and key not in _LEGACY


def tier_of(type_name: str | None, role: str | None) -> Tier:
    """The tier of a role on a type."""
    if role is None or type_name is None:
        return "?"
    known = _BY_KEY.get(type_key(type_name))
    if known and (tier := known.roles.get(role)):
        return tier
    suffixes: dict[str, Tier] = {"Admin": "A", "Creator": "C", "Viewer": "R"}
    return suffixes.get(role.rpartition(" ")[2], "?")


def can_be_given(type_name: str, live: Iterable[CatalogueType] | None) -> bool:
    """Whether Konnect may still give a role on a type: not on an old one that it does not offer.

    Not on one that nobody knows either, once it was asked what it offers.
    """
    key = type_key(type_name)
    offered = {canonical_key(each.name) for each in live or ()}
    is_known = key in _BY_KEY or live is None
    return canonical_key(type_name) in offered or (key not in _LEGACY and is_known)


# What a form offers


@dataclass(frozen=True, kw_only=True)
class OfferedRole:
    """A role that may be assigned; `description` is Konnect's own, empty where it gives none."""

    name: str
    tier: Tier
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class OfferedType:
    """A type and the roles on it; `known` is None for one that only Konnect names."""

    name: str
    roles: tuple[OfferedRole, ...]
    known: EntityType | None


def offered_types(live: Iterable[CatalogueType] | None) -> tuple[OfferedType, ...]:
    """What Konnect offers, completed by the table; the table alone when Konnect was not asked.

    Types are spelt as assignments spell them, which is not always how the catalogue does.
    """
    described: dict[str, dict[str, str]] = {type_key(each.name): {} for each in TYPES}
    names: dict[str, str] = {type_key(each.name): each.name for each in TYPES}
    for each in live or ():
        key = canonical_key(each.name)
        names.setdefault(key, each.name)
        described.setdefault(key, {}).update({role.name: role.description for role in each.roles})
    return tuple(_offered(names[key], roles) for key, roles in described.items())


def _offered(name: str, described: Mapping[str, str]) -> OfferedType:
    known = _BY_KEY.get(type_key(name))
    roles = dict.fromkeys([*described, *(known.roles if known else ())])
    return OfferedType(
        name=name,
        known=known,
        roles=tuple(
            OfferedRole(name=role, tier=tier_of(name, role), description=described.get(role, ""))
            for role in roles
        ),
    )
