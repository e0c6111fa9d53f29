"""Lays rows out in columns for a terminal or a pipe; a pipe gets every character.

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
"""No column is made wider than this for the sake of its longest text."""


@dataclass(frozen=True)
class Column:
    """One column; with `shrinks_to` it may be cut to that many cells where room is short."""

    title: str
    _: KW_ONLY
    right: bool = False
    shrinks_to: int | None = None


def lay_out(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], *, width: int | None
) -> list[str]:
    """The heading and one line per row, cut to `width` cells if the columns can give way.

    Without a width nothing is cut: a very long text pushes the rest of its own line.
    """
    table = [[column.title for column in columns], *rows]
    widths = [max(map(cells, texts)) for texts in zip(*table, strict=True)]
    if width is None:
        widths = [
            taken if column.shrinks_to is None else min(taken, LONG_CELLS)
            for column, taken in zip(columns, widths, strict=True)
        ]
    else:
        _shrink(columns, widths, sum(widths) + GAP * (len(widths) - 1) - width)
    return [_line(columns, row, widths, is_cut=width is not None) for row in table]


def _shrink(columns: Sequence[Column], widths: list[int], excess: int) -> None:
    """Takes cells away, first from the last column that can give way: a description, a name."""
    for index in reversed(range(len(columns))):
        least = columns[index].shrinks_to
        if least is not None and excess > 0:
            cut = max(0, min(excess, widths[index] - least))
            widths[index] -= cut
            excess -= cut


def cells(text: str) -> int:
    """How many cells of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _line(
    columns: Sequence[Column], row: Sequence[str], widths: Sequence[int], *, is_cut: bool
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
