"""What is wrong with a file of a wished state, and where.

The rule it keeps: an error names the file and the line, and says what to write instead.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_NAMED = 8

ADVICE = "Try again when it can be read, or give its id"
"""What to do about a name that cannot be told from a list that was not read in full."""


@dataclass(frozen=True)
class Place:
    """A line of a file, from 1."""

    file: str
    _: KW_ONLY
    line: int

    def __str__(self) -> str:
        return f"{one_line(self.file)}:{self.line}"


class FileError(Exception):
    """A file that cannot be read as a wished state."""

    def __init__(self, message: str, *, place: Place) -> None:
        self.place = place
        super().__init__(f"{place}: {message}.")


class WishError(Exception):
    """What files wish for cannot be planned; every reason on a line."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


def nearest(text: str, names: Iterable[str]) -> str:
    """A question that names what may have been meant; empty if nothing is near."""
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(text.casefold(), folded, n=1)
    return f" Did you mean {one_line(folded[near[0]])}?" if near else ""


def some_of(names: Iterable[str]) -> str:
    """The names, as far as they fit into a message."""
    every = sorted(map(one_line, names))
    more = f" and {len(every) - MOST_NAMED:,} more" if len(every) > MOST_NAMED else ""
    return ", ".join(every[:MOST_NAMED]) + more
