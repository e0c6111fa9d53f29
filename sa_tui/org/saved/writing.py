"""Writes a snapshot as canonical JSON: the same snapshot is the same bytes.

The rule it keeps: keys are sorted, rows stay in Konnect's order, and every text stays as it was
sent. An account, a person or a team is written once; elsewhere its id stands for it.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from sa_tui.org.saved import shapes
from sa_tui.org.saved.errors import error_record
from sa_tui.org.saved.model import FORMAT, VERSION
from sa_tui.org.saved.shapes import row_record, time_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sa_tui.konnect.models import Entity, Listing, Row
    from sa_tui.org.saved.model import Saved
    from sa_tui.org.saved.shapes import Shape
    from sa_tui.org.snapshot import Part

    Record = dict[str, Any]

_HALF = re.compile("[\ud800-\udfff]")


def content_of(saved: Saved) -> bytes:
    """The content of the file."""
    text = json.dumps(
        _record(saved), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    if _HALF.search(text):
        # Two halves side by side are one character; one alone can only be written as an escape.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        text = _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    return f"{text}\n".encode()


def _record(saved: Saved) -> Record:
    snapshot = saved.snapshot
    writer = _Writer(
        {
            shapes.ACCOUNT.model: {row.id: row for row in snapshot.accounts.rows},
            shapes.USER.model: {row.id: row for row in snapshot.people.rows},
            shapes.TEAM.model: {row.id: row for row in snapshot.teams.rows},
        }
    )
    return {
        "format": FORMAT,
        "version": VERSION,
        "program": {"name": "sa-tui", "version": saved.program_version},
        "taken_at": time_text(saved.taken_at),
        "profile": saved.profile,
        "base_url": saved.base_url,
        "complete": saved.is_complete,
        "caller": "user" if snapshot.has_person else "system_account",
        "entities": [
            {"entity_type_name": pair[0], "entity_region": pair[1]}
            | _part(part, partial(_listing, write=_entity_record))
            for pair, part in sorted(snapshot.entities.items())
        ],
        "system_account_details": writer.details(snapshot.details, shapes.ACCOUNT_PARTS),
        "user_details": writer.details(snapshot.user_details, shapes.USER_PARTS),
        "team_details": writer.details(snapshot.team_details, shapes.TEAM_PARTS),
        **_named("organization", snapshot.organization, _row_of(shapes.ORGANIZATION)),
        **_named("me", snapshot.me, _row_of(shapes.USER)),
        **_named("authentication", snapshot.authentication, lambda value: {"value": asdict(value)}),
        **_named("catalogue", snapshot.catalogue, lambda types: {"types": [*map(asdict, types)]}),
        **_named("regions", snapshot.regions, lambda value: {"value": asdict(value)}),
        **_named("system_accounts", snapshot.accounts, _list_of(shapes.ACCOUNT)),
        **_named("users", snapshot.people, _list_of(shapes.USER)),
        **_named("teams", snapshot.teams, _list_of(shapes.TEAM)),
    }


class _Writer:
    """Writes details; `listed` are the rows that the lists of the organisation have."""

    def __init__(self, listed: Mapping[type[Row], Mapping[str, Row]]) -> None:
        self._listed = listed

    def details(
        self, all_details: Mapping[str, object], parts: Mapping[str, tuple[str, Shape]]
    ) -> list[Record]:
        """The details of each member that has any, by id."""
        records = []
        for member_id, details in sorted(all_details.items()):
            record: Record = {"id": member_id}
            for name, (title, shape) in parts.items():
                write = partial(_listing, write=partial(self._row, shape))
                record |= _named(title, getattr(details, name), write)
            records.append(record)
        return records

    def _row(self, shape: Shape, row: Row) -> Record | str:
        listed = self._listed.get(shape.model, {}).get(row.id)
        return row.id if listed == row else row_record(row, shape)


def _named(title: str, part: Part[Any], write: Callable[[Any], Record]) -> Record:
    """A part under its title; nothing for one that was not read."""
    return {} if part.is_unread else {title: _part(part, write)}


def _part(part: Part[Any], write: Callable[[Any], Record]) -> Record:
    record: Record = {}
    if part.value is not None:
        record = write(part.value)
    if part.read_at is not None:
        record["read_at"] = time_text(part.read_at)
    if part.error is not None:
        record["error"] = error_record(part.error)
    return record


def _listing(listing: Listing[Any], *, write: Callable[[Any], Record | str]) -> Record:
    record: Record = {"rows": list(map(write, listing.rows))}
    for name, default in (("total", None), ("incomplete", None), ("skipped", 0)):
        value = getattr(listing, name)
        if value != default:
            record[name] = value
    return record


def _list_of(shape: Shape) -> Callable[[Listing[Any]], Record]:
    return partial(_listing, write=partial(row_record, shape=shape))


def _row_of(shape: Shape) -> Callable[[Row], Record]:
    return lambda row: {"value": row_record(row, shape)}


def _entity_record(entity: Entity) -> Record:
    record = {"id": entity.id, "name": entity.name}
    return record | {"bare_name": entity.bare_name} if entity.bare_name else record
