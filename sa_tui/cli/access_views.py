"""Records of access as the rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.catalogue import find_type
from sa_tui.access.roles import ANY
from sa_tui.answers.access_records import column_key, described, team_title
from sa_tui.base.times import ago
from sa_tui.base.words import short_id
from sa_tui.cli.columns import TextColumn
from sa_tui.cli.views import RecordColumn
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sa_tui.access.matrix import MatrixColumn
    from sa_tui.answers.records import Record


def text_column(key: str, column: TextColumn) -> RecordColumn:
    """A column with the value of a field; `-` where there is none."""

    def show(record: Record, _: datetime) -> str:
        value = record[key]
        return "-" if value is None else str(value)

    return RecordColumn(key=key, column=column, show=show)


def _type(record: Record, _: datetime) -> str:
    name = record["entity_type_name"]
    if name is None:
        return "-"
    if name == ANY:
        return "everything"
    entity_type = find_type(name)
    return entity_type.name if entity_type and entity_type.name else str(name)


def _entity(record: Record, _: datetime) -> str:
    entity_id = record["entity_id"]
    if entity_id is None:
        return "-"
    return record["entity_name"] or (entity_id if entity_id == EVERY else short_id(entity_id))


def _via(record: Record, _: datetime) -> str:
    name = team_title(record) if record["via"] == "team" else record["via"]
    return f"{name or '-'}{' !' if record['implied'] else ''}"


def _last(record: Record, now: datetime) -> str:
    used = record["last_used_at"]
    return ago(used, now) if used else "never"


ROLE = text_column("role_name", TextColumn("ROLE", shrinks_to=10))
TYPE = RecordColumn(
    key="entity_type_name", column=TextColumn("TYPE", shrinks_to=8, priority=2), show=_type
)
ENTITY = RecordColumn(key="entity_id", column=TextColumn("ENTITY", shrinks_to=8), show=_entity)
REGION = text_column("entity_region", TextColumn("REGION"))
VIA = RecordColumn(key="via", column=TextColumn("VIA", shrinks_to=8), show=_via)
GRANT = (ROLE, TYPE, ENTITY, REGION, VIA)
MATCH = RecordColumn(
    key="match",
    column=TextColumn("?"),
    show=lambda record, _: {"unknown": "?", "can_become": "→"}.get(record["match"], ""),
)

WHO: Sequence[RecordColumn] = (
    text_column("subject_name", TextColumn("ACCOUNT", shrinks_to=12)),
    MATCH,
    *GRANT,
    text_column("live_tokens", TextColumn("TK", right=True)),
    RecordColumn(key="last_used_at", column=TextColumn("LAST", priority=1), show=_last),
)
WHO_ACCOUNTS = (*WHO[:2], *WHO[-2:])
SUBJECT = RecordColumn(
    key="subject_type",
    column=TextColumn("SUBJECT", priority=2),
    show=lambda record, _: "person" if record["subject_type"] == "user" else "account",
)
"""Follows the name when people are listed as well."""


def cells_of(column: MatrixColumn, *, priority: int) -> RecordColumn:
    """A column of the matrix as a column of the table."""
    key = column_key(column)
    return RecordColumn(
        key=key,
        column=TextColumn(column.title, priority=priority),
        show=lambda record, _: str(record["cells"][key]["text"]),
    )


def _note(record: Record, _: datetime) -> str:
    if record["reaches_nothing"]:
        return "reaches nothing: it is in another region"
    if record["same_as"]:
        return f"same: {'; '.join(described(record['same_as']))}"
    if record["covered_by"]:
        return f"covered: {'; '.join(described(record['covered_by']))}"
    is_open = record["needed"] is None
    if record["remains"]:
        return f"without it{' at least' * is_open}: {'; '.join(described(record['remains']))}"
    return "what else gives it is not known" if is_open else ""


ACCESS = (
    *GRANT,
    RecordColumn(
        key="remains", column=TextColumn("BESIDES", shrinks_to=16, priority=1), show=_note
    ),
)
