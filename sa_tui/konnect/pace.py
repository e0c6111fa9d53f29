"""How fast requests may be sent: a pace learnt from the server's refusals.

The rule it keeps: after a 429, requests resume one after the other, never all at once. Requests
that are sent together are refused together, which takes twice as long.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

_FIRST_SHRINK = 0.7
"""The share of the rate before the first refusal: part of it was a burst that comes once."""

_SHRINK_FLOOR = 0.25
_SHRINK_CEILING = 0.95
_GROWTH_PER_SECOND = 0.02
_SEARCH_PER_SECOND = 0.3
_FEW_ANSWERS = 20
"""A first estimate from fewer answers than this is poor, and is corrected quickly."""

_TOO_FEW_ANSWERS = 4
"""So is a later one: with few answers between refusals, the wait was too short, not the pace."""

_MIN_FIRST_RATE = 2.0
_MIN_RATE = 0.2
_MIN_WINDOW_SECONDS = 0.2

_SCARCE_SHARE = 0.1
"""When fewer than this share of the allowed requests remain, they are spread over the time."""

_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_WHOLE_SECONDS = 1.0
"""By how much two answers may differ on when the next period begins."""


@dataclass(frozen=True)
class Budget:
    """How many more requests Konnect allows, and for how long."""

    limit: int
    remaining: int
    reset_seconds: int


def budget_of(headers: Mapping[str, str]) -> Budget | None:
    """The budget in the `ratelimit-*` headers of an answer; None unless all are there."""
    matches = [
        _COUNT.match(headers.get(f"ratelimit-{name}", "").strip())
        for name in ("limit", "remaining", "reset")
    ]
    counts = [int(match[0]) for match in matches if match]
    return Budget(*counts) if len(counts) == len(matches) else None


@dataclass
class _Allowance:
    remaining: int
    ends_at: float


class Pace:
    """Lets requests through one by one; unlimited until the first refusal.

    At each refusal the allowance of the server is used up: what it accepts between two refusals,
    over the time between them, is the rate that it allows. The pace falls to that rate, then grows
    slowly.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], Awaitable[None]],
        monotonic: Callable[[], float],
        jitter: Callable[[], float],
    ) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._jitter = jitter
        self._gate = asyncio.Lock()
        self._rate: float | None = None
        self._next_at = 0.0
        self._episode_at: float | None = None
        self._accepted = 0
        self._grown_at = 0.0
        self._growth = _GROWTH_PER_SECOND
        self._paused_seconds = 0.0
        self._scarce: _Allowance | None = None

    async def turn(self, hold: Callable[[float], Awaitable[None]] | None = None) -> float:
        """Waits until a request may be sent and returns that time, for `refused`.

        `hold` is used to wait; what it raises ends the wait.
        """
        if self._rate is None and self._scarce is None:
            now = self._monotonic()
            if self._episode_at is None:
                self._episode_at = now
            return now
        # Only the holder of the gate sleeps, and the others queue behind it: a pause that grows
        # meanwhile holds all of them, and ends for one at a time.
        async with self._gate:
            while (wait := self._next_at - self._monotonic()) > 0:
                await (hold or self._sleep)(wait)
            now = self._monotonic()
            self._next_at = now + (0.9 + 0.2 * self._jitter()) * self._interval(now)
            return now

    def _interval(self, now: float) -> float:
        """Seconds until the next request, after one that is sent now."""
        at_pace = 0.0 if self._rate is None else 1 / self._rate
        if self._scarce is None:
            return at_pace
        left_seconds = self._scarce.ends_at - now
        if left_seconds <= 0:
            self._scarce = None
            return at_pace
        self._scarce.remaining = max(self._scarce.remaining - 1, 0)
        return max(at_pace, left_seconds / (self._scarce.remaining + 1))

    def budgeted(self, budget: Budget | None) -> None:
        """Notes the budget of an answer, to slow down before Konnect refuses."""
        if budget is None:
            return
        now = self._monotonic()
        allowance = _Allowance(budget.remaining, now + budget.reset_seconds)
        if budget.remaining > budget.limit * _SCARCE_SHARE:
            # Answers overtake each other: an older one of the same period does not count.
            if self._scarce is None or allowance.ends_at > self._scarce.ends_at + _WHOLE_SECONDS:
                self._scarce = None
        elif self._scarce is None:
            self._scarce = allowance
            self._next_at = max(self._next_at, now + self._interval(now))
        elif abs(allowance.ends_at - self._scarce.ends_at) <= _WHOLE_SECONDS:
            self._scarce.remaining = min(self._scarce.remaining, allowance.remaining)
        else:
            self._scarce = allowance

    def accepted(self) -> None:
        """Notes an answer that is not a 429; the pace grows a little."""
        self._accepted += 1
        if self._rate is None:
            return
        now = self._monotonic()
        # Idle time proves nothing: it counts for no more than the interval of this pace.
        elapsed = min(max(now - self._grown_at, 0.0), max(1.0, 1 / self._rate))
        self._rate *= 1 + self._growth * elapsed
        self._grown_at = now

    def refused(self, left_at: float, *, pause_seconds: float) -> None:
        """Notes a 429 for a request that was sent at `left_at`: pauses, and slows down.

        Requests that were sent together are refused together; only the first of them counts.
        """
        now = self._monotonic()
        self._next_at = max(self._next_at, now + pause_seconds)
        since = self._episode_at if self._episode_at is not None else left_at
        if self._rate is not None and left_at <= since:
            return
        observed = self._observed(now - since)
        if self._rate is None:
            poor = self._accepted < _FEW_ANSWERS
            self._rate = max(observed * _FIRST_SHRINK, _MIN_FIRST_RATE)
        else:
            poor = self._accepted < _TOO_FEW_ANSWERS
            observed = max(observed, self._rate * _SHRINK_FLOOR)
            self._rate = max(min(observed, self._rate * _SHRINK_CEILING), _MIN_RATE)
        self._growth = _SEARCH_PER_SECOND if poor else _GROWTH_PER_SECOND
        self._episode_at = self._grown_at = now
        self._paused_seconds = pause_seconds
        self._accepted = 0

    def _observed(self, window_seconds: float) -> float:
        # During the pause the server's allowance was refilled, by how much is unknown: the rate is
        # the mean of the one with the pause and the one without.
        window = max(window_seconds, _MIN_WINDOW_SECONDS)
        awake = max(window_seconds - self._paused_seconds, _MIN_WINDOW_SECONDS)
        return self._accepted * (1 / window + 1 / awake) / 2
