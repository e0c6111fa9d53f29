"""What is sent again, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sa_tui.konnect.errors import (
    Forbidden,
    KonnectError,
    RateLimited,
    ServerFault,
    Unreachable,
    Unreadable,
)
from sa_tui.konnect.retry import MAX_ATTEMPTS, delay_seconds, retry_after_seconds

LOST = Unreachable("the connection was lost")
REFUSED = Unreachable("no connection", is_refused=True)
UNTRUSTED = Unreachable("certificate", is_lasting=True)
BUSY = RateLimited(429)
FAULT = ServerFault(503)


@pytest.mark.parametrize("error", [LOST, REFUSED, BUSY, FAULT])
def test_a_read_is_repeated(error: KonnectError) -> None:
    assert delay_seconds("GET", error, 1) is not None


@pytest.mark.parametrize("error", [UNTRUSTED, Forbidden(403), Unreadable("x")])
def test_what_cannot_get_better_is_not_repeated(error: KonnectError) -> None:
    assert delay_seconds("GET", error, 1) is None


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("error", [LOST, FAULT, Unreadable("x")])
def test_a_change_whose_answer_may_be_lost_is_never_repeated(
    method: str, error: KonnectError
) -> None:
    assert delay_seconds(method, error, 1, retry_after=1) is None


@pytest.mark.parametrize("error", [REFUSED, BUSY])
def test_a_change_that_was_certainly_not_made_is_repeated(error: KonnectError) -> None:
    assert delay_seconds("POST", error, 1) is not None


def test_reads_give_up_after_four_attempts() -> None:
    delays = [delay_seconds("GET", FAULT, attempt) for attempt in range(1, MAX_ATTEMPTS + 1)]
    assert delays == [0.5, 1.0, 2.0, None]


def test_waits_are_spread_by_chance() -> None:
    assert delay_seconds("GET", FAULT, 1, jitter=0.0) == 0.25
    assert delay_seconds("GET", FAULT, 1, jitter=1.0) == 0.75


@pytest.mark.parametrize(("asked", "kept"), [(7.0, 7.0), (3600.0, 3600.0), (-5.0, 0.0)])
def test_a_wait_that_konnect_asks_for_is_kept_as_it_is(asked: float, kept: float) -> None:
    assert delay_seconds("POST", BUSY, 1, retry_after=asked) == kept


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("2", 2.0),
        ("1.5", 1.5),
        (" 30 ", 30.0),
        ("Sun, 01 Jun 2025 12:00:20 GMT", 20.0),
        ("Sun, 01 Jun 2025 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-3", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    now = datetime(2025, 6, 1, 12, tzinfo=UTC)
    assert retry_after_seconds(header, now=lambda: now) == seconds
