"""One answer of a command: the same head in JSON, the same last columns in CSV, one conclusion.

The rule it keeps: what could not be read is said in the data, on stderr and by the exit code.
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
"""What a field means never changes within a version, and none goes away."""

CONSTANTS = ("profile", "organization_id", "organization_name", "read_at", "complete")
"""The last columns of every CSV: the same in each of its lines."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """What every answer says besides its data.

    `read_at` is when the oldest of what it tells was read.
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
            "incomplete": [each.record() for each in self.problems],
            "warnings": [each.record() for each in self.run.warnings],
            "error": None,
        }

    def columns(self) -> Record:
        """The same as the last columns of a CSV."""
        organization = self.organization
        return {
            "profile": self.run.profile,
            "organization_id": organization.id if organization else None,
            "organization_name": organization.name if organization else None,
            "read_at": self.read_at,
            "complete": not self.problems,
        }


def head_of(env: Environment, snapshot: Snapshot, problems: Sequence[Problem] = ()) -> Head:
    """The head of an answer that rests on a snapshot."""
    env.run.organization = snapshot.organization.value
    lists = (snapshot.organization, snapshot.accounts)
    return Head(
        run=env.run,
        organization=snapshot.organization.value,
        read_at=min((each.read_at for each in lists if each.read_at), default=None),
        problems=problems,
    )


@dataclass(frozen=True, kw_only=True)
class Report:
    """An answer with rows. `facts` stand beside them in JSON alone.

    `fields` are the columns of CSV and Markdown, always the same and in the same order; `later`
    are those that come and go, at the very end. `shown` are the columns of a table. `flat_rows`
    are the rows for what has but one text in a field, where these differ.
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
                put_csv(env, names, [self._whole(each) for each in flat])
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


def conclude(env: Environment, head: Head, found: str) -> Exit:
    """Says what was found and what could not be read; the exit code says it once more."""
    organization = head.organization
    env.tell(f"{organization.name if organization else 'organisation unknown'}: {found}")
    for sentence in sentences(head.problems):
        env.tell(f"INCOMPLETE: {sentence}")
    return Exit.INCOMPLETE if head.problems else Exit.DONE


def put_facts(env: Environment, head: Head, facts: Record, *, one_line: bool = False) -> None:
    """Writes an answer that has no rows, as JSON."""
    put_json(env, head.record() | facts, one_line=one_line)


def put_error(env: Environment, code: Exit, error: Exception | None = None) -> None:
    """Writes, as JSON, that there is no answer and why."""
    run = env.run
    head = Head(run=run, organization=run.organization).record()
    put_json(env, head | {"complete": False, "error": _error_record(run, code, error)})


def _error_record(run: Run, code: Exit, error: Exception | None) -> Record:
    from sa_tui.konnect.errors import KonnectError

    konnect = error if isinstance(error, KonnectError) else None
    said = konnect.summary if konnect is not None else _said(error)
    return {
        "code": code.name.lower(),
        "exit_code": int(code),
        "message": " ".join(run.failures) or said or f"{MEANINGS[code].capitalize()}.",
        "access_tokens": [each.record() for each in run.left_tokens],
        **error_record(konnect),
    }


def _said(error: Exception | None) -> str:
    """What an error says; of one that nobody expects also what it is, and no secret."""
    if error is None or code_for(error) is not None:
        return str(error or "")
    return redact(f"{type(error).__name__}: {error}")
