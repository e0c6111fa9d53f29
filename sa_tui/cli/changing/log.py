"""Lists the changes that were sent from this machine, with what became of them; asks nobody."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sa_tui.access.query.language import show
from sa_tui.access.query.log_terms import LOG_FIELDS, matcher
from sa_tui.answers.head import Head
from sa_tui.answers.pages import log_report
from sa_tui.base.times import utc
from sa_tui.base.words import plural
from sa_tui.cli.answers import put_report
from sa_tui.cli.application import journal_directory
from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.columns import TextColumn
from sa_tui.cli.connections import action_log
from sa_tui.cli.exits import Exit, UsageError
from sa_tui.cli.finding import is_begin_of_id
from sa_tui.cli.reading.asking import parse_query
from sa_tui.cli.views import RecordColumn
from sa_tui.records.actions_file import FILE_NAME as ACTIONS_FILE
from sa_tui.records.journal import JournalError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Collection, Sequence

    from sa_tui.cli.environment import Environment
    from sa_tui.org.logged import LoggedAction

_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_ACCOUNT_IN_PATH = re.compile(r"/system-accounts/([^/]+)")

COLUMNS = (
    RecordColumn(key="id", column=TextColumn("ID"), show=lambda record, _: str(record["id"])),
    RecordColumn(key="at", column=TextColumn("TIME UTC"), show=lambda record, _: utc(record["at"])),
    RecordColumn(
        key="title",
        column=TextColumn("WHAT", shrinks_to=24),
        show=lambda record, _: record["title"] or f"{record['method']} {record['path']}",
    ),
    RecordColumn(
        key="outcome", column=TextColumn("OUTCOME"), show=lambda record, _: record["outcome"]
    ),
    RecordColumn(
        key="trace",
        column=TextColumn("TRACE ID", priority=1),
        show=lambda record, _: record["trace"] or "",
    ),
)


def run_log(options: Namespace, env: Environment) -> int:
    """Runs `sa-tui log`. Raises UsageError, or JournalError if the log cannot be read."""
    now = env.now()
    query = parse_query(options.query, fields=LOG_FIELDS)
    since = None if options.since is None else _moment(options.since, now)
    choice = ProfileChoice(options=options, env=env)
    named = getattr(options, "profile", None)
    with journal_directory(choice) as directory:
        log = action_log(directory / ACTIONS_FILE, now=env.now)
        actions: Sequence[LoggedAction] = log.earlier
        if log.problem:
            raise JournalError(log.problem)
    if named is not None:
        actions = [action for action in actions if action.profile == named]
    if options.account is not None:
        actions = _about(options.account, actions)
    if since is not None:
        actions = [action for action in actions if action.at >= since]
    is_meant = matcher(query, now=now)
    actions = [action for action in actions if is_meant(action)]
    head = Head(
        command=env.run.command,
        profile=named,
        read_at=now,
        warnings=tuple(env.run.warnings),
    )
    put_report(env, options, log_report(head, actions, query=show(query)), shown=COLUMNS, now=now)
    env.tell(plural(len(actions), "change"))
    return Exit.DONE


def _about(text: str, actions: Sequence[LoggedAction]) -> list[LoggedAction]:
    """The actions about an account, by its id or by a name that it had."""
    ids = {
        id for action in actions for id in _ids(action) if text == id or is_begin_of_id(text, id)
    }
    named = [action for action in actions if _names(action, text)]
    ids |= {id for action in named for id in _ids(action)}
    chosen = {action.number for action in named}
    return [
        action for action in actions if action.number in chosen or not ids.isdisjoint(_ids(action))
    ]


def _ids(action: LoggedAction) -> Collection[str]:
    """The ids of accounts that are known of an action."""
    undo = action.undo_plan.ids.get("account_id") if action.undo_plan is not None else None
    return {*_ACCOUNT_IN_PATH.findall(action.path), *([undo] if undo else [])}


def _names(action: LoggedAction, text: str) -> bool:
    """Whether the title or a changed name is about an account of this name."""
    values = (value for field in action.fields for value in (field.before, field.after))
    return f" {text} " in f" {action.title} " or text in values


def _moment(text: str, now: datetime) -> datetime:
    """The moment so long ago, or at the beginning of this day. Raises UsageError."""
    if match := re.fullmatch(r"(\d{1,5})([dhm])", text.strip()):
        return now - timedelta(**{_UNITS[match[2]]: int(match[1])})
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"--since: {text!r} is not a time: write 7d, 36h or 2026-11-23.") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
