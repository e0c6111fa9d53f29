"""Reads the rows of a file, and single values in it.

The rule it keeps: a value of another type is an error that names its place.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sa_tui.konnect.models import AuthenticationSettings, Entity
from sa_tui.konnect.offer import CatalogueRole, CatalogueType, Regions
from sa_tui.org.saved.model import SavedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sa_tui.konnect.models import Listing, Row
    from sa_tui.org.saved.shapes import Shape
    from sa_tui.org.snapshot import Part

    ReadRow = Callable[[Any], Any]

T = TypeVar("T")


def row_reader(shape: Shape) -> ReadRow:
    """Reads rows of a shape; they raise SavedError."""
    model, kinds, times, mappings, _ = shape
    kind_of = kinds.get

    def read(row: Any) -> Any:
        if type(row) is not dict:
            raise SavedError("not an object")
        later = None
        for name, value in row.items():
            if type(value) is not kind_of(name):
                if name in kinds:
                    raise SavedError(f"not {_WORDS[kinds[name]]}", place=name)
                later = [*(later or ()), name]
        for name in times:
            if name in row:
                row[name] = read_time(row[name], name)
        for name in mappings:
            if name in row:
                _check_texts(row[name], name)
        for name in later or ():
            del row[name]
        if row.get("id", "").strip() in _NO_IDS:
            raise SavedError("no usable id")
        return model(**row)

    return read


_NO_IDS = ("", ".", "..")
_WORDS = {str: "a text", bool: "true or false", int: "a whole number", dict: "an object"}


def or_listed(part: Part[Listing[Row]], read: ReadRow) -> ReadRow:
    """Reads a row, or finds it in the list of the organisation by its id."""
    listed = {row.id: row for row in part.rows}

    def read_or_find(row: Any) -> Any:
        if type(row) is not str:
            return read(row)
        try:
            return listed[row]
        except KeyError:
            raise SavedError(f"nothing in the list has the id {row!r}") from None

    return read_or_find


def entity_of(entity_type_name: str, region: str) -> ReadRow:
    """Reads the entities of one list."""

    def read(row: Any) -> Entity:
        bare_name = row.get("bare_name", "") if type(row) is dict else ""
        if type(bare_name) is not str:
            raise SavedError("not a text", place="bare_name")
        return Entity(
            id=get(row, "id", str),
            name=get(row, "name", str),
            bare_name=bare_name,
            entity_type_name=entity_type_name,
            region=region,
        )

    return read


def read_authentication(record: Any) -> AuthenticationSettings:
    """How people get into teams. Raises SavedError."""
    try:
        return AuthenticationSettings.from_wire(record)
    except ValueError:
        raise SavedError("not an object") from None


def read_regions(record: Any) -> Regions:
    """The regions that Konnect offers. Raises SavedError."""
    return Regions(
        **{
            name: tuple(_texts(get(record, name, list), name))
            for name in ("stable", "stable_opt_in", "beta")
        }
    )


def read_catalogue(part: dict[str, Any]) -> tuple[CatalogueType, ...] | None:
    """The roles that Konnect offers; None if they were not read. Raises SavedError."""
    if part.get("types") is None:
        return None
    return tuple(
        CatalogueType(
            key=get(given, "key", str),
            name=get(given, "name", str),
            roles=tuple(
                CatalogueRole(**{name: get(role, name, str) for name in _ROLE_FIELDS})
                for role in get(given, "roles", list)
            ),
        )
        for given in get(part, "types", list)
    )


_ROLE_FIELDS = ("key", "name", "description")


def get(record: Any, name: str, kind: type[T]) -> T:
    """A field of a type of JSON that has to be there. Raises SavedError."""
    if type(record) is not dict:
        raise SavedError("not an object")
    value = record.get(name)
    if type(value) is not kind:
        raise SavedError(f"not {_WORDS.get(kind, 'a list')}", place=name)
    return value


def read_time(text: Any, place: str) -> datetime:
    """A time in UTC. Raises SavedError."""
    try:
        if text[-1] == "Z":
            return datetime.fromisoformat(text)
    except (ValueError, TypeError, IndexError, KeyError):
        pass
    raise SavedError("not a time in UTC", place=place)


def _check_texts(values: Mapping[Any, object], place: str) -> None:
    if not all(type(value) is str for value in values.values()):
        raise SavedError("not all texts", place=place)


def _texts(values: list[Any], place: str) -> list[str]:
    if not all(type(value) is str for value in values):
        raise SavedError("not all texts", place=place)
    return values
