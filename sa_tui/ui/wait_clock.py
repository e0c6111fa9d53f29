"""Counts down what Konnect makes the application wait for; a long wait can be ended."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from sa_tui.base.times import end_of, time_left

if TYPE_CHECKING:
    from textual.timer import Timer

    from sa_tui.ui.session import Session

LONG_WAIT_SECONDS = 10.0
"""A wait of this length is told with the time of day at which it ends, and can be ended."""


class WaitClock:
    """Keeps the application's `wait` up to date, second by second."""

    def __init__(self, app: Session) -> None:
        self._app = app
        self._wiring = app.wiring
        self._reason = ""
        self._ends = ""
        self._until = 0.0
        self._tick: Timer | None = None

    @property
    def can_be_ended(self) -> bool:
        """Whether there is a wait that Esc ends."""
        return bool(self._ends) and bool(self._app.wait)

    def begin(self, seconds: float, reason: str) -> None:
        """Tells of a wait in place of any other; of none when it takes no time."""
        self._until = self._wiring.monotonic() + seconds
        self._reason, self._ends = reason, ""
        if seconds >= LONG_WAIT_SECONDS and self._app.org is not None:
            self._ends = f", until {end_of(seconds, now=self._wiring.now())} · Esc stops"
        self._count_down()

    def _count_down(self) -> None:
        left_seconds = ceil(self._until - self._wiring.monotonic())
        is_over = left_seconds <= 0
        left = f"{self._reason}: {time_left(left_seconds)}{self._ends}"
        self._app.wait = "" if is_over else left
        if self._tick is not None:  # another request has begun to wait meanwhile
            self._tick.stop()
        self._tick = None if is_over else self._app.set_timer(1, self._count_down)
