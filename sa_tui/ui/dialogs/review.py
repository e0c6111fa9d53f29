"""Changes before and after: what will be sent, the operator's word, and what became of each.

Nothing is sent before it was shown; Enter alone sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Footer, Input, Static

from sa_tui.ui.dialogs.dialog import Dialog
from sa_tui.ui.format import plural
from sa_tui.ui.widgets.table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.changes import Change, Outcome, Status
    from sa_tui.org.snapshot import Snapshot

    Preview = Text | str | Callable[[Snapshot], Text]

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


class ReviewDialog(Dialog["tuple[Outcome, ...]"]):
    """Shows changes, sends them when they are confirmed, and stays to show the results.

    One change that asks for it is confirmed by typing its name, several by typing their number.
    `preview` is told above them, such as what an account can do before and after; given as a
    function, it follows the snapshot. Dismissed with the outcomes of what was sent last.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "confirm", "Yes, send", tooltip="Send the changes", id="review.yes"),
        Binding("w", "requests", "Requests", tooltip="Show them as curl", id="review.requests"),
        Binding("f", "retry", "Retry failed", tooltip="Send what failed again", id="review.retry"),
        Binding("u", "undo", "Undo", tooltip="Take back what can be undone", id="review.undo"),
        Binding("escape,n,q", "close", "Close", tooltip="Back", id="review.close"),
    ]

    def __init__(self, title: str, changes: Sequence[Change], *, preview: Preview = "") -> None:
        super().__init__()
        self._title = title
        self._preview = preview
        self._changes = tuple(changes)
        self._outcomes: dict[str, Outcome] = {}
        self._shows_requests = False
        self._is_sent = False

    # Drawing

    def compose(self) -> ComposeResult:
        yield Static(self._title, classes="title", markup=False)
        yield Static(id="preview", markup=False)
        yield LineTable(COLUMNS, row=self._row, id="changes")
        yield Static(id="full", markup=False)
        yield Static(id="message", classes="message", markup=False)
        with Horizontal(id="confirm-line", classes="prompt-line"):
            yield Static(">", classes="prompt", markup=False)
            line = Input(id="confirm", compact=True)
            line.cursor_blink = False
            yield line
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self._begin()
        self.watch(self.app, "wait", self._waiting, init=False)
        self.watch(self.app, "snapshot", self._show_preview)

    def _show_preview(self, snapshot: Snapshot) -> None:
        if not self._is_sent:  # afterwards it tells what was, as it was confirmed
            preview = self._preview(snapshot) if callable(self._preview) else self._preview
            self.query_one("#preview", Static).update(preview)

    def _begin(self) -> None:
        """Shows the changes as not yet sent."""
        self._outcomes, self._is_sent = {}, False
        self.query_one(LineTable).set_keys(tuple(map(str, range(len(self._changes)))))
        self.query_one(LineTable).refresh_rows()
        has_to_type = self._text_to_type() is not None
        self.query_one("#confirm-line").display = has_to_type
        self.query_one("#confirm", Input).value = ""
        if has_to_type:
            self.query_one("#confirm", Input).focus()
            self.tell(f"To send, type {self._text_to_type()} and press Enter.", tone="warn")
        else:
            self.query_one(LineTable).focus()
            count = plural(len(self._changes), "change")
            self.tell(f"Send {count}? y sends, Esc leaves.", tone="warn")
        self.refresh_bindings()

    def _text_to_type(self) -> str | None:
        """What has to be typed to confirm, or None when y is enough."""
        typed = [change for change in self._changes if change.level == "type"]
        if not typed:
            return None
        return typed[0].confirm_text if len(self._changes) == 1 else str(len(self._changes))

    def _row(self, key: str) -> Sequence[Text | str]:
        change = self._changes[int(key)]
        what = change.title
        if self._shows_requests:
            what = f"{change.request.method} {change.request.path}"
        if (outcome := self._outcomes.get(key)) is None:
            return Text("·", style="quiet"), what, "sending…" if self._is_sent else ""
        mark, tone = MARKS[outcome.status]
        return Text(mark, style=tone), what, outcome.message

    @on(LineTable.Highlighted)
    def _show_full(self) -> None:
        """The change under the cursor in full, which a narrow column may have cut."""
        key = self.query_one(LineTable).cursor_key
        if key is None:
            return
        change, outcome = self._changes[int(key)], self._outcomes.get(key)
        text = change.title
        if self._shows_requests and self.sa_tui.profile is not None:
            text = change.request.as_curl(self.sa_tui.profile.base_url)
        self.query_one("#full", Static).update(f"{text}\n{outcome.message if outcome else ''}")

    # Sending

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offers what makes sense before the sending, during it, and after."""
        is_over = len(self._outcomes) == len(self._changes)
        if action == "confirm":
            return not self._is_sent and self._text_to_type() is None
        if action == "retry":
            return is_over and bool(self._failed())
        if action == "undo":
            return is_over and bool(self._undoable())
        return True

    def action_confirm(self) -> None:
        """Sends the changes that need no more than a yes."""
        self._send()

    @on(Input.Submitted, "#confirm")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() == self._text_to_type():
            self._send()
        else:
            self.tell(f"That is not {self._text_to_type()}. Nothing was sent.")

    def _send(self) -> None:
        self._is_sent = True
        self.must_stay = "The changes are being sent: wait for their results."
        self.query_one("#confirm-line").display = False
        self.query_one(LineTable).focus()
        self.query_one(LineTable).refresh_rows()
        self.tell("Sending…", tone="warn")
        self.refresh_bindings()
        self.sa_tui.carry_out(self._changes, on_outcome=self._arrived, on_end=self._ended)

    def _arrived(self, outcome: Outcome) -> None:
        key = str(len(self._outcomes))
        self._outcomes[key] = outcome
        self.query_one(LineTable).refresh_rows()
        self.tell(f"{len(self._outcomes)} of {len(self._changes)} sent…", tone="warn")

    def _ended(self) -> None:
        self.must_stay = ""
        failed = len(self._failed())
        done = f"{plural(len(self._changes) - failed, 'change')} done"
        if failed:
            self.tell(f"{done}, {failed} not. f sends those again; Esc leaves.")
        else:
            self.tell(f"{done}. Esc leaves.", tone="good")
        self.refresh_bindings()
        self._show_full()

    def _waiting(self, wait: str) -> None:
        if wait and self.must_stay:
            self.tell(wait, tone="warn")

    def _failed(self) -> list[Change]:
        return [each.change for each in self._outcomes.values() if not each.is_good]

    def _undoable(self) -> list[Change]:
        """What takes back the outcomes, the last first."""
        undos = [each.undo for each in self._outcomes.values() if each.undo is not None]
        return undos[::-1]

    def action_retry(self) -> None:
        """Shows what failed, to be confirmed and sent again."""
        self._changes = tuple(self._failed())
        self._begin()

    def action_undo(self) -> None:
        """Shows what takes the changes back, to be confirmed and sent."""
        self._changes = tuple(self._undoable())
        self._begin()

    def action_requests(self) -> None:
        """Shows the requests in place of words, the one under the cursor as curl; and back."""
        self._shows_requests = not self._shows_requests
        self.query_one(LineTable).refresh_rows()
        self._show_full()

    def action_close(self) -> None:
        """Back, unless answers are still to come."""
        if self.must_stay:
            self.tell(self.must_stay, tone="warn")
        else:
            self.dismiss(tuple(self._outcomes.values()))
