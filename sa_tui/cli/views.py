"""Records as the rows of a table: times as ages, and `?` for what is not known, never a zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.answers.formats import plain
from sa_tui.base.times import ago, until, utc
from sa_tui.cli.columns import TextColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sa_tui.answers.records import Record

    Show = Callable[[Record, datetime], str]


@dataclass(frozen=True, kw_only=True)
class RecordColumn:
    """A column, the field of a record that it shows, and how a known value is shown."""

    key: str
    column: TextColumn
    show: Show


def view(
    fields: Sequence[RecordColumn], records: Sequence[Record], now: datetime
) -> tuple[list[TextColumn], list[list[str]]]:
    """The columns and the rows of a table."""
    rows = [
        ["?" if field.key in record["unknown"] else field.show(record, now) for field in fields]
        for record in records
    ]
    return [field.column for field in fields], rows


def plain_fields(names: Sequence[str]) -> list[RecordColumn]:
    """Fields as columns of their own names, with their whole values."""
    return [_plain_field(name) for name in names]


def _plain_field(name: str) -> RecordColumn:
    column = TextColumn(name.replace("_", " ").upper())
    return RecordColumn(key=name, column=column, show=lambda record, _: plain(record[name]))


def _next_expiry(record: Record, now: datetime) -> str:
    if expiry := record["next_expires_at"]:
        return until(expiry, now)
    return "never" if record["live_tokens"] else "-"


def _last_used(record: Record, now: datetime) -> str:
    if used := record["last_used_at"]:
        return ago(used, now)
    return "never" if record["tokens"] else "-"


def _expiry(record: Record, now: datetime) -> str:
    expiry = record["expires_at"]
    return f"{until(expiry, now)}, {utc(expiry)}" if expiry else "never"


def _use(record: Record, now: datetime) -> str:
    used = record["last_used_at"]
    return f"{ago(used, now)}, {utc(used)}" if used else "never"


def _plain(key: str, column: TextColumn) -> RecordColumn:
    return RecordColumn(key=key, column=column, show=lambda record, _: str(record[key]))


_NAME = _plain("name", TextColumn("NAME", shrinks_to=12))
_ID = _plain("id", TextColumn("ID", priority=4))
_MANAGED = RecordColumn(
    key="konnect_managed",
    column=TextColumn("MANAGED", priority=3),
    show=lambda record, _: "yes" if record["konnect_managed"] else "",
)
_DESCRIPTION = _plain("description", TextColumn("DESCRIPTION", shrinks_to=20, priority=5))

QUICK_ACCOUNTS = (_NAME, _ID, _MANAGED, _DESCRIPTION)
ACCOUNTS = (
    _NAME,
    _ID,
    _MANAGED,
    _plain("live_tokens", TextColumn("LIVE", right=True)),
    RecordColumn(key="next_expires_at", column=TextColumn("EXPIRES"), show=_next_expiry),
    RecordColumn(key="last_used_at", column=TextColumn("LAST USED"), show=_last_used),
    _plain("assigned_roles", TextColumn("ROLES", right=True, priority=1)),
    _plain("teams", TextColumn("TEAMS", right=True, priority=2)),
    _DESCRIPTION,
)
TOKENS = (
    _NAME,
    _ID,
    _plain("state", TextColumn("STATE")),
    RecordColumn(
        key="created_at",
        column=TextColumn("CREATED", priority=3),
        show=lambda record, _: utc(record["created_at"]),
    ),
    RecordColumn(key="expires_at", column=TextColumn("EXPIRES", shrinks_to=16), show=_expiry),
    RecordColumn(key="last_used_at", column=TextColumn("LAST USED", shrinks_to=16), show=_use),
)
ALL_TOKENS = (
    _plain("system_account_name", TextColumn("ACCOUNT", shrinks_to=12)),
    *TOKENS[:1],
    *TOKENS[2:],
    _plain("id", TextColumn("ID", priority=4)),
)
