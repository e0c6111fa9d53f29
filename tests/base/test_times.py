"""A wait is counted down and has an end that can be read off a watch, or off a calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sa_tui.base.times import end_of, time_left

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.6237, "0.6 s"), (2, "2 s"), (2.96, "3 s"), (77, "77 s"), (599, "599 s"), (3700, "62 min")],
)
def test_a_wait_is_counted_in_seconds_until_that_says_too_little(
    seconds: float, words: str
) -> None:
    assert time_left(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(77, "12:01:17 UTC"), (86_400, "2026-11-24 12:00 UTC")]
)
def test_the_end_of_a_wait_has_a_date_when_it_is_far(seconds: float, words: str) -> None:
    assert end_of(seconds, now=NOW) == words
    assert end_of(seconds, now=NOW.astimezone(timezone(timedelta(hours=9)))) == words
