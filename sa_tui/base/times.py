"""How long a wait lasts and until when, in the words of every message on it."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_MINUTE, _DAY = 60, 86_400
_COUNTED_IN_SECONDS = 10 * _MINUTE


def time_left(seconds: float) -> str:
    """A length of time as it is counted down: `77 s`, and from ten minutes on `62 min`."""
    if seconds < _COUNTED_IN_SECONDS:
        return f"{round(seconds, 1):g} s"
    return f"{seconds / _MINUTE:.0f} min"


def end_of(seconds: float, *, now: datetime) -> str:
    """When so many seconds from now are over: `12:01:17 UTC`, with the date when that is far."""
    ends_at = now.astimezone(UTC) + timedelta(seconds=seconds)
    return f"{ends_at:%H:%M:%S} UTC" if seconds < _DAY else f"{ends_at:%Y-%m-%d %H:%M} UTC"
