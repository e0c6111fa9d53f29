"""The names of destinations in a few lines, of which one is chosen: by its digit, or by arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.message import Message

from sa_tui.base.text import one_line
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType

DIGITS = "12345678"

_PAGE_PADDING = 4


class DestinationList(Static, can_focus=True):
    """Shows `[1 Show] 2 File  3 Clipboard`; the arrows choose at once, and Enter accepts."""

    ALLOW_SELECT = False
    HELP_TITLE = "In the list of destinations"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.RIGHT, "step(1)", "Next", "Choose the next destination", in_footer=False),
        bind(Means.DOWN, "step(1)", "Next", "Choose the next destination", in_footer=False),
        bind(Means.LEFT, "step(-1)", "Previous", "Choose the one before", in_footer=False),
        bind(Means.UP, "step(-1)", "Previous", "Choose the one before", in_footer=False),
        bind(Means.OPEN, "accept", "Go on", "Hand it over there", in_footer=False),
    ]

    class Chosen(Message):
        """Another destination is chosen."""

    class Accepted(Message):
        """Enter was pressed."""

    def __init__(self, names: Sequence[str], *, index: int) -> None:
        super().__init__(" ", id="kind")
        self._names = list(names)
        self.index = index
        self._places: list[tuple[int, int, int]] = []

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)  # in the middle of a layout, a new height is ignored

    def on_focus(self) -> None:
        self._draw()

    def on_blur(self) -> None:
        self._draw()

    def add(self, name: str) -> None:
        """Adds a name at the end, and chooses it."""
        self._names.append(name)
        self.choose(len(self._names) - 1)

    def choose(self, index: int) -> None:
        """Chooses the destination at this place, if there is one."""
        if 0 <= index < len(self._names) and index != self.index:
            self.index = index
            self._draw()
            self.post_message(self.Chosen())

    def action_step(self, by: int) -> None:
        self.choose((self.index + by) % len(self._names))

    def action_accept(self) -> None:
        self.post_message(self.Accepted())

    def on_click(self, event: events.Click) -> None:
        """Chooses what was clicked."""
        for index, (row, start, end) in enumerate(self._places):
            if event.y == row and start <= event.x < end:
                self.choose(index)

    def _draw(self) -> None:
        """Draws the names, as many on a line as there is room for."""
        # Before it has a place, the width that a page gives it: else the page would be drawn twice.
        width_here = self.size.width or self.app.size.width - _PAGE_PADDING
        text, row, column = Text(), 0, 0
        self._places = []
        for index, name in enumerate(self._names):
            digit = f"{DIGITS[index]} " if index < len(DIGITS) else ""
            is_chosen = index == self.index
            label = f"[{digit}{one_line(name)}]" if is_chosen else f" {digit}{one_line(name)} "
            width = cell_len(label)
            if column and column + width > width_here:
                text.append("\n")
                row, column = row + 1, 0
            style = Style(reverse=self.has_focus, bold=True) if is_chosen else None
            text.append(label, style)
            self._places.append((row, column, column + width))
            column += width
        if self.content != text:
            self.update(text)
