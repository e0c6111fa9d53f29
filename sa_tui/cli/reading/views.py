"""What a table shows of the answers about two side by side, about entities, and about why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.words import short_id
from sa_tui.cli.access_views import ENTITY, GRANT, MATCH, REGION, ROLE, TYPE, VIA, text_column
from sa_tui.cli.columns import TextColumn
from sa_tui.cli.views import RecordColumn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sa_tui.answers.records import Record


def marked(shown: Sequence[RecordColumn], unsure: Sequence[object]) -> Sequence[RecordColumn]:
    """The columns, with a mark after the first while some rows may not match."""
    return (*shown[:1], MATCH, *shown[1:]) if unsure else shown


ENTITIES = (
    text_column("name", TextColumn("NAME", shrinks_to=12)),
    TYPE,
    text_column("region", TextColumn("REGION")),
    *(
        text_column(key, TextColumn(key.upper(), right=True))
        for key in ("admin", "write", "read", "uncertain")
    ),
    RecordColumn(
        key="id",
        column=TextColumn("ID", priority=1),
        show=lambda record, _: short_id(record["id"]),
    ),
)


def compared(left: str, right: str) -> Sequence[RecordColumn]:
    """Each grant of two, and how each has it."""
    return (ROLE, TYPE, ENTITY, REGION, _side("left", left), _side("right", right))


def _side(side: str, name: str) -> RecordColumn:
    def show(record: Record, _: datetime) -> str:
        paths, covering = record[f"{side}_paths"], record[f"{side}_covered_by"]
        if not record[f"{side}_held"]:
            return "reaches nothing" if paths else "-"
        if paths:
            return ", ".join(dict.fromkeys(VIA.show(path, _) for path in paths))
        return f"covered: {covering[0]['role_name'] or '?'}" if covering else "yes"

    return RecordColumn(key=f"{side}_held", column=TextColumn(name, shrinks_to=12), show=show)


def _verdict(record: Record, _: datetime) -> str:
    return str(record["match"]).replace("_", " ").replace("unknown", "?")


def _note(record: Record, _: datetime) -> str:
    if record["unmet"]:
        return f"not {'; not '.join(record['unmet'])}"
    if record["access_token_id"]:
        return f"token {record['access_token_name']}"
    if record["reaches_nothing"]:
        return "reaches nothing: it is in another region"
    for name, words in (("same_as", "same"), ("covered_by", "covered"), ("remains", "without it")):
        if record[name]:
            return f"{words}: {'; '.join(record[name])}"
    return "what else gives it is not known" if "needed" in record["unknown"] else ""


WHY = (
    RecordColumn(key="match", column=TextColumn("MATCH"), show=_verdict),
    *GRANT,
    RecordColumn(key="unmet", column=TextColumn("BESIDES", shrinks_to=16), show=_note),
)
