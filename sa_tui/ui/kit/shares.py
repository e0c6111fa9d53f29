"""How a review shares its height: warnings come before the effect, the effect before the rows."""

from __future__ import annotations

from typing import NamedTuple

LEAST_ROWS = 2
"""The heading of the rows and one of them."""


class Shares(NamedTuple):
    """The lines that warnings and effect get at most; the rows take what is left."""

    warnings: int
    effect: int


def shares(room: int, *, warnings: int, effect: int, rows: int) -> Shares:
    """Shares `room` lines among so many lines of warnings, of the effect and of rows.

    Warnings that have no room leave one line for the mark that says so.
    """
    least_effect = min(effect, 2)
    for_warnings = max(1, room - LEAST_ROWS - least_effect)
    shown_warnings = warnings if warnings <= for_warnings else max(1, for_warnings - 1)
    rest = room - min(warnings, for_warnings)
    return Shares(shown_warnings, min(effect, max(least_effect, rest - rows - 1, rest // 2)))
