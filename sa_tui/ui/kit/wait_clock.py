"""Counts down a wait for Konnect; the operator can end a long one."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from sa_tui.base.times import end_of, time_left

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from textual.timer import Timer

LONG_WAIT_SECONDS = 10.0
"""A wait of this length is shown with the time at which it ends, and Esc ends it."""


class WaitClock:
    """Shows how long a wait still lasts, second by second; an empty text when it is over.

    `now` and `monotonic` are this machine's clocks; `set_timer` calls back after some seconds.
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
        self._end_text = ""
        self._until = 0.0
        self._tick: Timer | None = None

    @property
    def can_be_ended(self) -> bool:
        """Whether there is a wait that Esc can end."""
        return bool(self._end_text) and self._tick is not None

    def begin(self, seconds: float, reason: str, *, can_end: bool = True) -> None:
        """Shows a wait in place of any other; with 0 seconds there is no wait any more."""
        self._until = self._monotonic() + seconds
        self._reason, self._end_text = reason, ""
        if seconds >= LONG_WAIT_SECONDS and can_end:
            self._end_text = f", until {end_of(seconds, now=self._now())} · Esc stops"
        self._count_down()

    def _count_down(self) -> None:
        left_seconds = ceil(self._until - self._monotonic())
        is_over = left_seconds <= 0
        text = f"{self._reason}: {time_left(left_seconds)}{self._end_text}"
        self._show("" if is_over else text)
        if self._tick is not None:  # another request has begun to wait meanwhile
            self._tick.stop()
        self._tick = None if is_over else self._set_timer(1, self._count_down)
