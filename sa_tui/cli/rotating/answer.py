"""Writes what a run did: a table or JSON, one line when nothing was due, and the receipt."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import sa_tui
from sa_tui.answers.formats import json_text
from sa_tui.answers.head import organization_record
from sa_tui.answers.problems import Problem, ProblemSubject
from sa_tui.base.times import utc
from sa_tui.base.words import plural
from sa_tui.cli.answers import head_of, put_facts
from sa_tui.cli.columns import TextColumn
from sa_tui.cli.exits import Exit
from sa_tui.cli.output import put_table

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sa_tui.answers.problems import What
    from sa_tui.answers.records import Record
    from sa_tui.cli.rotating.results import Result
    from sa_tui.cli.rotating.running import Running

_COLUMNS = (
    TextColumn("ROTATION", shrinks_to=8),
    TextColumn("ACCOUNT", shrinks_to=12),
    TextColumn("TOKEN", shrinks_to=10),
    TextColumn("DUE"),
    TextColumn("STATUS"),
    TextColumn("WHY", shrinks_to=20),
)


_DONE = {"issue": "issued", "revoke": "revoked", "retire": "retired", "remove": "removed"}
_WORDS = {"alarm": "to look at", "unread": "not read", "unproven": "not proven"}


def put_answer(running: Running, path: Path) -> None:
    """Writes what was done, or would be."""
    duty = running.duty
    env, options = duty.env, duty.options
    if options.output == "json":
        _put_json(running, path)
        return
    is_dry = duty.lease is None
    shown = [each for each in running.results if is_dry or each.status != "waiting"]
    if shown:
        put_table(env, _COLUMNS, [_row(result) for result in shown])
    for result in shown:
        if result.request is not None:
            env.put(result.request.as_curl(duty.profile.base_url))
    line = _summary(running)
    (env.tell if shown else env.put)(line)
    if is_dry:
        env.tell("Nothing was sent: this is a dry run.")


def _row(result: Result) -> tuple[str, ...]:
    return (
        result.rotation,
        result.account.name if result.account else "",
        result.token.name if result.token else "",
        f"{result.action} {result.successor.name}" if result.successor else result.action,
        result.status,
        f"{result.reason} {result.message}".strip(),
    )


def _word(result: Result) -> str:
    if result.status == "done":
        return _DONE[result.action]
    return _WORDS.get(result.status, result.status)


def _summary(running: Running) -> str:
    """The run in one line."""
    counts = Counter(map(_word, running.results))
    tokens = plural(len(running.families), "token")
    parts = [f"{tokens} in {plural(len(running.duty.policies), 'rotation')}"]
    parts += [f"{count} {word}" for word, count in counts.items()]
    if running.not_tried:
        parts.append(f"{running.not_tried} not tried")
    if running.next_at is not None:
        parts.append(f"the next is due {utc(running.next_at)}")
    nothing = "" if set(counts) - {"waiting"} else "Nothing is due: "
    return f"{nothing}{', '.join(parts)}."


def _put_json(running: Running, path: Path) -> None:
    duty = running.duty
    requests = [result.request for result in running.results if result.request is not None]
    base_url = duty.profile.base_url
    facts: Record = {
        "dry_run": duty.lease is None,
        "path": str(path),
        "tokens": len(running.families),
        "not_tried": running.not_tried,
        "next_due_at": running.next_at,
        "results": [result.record() for result in running.results],
        "requests": [
            {
                "method": request.method,
                "path": request.path,
                "body": request.body,
                "curl": request.as_curl(base_url),
            }
            for request in requests
        ],
    }
    head = head_of(duty.env, duty.org.snapshot, _problems(running))
    put_facts(duty.env, head, facts)


def _problems(running: Running) -> list[Problem]:
    """What could not be read, or was not proven."""
    problems = []
    for result in running.results:
        if result.code != Exit.INCOMPLETE:
            continue
        what: What = "proof" if result.status == "unproven" else "access_tokens"
        subject = None
        if result.account is not None:
            subject = ProblemSubject("system_account", result.account.id, result.account.name)
        text = f"{result.reason} {result.message}".strip()
        problems.append(Problem(what=what, reason=text, subject=subject, error=result.error))
    return problems


def receipt_of(running: Running, path: Path, *, begun_at: datetime, code: int, failure: str) -> str:
    """The run as one line of JSON; what only waits is counted."""
    duty = running.duty
    told = [result.record() for result in running.results if result.status != "waiting"]
    record: Record = {
        "schema_version": 1,
        "program": {"name": "sa-tui", "version": sa_tui.__version__},
        "command": duty.env.run.command,
        "begun_at": begun_at,
        "ended_at": duty.org.now(),
        "profile": duty.profile.name,
        "organization": organization_record(duty.org.snapshot.organization.value),
        "path": str(path),
        "tokens": len(running.families),
        "waiting": len(running.results) - len(told),
        "not_tried": running.not_tried,
        "results": told,
        "exit_code": int(code),
        "error": failure or None,
    }
    return json_text(record, one_line=True, is_ascii=True)
