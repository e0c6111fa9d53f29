"""One line as it stands on the terminal, cell by cell, and what turns it into another.

The rule it keeps: a line that holds a character whose width a terminal may see differently is sent
whole, because nobody can tell in which cell the rest of it stands.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Cell = tuple[str, str]
    """The sequence for the style, empty for none, and the character."""

_TOKEN = re.compile(r"\x1b\[([0-9;]*)m|([^\x1b]+)")
_RESET = "\x1b[0m"

_NARROW = (
    (" ", "~"),
    ("\N{INVERTED EXCLAMATION MARK}", "\N{LATIN SMALL LETTER Z WITH SWASH TAIL}"),
    ("\N{GREEK CAPITAL LETTER HETA}", "\N{CYRILLIC SMALL LETTER EL WITH DESCENDER}"),
    ("\N{HYPHEN}", "\N{HYPHENATION POINT}"),
    ("\N{LEFTWARDS ARROW}", "\N{IDENTICAL TO}"),
    ("\N{SYMBOL FOR NULL}", "\N{SYMBOL FOR SUBSTITUTE FORM TWO}"),
    ("\N{BOX DRAWINGS LIGHT HORIZONTAL}", "\N{WHITE CIRCLE WITH UPPER RIGHT QUADRANT}"),
)
"""From which to which character each has one cell, unless a terminal is set up for Chinese."""

_GAP = 16
"""So many cells that did not change are sent again: another place and style cost more."""


def place(y: int, x: int) -> str:
    """The sequence that moves the cursor to this cell, counted from 0."""
    return f"\x1b[{y + 1};{x + 1}H"


class DrawnLine:
    """A line as it was sent, with the sequences of its styles."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def cells(self) -> Sequence[Cell] | None:
        """Its cells; None if it is not certain which character stands in which."""
        return _cells_of(self.text)

    def until(self, line: DrawnLine, *, y: int, left: int) -> str | None:
        """What draws only the cells that differ; None if the line has to be sent whole."""
        before, after = self.cells, line.cells
        if before is None or after is None or len(before) != len(after):
            return None
        return "".join(
            place(y, left + start) + _drawn(after[start:end])
            for start, end in _spans(before, after)
        )

    def with_part(self, x: int, text: str) -> DrawnLine | None:
        """The line with this part from cell `x` on; None if it is not certain what stands where."""
        part = _cells_of(text)
        if self.cells is None or part is None or x + len(part) > len(self.cells):
            return None
        return DrawnLine(_drawn([*self.cells[:x], *part, *self.cells[x + len(part) :]]))


def _cells_of(text: str) -> list[Cell] | None:
    cells: list[Cell] = []
    style, position = "", 0
    for token in _TOKEN.finditer(text):
        if token.start() != position:
            return None
        position = token.end()
        codes, characters = token.groups()
        if codes is not None:
            style = "" if codes in ("", "0") else token.group()
        elif characters.isascii() or all(map(_is_one_cell, characters)):
            cells += [(style, character) for character in characters]
        else:
            return None
    return cells if position == len(text) else None


@lru_cache(maxsize=1024)
def _is_one_cell(character: str) -> bool:
    """Whether every terminal gives this character one cell, and keeps it where it stands."""
    is_narrow = any(first <= character <= last for first, last in _NARROW)
    return is_narrow and category(character) not in ("Mn", "Me", "Cf", "Cn")


def _spans(before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """Where the lines differ, from and until which cell; small gaps are left out."""
    start = end = None
    for x, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        if start is None or end is None:
            start = x
        elif x - end > _GAP:
            yield start, end
            start = x
        end = x + 1
    if start is not None and end is not None:
        yield start, end


def _drawn(cells: Sequence[Cell]) -> str:
    sequences = []
    for style, group in groupby(cells, key=lambda cell: cell[0]):
        characters = "".join(character for _, character in group)
        sequences.append(f"{style}{characters}{_RESET}" if style else characters)
    return "".join(sequences)
