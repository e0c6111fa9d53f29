"""Which role includes which, and what predefined teams imply without saying so.

The rule it keeps: one role includes another only where Kong documents it; tiers never decide.
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
"""The type of a grant that reaches every type; only predefined teams give one."""

ORGANIZATION_ADMIN = "Organization Admin"
ORGANIZATION_READER = "Organization Admin (Read Only)"

_VIEWER = frozenset({"Viewer"})
_EDITED = MappingProxyType({"Admin": frozenset({"Editor", "Viewer"}), "Editor": _VIEWER})
_MAINTAINED = MappingProxyType({"Maintainer": _VIEWER})
_ADMIN = MappingProxyType({"Admin": _VIEWER})


def _pairs(*names: str) -> Mapping[str, frozenset[str]]:
    """`X Admin` includes `X Viewer`."""
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
"""Type key -> role -> every other role it includes; complete, so that no chain has to be walked."""


def included_roles(kind: str, role: str) -> frozenset[str]:
    """The other roles of a type that this one includes."""
    return INCLUDES.get(kind, {}).get(role, frozenset())


def includes(kind: str, role: str, wanted: str, *, wanted_kind: str | None = None) -> Answer:
    """Whether a role on a type (its key) gives what another role gives.

    For a grant on ANY, `wanted_kind` is the type that the other role is on; None means some type.
    """
    if role == wanted:
        return Answer.YES
    if kind != ANY:
        return answer(wanted in included_roles(kind, role))
    if role == ORGANIZATION_ADMIN:
        return Answer.YES
    return reads(wanted_kind, wanted)


def reads(kind: str | None, role: str) -> Answer:
    """Whether a role is a reading one, which is what reading everything includes.

    Whether a role that no table knows only reads, nobody can say.
    """
    types = TYPES if kind is None else [each] if kind and (each := find_type(kind)) else []
    known = [each for each in types if role in each.roles]
    if known:
        return answer(any(each.roles[role] == "R" for each in known))
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
        # Kong names it in an answer to a question, not in its list of teams.
        "Identity Admin": (Implied("Admin", "Identity"),),
    }
)
_BY_TEAM_KEY = MappingProxyType({type_key(name): those for name, those in _PREDEFINED.items()})


def implied_by(team_name: str) -> tuple[Implied, ...] | None:
    """What a predefined team gives beyond its listed roles; None for one that nobody documents.

    Only the name is looked at: ask for teams with `system_team` alone, for anybody may give a team
    of their own the same name.
    """
    return _BY_TEAM_KEY.get(type_key(team_name))


def implied_tier(role: str, type_name: str) -> Tier:
    """The tier of an implied role; the two on every type are no roles of Konnect's catalogue."""
    if type_name == ANY:
        return "A" if role == ORGANIZATION_ADMIN else "R"
    return tier_of(type_name, role)
