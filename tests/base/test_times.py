"""Moments, waits and lifetimes read and write as an operator expects, down to the edges."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sa_tui.base.times import (
    LIFETIME_FORMS,
    LIFETIME_PRESETS,
    MAX_LIFETIME,
    MIN_LIFETIME,
    ago,
    days_between,
    end_of,
    parse_lifetime,
    time_left,
    until,
    utc,
)

NOW = datetime(2026, 11, 23, 21, 7, 30, 250_000, tzinfo=UTC)
WHOLE_NOW = NOW.replace(microsecond=0)
NOON = NOW.replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-59), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=119), "1 h ago"),
        (timedelta(hours=24), "1 d ago"),
        (timedelta(days=400), "400 d ago"),
        (timedelta(hours=-2), "in 2 h"),
    ],
)
def test_an_age_is_told_in_its_largest_whole_unit(age: timedelta, text: str) -> None:
    assert ago(NOW - age, NOW) == text


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=12, hours=23), "in 12 d"),
        (timedelta(days=30) - timedelta(minutes=9), "in 30 d"),
        (timedelta(days=30) - timedelta(minutes=11), "in 29 d"),
        (timedelta(hours=3), "in 3 h"),
        (timedelta(minutes=59), "in 59 min"),
        (timedelta(seconds=1), "in < 1 min"),
        (timedelta(0), "expired just now"),
        (timedelta(days=-3), "expired 3 d ago"),
    ],
)
def test_a_lifetime_that_was_just_given_is_told_as_it_was_given(left: timedelta, text: str) -> None:
    assert until(NOW + left, NOW) == text


def test_a_moment_is_shown_in_utc_wherever_it_came_from() -> None:
    assert utc(NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))) == "2026-11-23 21:07 UTC"


def test_days_between_counts_whole_days() -> None:
    assert days_between(NOW, NOW + timedelta(days=2, hours=23)) == 2
    assert days_between(NOW, NOW - timedelta(hours=1)) == -1


@pytest.mark.parametrize(
    ("text", "expires_at"),
    [
        ("30d", WHOLE_NOW + timedelta(days=30)),
        (" 36 H ", WHOLE_NOW + timedelta(hours=36)),
        ("2w", WHOLE_NOW + timedelta(weeks=2)),
        ("1d", WHOLE_NOW + timedelta(days=1)),
        ("24h", WHOLE_NOW + timedelta(days=1)),
        ("365d", WHOLE_NOW + timedelta(days=365)),
        ("2027-03-01", datetime(2027, 3, 1, 23, 59, 59, tzinfo=UTC)),
        ("2027-03-01T12:00Z", datetime(2027, 3, 1, 12, tzinfo=UTC)),
        ("2027-03-01 12:00", datetime(2027, 3, 1, 12, tzinfo=UTC)),
        ("2027-03-01t12:00:05z", datetime(2027, 3, 1, 12, 0, 5, tzinfo=UTC)),
    ],
)
def test_a_lifetime_is_a_duration_a_date_or_a_time(text: str, expires_at: datetime) -> None:
    assert parse_lifetime(text, NOW) == expires_at


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "Write 30d"),
        ("soon", "Write 30d"),
        ("-30d", "Write 30d"),
        ("1.5d", "Write 30d"),
        ("٣٠d", "Write 30d"),
        ("2027-03-01T12:00+02:00", "Write 30d"),
        ("90m", "Unknown unit 'm'"),
        ("3y", "Unknown unit 'y'"),
        ("0d", "Too short"),
        ("23h", "Too short"),
        ("2026-11-23", "Too short"),
        ("2020-01-01", "Too short"),
        ("366d", "Too long"),
        ("53w", "Too long"),
        ("999999w", "Too long"),
        ("9999-12-31", "Too long"),
        ("2027-02-29", "no such date"),
        ("2027-02-28T25:00", "no such date"),
        ("9999999d", "Write 30d"),
    ],
)
def test_a_lifetime_that_cannot_be_used_is_explained(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_lifetime(text, NOW)


@given(hours=st.integers(min_value=0, max_value=999_999))
def test_hours_are_taken_exactly_or_refused(hours: int) -> None:
    lifetime = timedelta(hours=hours)
    if MIN_LIFETIME <= lifetime <= MAX_LIFETIME:
        assert parse_lifetime(f"{hours}h", NOW) - WHOLE_NOW == lifetime
    else:
        with pytest.raises(ValueError, match=r"Too (short|long)"):
            parse_lifetime(f"{hours}h", NOW)


@given(text=st.text() | st.from_regex(r"[0-9 TZwdh:-]{1,24}", fullmatch=True))
def test_any_text_is_a_lifetime_within_the_limits_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        expires_at = parse_lifetime(text, NOW)
        assert MIN_LIFETIME <= expires_at - WHOLE_NOW <= MAX_LIFETIME
        assert expires_at.microsecond == 0


@given(moment=st.datetimes(min_value=datetime(2026, 11, 25), max_value=datetime(2027, 11, 22)))
def test_a_time_written_out_reads_back_as_itself(moment: datetime) -> None:
    whole = moment.replace(microsecond=0, tzinfo=UTC)
    assert parse_lifetime(f"{whole:%Y-%m-%dT%H:%M:%SZ}", NOW) == whole


@pytest.mark.parametrize("form", [*LIFETIME_PRESETS, "30d", "36h", "2w", "2027-03-01"])
def test_every_lifetime_that_is_offered_is_accepted(form: str) -> None:
    assert form in (*LIFETIME_PRESETS, *LIFETIME_FORMS.replace(",", " ").split())
    assert parse_lifetime(form, NOW) > NOW


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
    assert end_of(seconds, now=NOON) == words
    assert end_of(seconds, now=NOON.astimezone(timezone(timedelta(hours=9)))) == words
