"""Lines of columns that are as wide as their longest cells, as far as rows were seen.

Columns never shrink while rows come and go, so that a filter does not move them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sa_tui.ui.kit.table.cells import cell_width, lay_out
from sa_tui.ui.kit.table.marking import MarkableLines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.text import Text

    from sa_tui.ui.kit.table.cells import Column, Place

_SAMPLE: Final = 50
"""About so many rows are looked at besides those that are drawn: each costs its cells."""


class FittedLines(MarkableLines):
    """Lines with `columns` after `indent` cells; `places` has those that are shown."""

    def __init__(self, columns: Sequence[Column], *, indent: int, id: str | None = None) -> None:
        super().__init__(id=id)
        self.columns = tuple(columns)
        self.indent = indent
        self.places: list[Place] = []
        self._needs: dict[str, int] = {}
        self._has_grown = False
        self._sampled_from = 0

    @property
    def room(self) -> int:
        """The number of cells for columns with their padding.

        Before the first layout it is counted from the width of the terminal.
        """
        return (self.size.width or self.app.size.width) - self.indent - 1

    @property
    def natural_width(self) -> int:
        """The width in which every row that was seen is shown whole."""
        widths = (
            max(each.span, self._needs.get(each.key, 0) + each.padding) for each in self.columns
        )
        return self.indent + sum(widths) + 1

    def lay_out(self) -> None:
        """Gives every column its place and its width."""
        self._has_grown = False
        self.places = lay_out(self.columns, self.room, self._needs)

    def sample(self, keys: Sequence[str]) -> Sequence[str]:
        """Rows to `see`, from all over the list, when it is longer than any before."""
        if len(keys) <= self._sampled_from * 5 // 4:
            return ()
        self._sampled_from = len(keys)
        return keys[:: max(1, len(keys) // _SAMPLE)]

    def see(self, cells: Sequence[Text | str]) -> None:
        """Notes when a column has to be wider for the cells of a row."""
        for column, cell in zip(self.columns, cells, strict=False):
            if column.grow:
                width = cell_width(cell, most=self.room)
                if width > self._needs.get(column.key, column.width):
                    self._needs[column.key] = width
                    self._has_grown = True

    def redraw(self, lines: Iterable[int] | None = None) -> None:
        if self._has_grown and self.places:
            self.lay_out()
            lines = None
        super().redraw(lines)
        if self._has_grown and self.places:  # one of the lines is longer than any before
            self.lay_out()
            super().redraw()
