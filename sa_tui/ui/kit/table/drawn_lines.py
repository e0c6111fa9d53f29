"""A widget that draws its lines in memory and sends those that look different from before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.strip import Strip


class DrawnLines(Widget):
    """Draws line by line; `draw(y)` gives a line in its present look."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: dict[int, Strip] = {}

    def draw(self, y: int) -> Strip:
        """One line of the screen."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """One line, as it was last drawn."""
        if y not in self._lines:
            self._lines[y] = self.draw(y)
        return self._lines[y]

    def redraw(self, lines: Iterable[int] | None = None) -> None:
        """Sends the lines that look different from what was drawn before; all lines for None."""
        width, height = self.size
        changed: list[Region] = []
        for y in range(height) if lines is None else lines:
            if 0 <= y < height and (strip := self.draw(y)) != self._lines.get(y):
                self._lines[y] = strip
                changed.append(Region(0, y, width, 1))
        if changed:
            self.refresh(*changed)

    def notify_style_update(self) -> None:
        """Forgets the lines, which were drawn in other colours."""
        self._lines.clear()
        super().notify_style_update()
