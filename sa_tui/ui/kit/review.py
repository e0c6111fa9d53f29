"""Changes before and after: what will be sent, the confirmation, and the outcome of each.

Nothing is sent before it was shown and confirmed as its level asks; Enter alone sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import Horizontal, VerticalScroll

from sa_tui.base.words import plural
from sa_tui.ui.kit.clipboard import copy_text
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.guards import pass_again, text_to_type, with_warnings
from sa_tui.ui.kit.key_bar import KeyBar
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.results import Results
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.kit.table.table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.changes.change import Change, Outcome, Status
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Changes, Preview

COLUMNS = (
    Column("state", "", width=1),
    Column("what", "WHAT", width=30, grow=3),
    Column("result", "RESULT", width=16, grow=2),
)
MARKS: dict[Status, tuple[str, str]] = {
    "done": ("✓", "good"),
    "already": ("=", "quiet"),
    "failed": ("✗", "bad"),
    "unknown": ("?", "warn"),
}

_BEING_SENT = "The changes are being sent: wait for their results."
_READ_ONLY = "This profile is read-only: nothing can be sent. $ shows the requests, Esc leaves."


class ReviewDialog(Dialog["tuple[Outcome, ...]"]):
    """Shows changes, sends them when they are confirmed, and stays to show the results.

    Changes of level "none" are sent at once. One of level "type" is confirmed by typing its name,
    several by typing their number, any others by Y. `preview` is shown above them, such as what an
    account can do before and after. If it and the changes are functions, they follow the snapshot,
    so that what is confirmed is what is on the page.
    Dismissed with the newest outcome of every change that was sent.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.SEND, "confirm", "Yes, send", "Send the changes", name="review.yes"),
        bind(Means.REQUESTS, "requests", help="Show them as curl", name="review.requests"),
        bind(Means.COPY, "copy", help="Copy the requests as curl", name="review.copy", only="y"),
        bind(Means.RETRY, "retry", help="Send again what may work now", name="review.retry"),
        bind(Means.UNDO, "undo", help="Undo what can be undone", name="review.undo"),
        bind(Means.BACK, "close", "Close", "Back", name="review.close", only="escape,q"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012 - Textual's own type

    def __init__(self, title: str, changes: Changes, *, preview: Preview = "") -> None:
        super().__init__()
        self._title = title
        self._preview = preview
        self._make = changes if callable(changes) else None
        self._results = Results()
        if not callable(changes):
            self._results.replace(changes)
        self._shows_requests = False
        self._is_sent = False
        self._is_stopping = False

    # Drawing

    def compose(self) -> ComposeResult:
        yield Static(self._title, classes="title", markup=False)
        with VerticalScroll(id="preview-page"):
            yield Static(id="preview", markup=False)
        yield LineTable(COLUMNS, row=self._row, id="changes")
        with VerticalScroll(id="full-page"):
            yield Static(id="full", markup=False)
        yield Static(id="message", classes="message", markup=False)
        with Horizontal(id="confirm-line", classes="prompt-line"):
            yield Static(">", classes="prompt", markup=False)
            line = Input(id="confirm", compact=True)
            line.cursor_blink = False
            yield line
        yield KeyBar()

    def on_mount(self) -> None:
        if self._make is not None:
            self._results.replace(self._make(self.host.snapshot))
        self._begin()

    @property
    def _changes(self) -> tuple[Change, ...]:
        return self._results.changes

    def show(self, snapshot: Snapshot) -> None:
        """Makes the preview and the changes again from this snapshot."""
        self._show_preview(snapshot)
        if self._is_sent or self._make is None:
            return
        shown = [(change.title, change.level) for change in self._changes]
        # When nothing is left to change, the changes stay: sending them shows why.
        self._results.replace(tuple(self._make(snapshot)) or self._changes)
        if shown != [(change.title, change.level) for change in self._changes]:
            self._list_changes()
            self._ask()

    def _show_preview(self, snapshot: Snapshot) -> None:
        if not self._is_sent:  # after that it stays as it was confirmed
            preview = self._preview(snapshot) if callable(self._preview) else self._preview
            self.set_text("#preview", preview)
            self.query_one("#preview-page").display = bool(preview)

    def _begin(self) -> None:
        """Shows the changes as not yet sent; sends them if they need no confirmation."""
        self._is_sent = False
        self.query_one("#confirm", Input).value = ""
        self._list_changes()
        if self.host.is_read_only or any(change.level != "none" for change in self._changes):
            self._ask()
        else:
            self._send()

    def _list_changes(self) -> None:
        table = self.query_one(LineTable)
        table.set_keys(tuple(map(str, range(len(self._changes)))))
        table.styles.max_height = len(self._changes) + 1
        table.redraw()
        self._show_full()

    def _ask(self) -> None:
        """Asks for the confirmation that the changes need."""
        to_type = None if self.host.is_read_only else text_to_type(self._changes)
        self.query_one("#confirm-line").display = to_type is not None
        (self.query_one("#changes" if to_type is None else "#confirm")).focus()
        count = plural(len(self._changes), "change")
        if self.host.is_read_only:
            self.tell(_READ_ONLY)
        elif to_type is not None:
            number = f" (there are {count})" if len(self._changes) > 1 else ""
            text = f"To send, type {to_type}{number} and press Enter. F2 shows the requests."
            self.tell(text, tone="warn")
        else:
            self.tell(f"Send {count}? Y sends, Esc leaves.", tone="warn")
        self.refresh_bindings()

    def _row(self, key: str) -> Sequence[Text | str]:
        change = self._changes[int(key)]
        title = change.title
        if self._shows_requests:
            title = f"{change.request.method} {change.request.path}"
        if (outcome := self._results.outcome(int(key))) is None:
            return Text("·", style="quiet"), title, self._pending(int(key))
        mark, tone = MARKS[outcome.status]
        return Text(mark, style=tone), title, outcome.message

    def _pending(self, number: int) -> str:
        """The state of a change that has no outcome."""
        if not self._is_sent:
            return ""
        if not self.must_stay:
            return "not sent"
        return "sending…" if number == len(self._results.outcomes) else "waiting"

    @on(LineTable.Highlighted)
    def _show_full(self) -> None:
        """Shows the change under the cursor in full: a narrow column may cut it."""
        key = self.query_one(LineTable).cursor_key
        if key is None:
            return
        change, outcome = self._changes[int(key)], self._results.outcome(int(key))
        text = Text(self._as_curl(change) if self._shows_requests else change.title)
        if outcome is not None:
            text.append(f"\n{outcome.message}", style="bold")
        self.query_one("#full", Static).update(text)
        self.query_one("#full-page").scroll_home(animate=False)

    def _as_curl(self, change: Change) -> str:
        profile = self.host.profile
        return change.request.as_curl(profile.base_url if profile is not None else "")

    # Sending

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offers what makes sense before the sending, during it, and after."""
        is_over = self._is_sent and not self.must_stay
        if action == "confirm":
            if self._is_sent or text_to_type(self._changes) is not None:
                return False
            return None if self.host.is_read_only else True
        if action == "retry":
            return is_over and bool(self._results.repeatable)
        if action == "undo":
            return is_over and bool(self._results.undoable)
        return True

    def action_confirm(self) -> None:
        """Sends the changes that need no typing."""
        self._send()

    @on(Input.Submitted, "#confirm")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() == text_to_type(self._changes):
            self._send()
        else:
            self.tell(f"That is not {text_to_type(self._changes)}. Nothing was sent.")

    def _send(self) -> None:
        if self.host.org is None:
            self.tell("No organisation is open. Nothing was sent.")
            return
        self._is_sent = True
        self.add_class("-sent")
        self.must_stay, self._is_stopping = _BEING_SENT, False
        self.query_one("#confirm-line").display = False
        self.query_one(LineTable).focus()
        self.query_one(LineTable).redraw()
        self.show_wait(self.host.wait)
        self.refresh_bindings()
        self.host.carry_out(self._changes, on_outcome=self._arrived, on_end=self._ended)

    def _arrived(self, outcome: Outcome) -> None:
        self._results.add(outcome)
        self._tell_progress()
        self.when_ready(self._show_rows)

    def _show_rows(self) -> None:
        self.query_one(LineTable).redraw()
        self._show_full()

    def _tell_progress(self) -> None:
        count, answered = len(self._changes), len(self._results.outcomes)
        text = f"Sending… {answered} of {count} answered." if count > 1 else "Sending…"
        if answered == count:
            text = "All changes are answered. Reading again what they concern…"
        elif answered < count - 1:  # else the last is under way, and nothing is left to stop
            text += " Stopping after this one." if self._is_stopping else " Esc stops."
        self.tell(text, tone="warn")

    def _ended(self) -> None:
        self.must_stay = ""
        self.tell(self._results.summary(), tone="good" if self._results.is_good else "bad")
        self.when_ready(self.refresh_bindings)
        self.when_ready(self._show_rows)

    def show_wait(self, wait: str) -> None:
        if self.must_stay and wait:
            self.tell(wait, tone="warn")
        elif self.must_stay:
            self._tell_progress()

    def action_retry(self) -> None:
        """Shows the changes that can be tried again, to be confirmed and sent."""
        self._results.retry()
        self._make = None
        self._begin()
        self._show_preview(self.host.snapshot)

    def action_undo(self) -> None:
        """Shows the changes that undo the others, to be confirmed and sent."""
        if (org := self.host.org) is not None:
            self.run_worker(self._undo(org, self._results.undoable), group="undo", exclusive=True)

    async def _undo(self, org: Org, changes: Sequence[Change]) -> None:
        """Asks the guards again: others may have changed the same things since."""
        outcomes = self._results.outcomes
        passed = await pass_again(self.host, changes, org)
        if self._results.outcomes is not outcomes:  # another key has begun something else meanwhile
            return
        if not passed.changes:
            self.tell(" ".join(("Nothing can be taken back.", *passed.left_out)))
            return
        self._results.replace(passed.changes)
        self._make = None
        self._preview = with_warnings("\n".join(passed.left_out), passed.cautions)
        self._begin()
        self._show_preview(self.host.snapshot)

    def action_copy(self) -> None:
        """Copies every request as curl, one on each line."""
        self.run_worker(self._copy(), group="copy")

    async def _copy(self) -> None:
        text = "\n".join(map(self._as_curl, self._changes)) + "\n"
        if message := await copy_text(self.app, text, environ=self.host.dependencies.environ):
            count = plural(len(self._changes), "request")
            self.tell(f"{count} as curl: {message}", tone="good")
        else:
            self.tell("No clipboard can be reached from here: $ shows each request.")

    def action_requests(self) -> None:
        """Switches between titles and requests; the one under the cursor is shown as curl."""
        self._shows_requests = not self._shows_requests
        self.query_one(LineTable).redraw()
        self._show_full()

    def leave_soon(self) -> bool:
        """Sends nothing after the change under way; the next start asks about the rest."""
        self._is_stopping = True
        self.host.stop_sending(leaving=True)
        rest = "; the next start asks about the rest" if self._results.unanswered > 1 else ""
        self.tell(f"Leaving after the change under way{rest}.", tone="warn")
        return True

    def action_close(self) -> None:
        """Goes back; while changes are being sent, stops after the change under way."""
        if self.must_stay and self._results.unanswered <= 1:
            self.tell(self.must_stay, tone="warn")
        elif self.must_stay:
            self._is_stopping = True
            self.host.stop_sending()
            self._tell_progress()
        else:
            self.dismiss(self._results.newest)
