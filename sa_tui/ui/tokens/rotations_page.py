"""The page on which the successors of several tokens are issued, a line for each.

The rule it keeps: nothing is sent before Y, and nothing after a successor that did not end well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on

from sa_tui.base.words import plural
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.place import destination
from sa_tui.ui.kit.safe import Static, shown_line
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.tokens.delivering import RunningDelivery
from sa_tui.ui.tokens.issue_form import STAGES
from sa_tui.ui.tokens.issuing import acknowledge
from sa_tui.ui.tokens.rotating_many import rotate_many

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.issuing import Issued, Order, Stage
    from sa_tui.ui.tokens.rotating_many import Rotating

_COLUMNS = (
    Column("mark", "", width=2, tight=True),
    Column("account", "ACCOUNT", width=12, grow=1),
    Column("old", "OLD TOKEN", width=12, grow=1),
    Column("new", "SUCCESSOR", width=12, grow=1),
    Column("what", "PLACE, THEN RESULT", width=18, grow=2),
)
_UNDER_WAY = "Successors are being issued: Esc stops after the one under way."
_STOPPING = "Stopping after the one under way."
_TO_READ = "Read what became of them, then press Enter."
_NOT_KNOWN = "It is not known what became of it: look at the account's tokens."
_SETTLED = "No successor: it was revoked, or its answer was lost. The old token stays."


class RotationsPage(Dialog[bool]):
    """Dismissed with whether anything was sent; `remember` notes where the first one went."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.SEND, "confirm", help="Issue the successors", name="rotations.send"),
        bind(Means.OPEN, "done", "Done", "Leave", name="rotations.done"),
        bind(Means.BACK, "close", "Back", "Stop, or leave", only="escape,q"),
    ]
    DEFAULT_CSS: ClassVar[str] = """
    RotationsPage .desk { padding: 0 1; }
    RotationsPage LineTable { height: 1fr; min-height: 3; }
    RotationsPage #about { height: auto; max-height: 4; color: $text-muted; }
    RotationsPage .message { margin-top: 0; }
    """
    has_key_bar = True

    def __init__(
        self,
        rotating: Sequence[Rotating],
        *,
        idle_for: timedelta,
        notes: Sequence[str],
        remember: Callable[[], None],
    ) -> None:
        super().__init__()
        self._rotating = tuple(rotating)
        self._idle_for = idle_for
        self._notes = tuple(notes)
        self._remember = remember
        self._marks: dict[int, Text] = {}
        self._told: dict[int, str] = {}
        self._current: int | None = None
        self._is_stopping = False
        self._reason = ""
        self._entries: list[str] = []

    @property
    def crumb(self) -> str:
        return "Successors"

    def compose_body(self) -> ComposeResult:
        count = plural(len(self._rotating), "token")
        yield Static(f"Rotate {count}: a successor for each", classes="title", markup=False)
        yield Static(destination(self.host), id="place", markup=False)
        yield Static("\n".join(self._notes), id="notes", classes="warn", markup=False)
        yield LineTable(_COLUMNS, row=self._row, id="successors")
        yield Static(id="about", markup=False)
        yield RunningDelivery(monotonic=self.host.dependencies.monotonic)
        yield Static(id="message", classes="message", markup=False)

    def on_mount(self) -> None:
        self.query_one("#notes").display = bool(self._notes)
        table = self.query_one(LineTable)
        table.set_keys(tuple(map(str, range(len(self._rotating)))))
        table.focus()
        self._ask()

    def _row(self, key: str) -> Sequence[Text | str]:
        number = int(key)
        old, order = self._rotating[number].old, self._rotating[number].order
        mark = self._marks.get(number, Text("·", style="quiet"))
        told = self._told.get(number) or (order.place.describe() if order.place else "")
        return mark, old.account.name or old.account.id, old.token.name, order.name, told

    @on(LineTable.Highlighted)
    def _show_about(self) -> None:
        """Shows all of the line under the cursor: the place, and what happened."""
        key = self.query_one(LineTable).cursor_key
        if key is not None:
            place = self._rotating[int(key)].order.place
            told = self._told.get(int(key)) or (f"To {place.describe()}" if place else "")
            self.set_text("#about", shown_line(told))

    # Sending

    @property
    def _left(self) -> list[int]:
        """The successors that were not tried to be issued."""
        return [number for number in range(len(self._rotating)) if number not in self._marks]

    def _ask(self) -> None:
        count = plural(len(self._left), "successor")
        self.tell(f"Issue {count}, one after the other? Y sends, Esc leaves.", tone="warn")
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offers what makes sense before, during and after the sending."""
        if action == "confirm":
            return self._current is None and bool(self._left)
        if action == "done":
            return self._current is None and bool(self._marks)
        return True

    def action_confirm(self) -> None:
        """Issues what was not issued yet."""
        host = self.host
        if host.org is None or self._current is not None:
            return
        self._is_stopping = False
        self._current = self._left[0]  # a second Y must not begin a second run
        self.must_stay = _UNDER_WAY
        work = rotate_many(host, self._rotating, org=host.org, idle_for=self._idle_for, page=self)
        host.write("Rotate tokens", work, on_failure=self.failed)
        self.refresh_bindings()

    def begin_next(self) -> int | None:
        """The next to be issued; None at the end, or when the run has to stop."""
        if self._is_stopping or not self._left:
            return None
        self._current, self._reason = self._left[0], ""
        self._mark(Text("…", style="warn"))
        self.when_ready(self._follow)
        return self._current

    def _follow(self) -> None:
        self.query_one(LineTable).move_to(str(self._current))

    def finish(self, successor: Issued | None, problem: str) -> None:
        """Says what became of the one under way; unless all is well, it is the last."""
        delivery = successor.delivery if successor is not None else None
        is_delivered = delivery is not None and delivery.status == "delivered"
        if successor is not None and delivery is not None and is_delivered:
            self._entries.append(successor.entry)
            told = f"It works. {delivery.message}"
            if problem:
                told = f"NOT PROVEN, keep the old one. {problem} {delivery.message}"
        elif successor is not None:
            told = f"You took charge of it. {problem or 'It works.'}"
        else:
            told = self._reason or _SETTLED
        is_good = is_delivered and not problem
        self._is_stopping = self._is_stopping or not is_good
        self._tell_row(told, Text("✓", style="good") if is_good else Text("✗", style="bad"))

    def failed(self) -> None:
        """Says that it is not known what became of the one under way."""
        self.running.end()
        self._tell_row(_NOT_KNOWN, Text("?", style="warn"))
        self.ended()

    def ended(self) -> None:
        """Says how the run ended, and waits until that was read."""
        self._current = None
        self.must_stay = _TO_READ if self._entries else ""
        good = sum(mark.plain == "✓" for mark in self._marks.values())
        bad, left = len(self._marks) - good, len(self._left)
        text = f"{plural(good, 'successor')} issued, delivered and tried"
        text += f", {bad} not in order: read its line" if bad else ""
        text += f", {left} not sent: Y goes on with them" if left else ""
        self.tell(
            f"{text}. Old tokens stay until you retire them (R).", tone="bad" if bad else "good"
        )
        self.refresh_bindings()

    def _mark(self, mark: Text) -> None:
        if self._current is not None:
            self._marks[self._current] = mark
            self.when_ready(self._redraw)

    def _tell_row(self, told: str, mark: Text) -> None:
        if self._current is not None:
            self._told[self._current] = told
        self._mark(mark)

    def _redraw(self) -> None:
        self.query_one(LineTable).redraw()
        self._show_about()

    # As the page of an order

    @property
    def running(self) -> RunningDelivery:
        """The delivery under way."""
        return self.query_one(RunningDelivery)

    def reached(self, stage: Stage, order: Order) -> None:
        """Says how far the order under way has come."""
        place = "" if self._current is None else f"{self._current + 1} of {len(self._rotating)}: "
        if stage == "delivering" and order.place is not None:
            self.running.begin(order.place)
        stopping = " Stopping after this one." if self._is_stopping else ""
        self.tell(f"{place}{STAGES.get(stage, 'Delivering…')}{stopping}", tone="warn")

    def explain(self, reason: str) -> None:
        """Notes why the one under way has no successor."""
        self._reason = reason

    def remember(self) -> None:
        """Notes where the tokens go, to begin there the next time."""
        self._remember()

    async def settled(self) -> None:
        """Stays: there may be more of them."""

    def show_wait(self, wait: str) -> None:
        if self._current is not None and wait:
            self.tell(wait, tone="warn")

    # Leaving

    def leave_soon(self) -> bool:
        """Sends nothing after the one under way; what was sent is asked about by the next start."""
        if self._current is None:
            return False
        self._is_stopping = True
        self.tell("Leaving after the one under way.", tone="warn")
        return True

    def action_close(self) -> None:
        """Stops after the one under way, then its delivery; leaves when nothing is under way."""
        if self._current is None:
            self.action_done()
        elif not self._is_stopping:
            self._is_stopping = True
            self.tell(
                "Stopping after the one under way. Esc again stops its delivery.", tone="warn"
            )
        elif not self.running.ask_to_stop():
            self.tell("Stopping after the one under way.", tone="warn")

    @on(LineTable.Opened)
    def _opened(self) -> None:
        if self.check_action("done", ()):
            self.action_done()

    def action_done(self) -> None:
        """Leaves, and notes in the journal that the deliveries were seen."""
        acknowledge(self.host, self._entries)
        self._entries, self.must_stay = [], ""
        self.dismiss(bool(self._marks))
