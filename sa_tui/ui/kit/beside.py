"""A list and, on a wide screen, what is known of the row under its cursor beside it.

It is worked out when the cursor rests, so that it never delays a key; on a narrow screen it does
not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, cast

from rich.segment import Segment
from rich.text import Span, Text
from textual import on
from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip

from sa_tui.ui.kit.safe import shown
from sa_tui.ui.kit.table.drawn_lines import DrawnLines
from sa_tui.ui.kit.table.lines import with_fewer_styles
from sa_tui.ui.kit.table.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.style import Style
    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widget import Widget

    from sa_tui.ui.kit.host import Host

    Detail = Callable[[str, int], Text]

WIDE_COLUMNS: Final = 120
"""A terminal of this width shows what is known of a row beside the list."""

REST_SECONDS: Final = 0.06
"""A cursor that has not moved for so long rests; a key that is held down comes more often."""

DETAIL: Final = "detail"
"""The class of what stands beside or below a list and may be longer than its room."""

_WHEEL_LINES: Final = 3
_INDENT: Final = "  "
_STYLES: Final = {"good": "green", "warn": "yellow", "bad": "red", "quiet": "dim"}


class DetailPane(DrawnLines):
    """Text in lines, of which those are sent that differ; the keys and the wheel move it."""

    ALLOW_SELECT = False
    DEFAULT_CLASSES = DETAIL
    DEFAULT_CSS: ClassVar[str] = """
    DetailPane { height: 1fr; border-left: vkey $panel; padding-left: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Text] = []
        self._top = 0

    def show(self, text: Text, *, is_new: bool) -> None:
        """Shows a text, from its top if it is about another row."""
        safe = shown(text)
        self._rows = list(self._wrapped(safe if isinstance(safe, Text) else Text(safe)))
        self._top = 0 if is_new else self._top
        self._scroll(0)

    def _wrapped(self, text: Text) -> Iterator[Text]:
        """The lines as they fit; what goes on in the next line is indented."""
        for line in text.split("\n", allow_blank=True):
            if line.cell_len <= self.size.width:
                yield line
                continue
            pieces = line.wrap(self.app.console, max(1, self.size.width - len(_INDENT)))
            for number, piece in enumerate(pieces):
                piece.rstrip()
                yield Text.assemble(_INDENT, piece) if number else piece

    def draw(self, y: int) -> Strip:
        width, height = self.size
        rows, style = self._rows[self._top :], self.rich_style
        row = rows[y] if y < len(rows) else Text()
        if y == height - 1 and len(rows) > height:
            row = Text(f"… {len(rows) - y:,} more lines: J", style="dim")
        row = Text.assemble(row)
        row.spans = [Span(start, end, _toned(tone)) for start, end, tone in row.spans]
        row.end = ""
        segments = Segment.apply_style(row.render(self.app.console), style)
        strip = Strip(segments).adjust_cell_length(width, style)
        return Strip(with_fewer_styles(strip), width)

    @property
    def surplus(self) -> int:
        """How many lines do not fit."""
        return max(0, len(self._rows) - self.size.height)

    def turn(self, step: int) -> None:
        """Moves by a screen; the last line, which counts the others, becomes the first."""
        self._scroll(step * max(1, self.size.height - 1))

    def _scroll(self, lines: int) -> None:
        self._top = max(0, min(self._top + lines, self.surplus))
        self.redraw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-_WHEEL_LINES)


class Beside(Horizontal):
    """Has a table; `detail(key, width)` says what is known of the row of this key.

    The table takes two thirds of a wide screen, or less if its rows need less; with `is_fluid` its
    columns depend on its width, so that it takes as much as it can.
    """

    DEFAULT_CSS: ClassVar[str] = """
    Beside { height: 1fr; }
    Beside > LineTable { width: 2fr; }
    Beside > DetailPane { width: 1fr; }
    """

    @dataclass
    class Arranged(Message):
        """The table may have another width."""

    def __init__(self, table: LineTable, detail: Detail, *, is_fluid: bool = False) -> None:
        super().__init__()
        self._is_fluid = is_fluid
        self._table = table
        self._detail = detail
        self._shown_key: str | None = None
        self._rest: Timer | None = None
        self._natural_width = 0

    def compose(self) -> ComposeResult:
        yield self._table
        if self._is_wide:
            yield DetailPane()

    @property
    def _is_wide(self) -> bool:
        return self.app.size.width >= WIDE_COLUMNS

    @property
    def _pane(self) -> DetailPane | None:
        panes = self.query(DetailPane)
        return panes.first() if panes else None

    def _fit(self) -> None:
        """Gives the table no more than its rows need, and never less than before."""
        width = self._table.natural_width
        if self._is_fluid or cast("Host", self.app).progress:  # more rows are coming
            return
        if self._table.keys and width > self._natural_width:
            self._natural_width = width
            self._table.styles.max_width = width
            # The detail has another width after the next layout.
            self.call_after_refresh(self.look_again)

    async def on_resize(self) -> None:
        if self._is_wide and self._pane is None:
            await self.mount(DetailPane())
        elif not self._is_wide and self._pane is not None:
            await self._pane.remove()
        self.call_after_refresh(self._arranged)

    def _arranged(self) -> None:
        self.post_message(self.Arranged())
        self.look_again()

    @on(LineTable.Highlighted)
    def moved(self) -> None:
        """Shows the row under the cursor once the cursor rests."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        self.look_again()

    def look_again(self) -> None:
        """Shows soon what is known by now of the row under the cursor."""
        if self._rest is None and self._is_wide:
            # A timer of the page: an error in one of its callbacks is reported and ends nothing.
            self._rest = self.screen.set_timer(REST_SECONDS, self._show)

    @property
    def is_due(self) -> bool:
        """Whether the row under the cursor is still to be shown."""
        return self._rest is not None

    def _show(self) -> None:
        self._rest = None
        pane = self._pane
        if pane is None or not pane.size.width or not self.screen.is_current:
            return
        self._fit()
        key = self._table.cursor_key
        text = self._detail(key, pane.size.width) if key is not None else Text()
        pane.show(text, is_new=key != self._shown_key)
        self._shown_key = key


def is_too_long(pane: Widget) -> bool:
    """Whether a pane of the class DETAIL has more than its room shows."""
    return bool(pane.surplus if isinstance(pane, DetailPane | LineTable) else pane.max_scroll_y)


def turn(pane: Widget, step: int) -> None:
    """Moves such a pane by a screen, up with a negative step."""
    if isinstance(pane, DetailPane | LineTable):
        pane.turn(step)
    elif step > 0:
        pane.scroll_page_down(animate=False)
    else:
        pane.scroll_page_up(animate=False)


def _toned(style: str | Style) -> str | Style:
    """A style of Rich, for a text that was made for a cell of a table as well."""
    return _STYLES.get(style, style) if isinstance(style, str) else style
