"""Entity types and their roles, as public sources name them, each role with its tier.

The rule it keeps: names mislead, so tiers come from this table. A role or type that is not in it
is kept under its name, with a tier guessed from the last word.

Sources: Kong's specification of the Identity API, its page on teams and roles, and answers of
`GET /v3/roles`. None of them is complete.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sa_tui.konnect.offer import CatalogueType

Tier = Literal["A", "W", "C", "R", "?"]
"""Full write, partial write, create only, read, unknown."""

TIERS: tuple[Tier, ...] = ("A", "W", "?", "C", "R")
"""Strongest first; an unknown role may write."""


@dataclass(frozen=True)
class EntityType:
    """An entity type; `short` is its name in queries, `column` the title of a narrow column.

    `is_global` types are served from one host for all regions. `is_singular` types have no
    entities: a role on them is held on the organisation. `also` are other names.
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
        """The key that all spellings of the type share."""
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
"""Every type in public sources, most used first."""


def type_key(name: str) -> str:
    """The key of a type, whatever the case, plural, spaces and hyphens of its name."""
    bare = "".join(character for character in name.casefold() if character.isalnum())
    return bare.removesuffix("s") or name


def _by_key() -> Mapping[str, EntityType]:
    return MappingProxyType(
        {
            type_key(name): entity_type
            for entity_type in TYPES
            for name in (entity_type.name, *entity_type.also)
        }
    )


_BY_KEY = _by_key()
_BY_SHORT = MappingProxyType({entity_type.short: entity_type for entity_type in TYPES})

_LEGACY = MappingProxyType(
    {
        "runtimegroup": ("controlplane",),
        "controlplanegroup": ("controlplane",),
        "service": ("servicehub", "api", "apiproduct"),
    }
)
"""Types in old data, and the present types that a role on them may still reach."""


@lru_cache(maxsize=1024)
def canonical_key(name: str) -> str:
    """The key of the type with this name or alias; of an unknown type, that of the name."""
    key = type_key(name)
    entity_type = _BY_KEY.get(key)
    return entity_type.key if entity_type else key


def find_type(name: str) -> EntityType | None:
    """The type with this key or name, in any spelling, or with this short name; None if unknown."""
    return _BY_KEY.get(type_key(name)) or _BY_SHORT.get(name.casefold())


def may_reach(key: str, other: str) -> bool:
    """Whether roles on a type may reach the other type; Kong does not document it."""
    # Some roles on control planes are held on event gateways, which have no type of their own.
    return other in _LEGACY.get(key, ()) or (key, other) == ("controlplane", "eventgateway")


def is_documented(key: str) -> bool:
    """Whether Kong documents which roles of the type include others; not for old types."""
    return key != "" and key not in _LEGACY


def tier_of(type_name: str | None, role: str | None) -> Tier:
    """The tier of a role on a type."""
    if role is None or type_name is None:
        return "?"
    entity_type = _BY_KEY.get(type_key(type_name))
    if entity_type and (tier := entity_type.roles.get(role)):
        return tier
    suffixes: dict[str, Tier] = {"Admin": "A", "Creator": "C", "Viewer": "R"}
    return suffixes.get(role.rpartition(" ")[2], "?")


def can_be_given(type_name: str, live: Iterable[CatalogueType] | None) -> bool:
    """Whether a role on a type can be assigned: not on an old type that Konnect does not offer.

    Nor on a type that neither the table nor Konnect has, once Konnect's catalogue was read.
    """
    key = type_key(type_name)
    offered = {canonical_key(entity_type.name) for entity_type in live or ()}
    is_known = key in _BY_KEY or live is None
    return canonical_key(type_name) in offered or (key not in _LEGACY and is_known)


# The types and roles of a form


@dataclass(frozen=True, kw_only=True)
class OfferedRole:
    """A role that can be assigned; `description` is Konnect's, or empty."""

    name: str
    tier: Tier
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class OfferedType:
    """A type and its roles; `known` is None for a type that only Konnect has."""

    name: str
    roles: tuple[OfferedRole, ...]
    known: EntityType | None


def offered_types(live: Iterable[CatalogueType] | None) -> tuple[OfferedType, ...]:
    """The types of Konnect's catalogue and of the table; only the table when `live` is None.

    Types are spelled as in assigned roles, where Konnect's catalogue differs.
    """
    names = {entity_type.key: entity_type.name for entity_type in TYPES}
    described: dict[str, dict[str, str]] = {key: {} for key in names}
    for listed in live or ():
        key = canonical_key(listed.name)
        names.setdefault(key, listed.name)
        described.setdefault(key, {}).update({role.name: role.description for role in listed.roles})
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
