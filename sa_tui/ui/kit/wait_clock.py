"""Counts down what Konnect makes the application wait for; a long wait can be ended."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from sa_tui.base.times import end_of, time_left

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from textual.timer import Timer

LONG_WAIT_SECONDS = 10.0
"""A wait of this length is told with the time of day at which it ends, and can be ended."""


class WaitClock:
    """Shows how long a wait still lasts, second by second; an empty text when it is over.

    `now` and `monotonic` are this machine's clocks; `set_timer` calls after so many seconds.
    """

    def __init__(
        self,
        show: Callable[[str], None],
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        set_timer: Callable[[float, Callable[[], None]], Timer],
    ) -> None:
        self._show = show
        self._now = now
        self._monotonic = monotonic
        self._set_timer = set_timer
        self._reason = ""
        self._ends = ""
        self._until = 0.0
        self._tick: Timer | None = None

    @property
    def can_be_ended(self) -> bool:
        """Whether there is a wait that Esc ends."""
        return bool(self._ends) and self._tick is not None

    def begin(self, seconds: float, reason: str, *, can_end: bool = True) -> None:
        """Tells of a wait in place of any other; of none when it takes no time."""
        self._until = self._monotonic() + seconds
        self._reason, self._ends = reason, ""
        if seconds >= LONG_WAIT_SECONDS and can_end:
            self._ends = f", until {end_of(seconds, now=self._now())} · Esc stops"
        self._count_down()

    def _count_down(self) -> None:
        left_seconds = ceil(self._until - self._monotonic())
        is_over = left_seconds <= 0
        left = f"{self._reason}: {time_left(left_seconds)}{self._ends}"
        self._show("" if is_over else left)
        if self._tick is not None:  # another request has begun to wait meanwhile
            self._tick.stop()
        self._tick = None if is_over else self._set_timer(1, self._count_down)
