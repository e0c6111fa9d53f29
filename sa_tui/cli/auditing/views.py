"""The columns of a table of findings, of one of rules, and of one of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.audit_records import evidence_text
from sa_tui.answers.audit_text import told_mute, whom
from sa_tui.answers.diff import code_text, what_text, whose_text
from sa_tui.cli.columns import TextColumn
from sa_tui.cli.views import RecordColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sa_tui.answers.records import Record


def _column(key: str, column: TextColumn, show: Callable[[Record], str]) -> RecordColumn:
    return RecordColumn(key=key, column=column, show=lambda record, _: show(record))


def _severity(record: Record) -> str:
    return "muted" if record["status"] == "muted" else str(record["severity"])


_FINDINGS = (
    _column("severity", TextColumn("SEVERITY"), _severity),
    _column("rule", TextColumn("RULE"), lambda record: str(record["rule"])),
    _column("system_account_name", TextColumn("OF", shrinks_to=16), whom),
    _column("title", TextColumn("FINDING", shrinks_to=20), lambda record: str(record["title"])),
    _column("new", TextColumn("NEW", priority=3), lambda record: "new" if record["new"] else ""),
    _column("note", TextColumn("NOTE", shrinks_to=12, priority=2), told_mute),
    _column("evidence", TextColumn("EVIDENCE", shrinks_to=20, priority=1), evidence_text),
)


def columns_for(rows: Sequence[Record]) -> list[RecordColumn]:
    """The columns of a table of findings; a mark that no row has takes no column."""
    is_noted = any(row["note"] or row["mute"] for row in rows)
    used = {"new": any(row["new"] for row in rows), "note": is_noted}
    return [column for column in _FINDINGS if used.get(column.key, True)]


RULES = (
    _column("id", TextColumn("ID"), lambda record: str(record["id"])),
    _column("severity", TextColumn("SEVERITY"), lambda record: str(record["severity"])),
    _column("on", TextColumn("ON"), lambda record: "yes" if record["on"] else "no"),
    _column("title", TextColumn("TITLE", shrinks_to=20), lambda record: str(record["title"])),
    _column(
        "when", TextColumn("WHEN", shrinks_to=20, priority=1), lambda record: str(record["when"])
    ),
)

CHANGES = (
    _column("change", TextColumn("CHANGE"), code_text),
    _column("subject_name", TextColumn("OF", shrinks_to=16), whose_text),
    _column("what", TextColumn("WHAT", shrinks_to=24), what_text),
    _column(
        "because", TextColumn("BECAUSE", shrinks_to=20), lambda record: record["because"] or ""
    ),
)
