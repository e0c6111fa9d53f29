"""How a review shares its height: warnings come before the effect, the effect before the rows."""

from __future__ import annotations

from typing import NamedTuple


class Shares(NamedTuple):
    """The lines that warnings and effect get at most; the rows take what is left."""

    warnings: int
    effect: int


def shares(room: int, *, warnings: int, effect: int, rows: int, least_rows: int) -> Shares:
    """Shares `room` lines among so many lines of warnings, of the effect and of rows.

    The first change is always in view: `least_rows` are the lines down to it, with the heading of
    the columns. Warnings that have no room leave one line for the mark that says so.
    """
    least_warnings = min(warnings, 2)
    least_effect = min(effect, 2, max(0, room - least_rows - least_warnings))
    for_warnings = max(least_warnings, room - least_rows - least_effect)
    shown_warnings = warnings if warnings <= for_warnings else for_warnings - 1
    rest = room - min(warnings, for_warnings)
    fair = max(rest - rows - 1, min(rest // 2, rest - least_rows))
    return Shares(shown_warnings, min(effect, max(least_effect, fair)))
