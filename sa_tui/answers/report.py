"""An answer with rows as JSON, CSV or Markdown: always the same fields, in the same order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sa_tui.answers.formats import csv_text, in_markdown, markdown_text, plain
from sa_tui.answers.problems import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.answers.head import Head
    from sa_tui.answers.records import Record

CONSTANTS = ("profile", "organization_id", "organization_name", "read_at", "complete")
"""The last columns of every CSV: the same in each of its lines."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """An answer with rows; only JSON has the `facts` beside them.

    `fields` are the columns of CSV and Markdown, always the same and in the same order; `later`
    are the columns that come and go, at the very end. `flat_rows` are the rows with one text in
    each field, where `rows` has more.
    """

    head: Head
    key: str
    rows: Sequence[Record]
    fields: Sequence[str]
    facts: Record = field(default_factory=dict)
    later: Sequence[str] = ()
    flat_rows: Sequence[Record] | None = None

    @property
    def flat(self) -> Sequence[Record]:
        """The rows with one text in each field."""
        return self.rows if self.flat_rows is None else self.flat_rows

    def record(self) -> Record:
        """The whole answer, as JSON has it."""
        return self.head.record() | self.facts | {self.key: self.rows}

    def csv(self) -> str:
        """The rows as CSV, with the head in the last columns of each."""
        names = (*self.fields, "unknown", *CONSTANTS, *self.later)
        return csv_text(names, [self._whole(row) for row in self.flat])

    def markdown(self) -> str:
        """The rows as a table of Markdown, and below it what could not be read."""
        table = markdown_text((*self.fields, *self.later), self.flat)
        missing = (in_markdown(plain(line)) for line in sentences(self.head.problems))
        return table + "".join(f"\nINCOMPLETE: {line}\n" for line in missing)

    def _whole(self, row: Record) -> Record:
        no_organization = ["organization_id", "organization_name"]
        unknown = [*row["unknown"], *(no_organization if not self.head.organization else [])]
        return row | self.head.columns() | {"unknown": unknown}


def answering(report: Report, query: str, is_unsure: Sequence[bool] = ()) -> Report:
    """The answer of a list to a query: `match` in each row is yes, or unknown where it is unsure.

    Tables of text have it only with a query.
    """
    marks: list[Record] = [{"match": "unknown" if unsure else "yes"} for unsure in is_unsure]
    marks = marks or [{"match": "yes"} for _ in report.rows]
    return replace(
        report,
        facts=report.facts | {"query": query},
        rows=[row | mark for row, mark in zip(report.rows, marks, strict=True)],
        flat_rows=[row | mark for row, mark in zip(report.flat, marks, strict=True)],
        later=(*report.later, *(("match",) if query else ())),
    )


def filtered(report: Report, query: str) -> Report:
    """The answer of a list that a filter left these rows of; the same without a filter."""
    return replace(report, facts=report.facts | {"filter": query}) if query else report


def marked(report: Report, is_unsure: Sequence[bool]) -> Report:
    """The answer with `match` in each row, yes or unknown, while some rows may not match."""
    if not any(is_unsure):
        return report
    marks: list[Record] = [{"match": "unknown" if unsure else "yes"} for unsure in is_unsure]
    return replace(
        report,
        rows=[row | mark for row, mark in zip(report.rows, marks, strict=True)],
        flat_rows=[row | mark for row, mark in zip(report.flat, marks, strict=True)],
        later=(*report.later, "match"),
    )
