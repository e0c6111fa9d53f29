"""Ages, dates, lifetimes and waits as an operator reads and writes them.

Every moment is an aware datetime, shown in UTC and said to be so.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

MIN_LIFETIME: Final = timedelta(days=1)
MAX_LIFETIME: Final = timedelta(days=365)
LIFETIME_PRESETS: Final = ("1d", "7d", "30d", "90d", "365d")
"""Lifetimes worth offering, shortest first; each can be given to `parse_lifetime`."""

LIFETIME_FORMS: Final = "30d, 36h, 2w, a date 2027-03-01, or a time 2027-03-01T12:00Z"

UNITS: Final = MappingProxyType(
    {
        "w": timedelta(weeks=1),
        "d": timedelta(days=1),
        "h": timedelta(hours=1),
        "m": timedelta(minutes=1),
    }
)
"""What the letter after a number means where an operator types a length of time."""

_LIFETIME_UNITS: Final = "wdh"
_SHOWN_UNITS: Final = (("d", UNITS["d"]), ("h", UNITS["h"]), ("min", UNITS["m"]))
_COUNTED_IN_SECONDS: Final = 600
_LOOKED_AT_WITHIN: Final = timedelta(minutes=10)
_DURATION: Final = re.compile(r"([0-9]{1,6}) ?([a-z])", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[t ][0-9]{2}:[0-9]{2}(:[0-9]{2})?z?", re.ASCII
)


def utc(moment: datetime) -> str:
    """The moment to the minute, such as `2026-11-23 21:07 UTC`."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago a moment was, in its largest whole unit: `3 d ago`, `2 h ago`, `just now`.

    A moment ahead of `now` by more than clocks differ is told as `in 3 d`.
    """
    if (age := _largest_unit(now - moment)) is not None:
        return f"{age} ago"
    ahead = _largest_unit(moment - now)
    return "just now" if ahead is None else f"in {ahead}"


def until(moment: datetime, now: datetime) -> str:
    """How far off an expiry is: `in 12 d`, `in 3 h`, `in < 1 min`, `expired 3 d ago`.

    Of a lifetime in whole days some minutes are over when somebody looks: it is told as it was
    given.
    """
    if moment <= now:
        return f"expired {ago(moment, now)}"
    left = moment - now
    as_given = left + _LOOKED_AT_WITHIN
    left = as_given if as_given >= MIN_LIFETIME else left
    return f"in {_largest_unit(left) or '< 1 min'}"


def days_between(start: datetime, end: datetime) -> int:
    """Whole days from start to end, rounded down; negative when the end comes first."""
    return (end - start) // timedelta(days=1)


def time_left(seconds: float) -> str:
    """A length of time as it is counted down: `77 s`, and from ten minutes on `62 min`."""
    if seconds < _COUNTED_IN_SECONDS:
        return f"{round(seconds, 1):g} s"
    return f"{seconds / 60:.0f} min"


def end_of(seconds: float, *, now: datetime) -> str:
    """When so many seconds from now are over: `12:01:17 UTC`, with the date when that is far."""
    ends_at = now.astimezone(UTC) + timedelta(seconds=seconds)
    return f"{ends_at:%H:%M:%S} UTC" if seconds < 86_400 else f"{ends_at:%Y-%m-%d %H:%M} UTC"


def in_words(span: timedelta) -> str:
    """A length of time in its largest whole unit: `24 h`, `7 d`, `90 min`."""
    for letter in "dh":
        if span >= 2 * UNITS[letter] and span % UNITS[letter] == timedelta():
            return f"{span // UNITS[letter]} {letter}"
    if span % UNITS["h"] == timedelta():
        return f"{span // UNITS['h']} h"
    return f"{span // UNITS['m']} min"


def in_two_units(span: timedelta) -> str:
    """A length of time to the minute, in its two largest units: `2 d 3 h`, `5 min`."""
    minutes = round(span / UNITS["m"])
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (minutes, "min"))]
    used = [part for part in parts if not part.startswith("0 ")]
    return " ".join(used[:2])


def parse_lifetime(text: str, now: datetime) -> datetime:
    """The moment of expiry that a typed lifetime means, in whole seconds UTC.

    A bare date lasts to the end of that day, 23:59:59 UTC. 1 to 365 days, both included.
    Raises ValueError with a text for the operator.
    """
    now = now.astimezone(UTC).replace(microsecond=0)
    expires_at = _expiry(text.strip().lower(), now)
    lifetime = expires_at - now
    if lifetime < MIN_LIFETIME:
        raise ValueError(f"Too short: {utc(expires_at)} is less than 1 day from now.")
    if lifetime > MAX_LIFETIME:
        raise ValueError(f"Too long: {utc(expires_at)} is more than 365 days from now.")
    return expires_at


def _expiry(text: str, now: datetime) -> datetime:
    if duration := _DURATION.fullmatch(text):
        count, unit = duration.groups()
        if unit not in _LIFETIME_UNITS:
            raise ValueError(f"Unknown unit {unit!r}. Write {LIFETIME_FORMS} (UTC).")
        # Beyond any limit, but within what a datetime can hold.
        return now + min(int(count) * UNITS[unit], 2 * MAX_LIFETIME)
    try:
        if _DATE.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time(23, 59, 59), UTC)
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text.removesuffix("z").upper()).replace(tzinfo=UTC)
    except ValueError as error:
        raise ValueError(f"There is no such date: {text}.") from error
    raise ValueError(f"Write {LIFETIME_FORMS} (UTC).")


def _largest_unit(span: timedelta) -> str | None:
    return next((f"{span // unit} {name}" for name, unit in _SHOWN_UNITS if span >= unit), None)
