"""How far the sending of changes has come, on one line: a bar, results, and the time that is left.

The rule it keeps: it is asked when an answer arrives and never by a timer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.org.changes.change import Outcome

_BAR_WIDTH = 10


@dataclass(frozen=True)
class Pace:
    """When a sending began, by a monotonic clock, and how many answers were there by then."""

    began: float
    answered: int = 0

    def seconds_left(self, now: float, *, answered: int, left: int) -> float | None:
        """How long the rest takes at the pace so far; None while nothing was answered."""
        fresh = answered - self.answered
        return (now - self.began) / fresh * left if fresh > 0 else None


def progress_line(
    outcomes: Sequence[Outcome], *, count: int, pace: Pace, now: float, is_stopping: bool
) -> str:
    """The line while so many changes are sent."""
    answered = len(outcomes)
    left = count - answered
    if count == 1:
        return "Sending…"
    filled = _BAR_WIDTH * answered // count
    bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
    statuses = Counter("done" if outcome.is_good else outcome.status for outcome in outcomes)
    results = ", ".join(
        f"{statuses[status]:,} {status}"
        for status in ("done", "failed", "unknown")
        if statuses[status]
    )
    text = f"{bar} {answered:,} of {count:,} answered"
    text += f": {results}" if results else ""
    text += f" · {left:,} left"
    seconds = pace.seconds_left(now, answered=answered, left=left)
    text += f", about {_in_words(seconds)}" if seconds is not None else ""
    if left > 1:  # else the last is under way, and nothing is left to stop
        text += ". Stopping after this one." if is_stopping else ". Esc stops."
    return text


def _in_words(seconds: float) -> str:
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"
