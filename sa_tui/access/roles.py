"""Which roles include others, and which grants predefined teams imply.

The rule it keeps: a role includes another only where Kong documents it, whatever their tiers.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sa_tui.access.answer import Answer, answer
from sa_tui.access.catalogue import TYPES, find_type, tier_of, type_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.access.catalogue import Tier

ANY = "*"
"""The type of a grant on every type; only predefined teams give one."""

ORGANIZATION_ADMIN = "Organization Admin"
ORGANIZATION_READER = "Organization Admin (Read Only)"

_VIEWER = frozenset({"Viewer"})
_EDITED = MappingProxyType({"Admin": frozenset({"Editor", "Viewer"}), "Editor": _VIEWER})
_MAINTAINED = MappingProxyType({"Maintainer": _VIEWER})
_ADMIN = MappingProxyType({"Admin": _VIEWER})


def _pairs(*names: str) -> Mapping[str, frozenset[str]]:
    """For each name, its Admin role, which includes its Viewer role."""
    return {f"{name} Admin": frozenset({f"{name} Viewer"}) for name in names}


INCLUDES: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "controlplane": MappingProxyType(
            {
                "Admin": frozenset(
                    {
                        *("Viewer", "Certificate Admin", "Consumer Admin", "Deployer"),
                        *("Gateway Service Admin", "Key Admin", "Plugin Admin", "Route Admin"),
                        *("SNI Admin", "Upstream Admin", "Vault Admin"),
                    }
                ),
                "Debug Session Creator": _VIEWER,
                **_pairs("Cloud Gateway Cluster"),
            }
        ),
        "api": MappingProxyType(
            {
                "Admin": frozenset({"Maintainer", "Viewer"}),
                "Maintainer": _VIEWER,
                "Publisher": _VIEWER,
                "Registration Approver": _VIEWER,
            }
        ),
        "apiproduct": MappingProxyType({"Admin": _VIEWER, "Maintainer": _VIEWER}),
        "portal": MappingProxyType(
            {
                "Admin": frozenset(
                    {
                        *("Maintainer", "Product Publisher", "Viewer"),
                        *("Appearance Maintainer", "Content Editor"),
                    }
                ),
                "Maintainer": frozenset({"Product Publisher", "Viewer"}),
            }
        ),
        "meshcontrolplane": MappingProxyType({"Admin": frozenset({"Connector", "Viewer"})}),
        "dashboard": _EDITED,
        "report": _EDITED,
        "applicationauthstrategie": _MAINTAINED,
        "dcrprovider": _MAINTAINED,
        "authserver": _ADMIN,
        "network": MappingProxyType(_pairs("Network")),
        "addon": MappingProxyType(_pairs("Add On")),
        "servicehub": MappingProxyType(_pairs("Integration", "Scorecard", "Discovery")),
    }
)
"""Type key -> role -> every other role that it includes, directly or through others."""


def included_roles(kind: str, role: str) -> frozenset[str]:
    """The other roles of a type that this one includes."""
    return INCLUDES.get(kind, {}).get(role, frozenset())


def includes(kind: str, role: str, asked: str, *, asked_kind: str | None = None) -> Answer:
    """Whether a role on a type (its key) gives what the role that is asked for gives.

    For a grant on ANY, `asked_kind` is the type of the role that is asked for; None means any.
    """
    if role == asked:
        return Answer.YES
    if kind != ANY:
        return answer(asked in included_roles(kind, role))
    if role == ORGANIZATION_ADMIN:
        return Answer.YES
    return reads(asked_kind, asked)


def reads(kind: str | None, role: str) -> Answer:
    """Whether a role only reads; unknown for a role that is not in the table."""
    types = (
        TYPES
        if kind is None
        else [entity_type]
        if kind and (entity_type := find_type(kind))
        else []
    )
    tiers = [entity_type.roles[role] for entity_type in types if role in entity_type.roles]
    if tiers:
        return answer("R" in tiers)
    return Answer.UNKNOWN if tier_of(kind or "", role) in "R?" else Answer.NO


# What predefined teams imply


class Implied(NamedTuple):
    """A role that a predefined team gives on everything of a type, in every region."""

    role: str
    type_name: str


_PREDEFINED: Mapping[str, tuple[Implied, ...]] = MappingProxyType(
    {
        ORGANIZATION_ADMIN: (Implied(ORGANIZATION_ADMIN, ANY),),
        ORGANIZATION_READER: (Implied(ORGANIZATION_READER, ANY),),
        "Control Plane Admin": (
            Implied("Creator", "Control Planes"),
            Implied("Admin", "Control Planes"),
        ),
        "Portal Admin": (Implied("Admin", "Portals"),),
        "API Product Admin": (Implied("Creator", "API Products"), Implied("Admin", "API Products")),
        "API Product Developer": (Implied("Maintainer", "API Products"),),
        "Analytics Admin": (
            Implied("Creator", "Dashboards"),
            Implied("Admin", "Dashboards"),
            Implied("Creator", "Reports"),
            Implied("Admin", "Reports"),
        ),
        "Analytics Viewer": (Implied("Viewer", "Dashboards"), Implied("Viewer", "Reports")),
        # Kong names it in a reply to a question, not in its list of teams.
        "Identity Admin": (Implied("Admin", "Identity"),),
    }
)
_BY_TEAM_KEY = MappingProxyType({type_key(name): implied for name, implied in _PREDEFINED.items()})


def implied_by(team_name: str) -> tuple[Implied, ...] | None:
    """What a predefined team gives beyond its listed roles; None if Kong does not document it.

    Call it only for teams with `system_team`: a custom team may have the same name.
    """
    return _BY_TEAM_KEY.get(type_key(team_name))


def implied_tier(role: str, type_name: str) -> Tier:
    """The tier of an implied role; those on every type are not in the catalogue."""
    if type_name == ANY:
        return "A" if role == ORGANIZATION_ADMIN else "R"
    return tier_of(type_name, role)
