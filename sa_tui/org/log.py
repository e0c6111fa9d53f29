"""The requests to Konnect and their results, the newest first, without bodies and secrets.

Every change is kept, whatever its result; reads are kept only if they fail. Both are limited.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, TypedDict

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.konnect.errors import KonnectError
from sa_tui.org.logged import ActionOutcome, LoggedAction, from_record
from sa_tui.records.lines import DAMAGE, JournalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sa_tui.base.wire import JsonObject
    from sa_tui.konnect.models import Exchange
    from sa_tui.org.changes.change import Change, Outcome
    from sa_tui.org.snapshot import Snapshot

_NOT_FOUND = 404

MAX_WRITES = 500
MAX_FAILED_READS = 100


class _Where(TypedDict):
    profile: str
    organization: str
    organization_id: str | None
    operator: str


class Asked:
    """Something that was asked for, and the newest request that was sent for it."""

    def __init__(self, log: ActionLog, title: str) -> None:
        self._log = log
        self.title = _title(title)
        self.sent: LoggedAction | None = None

    def came_to(self, outcome: Outcome) -> None:
        """Notes the outcome of a change at its newest request, or without one."""
        request = outcome.change.request
        before = self.sent or self._log.unsent(self.title, request.method, request.path)
        self._log.put(
            replace(
                before,
                outcome=outcome.status,
                message=outcome.message,
                fields=outcome.change.fields,
                undo=outcome.undo,
            )
        )
        if outcome.is_good:
            self._log.took_back(outcome.change)

    def failed(self, error: KonnectError) -> None:
        """Notes why it failed: it was not sent, or its answer cannot be used."""
        before = self.sent
        if before is None:
            method, _, path = error.request.partition(" ")
            before = self._log.unsent(self.title, method, path)
        after = replace(before, outcome=_without(error.outcome_unknown), message=str(error))
        if after != self.sent:
            self._log.put(after)


def _without(outcome_unknown: bool) -> ActionOutcome:
    """The outcome of a request without a usable answer."""
    return "unknown" if outcome_unknown else "failed"


def _title(text: str) -> str:
    """The title as it is shown and kept, on one line and cut."""
    return one_line(text, limit=PROSE_LIMIT)


def _none_earlier() -> Sequence[JsonObject]:
    """Knows of no earlier run."""
    return ()


def _keep_nowhere(_: LoggedAction) -> None:
    """Keeps nothing on disk."""


class ActionLog:
    """The actions of one run, for every profile that is opened in it, and those of earlier runs.

    `earlier` gives the records of those, the newest first; they are read when they are first asked
    for. `now` is the clock that times the actions. `keep` is called with each change once it is
    answered, and again with the same number when more is known. When it raises JournalError,
    `problem` says why.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        keep: Callable[[LoggedAction], None] = _keep_nowhere,
        earlier: Callable[[], Sequence[JsonObject]] = _none_earlier,
    ) -> None:
        self.reads = 0
        self.failed_reads = 0
        self.problem = ""
        self.now = now
        self._keep = keep
        self._read_earlier = earlier
        self._earlier: dict[int, LoggedAction] | None = None
        self._organization: tuple[str, str | None] = ("", None)
        self._operator = ""
        self._profile = ""
        self._numbers = count(1)
        self._writes: dict[int, LoggedAction] = {}
        self._reads: dict[int, LoggedAction] = {}
        # A request does not know what it is sent for, but the task that awaits it does.
        self._asked: ContextVar[Asked | None] = ContextVar("asked", default=None)

    @property
    def actions(self) -> tuple[LoggedAction, ...]:
        """The actions, the newest first."""
        both = (*self._writes.values(), *self._reads.values())
        return tuple(sorted(both, key=lambda action: action.number, reverse=True))

    @property
    def earlier(self) -> tuple[LoggedAction, ...]:
        """The changes of earlier runs, the newest first; their numbers are below 0."""
        if self._earlier is None:
            self._earlier = {}
            try:
                records = self._read_earlier()
            except JournalError as error:
                self.problem = str(error)
                return ()
            for number, record in enumerate(records, 1):
                with suppress(*DAMAGE):
                    self._earlier[-number] = from_record(record, number=-number)
        return tuple(self._earlier.values())

    def action(self, number: int) -> LoggedAction | None:
        """The action with this number; None if it is too old."""
        if number < 0:
            return (self._earlier or {}).get(number)
        return self._writes.get(number) or self._reads.get(number)

    def begin(self, profile: str) -> None:
        """Begins another profile, in which changes of the one before cannot be undone."""
        self._profile, self._organization, self._operator = profile, ("", None), ""
        self._writes = {
            number: replace(action, undo=None) for number, action in self._writes.items()
        }

    def take_place(self, snapshot: Snapshot) -> None:
        """Takes from a snapshot in which organisation and by whom the next actions are."""
        organization, me = snapshot.organization.value, snapshot.me.value
        if organization is not None:
            self._organization = (organization.name or organization.id, organization.id)
        self._operator = (me.email or me.full_name or me.id) if me is not None else ""

    def remade(self, number: int, undo: Change) -> None:
        """Takes the change that undoes an action of an earlier run, made again."""
        if self._earlier is not None and (action := self._earlier.get(number)) is not None:
            self._earlier[number] = replace(action, undo=undo)

    @contextmanager
    def asking(self, title: str) -> Iterator[Asked]:
        """Inside, requests are logged under this title; a KonnectError is noted, and raised."""
        asked = Asked(self, title)
        before = self._asked.set(asked)
        try:
            yield asked
        except KonnectError as error:
            asked.failed(error)
            raise
        finally:
            self._asked.reset(before)

    def exchanged(self, exchange: Exchange) -> None:
        """Notes a request and its answer; the client calls it."""
        is_read = exchange.method == "GET"
        self.reads += is_read
        asked = self._asked.get()
        # After a deletion, "not found" is the expected answer.
        is_expected = exchange.error is None or (
            asked is not None and exchange.status == _NOT_FOUND
        )
        if is_read and is_expected:
            return
        self.failed_reads += is_read
        title = "" if asked is None else asked.title
        action = LoggedAction(
            next(self._numbers),
            title=f"Read for: {title}" if is_read and title else title,
            method=exchange.method,
            path=exchange.path,
            at=self.now() - timedelta(seconds=exchange.seconds),
            outcome="done" if exchange.error is None else _without(exchange.outcome_unknown),
            message=exchange.error or "",
            status=exchange.status,
            seconds=exchange.seconds,
            trace=exchange.trace,
            **self._where,
        )
        if asked is not None and not is_read:
            asked.sent = action
        self.put(action)

    def unsent(self, title: str, method: str, path: str) -> LoggedAction:
        """A new action for which nothing was sent; it is not in the log yet."""
        return LoggedAction(
            next(self._numbers),
            title=title,
            method=method,
            path=path,
            at=self.now(),
            outcome="failed",
            **self._where,
        )

    @property
    def _where(self) -> _Where:
        organization, organization_id = self._organization
        return {
            "profile": self._profile,
            "organization": organization,
            "organization_id": organization_id,
            "operator": self._operator,
        }

    def put(self, action: LoggedAction) -> None:
        """Adds an action, or replaces it; the oldest one is dropped."""
        actions, limit = (
            (self._writes, MAX_WRITES) if action.is_write else (self._reads, MAX_FAILED_READS)
        )
        actions[action.number] = action
        if len(actions) > limit:
            del actions[next(iter(actions))]
        if action.is_write:
            self._write_down(action)

    def _write_down(self, action: LoggedAction) -> None:
        try:
            self._keep(action)
        except JournalError as error:  # the action itself is done
            self.problem = str(error)
        else:
            self.problem = ""

    def found_out(
        self, title: str, *, outcome: ActionOutcome, message: str, destination: str = ""
    ) -> None:
        """Notes the outcome of the newest request with this title, whose answer was lost."""
        for action in reversed(self._writes.values()):
            if action.title == _title(title):
                went = destination or action.destination
                self.put(replace(action, outcome=outcome, message=message, destination=went))
                return

    def took_back(self, change: Change) -> None:
        """Marks the action that this change has undone, if it is one of these."""
        for action in (*self._writes.values(), *(self._earlier or {}).values()):
            if action.undo is change.origin:
                self._undone(replace(action, outcome="undone", undo=None, undo_plan=None))
                return

    def _undone(self, action: LoggedAction) -> None:
        if self._earlier is not None and action.number < 0:
            self._earlier[action.number] = action
            self._write_down(action)
        else:
            self.put(action)
