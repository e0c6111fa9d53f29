"""The schema of a snapshot file, made from the shapes by which it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.cli.schemas.commands import DIALECT
from sa_tui.cli.schemas.kinds import (
    count,
    exactly,
    flag,
    many,
    moment,
    number,
    one_of,
    record,
    text,
)
from sa_tui.org.saved import shapes
from sa_tui.org.saved.errors import ERROR_KINDS
from sa_tui.org.saved.model import FORMAT, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.cli.schemas.kinds import Schema
    from sa_tui.org.saved.shapes import Shape

_LEFT_OUT = "A field that is left out has nothing to say."
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_KINDS: Mapping[type, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    dict: _TEXTS,
}


def schema_of_file() -> Schema:
    """The schema of version 1; it has no references to others."""
    head = {
        "format": exactly("What this is.", FORMAT),
        "version": exactly("The version of this schema.", VERSION),
        "program": record(
            "The program that wrote this.",
            {"name": exactly("Its name.", "sa-tui"), "version": text("Its version.")},
        ),
        "taken_at": moment("When the reading ended, by Konnect's clock."),
        "profile": text("The profile that was used."),
        "base_url": text("Konnect's global address."),
        "complete": flag("Whether everything that was asked for could be read."),
        "caller": one_of("Whose token it was.", "user", "system_account"),
    }
    details = {
        "system_account_details": _details(shapes.ACCOUNT_PARTS),
        "user_details": _details(shapes.USER_PARTS),
        "team_details": _details(shapes.TEAM_PARTS),
        "entities": _entities(),
    }
    lists = {
        "organization": _part({"value": _row(shapes.ORGANIZATION)}),
        "me": _part({"value": _row(shapes.USER)}),
        "system_accounts": _listing(_row(shapes.ACCOUNT)),
        "users": _listing(_row(shapes.USER)),
        "teams": _listing(_row(shapes.TEAM)),
    }
    schema = _some(
        f"A snapshot of an organisation. {_LEFT_OUT}",
        head | details | lists | _offer(),
        required=(*head, *details),
    )
    return {"$schema": DIALECT, "title": "sa-tui snapshot"} | schema


def _offer() -> Schema:
    """What Konnect offers, and how people get into teams."""
    role = record("A role.", {name: text("A text.") for name in ("key", "name", "description")})
    types = {"key": text("Its key."), "name": text("Its name."), "roles": many("Its roles.", role)}
    regions = {
        name: many("Regions.", text("A region.")) for name in ("stable", "stable_opt_in", "beta")
    }
    mapping = {
        name: flag("Whether it is; null if it is not known.", is_nullable=True)
        for name in ("idp_mapping_enabled", "konnect_mapping_enabled")
    }
    return {
        "authentication": _part({"value": record("How people get into teams.", mapping)}),
        "catalogue": _part({"types": many("Entity types.", record("A type.", types))}),
        "regions": _part({"value": record("The regions of Konnect.", regions)}),
    }


def _entities() -> Schema:
    listed = {
        "entity_type_name": text("The entity type."),
        "entity_region": text("The region; global for a type without one."),
    }
    entity = {name: text("A text.") for name in ("id", "name", "bare_name")}
    row = _some("An entity.", entity, required=("id", "name"))
    return many("The lists of entities.", _listing(row, **listed))


def _some(description: str, fields: Schema, *, required: tuple[str, ...] = ()) -> Schema:
    """An object that has some of these fields and no other."""
    return record(description, fields) | {"required": list(required)}


def _row(shape: Shape) -> Schema:
    times = dict.fromkeys(shape.times, moment("A time."))
    fields = {
        name: _KINDS[kind] | {"description": "As Konnect sent it."}
        for name, kind in shape.kinds.items()
    }
    return _some(f"A row. {_LEFT_OUT}", fields | times, required=("id",))


def _part(value: Schema, *, required: tuple[str, ...] = ()) -> Schema:
    """What was read at once; nothing at all if it was not read."""
    fields = {"read_at": moment("When it was read last."), "error": _error()}
    return _some("What was read, and why it may not be all.", value | fields, required=required)


def _listing(row: Schema, **also: Schema) -> Schema:
    rows = {
        "rows": many("The rows, in Konnect's order.", row),
        "total": count("How many there are by Konnect's own count."),
        "incomplete": text("Why something may be missing."),
        "skipped": count("How many rows were unreadable."),
    }
    return _part(also | rows, required=tuple(also))


def _details(parts: Mapping[str, tuple[str, Shape]]) -> Schema:
    lists = {title: _listing(_row_or_id(shape)) for title, shape in parts.values()}
    member = _some("Of one.", {"id": text("Its id.")} | lists, required=("id",))
    return many("What was read of each.", member)


def _row_or_id(shape: Shape) -> Schema:
    row = _row(shape)
    if shape not in (shapes.ACCOUNT, shapes.USER, shapes.TEAM):
        return row
    return {"description": "A row, or the id of one in its list.", "anyOf": [row, text("An id.")]}


def _error() -> Schema:
    """Why something could not be read."""
    parameter = {
        "field": text("The field."),
        "reason": text("Why."),
        "rule": text("The rule.", is_nullable=True),
    }
    return _some(
        "Why it could not be read the last time.",
        {
            "kind": one_of("What went wrong.", *ERROR_KINDS),
            "text": text("What happened, or what Konnect said."),
            "status": count("The HTTP status."),
            "title": text("The title of Konnect's answer."),
            "detail": text("Its detail."),
            "invalid_parameters": many("What Konnect refused.", record("A field.", parameter)),
            "request": text("The method and path of the request."),
            "advice": text("What to do."),
            "trace": text("The trace id that Kong's support asks for."),
            "retry_after_seconds": number("How long Konnect asked to wait."),
            "outcome_unknown": flag("Whether a change may have been made."),
            "is_refused": flag("Whether there was no connection."),
            "is_lasting": flag("Whether trying again cannot help."),
        },
        required=("kind", "text"),
    )
