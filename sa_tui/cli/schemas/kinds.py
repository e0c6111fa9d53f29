"""The building blocks of schemas; every value has a description, every object is closed.

The rule it keeps: an object always has all of its fields and no other, and null only where there
may be no value or it may not be known.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def text(description: str, *, is_nullable: bool = False) -> Schema:
    """A text, as Konnect sent it."""
    return _value("string", description, is_nullable=is_nullable)


def count(description: str, *, is_nullable: bool = False) -> Schema:
    """A whole number of 0 or more."""
    return _value("integer", description, is_nullable=is_nullable) | {"minimum": 0}


def number(description: str, *, is_nullable: bool = False) -> Schema:
    """A number."""
    return _value("number", description, is_nullable=is_nullable)


def flag(description: str, *, is_nullable: bool = False) -> Schema:
    """True or false."""
    return _value("boolean", description, is_nullable=is_nullable)


def moment(description: str, *, is_nullable: bool = False) -> Schema:
    """A time in UTC, in the form of RFC 3339."""
    pattern = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$"
    schema = _value("string", f"{description} UTC.", is_nullable=is_nullable)
    return schema | {"format": "date-time", "pattern": pattern}


def one_of(description: str, *values: str, is_nullable: bool = False) -> Schema:
    """One of a few texts."""
    none: tuple[None, ...] = (None,) if is_nullable else ()
    return {"description": description, "enum": [*values, *none]}


def exactly(description: str, value: object) -> Schema:
    """A value that is always the same."""
    return {"description": description, "const": value}


def many(description: str, item: Schema) -> Schema:
    """A list."""
    return {"type": "array", "description": description, "items": item}


def record(description: str, fields: Schema, *, is_nullable: bool = False) -> Schema:
    """An object with all of these fields and no other."""
    return _value("object", description, is_nullable=is_nullable) | {
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def mapping(description: str, item: Schema) -> Schema:
    """An object whose keys are data."""
    return {"type": "object", "description": description, "additionalProperties": item}


def row(description: str, fields: Schema, *, is_nullable: bool = False) -> Schema:
    """An object with `unknown`, the list of its fields whose value is not known."""
    open_fields = [name for name, schema in fields.items() if _may_be_null(schema)]
    unknown = many(
        "The fields whose value is not known; any other null means that there is none.",
        {"enum": open_fields, "description": "The name of a field."},
    )
    return record(description, fields | {"unknown": unknown}, is_nullable=is_nullable)


def _may_be_null(schema: Schema) -> bool:
    kinds = schema.get("type", ())
    return "null" in kinds if isinstance(kinds, list) else None in schema.get("enum", ())


def _value(kind: str, description: str, *, is_nullable: bool) -> Schema:
    return {"type": [kind, "null"] if is_nullable else kind, "description": description}
