"""Takes values out of the tree of a file, each of the type that it has to be.

The rule it keeps: what has another type, or a key that is not known, is an error with its line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sa_tui.base.text import one_line
from sa_tui.plans.errors import FileError, nearest, some_of
from sa_tui.plans.tree import Fields, Items, Node, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

T = TypeVar("T")


def check_keys(fields: Fields, known: Collection[str], *, of: str) -> None:
    """Raises FileError for a key that is not known."""
    for key in fields.values:
        if key not in known:
            raise FileError(
                f"{one_line(key)} is unknown in {of}.{nearest(key, known)} It can be "
                f"{some_of(known)}",
                place=fields.places.get(key, fields.place),
            )


def fields_of(node: Node) -> Fields:
    """The mapping that this has to be."""
    if not isinstance(node, Fields):
        raise FileError("fields with values are expected here", place=node.place)
    return node


def rows_of(fields: Fields, key: str) -> list[Node]:
    """The list under the key; empty if there is none."""
    node = fields.values.get(key)
    if node is None or is_empty(node):
        return []
    if not isinstance(node, Items):
        raise FileError(f"{key} has to be a list", place=node.place)
    return node.rows


def each_of(fields: Fields, key: str, make: Callable[[Node], T]) -> list[T]:
    """What is made of each row of the list under the key."""
    return [make(row) for row in rows_of(fields, key)]


def list_of(fields: Fields, key: str, make: Callable[[Node], T]) -> tuple[T, ...] | None:
    """The list under the key; None if nothing is said of it."""
    node = fields.values.get(key)
    if node is None or is_empty(node):
        return None
    return tuple(each_of(fields, key, make))


def needed_text(fields: Fields, key: str, *, of: str, may_be_ref: bool = False) -> str:
    """The text under a key that has to be there."""
    if text := text_of(fields, key, of=of, may_be_ref=may_be_ref):
        return text
    raise FileError(f"{of} needs {key}", place=fields.place)


def text_of(fields: Fields, key: str, *, of: str, may_be_ref: bool = False) -> str | None:
    """The text under the key; None if there is none."""
    node = fields.values.get(key)
    if node is None:
        return None
    if not isinstance(node, Scalar):
        raise FileError(f"{key} of {of} has to be a text", place=node.place)
    return plain_text(node, key, may_be_ref=may_be_ref)


def plain_text(node: Scalar, what: str, *, may_be_ref: bool = False) -> str | None:
    """The text of a value; of a `!ref` the name of what it refers to."""
    text = node.text
    if text is None:
        return None
    if node.kind:
        raise FileError(
            f"{what} has to be a text, and {one_line(text)} is a {node.kind}: put it in quotes",
            place=node.place,
        )
    if not node.is_ref:
        return text
    name, _, field_name = text.partition("#")
    if not may_be_ref or field_name not in ("", "id"):
        raise FileError(f"!ref {one_line(text)} cannot be used for {what}", place=node.place)
    return name


def is_empty(node: Node) -> bool:
    """Whether nothing was written where a value may be."""
    return isinstance(node, Scalar) and node.text is None
