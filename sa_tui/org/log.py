"""What was asked of Konnect and what it answered, newest first; no bodies and no secrets.

Every change is kept, whatever became of it; readings only when they fail. Both are bounded.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import KW_ONLY, dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Literal

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.konnect.errors import KonnectError
from sa_tui.records.journal import JournalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sa_tui.konnect.models import Exchange
    from sa_tui.org.changes.change import Change, Outcome

ActionOutcome = Literal["done", "already", "failed", "unknown", "undone"]
"""As the status of a change; `undone`: it was done, and taken back since."""

_NOT_FOUND = 404

MAX_WRITES = 500
MAX_FAILED_READS = 100


@dataclass(frozen=True)
class LoggedAction:
    """One request, or one that was refused before it was sent.

    `title` says in words what was asked for; `status` is None when no answer came or nothing was
    sent. `undo` takes the action back exactly, where that can be done. `at` is when it was sent.
    """

    number: int
    _: KW_ONLY
    title: str
    method: str
    path: str
    at: datetime
    outcome: ActionOutcome
    message: str = ""
    status: int | None = None
    seconds: float | None = None
    trace: str | None = None
    profile: str = ""
    undo: Change | None = None

    @property
    def is_write(self) -> bool:
        """Whether it was to change something."""
        return self.method != "GET"

    def as_record(self) -> dict[str, object]:
        """The action as JSON can hold it; `seconds` to the millisecond."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "profile": self.profile,
            "title": self.title,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
            "trace": self.trace,
            "outcome": self.outcome,
            "message": self.message,
        }


class Asked:
    """Something that was asked for; gathers the requests that were made for it."""

    def __init__(self, log: ActionLog, title: str) -> None:
        self._log = log
        self.title = _title(title)
        self.sent: LoggedAction | None = None

    def came_to(self, outcome: Outcome) -> None:
        """Says of the newest request what became of the change; without one, of the change."""
        request = outcome.change.request
        before = self.sent or self._log.unsent(self.title, request.method, request.path)
        self._log.put(
            replace(before, outcome=outcome.status, message=outcome.message, undo=outcome.undo)
        )
        if outcome.is_good:
            self._log.took_back(outcome.change)

    def failed(self, error: KonnectError) -> None:
        """Notes why it came to nothing: not sent, or with an answer that cannot be used."""
        before = self.sent
        if before is None:
            method, _, path = error.request.partition(" ")
            before = self._log.unsent(self.title, method, path)
        after = replace(before, outcome=_without(error.outcome_unknown), message=str(error))
        if after != self.sent:
            self._log.put(after)


def _without(outcome_unknown: bool) -> ActionOutcome:
    """The outcome of a request without an answer that says what came of it."""
    return "unknown" if outcome_unknown else "failed"


def _title(text: str) -> str:
    """What was asked for, as it is shown and kept: on one line, and no longer than is read."""
    return one_line(text, limit=PROSE_LIMIT)


def _keep_nowhere(_: LoggedAction) -> None:
    """Writes nothing down."""


class ActionLog:
    """The actions of one run, over every profile that is opened in it.

    `keep` is given each change once it is answered and again when more is known of it; later
    versions have the same number. When it raises JournalError, `problem` says why.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        keep: Callable[[LoggedAction], None] = _keep_nowhere,
    ) -> None:
        self.reads = 0
        self.failed_reads = 0
        self.problem = ""
        self._now = now
        self._keep = keep
        self._profile = ""
        self._numbers = count(1)
        self._writes: dict[int, LoggedAction] = {}
        self._reads: dict[int, LoggedAction] = {}
        # Requests tell nothing of what they are made for; whoever awaits them knows.
        self._asked: ContextVar[Asked | None] = ContextVar("asked", default=None)

    @property
    def actions(self) -> tuple[LoggedAction, ...]:
        """What was done, the newest first."""
        both = (*self._writes.values(), *self._reads.values())
        return tuple(sorted(both, key=lambda action: action.number, reverse=True))

    def action(self, number: int) -> LoggedAction | None:
        """One action, unless it is too old to be held."""
        return self._writes.get(number) or self._reads.get(number)

    def begin(self, profile: str) -> None:
        """Goes over to another profile, in which nothing of the one before can be undone."""
        self._profile = profile
        self._writes = {
            number: replace(action, undo=None) for number, action in self._writes.items()
        }

    @contextmanager
    def asking(self, title: str) -> Iterator[Asked]:
        """Requests made meanwhile are made for this; a refusal to send is noted, and raised on."""
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
        """Notes a request and its answer, for the client to call."""
        is_read = exchange.method == "GET"
        self.reads += is_read
        asked = self._asked.get()
        # After a deletion, "not found" is the answer that was hoped for.
        is_wanted = exchange.error is None or (asked is not None and exchange.status == _NOT_FOUND)
        if is_read and is_wanted:
            return
        self.failed_reads += is_read
        words = "" if asked is None else asked.title
        action = LoggedAction(
            next(self._numbers),
            title=f"Read for: {words}" if is_read and words else words,
            method=exchange.method,
            path=exchange.path,
            at=self._now() - timedelta(seconds=exchange.seconds),
            outcome="done" if exchange.error is None else _without(exchange.outcome_unknown),
            message=exchange.error or "",
            status=exchange.status,
            seconds=exchange.seconds,
            trace=exchange.trace,
            profile=self._profile,
        )
        if asked is not None and not is_read:
            asked.sent = action
        self.put(action)

    def unsent(self, title: str, method: str, path: str) -> LoggedAction:
        """An action for which nothing was sent, not yet in the log."""
        return LoggedAction(
            next(self._numbers),
            title=title,
            method=method,
            path=path,
            at=self._now(),
            outcome="failed",
            profile=self._profile,
        )

    def put(self, action: LoggedAction) -> None:
        """Takes an action in, or more that is known of it; the oldest makes room."""
        held, most = (
            (self._writes, MAX_WRITES) if action.is_write else (self._reads, MAX_FAILED_READS)
        )
        held[action.number] = action
        if len(held) > most:
            del held[next(iter(held))]
        if action.is_write:
            self._write_down(action)

    def _write_down(self, action: LoggedAction) -> None:
        try:
            self._keep(action)
        except JournalError as error:  # what was done is done, written down or not
            self.problem = str(error)
        else:
            self.problem = ""

    def found_out(self, title: str, *, outcome: ActionOutcome, message: str) -> None:
        """Says what became of the newest request that was made for this, whose answer was lost."""
        for action in reversed(self._writes.values()):
            if action.title == _title(title):
                self.put(replace(action, outcome=outcome, message=message))
                return

    def took_back(self, change: Change) -> None:
        """Marks the action that this change has taken back, if it is one of these."""
        for action in self._writes.values():
            if action.undo is change.origin:
                self.put(replace(action, outcome="undone", undo=None))
                return
