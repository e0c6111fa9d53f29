"""Konnect's clock is measured by its answers, within what they prove, and never guessed."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from sa_tui.konnect.clock import KonnectClock
from sa_tui.konnect.errors import KonnectError

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Local:
    """This machine's clock, set by the test."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def local() -> Local:
    return Local()


@pytest.fixture
def konnect(local: Local) -> KonnectClock:
    return KonnectClock(local)


def dated(moment: datetime, **more: str) -> httpx.Headers:
    return httpx.Headers({"Date": format_datetime(moment, usegmt=True), **more})


def hear(konnect: KonnectClock, local: Local, moment: datetime, *, after: float = 0.0) -> None:
    """An answer dated so arrives, so many seconds after its request was sent."""
    sent_at = local.moment
    local.moment += timedelta(seconds=after)
    konnect.note(dated(moment), sent_at=sent_at)


def test_before_any_answer_the_clock_is_unknown_and_this_machine_is_believed(
    konnect: KonnectClock,
) -> None:
    assert konnect.ahead is None
    assert konnect.now() == NOW
    assert konnect.difference == ""


@pytest.mark.parametrize("days", [3, -3])
def test_a_difference_is_found_to_the_second(
    konnect: KonnectClock, local: Local, days: int
) -> None:
    hear(konnect, local, NOW - timedelta(days=days))
    assert abs(konnect.now() - (NOW - timedelta(days=days))) <= timedelta(seconds=1)
    way = "ahead of" if days > 0 else "behind"
    assert f"This machine's clock is 3 d {way} Konnect's" in konnect.difference


def test_a_slow_answer_proves_no_difference_and_a_quick_one_is_kept(
    konnect: KonnectClock, local: Local
) -> None:
    # Konnect is 100 seconds ahead; the first answer takes 300 seconds and says next to nothing.
    hear(konnect, local, NOW + timedelta(seconds=110), after=300)
    assert konnect.ahead == timedelta()
    quick = local.moment + timedelta(seconds=100)
    hear(konnect, local, quick, after=0.2)
    assert konnect.ahead is not None
    assert timedelta(seconds=99) <= konnect.ahead <= timedelta(seconds=101)
    hear(konnect, local, local.moment + timedelta(seconds=110), after=300)
    assert timedelta(seconds=99) <= konnect.ahead <= timedelta(seconds=101)


def test_clocks_that_agree_within_what_can_be_measured_are_the_same(
    konnect: KonnectClock, local: Local
) -> None:
    local.moment = NOW + timedelta(milliseconds=900)
    hear(konnect, local, NOW)
    assert konnect.ahead == timedelta()


def test_a_clock_that_is_set_meanwhile_is_measured_anew(
    konnect: KonnectClock, local: Local
) -> None:
    hear(konnect, local, NOW)
    local.moment = NOW + timedelta(hours=30)
    hear(konnect, local, NOW + timedelta(seconds=5))
    assert abs(konnect.now() - (NOW + timedelta(seconds=5))) <= timedelta(seconds=1)
    assert "1 d 6 h ahead of" in konnect.difference


@pytest.mark.parametrize("seconds", [-59, 0, 59])
def test_a_difference_under_a_minute_is_not_worth_a_word(
    konnect: KonnectClock, local: Local, seconds: int
) -> None:
    hear(konnect, local, NOW + timedelta(seconds=seconds))
    assert konnect.difference == ""


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Date": ""},
        {"Date": "soon"},
        {"Date": "x" * 100_000},
        {"Date": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"Date": "Fri, 31 Dec 9999 23:59:59 -2359"},
        {"Date": "Sun, 01 Mar 2026 09:30:00 GMT", "Age": "86400"},
    ],
)
def test_what_says_no_time_or_nonsense_leaves_it_unknown(
    konnect: KonnectClock, headers: dict[str, str]
) -> None:
    konnect.note(httpx.Headers(headers), sent_at=NOW)
    assert konnect.ahead is None


def test_an_answer_that_was_kept_for_no_time_is_believed(konnect: KonnectClock) -> None:
    konnect.note(dated(NOW + timedelta(days=3), Age="0"), sent_at=NOW)
    assert "3 d behind" in konnect.difference


def test_a_clock_that_runs_backwards_during_a_request_proves_nothing(
    konnect: KonnectClock,
) -> None:
    konnect.note(dated(NOW), sent_at=NOW + timedelta(seconds=1))
    assert konnect.ahead is None


@pytest.mark.parametrize("status", [200, 401, 503])
async def test_every_answer_is_asked_for_its_time(
    connect: Any, script: Any, answer: Any, clock: Any, status: int
) -> None:
    date = format_datetime(clock.now() + timedelta(days=3), usegmt=True)
    client = connect(script(answer(status, {"id": "o"}, date=date)))
    with suppress(KonnectError):
        await client.get_organization()
    assert client.clock.ahead > timedelta(days=2, hours=23)
