"""What Konnect offers: the roles of each type of entity, and the regions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from sa_tui.konnect.fields import Frozen


class CatalogueRole(Frozen):
    """A role that Konnect offers for a type of entity."""

    key: str
    name: str
    description: str = ""


class CatalogueType(Frozen):
    """A type of entity and the roles that Konnect offers on it."""

    key: str
    name: str
    roles: tuple[CatalogueRole, ...] = ()


class Regions(Frozen):
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
