"""Reads a snapshot from the content of a file.

The rule it keeps: nothing is taken on trust; what does not fit is an error that names its place.
Fields that a later version 1 may add are ignored.
"""

from __future__ import annotations

import json
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from sa_tui.konnect.fields import identifier
from sa_tui.konnect.models import Listing
from sa_tui.org.saved import shapes
from sa_tui.org.saved.errors import read_error
from sa_tui.org.saved.model import FORMAT, VERSION, Saved, SavedError
from sa_tui.org.saved.rows import (
    entity_of,
    get,
    or_listed,
    read_authentication,
    read_catalogue,
    read_regions,
    read_time,
    row_reader,
)
from sa_tui.org.snapshot import Details, Part, Snapshot, TeamDetails, UserDetails

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sa_tui.konnect.errors import KonnectError
    from sa_tui.konnect.models import Entity, Row
    from sa_tui.org.saved.rows import ReadRow
    from sa_tui.org.saved.shapes import Shape

    Record = dict[str, Any]

DetailsT = TypeVar("DetailsT", Details, UserDetails, TeamDetails)
T = TypeVar("T")

_UNREAD: Part[Any] = Part()


def read_content(content: bytes) -> Saved:
    """The snapshot of a file with this content. Raises SavedError."""
    record = _parsed(content)
    if record.get("format") != FORMAT:
        raise SavedError("This is not a snapshot of sa-tui")
    if record.get("version") != VERSION:
        version = record.get("version")
        raise SavedError(f"It is a snapshot of version {version!r}, and {VERSION} can be read")
    return Saved(
        snapshot=_snapshot(record),
        taken_at=read_time(get(record, "taken_at", str), "taken_at"),
        profile=get(record, "profile", str),
        base_url=get(record, "base_url", str),
        program_version=_program_version(record),
        is_complete=get(record, "complete", bool),
    )


def _program_version(record: Record) -> str:
    try:
        return get(record.get("program"), "version", str)
    except SavedError as error:
        raise error.within("program") from None


def _parsed(content: bytes) -> Record:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise SavedError(f"It is not UTF-8 at byte {error.start + 1:,}") from None
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        what = "It ends in the middle" if is_cut else f"It is not JSON ({error.msg})"
        raise SavedError(f"{what}, at character {error.pos + 1:,}") from None
    except RecursionError:
        raise SavedError("It is nested too deeply") from None
    except ValueError:  # a number with more digits than Python takes
        raise SavedError("It has a number that is too long") from None
    if not isinstance(record, dict):
        raise SavedError("This is not a snapshot of sa-tui")
    return record


def _snapshot(record: Record) -> Snapshot:
    read_account, read_user = row_reader(shapes.ACCOUNT), row_reader(shapes.USER)
    read_team = row_reader(shapes.TEAM)
    accounts = _part(record, "system_accounts", _list_reader(read_account))
    people = _part(record, "users", _list_reader(read_user))
    teams = _part(record, "teams", _list_reader(read_team))
    readers = {
        shapes.ACCOUNT.model: or_listed(accounts, read_account),
        shapes.USER.model: or_listed(people, read_user),
        shapes.TEAM.model: or_listed(teams, read_team),
    }
    caller = get(record, "caller", str)
    if caller not in ("user", "system_account"):
        raise SavedError("neither user nor system_account", place="caller")
    return Snapshot(
        has_person=caller == "user",
        organization=_part(record, "organization", _value(row_reader(shapes.ORGANIZATION))),
        me=_part(record, "me", _value(read_user)),
        accounts=accounts,
        teams=teams,
        people=people,
        details=_details(record, "system_account_details", Details, shapes.ACCOUNT_PARTS, readers),
        user_details=_details(record, "user_details", UserDetails, shapes.USER_PARTS, readers),
        team_details=_details(record, "team_details", TeamDetails, shapes.TEAM_PARTS, readers),
        authentication=_part(record, "authentication", _value(read_authentication)),
        catalogue=_part(record, "catalogue", read_catalogue),
        regions=_part(record, "regions", _value(read_regions)),
        entities=_entities(record),
    )


def _details(
    record: Record,
    title: str,
    made: type[DetailsT],
    parts: Mapping[str, tuple[str, Shape]],
    readers: Mapping[type[Row], ReadRow],
) -> Mapping[str, DetailsT]:
    """The details of each member."""
    named = [
        (name, in_file, _list_reader(readers.get(shape.model) or row_reader(shape)))
        for name, (in_file, shape) in parts.items()
    ]
    details: dict[str, DetailsT] = {}
    for number, member in enumerate(get(record, title, list)):
        try:
            member_id = identifier(member["id"])
            if member_id in details:
                raise SavedError(f"the second with the id {member_id!r}")
            details[member_id] = made(
                **{
                    name: _part(member, in_file, read)
                    for name, in_file, read in named
                    if in_file in member
                }
            )
        except SavedError as error:
            raise error.within(f"{title}[{number}]") from None
        except (TypeError, KeyError, ValueError):
            raise SavedError("no usable id", place=f"{title}[{number}]") from None
    return MappingProxyType(details)


def _entities(record: Record) -> Mapping[tuple[str, str], Part[Listing[Entity]]]:
    entities: dict[tuple[str, str], Part[Listing[Entity]]] = {}
    for number, listed in enumerate(get(record, "entities", list)):
        try:
            pair = (get(listed, "entity_type_name", str), get(listed, "entity_region", str))
            if pair in entities:
                raise SavedError("the second list of {} in {}".format(*pair))
            entities[pair] = _read_part(listed, _list_reader(entity_of(*pair)))
        except SavedError as error:
            raise error.within(f"entities[{number}]") from None
    return MappingProxyType(entities)


# Parts


def _list_reader(read_row: ReadRow) -> Callable[[Record], Listing[Any] | None]:
    return partial(_listing, read_row=read_row)


def _part(record: Record, title: str, read: Callable[[Record], T | None]) -> Part[T]:
    """A part under its title; unread if there is none."""
    part = record.get(title)
    if part is None:
        return _UNREAD
    try:
        return _read_part(part, read)
    except SavedError as error:
        raise error.within(title) from None


def _read_part(part: Record, read: Callable[[Record], T | None]) -> Part[T]:
    if type(part) is not dict:
        raise SavedError("not an object")
    read_at, error = part.get("read_at"), part.get("error")
    return Part(
        value=read(part),
        read_at=None if read_at is None else read_time(read_at, "read_at"),
        error=None if error is None else _error(error),
    )


def _error(record: Any) -> KonnectError:
    try:
        return read_error(record)
    except SavedError as error:
        raise error.within("error") from None


def _value(read: Callable[[Any], T]) -> Callable[[Record], T | None]:
    """Reads the one object of a part."""

    def value(part: Record) -> T | None:
        if (given := part.get("value")) is None:
            return None
        try:
            return read(given)
        except SavedError as error:
            raise error.within("value") from None

    return value


def _listing(part: Record, read_row: ReadRow) -> Listing[Any] | None:
    """The rows of a list, each with an id of its own."""
    if (given := part.get("rows")) is None:
        return None
    if type(given) is not list:
        raise SavedError("not a list", place="rows")
    rows: list[Any] = []
    try:
        rows.extend(map(read_row, given))
    except SavedError as error:
        raise error.within(f"rows[{len(rows)}]") from None
    if len(rows) > 1 and len({row.id for row in rows}) < len(rows):
        seen: set[str] = set()
        for number, row in enumerate(rows):
            if row.id in seen:
                raise SavedError(f"the second with the id {row.id!r}", place=f"rows[{number}]")
            seen.add(row.id)
    total, incomplete = part.get("total"), part.get("incomplete")
    skipped = part.get("skipped", 0)
    if not (total is None or type(total) is int) or type(skipped) is not int:
        raise SavedError("not a whole number", place="total or skipped")
    if not (incomplete is None or type(incomplete) is str):
        raise SavedError("not a text", place="incomplete")
    return Listing(tuple(rows), total=total, incomplete=incomplete, skipped=skipped)
