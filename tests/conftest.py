"""What every test builds on: a moment, a clock that only the test moves, and the demo Konnect."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings

from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation

# The same examples every time, and no limit of time: a busy machine is not a wrong answer.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")


@dataclass
class Clock:
    """Tells the time that the test has set."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def fake(now: datetime, clock: Clock) -> FakeKonnect:
    return FakeKonnect(build_organisation(now), clock=clock)


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> None:
    """Takes SIGINT, which a job in the background ignores, and with it every program it starts."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
