"""Rows that can be marked: one, up to here, all that are shown, or the others instead.

Marks are keys, so they stay with their rows when the filter or the order changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message
from textual.reactive import reactive

from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.table.drawn_lines import DrawnLines

if TYPE_CHECKING:
    from textual.binding import BindingType


@dataclass
class TableMessage(Message):
    """A message of a table."""

    table: MarkableLines

    @property
    def control(self) -> MarkableLines:
        """The table that sent the message, for `@on(…, "#id")`."""
        return self.table


class MarkableLines(DrawnLines):
    """Lines of keyed rows with marks, if they are `markable`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(means, action, help=words, name=f"table.{name}", only=only, in_footer=False)
        for means, action, name, only, words in (
            (Means.MARK, "mark", "mark", "", "Mark or unmark the row and move on"),
            (Means.MARK_TO, "mark_to", "mark-to", "M", "Mark from the last mark to here"),
            (Means.MARK_TO, "mark_by(-1)", "mark-up", "shift+up", "Mark this and the row above"),
            (Means.MARK_TO, "mark_by(1)", "mark-down", "shift+down", "Mark this and the row below"),
            (Means.MARK_ALL, "mark_all", "mark-all", "", "Mark all that the filter shows"),
            (Means.INVERT, "invert", "invert", "", "Mark what is not marked, and the reverse"),
        )
    ]

    @dataclass
    class Marked(TableMessage):
        """The operator marked or unmarked rows."""

        marks: frozenset[str]

    marks: reactive[frozenset[str]] = reactive(frozenset(), init=False, repaint=False)
    """The marked keys, also those that are not in the table at present."""

    markable = False
    _last_marked: str | None = None

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._order: dict[str, None] = {}

    @property
    def marks_in_order(self) -> tuple[str, ...]:
        """The marked keys in the order in which they were marked; several at once as listed."""
        return tuple(self._order)

    def watch_marks(self, before: frozenset[str], marks: frozenset[str]) -> None:
        for key in before - marks:
            self._order.pop(key, None)
        added = marks - before
        shown = (key for key in self.keys if key in added) if len(added) > 1 else ()
        self._order |= dict.fromkeys((*shown, *sorted(added)))
        self.redraw()
        if self.is_attached:
            self.screen.refresh_bindings()  # other keys matter while rows are marked

    # What a table is

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, in order."""
        raise NotImplementedError

    @property
    def cursor_key(self) -> str | None:
        """The key under the cursor, or None when the cursor is on no row."""
        raise NotImplementedError

    def action_move_by(self, rows: int) -> None:
        """Moves the cursor down, or up for a negative number."""
        raise NotImplementedError

    # What the operator does

    def action_mark(self) -> None:
        """Marks or unmarks the row under the cursor, and goes on to the next."""
        if (key := self.cursor_key) is not None:
            self._mark(self.marks ^ {key}, last=key)
            self.action_move_by(1)

    def action_mark_to(self) -> None:
        """Marks the rows from the last mark to the cursor."""
        if (key := self.cursor_key) is not None:
            first, last = sorted((self._place(self._last_marked or key), self._place(key)))
            self._mark(self.marks.union(self.keys[first : last + 1]), last=key)

    def action_mark_by(self, rows: int) -> None:
        """Marks the row under the cursor, and the one that the cursor moves to."""
        if (key := self.cursor_key) is not None:
            self.action_move_by(rows)
            self._mark(self.marks | {key, self.cursor_key or key}, last=self.cursor_key or key)

    def action_mark_all(self) -> None:
        """Marks all rows that are shown."""
        self._mark(self.marks.union(self.keys))

    def action_invert(self) -> None:
        """Marks the shown rows that are not marked, instead of those that are."""
        self._mark(self.marks.symmetric_difference(self.keys))

    def _place(self, key: str) -> int:
        """The place of a key; that of the cursor for one that is not shown."""
        keys = self.keys
        return keys.index(key if key in keys else self.cursor_key or keys[0])

    def _mark(self, marks: frozenset[str], *, last: str | None = None) -> None:
        self.marks, self._last_marked = marks, last
        self.post_message(self.Marked(self, marks))

    @property
    def hidden_marks(self) -> int:
        """How many of the marked rows are not shown."""
        return len(self.marks.difference(self.keys)) if self.marks else 0


def marked_words(*tables: MarkableLines) -> str:
    """How many rows are marked, and of them how many are not shown; empty without marks."""
    count = sum(len(table.marks) for table in tables)
    hidden = sum(table.hidden_marks for table in tables)
    of_them = f", {hidden:,} of them not shown" if hidden else ""
    return f"{count:,} marked{of_them}" if count else ""
