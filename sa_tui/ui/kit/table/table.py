"""The one table: it draws only the lines that are visible, and sends only those that changed.

It holds keys, never rows: it asks for the cells of a row when it draws that line. After a change it
draws the visible lines again in memory, and only those that differ go to the terminal.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip

from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.table.cells import Column, place_at
from sa_tui.ui.kit.table.fitted import FittedLines
from sa_tui.ui.kit.table.lines import (
    MARK_WIDTH,
    PARTS,
    STYLES,
    TONES,
    Brush,
    look_of,
    with_fewer_styles,
)
from sa_tui.ui.kit.table.marking import TableMessage
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
_MARKING = ("mark", "mark_to", "mark_by", "mark_all", "invert")


class LineTable(FittedLines, can_focus=True):
    """A list of keyed rows under a fixed header, with a cursor that stays on its key.

    `row(key)` gives one cell for each column. A `str` cell is shown as it is, never parsed as
    markup; a `Text` cell may use the names in `TONES` as styles.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = set(PARTS)
    DEFAULT_CSS = STYLES
    HELP_TITLE = "In a list"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind(means, action, help=words, name=f"table.{means.command}", in_footer=False)
        for means, action, words in (
            (Means.UP, "move_by(-1)", "Move up one row"),
            (Means.DOWN, "move_by(1)", "Move down one row"),
            (Means.PAGE_UP, "move_pages(-1)", "Move up one screen"),
            (Means.PAGE_DOWN, "move_pages(1)", "Move down one screen"),
            (Means.TOP, "move_first", "Move to the first row"),
            (Means.BOTTOM, "move_last", "Move to the last row"),
            (Means.OPEN, "open", "Open the row under the cursor"),
        )
    ]

    @dataclass
    class Highlighted(TableMessage):
        """The cursor moved to another key, or to none because the table is empty."""

        key: str | None

    @dataclass
    class Opened(TableMessage):
        """The operator pressed Enter or double-clicked on a row."""

        key: str

    @dataclass
    class SortRequested(TableMessage):
        """The operator asked for an order; the owner of the rows sorts them and sets `sort`."""

        column_key: str
        reverse: bool

    @dataclass
    class VisibleChanged(TableMessage):
        """The keys on the screen changed; a few above and below it are included."""

        keys: tuple[str, ...]

    sort: reactive[tuple[str, bool] | None] = reactive(None, init=False, repaint=False)
    """The column that the rows are ordered by and whether in reverse, for the header."""

    cell: reactive[str | None] = reactive(None, init=False, repaint=False)
    """The column whose cell is set apart in the row under the cursor."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        row: Callable[[str], Sequence[Text | str]],
        markable: bool = False,
        empty: Text | str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(columns, indent=MARK_WIDTH if markable else 0, id=id)
        self.markable = markable
        self._row = row
        self._empty = empty
        self._message: Text | str | None = None
        self._window = Window()
        self._brush = Brush(self, markable)
        self._drawn: dict[int, tuple[object, Strip]] = {}
        self._last_highlighted: str | None = None
        self._last_visible: tuple[str, ...] = ()

    def watch_sort(self) -> None:
        self.redraw()

    watch_cell = watch_sort

    # Keys and columns

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, in order."""
        return self._window.keys

    @property
    def cursor_key(self) -> str | None:
        """The key under the cursor, or None when the cursor is on no row."""
        return self._window.cursor_key

    @property
    def visible_keys(self) -> tuple[str, ...]:
        """The keys on the screen and a few above and below it."""
        return self._window.seen(margin=_VISIBLE_MARGIN)

    def set_columns(
        self,
        columns: Sequence[Column],
        keys: Sequence[str] | None = None,
        *,
        row: Callable[[str], Sequence[Text | str]] | None = None,
    ) -> None:
        """Replaces the columns, and with them the keys and the function that gives the cells.

        `row` may depend on these columns alone: other state may have changed when it is called.
        """
        self.columns = tuple(columns)
        self._row = row or self._row
        self.lay_out()
        self.set_keys(self.keys if keys is None else keys)

    def set_keys(self, keys: Sequence[str]) -> None:
        """Replaces the keys, each of which is unique.

        The cursor returns to the key that the operator last chose, else stays on its key, else in
        its place; it also stays on its line of the screen.
        """
        self._window.replace(keys)
        for key in self.sample(self.keys):
            self.see(self._row(key))
        self._show()

    def set_message(self, message: Text | str | None) -> None:
        """Shows a message while there are no rows; None shows `empty` again."""
        self._message = message
        self.redraw()

    def move_to(self, key: str) -> bool:
        """Moves the cursor to a key, now or when the key arrives; True when it is there now."""
        with self._moving():
            return self._window.choose(key)

    def choose_nothing(self) -> None:
        """Takes the cursor off the rows until the operator moves it."""
        self._window.choose_nothing()
        self._show()

    # Actions of the operator

    def action_move_by(self, rows: int) -> None:
        """Moves the cursor down, or up for a negative number."""
        self._move(self._window.cursor + rows)

    def action_move_pages(self, pages: int) -> None:
        """Moves the cursor and the view by screens."""
        rows = pages * self._window.page
        self._move(self._window.cursor + rows, scroll=rows)

    def action_move_first(self) -> None:
        self._move(0)

    def action_move_last(self) -> None:
        self._move(len(self.keys) - 1)

    def action_open(self) -> None:
        if (key := self.cursor_key) is not None:
            self._window.choose(key)
            self.post_message(self.Opened(self, key))

    def action_sort_next(self) -> None:
        """Asks for the order of the next column that is shown."""
        column_keys = [place.column.key for place in self.places]
        sort_key = self.sort[0] if self.sort else None
        if column_keys:
            place = column_keys.index(sort_key) + 1 if sort_key in column_keys else 0
            self._request_sort(column_keys[place % len(column_keys)])

    def action_sort_reverse(self) -> None:
        """Asks for the reverse of the present order."""
        if self.sort:
            self._request_sort(self.sort[0])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves Enter to others if the cursor is on no row, and marks if none can be marked."""
        if action == "open":
            return self._window.cursor >= 0
        return self.markable if action in _MARKING else True

    def on_click(self, event: events.Click) -> None:
        """Moves to the row and opens it at the second click; on the header asks for an order."""
        if (offset := event.get_content_offset(self)) is None:
            return
        index = self._window.top + offset.y - 1
        if offset.y == 0:
            if place := place_at(self.places, offset.x - self.indent):
                self._request_sort(place.column.key)
        elif index < len(self.keys):
            self._move(index)
            if event.chain == 2:
                self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(event, _WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(event, -_WHEEL_LINES)

    def on_resize(self) -> None:
        self.lay_out()
        self._window.page = max(1, self.size.height - 1)
        self._window.reveal()
        self._show()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The number of lines of the header and every row, or of the message without rows."""
        return 1 + max(1, len(self.keys) or len(self._brush.wrapped(self._text, width - 1)))

    @property
    def _text(self) -> Text | str:
        """The text that is shown while there are no rows."""
        return self._empty if self._message is None else self._message

    # Cursor and view

    def _move(self, index: int, *, scroll: int = 0) -> None:
        with self._moving():
            self._window.move(index, scroll=scroll)

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """Draws what a move inside the block changes: two lines, or all if the view moves."""
        cursor, top = self._window.cursor, self._window.top
        yield
        has_stayed = self._window.top == top
        self._show([cursor - top + 1, self._window.cursor - top + 1] if has_stayed else None)

    @property
    def surplus(self) -> int:
        """How many rows are not in view."""
        return max(0, len(self.keys) - self._window.page)

    def turn(self, step: int) -> None:
        """Moves the view by a screen, not the cursor."""
        self._window.scroll(step * self._window.page)
        self._show()

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
        reverse = self.sort == (column_key, False)
        self.post_message(self.SortRequested(self, column_key, reverse))

    # Drawing

    def draw(self, y: int) -> Strip:
        width, index = self.size.width, self._window.top + y - 1
        thumb = _THUMB if y - 1 in self._window.thumb() else " "
        part = "row"
        look: tuple[object, ...] = ()
        paint: Callable[[], list[Segment]] = list
        if y == 0:
            part, look = "header", (self.sort,)
            paint = partial(self._brush.header, self.places, self.sort)
        elif index < len(self.keys):
            part = "cursor" if index == self._window.cursor else "row"
            key, cell = self.keys[index], self.cell if part == "cursor" else None
            cells, is_marked = self._row(key), key in self.marks
            self.see(cells)
            look = (is_marked, cell, *map(look_of, cells))
            paint = partial(
                self._brush.row,
                self.places,
                cells,
                is_cursor=part == "cursor",
                is_marked=is_marked,
                cell=cell,
            )
        elif not self.keys:
            page = self._window.page
            look = (page, look_of(self._text))
            paint = partial(self._brush.message, self._text, width - 1, page, y - 1)
        style = self._brush.style(part)
        look = (width, thumb, style, self.places, *look)
        drawn = self._drawn.get(y)
        if drawn is None or drawn[0] != look:
            strip = Strip(paint()).adjust_cell_length(width - 1, style)
            line = Strip(with_fewer_styles([*strip, Segment(thumb, style)]), width)
            self._drawn[y] = drawn = (look, line)
        return drawn[1]

    def notify_style_update(self) -> None:
        self._drawn.clear()
        super().notify_style_update()
