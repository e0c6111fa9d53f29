"""One answer of a command: the same head in JSON, the same last columns in CSV, one summary.

The rule it keeps: the data, stderr and the exit code all report what could not be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sa_tui
from sa_tui.base.secrets import redact
from sa_tui.cli.exits import MEANINGS, Exit, code_for
from sa_tui.cli.formats import put_csv, put_markdown
from sa_tui.cli.output import put_json, put_table
from sa_tui.cli.problems import error_record, sentences
from sa_tui.cli.records import organization_record
from sa_tui.cli.views import plain_fields, view

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from datetime import datetime

    from sa_tui.cli.environment import Environment
    from sa_tui.cli.problems import Problem
    from sa_tui.cli.records import Record
    from sa_tui.cli.run import Run
    from sa_tui.cli.views import RecordColumn
    from sa_tui.konnect.models import Organization
    from sa_tui.org.snapshot import Snapshot

SCHEMA_VERSION = 1
"""Within a version no field changes its meaning, and none is removed."""

CONSTANTS = ("profile", "organization_id", "organization_name", "read_at", "complete")
"""The last columns of every CSV: the same in each of its lines."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """The fields that every answer has besides its data.

    `read_at` is when the oldest of that data was read.
    """

    run: Run
    organization: Organization | None = None
    read_at: datetime | None = None
    problems: Sequence[Problem] = ()

    def record(self) -> Record:
        """The head with stable names."""
        return {
            "schema_version": SCHEMA_VERSION,
            "program": {"name": "sa-tui", "version": sa_tui.__version__},
            "command": self.run.command,
            "profile": self.run.profile,
            "organization": organization_record(self.organization),
            "read_at": self.read_at,
            "complete": not self.problems,
            "incomplete": [problem.record() for problem in self.problems],
            "warnings": [warning.record() for warning in self.run.warnings],
            "error": None,
        }

    def columns(self) -> Record:
        """The head as the last columns of a CSV."""
        organization = self.organization
        return {
            "profile": self.run.profile,
            "organization_id": organization.id if organization else None,
            "organization_name": organization.name if organization else None,
            "read_at": self.read_at,
            "complete": not self.problems,
        }


def head_of(env: Environment, snapshot: Snapshot, problems: Sequence[Problem] = ()) -> Head:
    """The head of an answer from a snapshot."""
    env.run.organization = snapshot.organization.value
    lists = (snapshot.organization, snapshot.accounts)
    return Head(
        run=env.run,
        organization=snapshot.organization.value,
        read_at=min((part.read_at for part in lists if part.read_at), default=None),
        problems=problems,
    )


@dataclass(frozen=True, kw_only=True)
class Report:
    """An answer with rows; only JSON has the `facts` beside them.

    `fields` are the columns of CSV and Markdown, always the same and in the same order; `later`
    are the columns that come and go, at the very end. `shown` are the columns of a table.
    `flat_rows` are the rows with one text in each field, where `rows` has more.
    """

    head: Head
    key: str
    rows: Sequence[Record]
    fields: Sequence[str]
    shown: Sequence[RecordColumn]
    facts: Record = field(default_factory=dict)
    later: Sequence[str] = ()
    flat_rows: Sequence[Record] | None = None

    def put(self, env: Environment, options: Namespace, now: datetime) -> None:
        """Writes the answer in the format that was asked for."""
        flat = self.rows if self.flat_rows is None else self.flat_rows
        match options.output:
            case "json":
                put_json(env, self.head.record() | self.facts | {self.key: self.rows})
            case "csv":
                names = (*self.fields, "unknown", *CONSTANTS, *self.later)
                put_csv(env, names, [self._whole(row) for row in flat])
            case "md":
                put_markdown(env, (*self.fields, *self.later), flat)
            case _ if options.all_columns:
                names = (*self.fields, *self.later)
                put_table(env, *view(plain_fields(names), flat, now), is_whole=True)
            case _:
                put_table(env, *view(self.shown, self.rows, now))

    def _whole(self, row: Record) -> Record:
        no_organization = ["organization_id", "organization_name"]
        unknown = [*row["unknown"], *(no_organization if not self.head.organization else [])]
        return row | self.head.columns() | {"unknown": unknown}


def conclude(env: Environment, head: Head, summary: str) -> Exit:
    """Prints the summary and what could not be read; returns the exit code."""
    organization = head.organization
    env.tell(f"{organization.name if organization else 'organisation unknown'}: {summary}")
    for sentence in sentences(head.problems):
        env.tell(f"INCOMPLETE: {sentence}")
    return Exit.INCOMPLETE if head.problems else Exit.DONE


def put_facts(env: Environment, head: Head, facts: Record, *, one_line: bool = False) -> None:
    """Writes an answer without rows, as JSON."""
    put_json(env, head.record() | facts, one_line=one_line)


def put_error(env: Environment, code: Exit, error: Exception | None = None) -> None:
    """Writes why there is no answer, as JSON."""
    run = env.run
    head = Head(run=run, organization=run.organization).record()
    put_json(env, head | {"complete": False, "error": _error_record(run, code, error)})


def _error_record(run: Run, code: Exit, error: Exception | None) -> Record:
    from sa_tui.konnect.errors import KonnectError

    konnect = error if isinstance(error, KonnectError) else None
    text = konnect.summary if konnect is not None else _message_of(error)
    return {
        "code": code.name.lower(),
        "exit_code": int(code),
        "message": " ".join(run.failures) or text or f"{MEANINGS[code].capitalize()}.",
        "access_tokens": [token.record() for token in run.left_tokens],
        **error_record(konnect),
    }


def _message_of(error: Exception | None) -> str:
    """The message of an error, redacted and with its type if the error was not expected."""
    if error is None or code_for(error) is not None:
        return str(error or "")
    return redact(f"{type(error).__name__}: {error}")
