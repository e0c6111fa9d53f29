"""Fits any text into an exact number of terminal cells, and columns into the width of a table.

Pure functions over Rich's segments: no widget, no state.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from sa_tui.base.text import ELLIPSIS, NAME_LIMIT, steady

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.style import Style
    from rich.text import Text

PADDING = 1
"""Blank cells on each side of a column."""


@dataclass(frozen=True)
class Column:
    """One column of a table; its `width` does not include the padding.

    Columns of priority 0 are always shown. In a table that is too narrow, columns of the highest
    priority are left out first. Spare cells go to the columns that `grow`, in that proportion, as
    far as their longest cells need them. A `right` column is aligned to the right; a `tight` column
    has padding on its right alone.
    """

    key: str
    title: str
    _: KW_ONLY
    width: int
    grow: int = 0
    priority: int = 0
    right: bool = False
    tight: bool = False

    @property
    def span(self) -> int:
        """The width with the padding."""
        return self.width + self.padding

    @property
    def padding(self) -> int:
        """The number of blank cells on both sides together."""
        return PADDING if self.tight else 2 * PADDING


def fit(segments: Iterable[Segment], width: int, style: Style, *, right: bool) -> list[Segment]:
    """The segments made safe, then cut with `…` or padded in `style` to exactly `width` cells."""
    limit = NAME_LIMIT + 4 * width  # a long name is not measured to its end for a few cells
    cleaned = [Segment(steady(text, limit=limit), own_style) for text, own_style, _ in segments]
    size = sum(cell_len(text) for text, _, _ in cleaned)
    if size > width:
        return _cut(cleaned, width)
    padding = [Segment(" " * (width - size), style)] if size < width else []
    return padding + cleaned if right else cleaned + padding


def _cut(segments: list[Segment], width: int) -> list[Segment]:
    if width <= 0:
        return []
    room = width - cell_len(ELLIPSIS)
    kept: list[Segment] = []
    for text, style, _ in segments:
        size = cell_len(text)
        if size > room:
            kept.append(Segment(set_cell_size(text, room) + ELLIPSIS, style))
            break
        kept.append(Segment(text, style))
        room -= size
    return kept


class Place(NamedTuple):
    """A column that is shown: its position among all columns, and its width in this layout."""

    column: Column
    position: int
    width: int


def cell_width(cell: Text | str, *, most: int) -> int:
    """The number of cells that a text takes, counted as far as `most`."""
    text = cell if isinstance(cell, str) else cell.plain
    if text.isascii() and text.isprintable():
        return min(len(text), most)
    return min(cell_len(steady(text, limit=NAME_LIMIT + 4 * most)), most)


def lay_out(columns: Sequence[Column], room: int, needs: Mapping[str, int]) -> list[Place]:
    """The columns that fit into `room` cells, from left to right.

    `needs` has the width of the longest cell of a column that grows, by the column's key. When even
    the columns that are always shown do not fit, the widest of them become narrower.
    """

    def excess(indices: list[int]) -> int:
        return sum(columns[index].span for index in indices) - room

    shown = list(range(len(columns)))
    for index in sorted(shown, key=lambda index: (-columns[index].priority, -index)):
        if excess(shown) <= 0 or columns[index].priority == 0:
            break
        shown.remove(index)
    widths = {index: columns[index].width for index in shown}
    for _ in range(excess(shown)):
        widest = max(shown, key=lambda index: widths[index])
        widths[widest] = max(1, widths[widest] - 1)
    _widen(widths, columns, needs, spare=-excess(shown))
    return [Place(columns[index], index, width) for index, width in widths.items()]


def _widen(
    widths: dict[int, int], columns: Sequence[Column], needs: Mapping[str, int], *, spare: int
) -> None:
    """Shares spare cells among the columns that grow, none of which gets more than it needs."""
    lacks = {
        index: needs.get(columns[index].key, 0) - width
        for index, width in widths.items()
        if columns[index].grow
    }
    while spare > 0 and (lacks := {index: lack for index, lack in lacks.items() if lack > 0}):
        weights = sum(columns[index].grow for index in lacks)
        left = spare
        for index, lack in lacks.items():
            share = left * columns[index].grow // weights
            left -= share
            weights -= columns[index].grow
            widths[index] += min(lack, share)
            lacks[index] -= share
            spare -= min(lack, share)


def place_at(places: Iterable[Place], x: int) -> Place | None:
    """The column that cell `x` of a line belongs to, its padding included."""
    for place in places:
        x -= place.width + place.column.padding
        if x < 0:
            return place
    return None
