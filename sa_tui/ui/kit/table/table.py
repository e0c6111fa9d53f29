"""The one table: it draws the lines that are seen, when they are seen, and sends only what changed.

It holds keys, never rows: each cell is asked for at the moment its line is drawn. After a change
the lines on the screen are drawn again in memory, and only those that differ go to the terminal.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from sa_tui.ui.kit.keys import more_key
from sa_tui.ui.kit.table.cells import Column, Place, lay_out, place_at
from sa_tui.ui.kit.table.drawn_lines import DrawnLines
from sa_tui.ui.kit.table.lines import MARK_WIDTH, PARTS, STYLES, TONES, Brush, thrifty
from sa_tui.ui.kit.table.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.text import Text
    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Size

__all__ = ["TONES", "Column", "LineTable"]

_THUMB = "┃"
_VISIBLE_MARGIN = 4
_WHEEL_LINES = 3


@dataclass
class _TableMessage(Message):
    table: LineTable

    @property
    def control(self) -> LineTable:
        """The table that sent the message, for `@on(…, "#id")`."""
        return self.table


class LineTable(DrawnLines, can_focus=True):
    """A list of keyed rows under a fixed header, with a cursor that stays on its key.

    `row(key)` gives one cell per column. A `str` cell is shown as it is, never parsed as markup; a
    `Text` cell may use the names in `TONES` as styles.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = set(PARTS)
    DEFAULT_CSS = STYLES
    BINDINGS: ClassVar[list[BindingType]] = [
        more_key(keys, action, label, tooltip, id=f"table.{name}")
        for name, keys, action, label, tooltip in (
            ("up", "up,k", "move_by(-1)", "Up", "Move up one row"),
            ("down", "down,j", "move_by(1)", "Down", "Move down one row"),
            ("page-up", "pageup,ctrl+u", "move_pages(-1)", "Page up", "Move up one screen"),
            ("page-down", "pagedown,ctrl+f", "move_pages(1)", "Page down", "Move down one screen"),
            ("first", "home,g", "move_first", "First", "Move to the first row"),
            ("last", "end,G", "move_last", "Last", "Move to the last row"),
            ("open", "enter", "open", "Open", "Open the row under the cursor"),
            ("mark", "space", "mark", "Mark", "Mark or unmark the row and move on"),
        )
    ]

    @dataclass
    class Highlighted(_TableMessage):
        """The cursor is on another key, or on none because the table is empty."""

        key: str | None

    @dataclass
    class Opened(_TableMessage):
        """Enter, or a double click, on a row."""

        key: str

    @dataclass
    class SortRequested(_TableMessage):
        """The operator asked for an order; whoever fills the table sorts and sets `sort`."""

        column_key: str
        reverse: bool

    @dataclass
    class VisibleChanged(_TableMessage):
        """Other keys are on the screen than before, a few above and below it included."""

        keys: tuple[str, ...]

    @dataclass
    class Marked(_TableMessage):
        """The operator marked or unmarked a row."""

        marks: frozenset[str]

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        row: Callable[[str], Sequence[Text | str]],
        markable: bool = False,
        empty: Text | str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.columns = tuple(columns)
        self.markable = markable
        self._row = row
        self._empty = empty
        self._message: Text | str | None = None
        self._window = Window()
        self._sort: tuple[str, bool] | None = None
        self._marks: frozenset[str] = frozenset()
        self._brush = Brush(self, markable)
        self._gutter = MARK_WIDTH if markable else 0
        self._places: list[Place] = []
        self._cell: str | None = None
        self._last_highlighted: str | None = None
        self._last_visible: tuple[str, ...] = ()

    # What the table holds

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, in order."""
        return self._window.keys

    @property
    def cursor_key(self) -> str | None:
        """The key under the cursor, or None when there is none or nothing was chosen."""
        return self._window.cursor_key

    @property
    def visible_keys(self) -> tuple[str, ...]:
        """The keys on the screen and a few above and below it."""
        return self._window.seen(margin=_VISIBLE_MARGIN)

    @property
    def sort(self) -> tuple[str, bool] | None:
        """The column that the rows are ordered by and whether in reverse, as the header shows."""
        return self._sort

    @sort.setter
    def sort(self, sort: tuple[str, bool] | None) -> None:
        if sort != self._sort:
            self._sort = sort
            self.redraw()

    @property
    def marks(self) -> frozenset[str]:
        """The marked keys, also those that are not in the table at present."""
        return self._marks

    @marks.setter
    def marks(self, marks: frozenset[str]) -> None:
        if marks != self._marks:
            self._marks = marks
            self.redraw()

    @property
    def cell(self) -> str | None:
        """The column whose cell is set apart in the row under the cursor."""
        return self._cell

    @cell.setter
    def cell(self, column_key: str | None) -> None:
        if column_key != self._cell:
            self._cell = column_key
            self.redraw()

    def set_columns(
        self,
        columns: Sequence[Column],
        keys: Sequence[str] | None = None,
        *,
        row: Callable[[str], Sequence[Text | str]] | None = None,
    ) -> None:
        """Replace the columns and what depends on them: the keys, and what gives cells for them.

        `row` must go by these columns alone: whatever else it asked might have changed by then.
        """
        self.columns = tuple(columns)
        self._row = row or self._row
        self._lay_out()
        self.set_keys(self.keys if keys is None else keys)

    @property
    def _said(self) -> Text | str:
        return self._empty if self._message is None else self._message

    def set_keys(self, keys: Sequence[str]) -> None:
        """Replace the content; keys are unique.

        The cursor returns to the key that the operator last chose, else stays on its key, else
        in its place, and on its line of the screen.
        """
        self._window.replace(keys)
        self._show()

    def set_message(self, message: Text | str | None) -> None:
        """Say something in place of the rows while there are none; None says `empty` again."""
        self._message = message
        self.redraw()

    def move_to(self, key: str) -> bool:
        """Put the cursor on a key, now or as soon as the key arrives; True when it is there."""
        with self._moving():
            return self._window.choose(key)

    def choose_nothing(self) -> None:
        """Take the cursor off the rows until the operator moves it."""
        self._window.choose_nothing()
        self._show()

    # What the operator does

    def action_move_by(self, rows: int) -> None:
        """Move the cursor down, or up for a negative number."""
        self._move(self._window.cursor + rows)

    def action_move_pages(self, pages: int) -> None:
        """Move the cursor and the view by screenfuls."""
        rows = pages * self._window.page
        self._move(self._window.cursor + rows, scroll=rows)

    def action_move_first(self) -> None:
        """Move the cursor to the first row."""
        self._move(0)

    def action_move_last(self) -> None:
        """Move the cursor to the last row."""
        self._move(len(self.keys) - 1)

    def action_open(self) -> None:
        """Report that the row under the cursor was opened."""
        if (key := self.cursor_key) is not None:
            self._window.choose(key)
            self.post_message(self.Opened(self, key))

    def action_mark(self) -> None:
        """Mark or unmark the row under the cursor and move on."""
        if (key := self.cursor_key) is not None:
            self._marks ^= {key}
            self.post_message(self.Marked(self, self._marks))
            self.action_move_by(1)

    def action_sort_next(self) -> None:
        """Ask for the order of the next column that is shown."""
        shown = [place.column.key for place in self._places]
        if shown:
            at = shown.index(self._sort[0]) + 1 if self._sort and self._sort[0] in shown else 0
            self._request_sort(shown[at % len(shown)])

    def action_sort_reverse(self) -> None:
        """Ask for the present order the other way round."""
        if self._sort:
            self._request_sort(self._sort[0])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Space to others while rows cannot be marked, and Enter while none is chosen."""
        if action == "open":
            return self._window.cursor >= 0
        return self.markable if action == "mark" else True

    def on_click(self, event: events.Click) -> None:
        """Move to the row, open it at the second click; in the header ask for that order."""
        if (offset := event.get_content_offset(self)) is None:
            return
        index = self._window.top + offset.y - 1
        if offset.y == 0:
            if place := place_at(self._places, offset.x - self._gutter):
                self._request_sort(place.column.key)
        elif index < len(self.keys):
            self._move(index)
            if event.chain == 2:
                self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move the view, not the cursor."""
        self._scroll(event, _WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move the view, not the cursor."""
        self._scroll(event, -_WHEEL_LINES)

    def on_resize(self) -> None:
        """Lay the columns out again and keep the cursor in view."""
        self._lay_out()
        self._window.page = max(1, self.size.height - 1)
        self._window.reveal()
        self._show()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The header and every row, or what is said in place of them."""
        return 1 + max(1, len(self.keys) or len(self._brush.wrapped(self._said, width - 1)))

    def _lay_out(self) -> None:
        self._places = lay_out(self.columns, self.room)

    @property
    def room(self) -> int:
        """The cells that columns can take, their padding included.

        Of a table that was not laid out yet, as many as the terminal has.
        """
        return (self.size.width or self.app.size.width) - self._gutter - 1

    # Where the cursor and the view are

    def _move(self, index: int, *, scroll: int = 0) -> None:
        with self._moving():
            self._window.move(index, scroll=scroll)

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """Draw what a move inside the block changed: two lines, or all when the view moved."""
        before, top = self._window.cursor, self._window.top
        yield
        stayed = self._window.top == top
        self._show([before - top + 1, self._window.cursor - top + 1] if stayed else None)

    def _scroll(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        self._window.scroll(rows)
        self._show()

    def _show(self, lines: Iterable[int] | None = None) -> None:
        self.redraw(lines)
        if self.cursor_key != self._last_highlighted:
            self._last_highlighted = self.cursor_key
            self.post_message(self.Highlighted(self, self.cursor_key))
        if self.size:
            self.call_after_refresh(self._announce_visible)

    def _announce_visible(self) -> None:
        if (keys := self.visible_keys) != self._last_visible:
            self._last_visible = keys
            self.post_message(self.VisibleChanged(self, keys))

    def _request_sort(self, column_key: str) -> None:
        reverse = self._sort == (column_key, False)
        self.post_message(self.SortRequested(self, column_key, reverse))

    # What is drawn

    def draw(self, y: int) -> Strip:
        width = self.size.width
        style = self._brush.style("row")
        segments: list[Segment] = []
        index = self._window.top + y - 1
        if y == 0:
            style = self._brush.style("header")
            segments = self._brush.header(self._places, self._sort)
        elif index < len(self.keys):
            is_cursor = index == self._window.cursor
            style = self._brush.style("cursor" if is_cursor else "row")
            key = self.keys[index]
            segments = self._brush.row(
                self._places,
                self._row(key),
                is_cursor=is_cursor,
                is_marked=key in self._marks,
                cell=self._cell if is_cursor else None,
            )
        elif not self.keys:
            segments = self._brush.message(self._said, width - 1, self._window.page, y - 1)
        strip = Strip(segments).adjust_cell_length(width - 1, style)
        thumb = _THUMB if y - 1 in self._window.thumb() else " "
        return Strip(thrifty([*strip, Segment(thumb, style)]), width)
