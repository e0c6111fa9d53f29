"""Changes before and after: what will be sent, the operator's word, and what became of each.

Nothing is sent before it was shown and confirmed as it asks for; Enter alone sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import Horizontal, VerticalScroll

from sa_tui.base.words import plural
from sa_tui.org.changes.change import results_in_words
from sa_tui.ui.kit.clipboard import copy_text
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.guards import pass_again, text_to_type, with_warnings
from sa_tui.ui.kit.key_bar import KeyBar
from sa_tui.ui.kit.keys import main_key
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
_READ_ONLY = "This profile is read-only: nothing can be sent. w shows the requests, Esc leaves."


class ReviewDialog(Dialog["tuple[Outcome, ...]"]):
    """Shows changes, sends them when they are confirmed, and stays to show the results.

    Changes that ask for nothing are sent at once. One that asks for it is confirmed by typing its
    name, several by typing their number, any others by y. `preview` is told above them, such as
    what an account can do before and after; given as functions, it and the changes follow the
    snapshot, so that what is confirmed is what is on the page.
    Dismissed with the newest outcome of everything that was sent.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        main_key("y", "confirm", "Yes, send", "Send the changes", id="review.yes"),
        main_key("w,f2", "requests", "Requests", "Show them as curl", id="review.requests"),
        main_key("c", "copy", "Copy", "Copy the requests as curl", id="review.copy"),
        main_key("f", "retry", "Try again", "What may work by now", id="review.retry"),
        main_key("u", "undo", "Undo", "Take back what can be undone", id="review.undo"),
        main_key("escape,n,q", "close", "Close", "Back", id="review.close"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012 - Textual's own type

    def __init__(self, title: str, changes: Changes, *, preview: Preview = "") -> None:
        super().__init__()
        self._title = title
        self._preview = preview
        self._make = changes if callable(changes) else None
        self._changes: tuple[Change, ...] = () if callable(changes) else tuple(changes)
        self._outcomes: dict[str, Outcome] = {}
        self._before: list[Outcome] = []
        self._sent: dict[int, Outcome] = {}
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
            self._changes = tuple(self._make(self.host.snapshot))
        self._begin()

    def show(self, snapshot: Snapshot) -> None:
        """Makes the changes and what is told before them out of what is known now."""
        self._show_preview(snapshot)
        if self._is_sent or self._make is None:
            return
        told = [(each.title, each.level) for each in self._changes]
        # What is gone meanwhile stays: sending it tells so.
        self._changes = tuple(self._make(snapshot)) or self._changes
        if told != [(each.title, each.level) for each in self._changes]:
            self._list_changes()
            self._ask()

    def _show_preview(self, snapshot: Snapshot) -> None:
        if not self._is_sent:  # afterwards it tells what was, as it was confirmed
            preview = self._preview(snapshot) if callable(self._preview) else self._preview
            page = self.query_one("#preview", Static)
            if page.content != preview:  # what is the same need not cross the line again
                page.update(preview)
            self.query_one("#preview-page").display = bool(preview)

    def _begin(self) -> None:
        """Shows the changes as not yet sent; sends them if they ask for no word."""
        self._outcomes, self._is_sent = {}, False
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
        """Asks for the word that the changes want."""
        to_type = None if self.host.is_read_only else text_to_type(self._changes)
        self.query_one("#confirm-line").display = to_type is not None
        (self.query_one("#changes" if to_type is None else "#confirm")).focus()
        count = plural(len(self._changes), "change")
        if self.host.is_read_only:
            self.tell(_READ_ONLY)
        elif to_type is not None:
            many = f" (there are {count})" if len(self._changes) > 1 else ""
            text = f"To send, type {to_type}{many} and press Enter. F2 shows the requests."
            self.tell(text, tone="warn")
        else:
            self.tell(f"Send {count}? y sends, Esc leaves.", tone="warn")
        self.refresh_bindings()

    def _row(self, key: str) -> Sequence[Text | str]:
        change = self._changes[int(key)]
        what = change.title
        if self._shows_requests:
            what = f"{change.request.method} {change.request.path}"
        if (outcome := self._outcomes.get(key)) is None:
            return Text("·", style="quiet"), what, self._pending(int(key))
        mark, tone = MARKS[outcome.status]
        return Text(mark, style=tone), what, outcome.message

    def _pending(self, number: int) -> str:
        """What is to be said of a change that has no answer."""
        if not self._is_sent:
            return ""
        if not self.must_stay:
            return "not sent"
        return "sending…" if number == len(self._outcomes) else "waiting"

    @on(LineTable.Highlighted)
    def _show_full(self) -> None:
        """The change under the cursor in full, which a narrow column may have cut."""
        key = self.query_one(LineTable).cursor_key
        if key is None:
            return
        change, outcome = self._changes[int(key)], self._outcomes.get(key)
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
            return is_over and bool(self._repeatable())
        if action == "undo":
            return is_over and bool(self._undoable())
        return True

    def action_confirm(self) -> None:
        """Sends the changes that need no more than a yes."""
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
        key = str(len(self._outcomes))
        self._outcomes[key] = self._sent[id(outcome.change.origin)] = outcome
        self._tell_progress()
        self.when_ready(self._show_rows)

    def _show_rows(self) -> None:
        self.query_one(LineTable).redraw()
        self._show_full()

    def _tell_progress(self) -> None:
        count, answered = len(self._changes), len(self._outcomes)
        told = f"Sending… {answered} of {count} answered." if count > 1 else "Sending…"
        if answered == count:
            told = "All is answered. Reading again what it concerns…"
        elif answered < count - 1:  # else the last is under way, and nothing is left to stop
            told += " Stopping after this one." if self._is_stopping else " Esc stops."
        self.tell(told, tone="warn")

    def _ended(self) -> None:
        self.must_stay = ""
        self._tell_results()
        self.when_ready(self.refresh_bindings)
        self.when_ready(self._show_rows)

    def _tell_results(self) -> None:
        statuses = [each.status for each in self._outcomes.values()]
        unsent = len(self._changes) - len(statuses)
        keys = [self._word_for_retry()] if self._repeatable() else []
        keys = ["f shows what was not done"] if unsent else keys
        keys += ["u takes back"] if self._undoable() else []
        text = results_in_words(statuses, unsent=unsent)
        is_good = not unsent and set(statuses) <= {"done", "already"}
        self.tell(f"{text}. {'; '.join((*keys, 'Esc leaves'))}.", tone="good" if is_good else "bad")

    def show_wait(self, wait: str) -> None:
        if self.must_stay and wait:
            self.tell(wait, tone="warn")
        elif self.must_stay:
            self._tell_progress()

    def _repeatable(self) -> list[Change]:
        """What another attempt may bring about: not what would meet the same answer again."""
        again = [each.again for each in self._outcomes.values() if each.again is not None]
        return [*again, *self._changes[len(self._outcomes) :]]

    def _word_for_retry(self) -> str:
        if any(each.is_overtaken for each in self._outcomes.values()):
            return "f shows it as it is now"
        if all(each.may_be_so for each in self._repeatable()):
            return "f looks again"
        return "f sends what failed again"

    def _undoable(self) -> list[Change]:
        """What takes back the outcomes, the last first."""
        outcomes = (*self._before, *self._outcomes.values())
        return [each.undo for each in outcomes if each.undo is not None][::-1]

    def action_retry(self) -> None:
        """Shows what failed as it is now, to be confirmed and sent again."""
        self._before.extend(each for each in self._outcomes.values() if each.is_good)
        self._changes, self._make = tuple(self._repeatable()), None
        self._begin()
        self._show_preview(self.host.snapshot)

    def action_undo(self) -> None:
        """Shows what takes the changes back, to be confirmed and sent."""
        if (org := self.host.org) is not None:
            self.run_worker(self._undo(org, self._undoable()), group="undo", exclusive=True)

    async def _undo(self, org: Org, changes: Sequence[Change]) -> None:
        """Asks the guards once more: since then others may have made it another thing."""
        shown = self._outcomes
        passed = await pass_again(self.host, changes, org)
        if self._outcomes is not shown:  # other keys began something else meanwhile
            return
        if not passed.changes:
            self.tell(" ".join(("Nothing can be taken back.", *passed.left_out)))
            return
        self._changes, self._before, self._make = tuple(passed.changes), [], None
        self._preview = with_warnings("\n".join(passed.left_out), passed.cautions)
        self._begin()
        self._show_preview(self.host.snapshot)

    def action_copy(self) -> None:
        """Copies every request as curl, one a line."""
        self.run_worker(self._copy(), group="copy")

    async def _copy(self) -> None:
        text = "\n".join(map(self._as_curl, self._changes)) + "\n"
        if message := await copy_text(self.app, text, environ=self.host.dependencies.environ):
            count = plural(len(self._changes), "request")
            self.tell(f"{count} as curl: {message}", tone="good")
        else:
            self.tell("No way to a clipboard is known here: w shows each request.")

    def action_requests(self) -> None:
        """Shows the requests in place of words, the one under the cursor as curl; and back."""
        self._shows_requests = not self._shows_requests
        self.query_one(LineTable).redraw()
        self._show_full()

    def leave_soon(self) -> bool:
        """Sends nothing after the change under way; the next start asks about the rest."""
        self._is_stopping = True
        self.host.stop_sending(leaving=True)
        rest = len(self._changes) - len(self._outcomes) > 1
        more = "; the next start asks about the rest" if rest else ""
        self.tell(f"Leaving after the change under way{more}.", tone="warn")
        return True

    def action_close(self) -> None:
        """Back; while answers are still to come, stops after the change under way."""
        if self.must_stay and len(self._outcomes) >= len(self._changes) - 1:
            self.tell(self.must_stay, tone="warn")
        elif self.must_stay:
            self._is_stopping = True
            self.host.stop_sending()
            self._tell_progress()
        else:
            self.dismiss(tuple(self._sent.values()))
