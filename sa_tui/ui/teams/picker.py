"""The picker of memberships: on the left who could join, on the right who belongs.

It sends nothing itself: what is marked becomes changes, which are reviewed first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic

from textual import on
from textual.containers import Horizontal, Vertical

from sa_tui.base.words import plural
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.doubts import part_title
from sa_tui.ui.kit.filtering import Filter
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.ranking import marked, rank
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.kit.workers import DETAILS
from sa_tui.ui.teams import memberships
from sa_tui.ui.teams.pickers import Picking, RowT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.changes.change import Outcome
    from sa_tui.org.snapshot import Part, Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.teams.pickers import PickerChoice

COLUMNS = (
    Column("name", "NAME", width=18, grow=3),
    Column("note", "", width=10, grow=2),
)
NOTHING = "Nothing is marked. Space marks: on the left what joins, on the right what leaves."


class _Words(Input):
    """The filter; Space marks a row while the filter is empty."""

    def on_key(self, event: events.Key) -> None:
        if event.key == "space" and not self.value:
            event.prevent_default()  # does not type the space


_HEADS = 2
"""The lines above the rows of a side."""


class MembershipDialog(Dialog[None], Generic[RowT]):
    """Two columns to mark in, one filter for both; Enter goes on to the review."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.FILTER, "filter", help="Type to filter", name="pick.filter"),
        bind(Means.NEXT, "next", "Other side", "To the other side", name="pick.next"),
        bind(Means.RIGHT, "next", "Other side", name="pick.right", only="right"),
        bind(Means.PREVIOUS, "previous", help="To the side before", name="pick.previous"),
        bind(Means.LEFT, "previous", name="pick.left", only="left"),
        bind(Means.REFRESH, "read", help="Read both sides again", name="pick.refresh"),
        bind(
            Means.BACK,
            "cancel",
            "Cancel",
            "Leave without a change",
            name="pick.cancel",
            only="escape",
        ),
    ]
    DEFAULT_CSS: ClassVar[str] = """
    MembershipDialog .desk { padding: 0 2; }
    MembershipDialog .title { padding-bottom: 0; }
    MembershipDialog #sides { height: 1fr; margin-top: 1; }
    MembershipDialog #sides Vertical { width: 1fr; }
    MembershipDialog #available-side { margin-right: 1; }
    MembershipDialog .section { height: auto; max-height: 3; }
    MembershipDialog #warning { height: auto; max-height: 3; }
    MembershipDialog .message { margin-top: 0; max-height: 3; }
    """

    def __init__(self, picking: Picking[RowT]) -> None:
        super().__init__()
        self._picking = picking
        self._rows: dict[str, RowT] = {}
        self._choices: dict[str, PickerChoice] = {}
        self._filter = Filter(fields={})
        self._is_reading = True
        self._most_rows = 0

    # Drawing

    has_key_bar = True

    @property
    def crumb(self) -> str:
        return "Members"

    def compose_body(self) -> ComposeResult:
        yield Static(self._picking.title, classes="title", markup=False)
        yield Static(id="warning", classes="warn", markup=False)
        with Horizontal(id="pick-line", classes="prompt-line"):
            yield Static("/", classes="prompt", markup=False)
            line = _Words(placeholder="type to filter both sides", id="words", compact=True)
            line.cursor_blink = False
            yield line
        with Horizontal(id="sides"):
            with Vertical(id="available-side"):
                yield Static(id="available-title", classes="section", markup=False)
                yield LineTable(COLUMNS, row=self._row, markable=True, id="available")
            with Vertical():
                yield Static(id="joined-title", classes="section", markup=False)
                yield LineTable(COLUMNS, row=self._row, markable=True, id="joined")
        yield Static(id="message", classes="message", markup=False)

    def on_mount(self) -> None:
        self.query_one("#words", Input).focus()
        self.action_read()

    @property
    def _available(self) -> LineTable:
        return self.query_one("#available", LineTable)

    @property
    def _joined(self) -> LineTable:
        return self.query_one("#joined", LineTable)

    def _row(self, key: str) -> Sequence[Text | str]:
        choice = self._choices.get(key)
        if choice is None:
            return ("(gone)", "")
        words = self._filter.words
        return marked(choice.name, words), marked(choice.note, words, style="quiet")

    def show(self, snapshot: Snapshot) -> None:
        everybody, belonging = self._picking.parts(snapshot)
        joined = {row.id: row for row in belonging.rows}
        others = everybody.rows
        # Until it is known who belongs, it is not known who does not.
        available = {row.id: row for row in others if row.id not in joined}
        if belonging.is_unread:
            available = {}
        self._rows = {**available, **joined}
        self._choices = {key: self._picking.choice(row) for key, row in self._rows.items()}
        self._fill(self._available, tuple(available), everybody, belonging)
        self._fill(self._joined, tuple(joined), belonging, belonging)
        self.set_text("#available-title", part_title("Available", everybody, count=len(available)))
        self.set_text("#joined-title", part_title("Joined", belonging))
        self._fit(len(available), len(joined))
        warning = self._picking.warning(snapshot)
        self.set_text("#warning", warning)
        self.query_one("#warning").display = bool(warning)
        self._tell_marks()

    def _fit(self, *counts: int) -> None:
        """Makes the sides as high as their rows, and never lower than before."""
        self._most_rows = max(self._most_rows, *counts)
        if not self._is_reading and self._most_rows:
            self.query_one("#sides").styles.max_height = self._most_rows + _HEADS

    def _fill(
        self, table: LineTable, keys: tuple[str, ...], part: Part[object], belonging: Part[object]
    ) -> None:
        words = self._filter.words

        def place(key: str) -> tuple[int, str]:
            name = self._choices[key].name
            return rank(name, words), name.casefold()

        ordered = sorted(keys, key=place)
        rows = [(key, self._choices[key].haystack) for key in ordered]
        table.marks = table.marks & frozenset(keys)
        table.set_keys(self._filter.keep_words(rows))
        if part.value is None or belonging.is_unread:
            error = part.error or belonging.error
            table.set_message(f"Not known: {error}" if error else "Reading…")
        else:
            table.set_message("None matches the filter." if keys else "None.")
        table.redraw()

    def _tell_marks(self) -> None:
        join, leave = len(self._available.marks), len(self._joined.marks)
        if join or leave:
            verb = f"{plural(join, 'joins', 'join')}, {plural(leave, 'leaves', 'leave')}"
            self.tell(f"{verb}. Enter reviews; nothing is sent before.", tone="warn")
        else:
            again = " Reading again…" if self._is_reading else ""
            self.tell(f"Space marks many, Tab changes side, Enter reviews.{again}", tone="hint")

    # What the operator does

    def action_read(self) -> None:
        """Reads both sides again."""
        if (org := self.host.org) is not None:
            self._is_reading = True
            self.app.run_worker(self._read(org), group=DETAILS)

    async def _read(self, org: Org) -> None:
        try:
            await self._picking.read(org)
        finally:
            self._is_reading = False
            if self.is_ready:  # on leaving, the tables are removed before the dialog
                self._fit(self._most_rows)
                self._tell_marks()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves letters to the filter while it is typed in."""
        return not (action in ("read", "filter") and isinstance(self.focused, Input))

    @on(Input.Changed, "#words")
    def _words_changed(self, event: Input.Changed) -> None:
        if self._filter.set(event.value):
            self.show(self.host.snapshot)
            for table in (self._available, self._joined):
                table.move_to(next(iter(table.keys), ""))  # the best match
        if self._filter.error is not None:
            self.tell(str(self._filter.error), tone="warn")

    def action_filter(self) -> None:
        """Goes to the filter."""
        self.query_one("#words", Input).focus()

    def action_next(self) -> None:
        """Goes to the other side, or from the filter to what it leaves."""
        if isinstance(self.focused, Input):
            self._first_side.focus()
        else:
            (self._joined if self.focused is self._available else self._available).focus()

    @property
    def _first_side(self) -> LineTable:
        """The side to go to from the filter: the left, unless the filter leaves nothing there."""
        has_found = self._available.keys or not self._joined.keys
        return self._available if has_found else self._joined

    def action_previous(self) -> None:
        """Goes back to the left side, or to the filter."""
        if self.focused is self._joined:
            self._available.focus()
        else:
            self.action_filter()

    def on_key(self, event: events.Key) -> None:
        if isinstance(self.focused, Input) and event.key in ("down", "pagedown", "space"):
            event.stop()
            self._first_side.focus()
            if event.key == "space":
                self._first_side.action_mark()

    @on(LineTable.Marked)
    def _marked(self) -> None:
        self._tell_marks()

    @on(Input.Submitted, "#words")
    @on(LineTable.Opened)
    def _review(self) -> None:
        """Goes on to the review of everything that is marked."""
        joining = self._chosen(self._available)
        leaving = self._chosen(self._joined)
        moves = self._picking.moves(joining, leaving, self.host.snapshot)
        if reason := memberships.why_not_move(self.host, moves):
            self.tell(reason)
        elif joining or leaving:
            self._picking.review(self.host, moves, self._reviewed)
        elif isinstance(self.focused, Input):
            self.action_next()
        else:
            self.tell(NOTHING, tone="warn")

    def _chosen(self, table: LineTable) -> list[RowT]:
        """The marked rows, even those that the filter hides."""
        return [self._rows[key] for key in table.marks_in_order if key in self._rows]

    def _reviewed(self, outcomes: tuple[Outcome, ...] | None) -> None:
        if outcomes and all(outcome.is_good for outcome in outcomes):
            self.dismiss()

    def action_cancel(self) -> None:
        """Leaves without a change."""
        self.dismiss()
