"""Konnect's clock, measured by the Date of its answers and the times of request and answer.

The rule it keeps: only the difference that the answers prove is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from sa_tui.base.times import in_two_units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOTABLE = timedelta(minutes=1)
"""A smaller difference does not change a decision."""

_RESOLUTION = timedelta(seconds=1)
_LONGEST_HEADER = 64
_YEARS = range(2020, 2100)
"""A Date outside these years comes from a machine whose clock was reset."""


@dataclass(frozen=True)
class _Bounds:
    """How far Konnect's clock is ahead of this machine's, at least and at most."""

    least: timedelta
    most: timedelta

    def narrowed(self, other: _Bounds) -> _Bounds:
        """Both bounds together; only the other one if they contradict: a clock was set."""
        least, most = max(self.least, other.least), min(self.most, other.most)
        return _Bounds(least, most) if least <= most else other

    @property
    def nearest_to_zero(self) -> timedelta:
        return min(max(self.least, timedelta()), self.most)


class KonnectClock:
    """Konnect's time; this machine's until an answer gives one."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._local_now = now
        self._bounds: _Bounds | None = None

    @property
    def ahead(self) -> timedelta | None:
        """How far Konnect's clock is ahead of this machine's; None while that is not known."""
        return None if self._bounds is None else self._bounds.nearest_to_zero

    def now(self) -> datetime:
        """The present time of Konnect, as far as it is known."""
        return self._local_now() + (self.ahead or timedelta())

    def local_now(self) -> datetime:
        """The present time of this machine."""
        return self._local_now()

    def note(self, headers: Mapping[str, str], *, sent_at: datetime) -> None:
        """Notes the Date of an answer that has just come to a request sent at that local time."""
        moment = _date(headers)
        received_at = self._local_now()
        if moment is None or received_at < sent_at:
            return
        # Konnect dated the answer between these times, and cuts its Date to the second.
        bounds = _Bounds(moment - received_at, moment + _RESOLUTION - sent_at)
        self._bounds = bounds if self._bounds is None else self._bounds.narrowed(bounds)

    @property
    def difference(self) -> str:
        """A sentence about a notable difference; empty without one."""
        ahead = self.ahead or timedelta()
        if abs(ahead) < NOTABLE:
            return ""
        way = "behind" if ahead > timedelta() else "ahead of"
        return (
            f"This machine's clock is {in_two_units(abs(ahead))} {way} Konnect's: "
            "lifetimes, ages and what is expired go by Konnect's clock."
        )


def _date(headers: Mapping[str, str]) -> datetime | None:
    """The Date of an answer; None without one, or if the answer comes from a cache."""
    text = headers.get("date", "")
    if len(text) > _LONGEST_HEADER or headers.get("age", "0").strip() != "0":
        return None
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.year in _YEARS else None
