"""What Konnect offers: the roles of each entity type, and the regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRole:
    """A role that Konnect offers on an entity type."""

    key: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueType:
    """An entity type and the roles that Konnect offers on it."""

    key: str
    name: str
    roles: tuple[CatalogueRole, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
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
        names = (field.name for field in fields(cls))
        return cls(**{name: tuple(_texts(regions.get(name))) for name in names})


def read_catalogue(body: object) -> tuple[CatalogueType, ...]:
    """The types and roles of an answer, in its order; without a name they are named by their keys.

    Raises ValueError if the answer is not a catalogue.
    """
    types = body if isinstance(body, Mapping) else {}
    catalogue = tuple(
        CatalogueType(
            key=str(key), name=_text(entity_type, "name", str(key)), roles=_roles(entity_type)
        )
        for key, entity_type in types.items()
        if isinstance(entity_type, Mapping)
    )
    if not catalogue:
        raise ValueError("no catalogue")
    return catalogue


def _roles(entity_type: Mapping[str, object]) -> tuple[CatalogueRole, ...]:
    roles = entity_type.get("roles")
    return tuple(
        CatalogueRole(
            key=str(key),
            name=_text(role, "name", str(key)),
            description=_text(role, "description", ""),
        )
        for key, role in (roles.items() if isinstance(roles, Mapping) else ())
        if isinstance(role, Mapping)
    )


def _text(row: Mapping[str, object], name: str, default: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) and value else default


def _texts(values: object) -> list[str]:
    return [text for text in values if isinstance(text, str)] if isinstance(values, list) else []
