"""The names of the entities that roles are held on, from the list operations of each product.

The rule it keeps: a type without a list operation is reported as unknown, never as empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sa_tui.konnect.fields import TEXT
from sa_tui.konnect.models import Entity, Listing, Row

if TYPE_CHECKING:
    from sa_tui.konnect.client import KonnectClient


@dataclass(frozen=True)
class _Source:
    path: str
    is_global: bool = False
    by_cursor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named(Row):
    name: str = field(default="", metadata=TEXT)
    display_name: str = field(default="", metadata=TEXT)
    version: str = field(default="", metadata=TEXT)

    @property
    def bare_name(self) -> str:
        return self.name or self.display_name or self.id

    @property
    def title(self) -> str:
        return f"{self.bare_name} {self.version}" if self.version else self.bare_name


# Event gateways have no type of their own: their roles are held on control planes.
_SOURCES = {
    "Control Planes": _Source("/v2/control-planes"),
    "Event Gateways": _Source("/v1/event-gateways", by_cursor=True),
    "APIs": _Source("/v3/apis"),
    "API Products": _Source("/v2/api-products"),
    "Portals": _Source("/v3/portals"),
    "Mesh Control Planes": _Source("/v1/mesh/control-planes"),
    # Konnect itself uses both spellings.
    "Mesh Control Plane": _Source("/v1/mesh/control-planes"),
    "Application Auth Strategies": _Source("/v2/application-auth-strategies"),
    "DCR Providers": _Source("/v2/dcr-providers"),
    "Dashboards": _Source("/v2/dashboards"),
    "Service Hub": _Source("/v1/catalog-services"),
    "Auth Servers": _Source("/v1/auth-servers"),
    "Networks": _Source("/v2/cloud-gateways/networks", is_global=True),
    "Add Ons": _Source("/v2/cloud-gateways/add-ons", is_global=True),
}

LISTED_TYPES = tuple(_SOURCES)
"""The types whose entities can be listed."""


def is_global(entity_type_name: str) -> bool:
    """Whether the entities of a type are listed once for all regions."""
    source = _SOURCES.get(entity_type_name)
    return source is not None and source.is_global


async def list_entities(
    client: KonnectClient, entity_type_name: str, *, region: str
) -> Listing[Entity]:
    """The entities of a type in a region, or in any region for a global type.

    Raises Forbidden or NotFound when the token may not see them, Misconfigured for a region such
    as `*` that has no host.
    """
    source = _SOURCES.get(entity_type_name)
    if source is None:
        return Listing((), incomplete=f"Konnect offers no list of {entity_type_name}.")
    host = None if source.is_global else region
    if source.by_cursor:
        listing = await client.calls.read_list_by_cursor(_Named, source.path, region=host)
    else:
        listing = await client.calls.read_list(_Named, source.path, region=host)
    return Listing(
        tuple(
            Entity(
                id=row.id,
                name=row.title,
                bare_name=row.bare_name if row.version else "",
                entity_type_name=entity_type_name,
                region=region,
            )
            for row in listing.rows
        ),
        total=listing.total,
        incomplete=listing.incomplete,
        skipped=listing.skipped,
    )
