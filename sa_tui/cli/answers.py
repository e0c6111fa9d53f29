"""Writes the answer of a command: its data in one format, and one summary.

The rule it keeps: the data, stderr and the exit code all report what could not be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.head import head_from
from sa_tui.answers.problems import error_record, sentences
from sa_tui.base.secrets import redact
from sa_tui.cli.exits import MEANINGS, Exit, code_for
from sa_tui.cli.output import put_json, put_table
from sa_tui.cli.views import plain_fields, view

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from datetime import datetime

    from sa_tui.answers.head import Head
    from sa_tui.answers.problems import Problem
    from sa_tui.answers.records import Record
    from sa_tui.answers.report import Report
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.run import Run
    from sa_tui.cli.views import RecordColumn
    from sa_tui.org.snapshot import Snapshot


def head_of(env: Environment, snapshot: Snapshot, problems: Sequence[Problem] = ()) -> Head:
    """The head of an answer from a snapshot."""
    run = env.run
    run.organization = snapshot.organization.value
    return head_from(
        snapshot,
        command=run.command,
        profile=run.profile,
        problems=problems,
        warnings=tuple(run.warnings),
        source=run.source,
    )


def put_report(
    env: Environment,
    options: Namespace,
    report: Report,
    *,
    shown: Sequence[RecordColumn],
    now: datetime,
) -> None:
    """Writes an answer in the format that was asked for; `shown` are the columns of a table."""
    match options.output:
        case "json":
            put_json(env, report.record())
        case "csv":
            env.stdout.write(report.csv())
        case "md":
            env.stdout.write(report.markdown())
        case _ if options.all_columns:
            names = (*report.fields, *report.later)
            put_table(env, *view(plain_fields(names), report.flat, now), is_whole=True)
        case _:
            put_table(env, *view(shown, report.rows, now))


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
    head = run.head(organization=run.organization).record()
    put_json(env, head | {"complete": False, "error": error_record_of(run, code, error)})


def error_record_of(run: Run, code: int, error: Exception | None) -> Record:
    """Why a command did not end in 0, with stable names."""
    from sa_tui.konnect.errors import KonnectError

    konnect = error if isinstance(error, KonnectError) else None
    text = konnect.summary if konnect is not None else _message_of(error)
    return {
        "code": Exit(code).name.lower(),
        "exit_code": int(code),
        "message": " ".join(run.failures) or text or f"{MEANINGS[Exit(code)].capitalize()}.",
        "access_tokens": [token.record() for token in run.left_tokens],
        **error_record(konnect),
    }


def _message_of(error: Exception | None) -> str:
    """The message of an error, redacted and with its type if the error was not expected."""
    if error is None or code_for(error) is not None:
        return str(error or "")
    return redact(f"{type(error).__name__}: {error}")
