"""Entities as subjects with a grant on themselves, so that a query about grants finds them.

The rule it keeps: a term about anything else than an entity is reported, never answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.grants import make_grant
from sa_tui.access.query.language import terms
from sa_tui.access.query.notices import Notice
from sa_tui.access.subjects import Subject

if TYPE_CHECKING:
    from sa_tui.access.query.language import Query
    from sa_tui.konnect.models import Entity

_FIELDS = ("name", "id", "type", "entity", "region")


def entity_subject(entity: Entity) -> Subject:
    """An entity as the subject that terms about entities find."""
    grant = make_grant(
        None, type_name=entity.entity_type_name, entity_id=entity.id, region=entity.region
    )
    return Subject(id=entity.id, name=entity.name, texts=texts_of(entity), grants=(grant,))


def texts_of(entity: Entity) -> tuple[str, ...]:
    """The texts in which a word is looked for."""
    return (entity.name, entity.entity_type_name, entity.region, entity.id)


def not_about_entities(query: Query) -> tuple[Notice, ...]:
    """A notice for each term that asks about something else than an entity."""
    return tuple(
        Notice(
            f"{term.name} says nothing about an entity.",
            position=term.position,
            length=len(term.name),
        )
        for term in terms(query)
        if term.name not in _FIELDS
    )


def by_name(entity: Entity) -> tuple[str, str, str]:
    """The order of entities by name."""
    return (entity.name.casefold(), entity.entity_type_name, entity.region)
