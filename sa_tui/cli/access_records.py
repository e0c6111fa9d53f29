"""What the commands say of access, as records with stable names, and as rows of a table.

A value that is not known is null and its name stands in `unknown`: null alone means that there is
none, such as the team of a role that is held directly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sa_tui.access.answer import Answer
from sa_tui.access.catalogue import find_type
from sa_tui.access.grants import EVERY
from sa_tui.access.roles import ANY
from sa_tui.cli.columns import Column
from sa_tui.cli.views import Shown
from sa_tui.ui.format import ago, short_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sa_tui.access.grants import Grant
    from sa_tui.access.holders import Access, Holder
    from sa_tui.access.matrix import Cell, Matrix, Row
    from sa_tui.access.standing import Standing

    Record = dict[str, Any]

GRANT_FIELDS = (
    *("role", "entity_type", "entity_id", "entity", "region", "tier", "via", "team_id"),
    *("implied", "assignment_id"),
)
WHO_FIELDS = (
    *("account_id", "account", "subject", "match"),
    *GRANT_FIELDS,
    *("live_tokens", "last_used_at"),
)
ACCESS_FIELDS = (*GRANT_FIELDS, "needed", "same_as", "covered_by", "remains")

MATRIX_FIELDS = ("account_id", "account", "subject", "live_tokens")


def said(answer: Answer) -> bool | None:
    """An answer as JSON has it; what is not known is null."""
    return None if answer is Answer.UNKNOWN else answer is Answer.YES


def grant_record(grant: Grant, access: Access) -> Record:
    """A grant and the path it comes by; `via` is "direct" or the name of a team."""
    name = access.entity_name(grant.entity_id)
    record: Record = {
        "role": grant.role,
        "entity_type": grant.type_name,
        "entity_id": grant.entity_id,
        "entity": name,
        "region": grant.region,
        "tier": grant.tier,
        "via": grant.via.name if grant.via else "direct",
        "team_id": grant.via.team_id if grant.via else None,
        "implied": grant.is_implied,
        "assignment_id": grant.assignment_id,
    }
    required = ("role", "entity_type", "entity_id", "region")
    unknown = [field for field in required if record[field] is None]
    is_unnamed = name is None and grant.entity_id != EVERY
    return record | {"unknown": unknown + ["entity"] * is_unnamed}


def no_grant_record(*, is_known: bool) -> Record:
    """In the place of a grant, that there is none to tell, or that none could be read."""
    record: Record = dict.fromkeys(GRANT_FIELDS)
    return record | {"unknown": [] if is_known else list(GRANT_FIELDS)}


def who_record(holder: Holder, grant: Record, *, answer: Answer, now: datetime) -> Record:
    """An account that a query finds, with one of the grants that it finds it by.

    `subject` is "person" where it is one, found with their id and their name.
    """
    live, is_sure = holder.live_tokens(now)
    about: Record = {
        "account_id": holder.id,
        "account": holder.name,
        "subject": holder.kind,
        "match": "yes" if answer is Answer.YES else "unknown",
    }
    used_unknown = bool(holder.tokens_missing) or any(
        "last_used_at" in token.unreadable for token in holder.tokens
    )
    figures: Record = {
        "live_tokens": live if is_sure else None,
        "last_used_at": None if used_unknown else holder.last_used_at,
    }
    unknown = [*grant.pop("unknown")]
    unknown += ["live_tokens"] * (not is_sure) + ["last_used_at"] * used_unknown
    return about | grant | figures | {"unknown": unknown}


def path_record(path: Standing, needed: Answer, access: Access) -> Record:
    """A grant among the others of its account; `needed` when something is lost without it."""
    record = grant_record(path.grant, access)
    unknown = record.pop("unknown") + ["needed"] * (needed is Answer.UNKNOWN)
    return record | {
        "needed": said(needed),
        "same_as": [_told(each, access) for each in path.doubles],
        "covered_by": [_told(each, access) for each in path.shadows],
        "remains": [_told(each, access) for each in path.remains],
        "unknown": unknown,
    }


def _told(grant: Grant, access: Access) -> str:
    name = access.entity_name(grant.entity_id) or grant.entity_id or "?"
    via = f"via {grant.via.name}" if grant.via else "direct"
    if grant.kind == ANY:
        return f"{grant.role}, {via}"
    return f"{grant.role or '?'} on {name} in {grant.region or '?'}, {via}"


def cell_record(cell: Cell) -> Record:
    """A cell of the matrix, as its three characters and as what they stand for."""
    has_grants = bool(cell.grants)
    return {
        "text": cell.text.rstrip(),
        "held": said(cell.answer),
        "tier": cell.tier or None,
        "scope": cell.scope if has_grants else None,
        "path": cell.path.strip() or "direct" if has_grants else None,
        "complete": cell.is_complete,
    }


def matrix_record(row: Row, matrix: Matrix, now: datetime) -> Record:
    """A row of the matrix; `cells` by the key of their column."""
    live, is_sure = row.holder.live_tokens(now)
    cells = zip(matrix.columns, row.cells, strict=True)
    return {
        "account_id": row.holder.id,
        "account": row.holder.name,
        "subject": row.holder.kind,
        "live_tokens": live if is_sure else None,
        "cells": {column.key: cell_record(cell) for column, cell in cells},
        "unknown": [] if is_sure else ["live_tokens"],
    }


def flat_matrix_record(row: Row, matrix: Matrix, now: datetime) -> Record:
    """The same for a table of text: each cell by the name of its column."""
    record = matrix_record(row, matrix, now)
    cells = record.pop("cells")
    return record | {column.name: cells[column.key]["text"] for column in matrix.columns}


# Tables


def _text(key: str, column: Column) -> Shown:
    def show(record: Record, _: datetime) -> str:
        value = record[key]
        return "-" if value is None else str(value)

    return Shown(key=key, column=column, show=show)


def _type(record: Record, _: datetime) -> str:
    name = record["entity_type"]
    if name is None:
        return "-"
    return "everything" if name == ANY else ((known := find_type(name)) and known.name) or name


def _entity(record: Record, _: datetime) -> str:
    entity_id = record["entity_id"]
    if entity_id is None:
        return "-"
    return record["entity"] or (entity_id if entity_id == EVERY else short_id(entity_id))


def _via(record: Record, _: datetime) -> str:
    return f"{record['via'] or '-'}{' !' if record['implied'] else ''}"


def _last(record: Record, now: datetime) -> str:
    used = record["last_used_at"]
    return ago(used, now) if used else "never"


_ROLE = _text("role", Column("ROLE", shrinks_to=10))
_TYPE = Shown(key="entity_type", column=Column("TYPE", shrinks_to=8, priority=2), show=_type)
_ENTITY = Shown(key="entity_id", column=Column("ENTITY", shrinks_to=8), show=_entity)
_REGION = _text("region", Column("REGION"))
_VIA = Shown(key="via", column=Column("VIA", shrinks_to=8), show=_via)

WHO: Sequence[Shown] = (
    _text("account", Column("ACCOUNT", shrinks_to=12)),
    Shown(
        key="match",
        column=Column("?"),
        show=lambda record, _: "?" if record["match"] == "unknown" else "",
    ),
    _ROLE,
    _TYPE,
    _ENTITY,
    _REGION,
    _VIA,
    _text("live_tokens", Column("TK", right=True)),
    Shown(key="last_used_at", column=Column("LAST", priority=1), show=_last),
)
WHO_ACCOUNTS = (*WHO[:2], *WHO[-2:])
SUBJECT = _text("subject", Column("SUBJECT", priority=2))
"""Stands after the name where there are people as well."""


def _note(record: Record, _: datetime) -> str:
    if record["same_as"]:
        return f"same: {'; '.join(record['same_as'])}"
    if record["covered_by"]:
        return f"covered: {'; '.join(record['covered_by'])}"
    is_open = record["needed"] is None
    if record["remains"]:
        return f"without it{' at least' * is_open}: {'; '.join(record['remains'])}"
    return "what else gives it is not known" if is_open else ""


ACCESS = (
    _ROLE,
    _TYPE,
    _ENTITY,
    _REGION,
    _VIA,
    Shown(key="remains", column=Column("BESIDES", shrinks_to=16, priority=1), show=_note),
)
