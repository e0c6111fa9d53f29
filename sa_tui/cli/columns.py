"""Lays out rows in columns for a terminal or a pipe; a pipe gets every character.

Width is counted in terminal cells: wide characters take two, combining ones none.
"""

from __future__ import annotations

import unicodedata
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = 2
LONG_CELLS = 40
"""In a pipe, no column is padded to more than this for its longest text."""


@dataclass(frozen=True)
class TextColumn:
    """A column; on a terminal its texts may be cut to `shrinks_to` cells.

    If the table is still too wide, columns are left out: the highest `priority` first, 0 never.
    """

    title: str
    _: KW_ONLY
    right: bool = False
    shrinks_to: int | None = None
    priority: int = 0


@dataclass(frozen=True)
class Layout:
    """The lines of a table, and the titles of the columns that were left out."""

    lines: list[str]
    left_out: list[str]


def lay_out(
    columns: Sequence[TextColumn], rows: Sequence[Sequence[str]], *, width: int | None
) -> Layout:
    """The heading and one line per row, within `width` cells if the columns can be cut.

    Without a width nothing is cut or left out: a very long text pushes the rest of its own line.
    """
    table = [[column.title for column in columns], *rows]
    widths = [max(map(cells, texts)) for texts in zip(*table, strict=True)]
    shown = list(range(len(columns)))
    if width is None:
        widths = [
            cells_taken if column.shrinks_to is None else min(cells_taken, LONG_CELLS)
            for column, cells_taken in zip(columns, widths, strict=True)
        ]
    else:
        shown = _shown(columns, widths, width)
        _shrink(columns, widths, shown, width)
    picked = [columns[index] for index in shown]
    lines = [
        _line(picked, [row[i] for i in shown], [widths[i] for i in shown], is_cut=width is not None)
        for row in table
    ]
    left_out = [column.title for index, column in enumerate(columns) if index not in shown]
    return Layout(lines=lines, left_out=left_out)


def _shown(columns: Sequence[TextColumn], widths: Sequence[int], room: int) -> list[int]:
    """The indexes of the columns that fit when each is cut as far as it may be."""
    least = [
        width if column.shrinks_to is None else min(width, column.shrinks_to)
        for column, width in zip(columns, widths, strict=True)
    ]
    shown = list(range(len(columns)))
    for index in sorted(shown, key=lambda index: -columns[index].priority):
        if columns[index].priority == 0 or sum(least[i] + GAP for i in shown) - GAP <= room:
            break
        shown.remove(index)
    return shown


def _shrink(
    columns: Sequence[TextColumn], widths: list[int], shown: Sequence[int], room: int
) -> None:
    """Narrows columns until they fit, the last one first: a description before a name."""
    excess = sum(widths[index] + GAP for index in shown) - GAP - room
    for index in reversed(shown):
        least = columns[index].shrinks_to
        if least is not None and excess > 0:
            cut = max(0, min(excess, widths[index] - least))
            widths[index] -= cut
            excess -= cut


def cells(text: str) -> int:
    """How many cells of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _line(
    columns: Sequence[TextColumn], row: Sequence[str], widths: Sequence[int], *, is_cut: bool
) -> str:
    fitted = []
    for column, text, width in zip(columns, row, widths, strict=True):
        shown = _cut(text, width) if is_cut and cells(text) > width else text
        padding = " " * (width - cells(shown))
        fitted.append(padding + shown if column.right else shown + padding)
    return (" " * GAP).join(fitted).rstrip()


def _cut(text: str, width: int) -> str:
    used, kept = 1, []
    for character in text:
        used += _cells_of(character)
        if used > width:
            break
        kept.append(character)
    return "".join(kept) + "…"


def _cells_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
