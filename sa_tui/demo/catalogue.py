"""Roles and entity types: those of `/v3/roles`, and the larger set that can be assigned.

The two differ in Konnect too: `/v3/roles` has the name `Mesh Control Plane`, and fewer types.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.demo.organisation import WireRow

REGIONS = ("us", "eu", "au", "me", "in", "sg")

_CONTROL_PLANES = {
    "Admin": "This role grants full write access to all entities within a control plane.",
    "Certificate Admin": "This role grants full write access to administer certificates.",
    "Consumer Admin": "This role grants full write access to administer consumers.",
    "Creator": "Creates a new Control Plane in an organization. "
    "The creator becomes the owner of the Control Plane they create.",
    "Debug Session Creator": "This role grants access to create debug sessions. "
    "This role also grants read-only access to all entities within a control plane.",
    "Deployer": "This role grants full write access to administer services, routes and plugins "
    "necessary to deploy services in Service Hub.",
    "Gateway Service Admin": "This role grants full write access to administer gateway services.",
    "Plugin Admin": "This role grants full write access to administer plugins.",
    "Route Admin": "This role grants full write access to administer routes.",
    "SNI Admin": "This role grants full write access to administer SNIs.",
    "Upstream Admin": "This role grants full write access to administer upstreams.",
    "Viewer": "This role grants read only access to all entities within a control plane.",
}
_API_PRODUCTS = {
    "Admin": "This role grants full write access to an API product and its versions.",
    "Application Registration": "This role grants permission to enable and disable application "
    "registration on an API product.",
    "Creator": "This access is required to create API products. "
    "This access is not for creating sub-entities such as versions, API specs, etc.",
    "Deployer": "This role grants permission to deploy and remove an API product "
    "from a control plane.",
    "Maintainer": "This role grants all write permission to manage an API product "
    "and to administer plugins.",
    "Plugins Admin": "This role grants full write permission to administer plugins.",
    "Publisher": "This role grants permission to publish an API product to one or more portals.",
    "Viewer": "Viewer has read-only access to an API product and its sub-entities.",
}
_MESH = {
    "Admin": "This role grants full write access to the related to Mesh control planes.",
    "Connector": "This role grants a mesh zone to connect to the mesh control plane in Konnect.",
    "Creator": "This role grants access to create new Mesh control planes.",
    "Viewer": "This role grants access to read-only permissions to Mesh control planes.",
}
_AUDIT_LOGS = {"Admin": "This role grants full write access to the Audit log configuration."}
_IDENTITY = {"Admin": "This role grants full write access to the Identity configuration."}


def _analytics(thing: str, *, article: str) -> dict[str, str]:
    return {
        "Admin": f"Allows users to edit, delete, and share a {thing} in Konnect Analytics.",
        "Creator": f"Allows users to create a new {thing} in Konnect Analytics.",
        "Editor": f"Allows users to edit a {thing} in Konnect Analytics.",
        "Viewer": f"Allows users to view {article} in Konnect Analytics.",
    }


def predefined_roles() -> WireRow:
    """The body of `/v3/roles`. Konnect: get-predefined-roles."""
    types = {
        "Control Planes": _CONTROL_PLANES,
        "API Products": _API_PRODUCTS,
        "Audit Logs": _AUDIT_LOGS,
        "Identity": _IDENTITY,
        "Mesh Control Planes": _MESH,
        "Dashboards": _analytics("Dashboard", article="any Dashboards content"),
        "Reports": _analytics("Report", article="a Report"),
    }
    body = {
        _key(name): {
            "name": name,
            "roles": {
                _key(role): {"name": role, "description": description}
                for role, description in roles.items()
            },
        }
        for name, roles in types.items()
    }
    body["mesh_control_planes"]["name"] = "Mesh Control Plane"
    return body


def _key(name: str) -> str:
    return name.lower().replace(" ", "_")


_EDITED = ("Admin", "Creator", "Editor", "Viewer")
_MAINTAINED = ("Creator", "Maintainer", "Viewer")

ASSIGNABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Add Ons": ("Add On Admin", "Add On Viewer"),
        "API Products": tuple(_API_PRODUCTS),
        "APIs": (
            "Admin",
            "Creator",
            "Maintainer",
            "Publisher",
            "Registration Approver",
            "Viewer",
        ),
        "Application Auth Strategies": _MAINTAINED,
        "Audit Logs": ("Admin",),
        "Auth Servers": ("Admin", "Viewer"),
        "Control Planes": (
            *_CONTROL_PLANES,
            "Cloud Gateway Cluster Admin",
            "Cloud Gateway Cluster Viewer",
            "Event Gateways Admin",
            "Event Gateways Creator",
            "Event Gateways Viewer",
            "Key Admin",
            "Serverless Cluster Admin",
            "Serverless Cluster Viewer",
            "Vault Admin",
        ),
        "Dashboards": _EDITED,
        "DCR Providers": _MAINTAINED,
        "Identity": ("Admin",),
        "Mesh Control Planes": tuple(_MESH),
        "Metering": (
            "Admin",
            "Billing Admin",
            "Billing Viewer",
            "Ingest",
            "Meter Admin",
            "Metering Viewer",
            "Product Catalog Admin",
            "Product Catalog Viewer",
        ),
        "Networks": ("Network Admin", "Network Creator", "Network Viewer"),
        "Portals": (
            "Admin",
            "API Registration Approver",
            "Appearance Maintainer",
            "Content Editor",
            "Creator",
            "Maintainer",
            "Product Publisher",
            "Viewer",
        ),
        "Reports": _EDITED,
        "Service Hub": (
            "Discovery Admin",
            "Discovery Viewer",
            "Integration Admin",
            "Integration Viewer",
            "Scorecard Admin",
            "Scorecard Viewer",
            "Service Admin",
            "Service Creator",
            "Service Viewer",
        ),
    }
)
"""Entity type -> the roles that may be assigned on it."""
