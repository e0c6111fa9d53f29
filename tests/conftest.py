"""What every test builds on: a moment, clocks that only the test moves, and the demo Konnect."""

from __future__ import annotations

import asyncio
import selectors
import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import settings

from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")

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


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that jumps to its next timer instead of waiting for it."""

    def __init__(self) -> None:
        self._virtual_seconds = 0.0
        super().__init__(_InstantSelector(self._pass))

    def time(self) -> float:
        return self._virtual_seconds

    def _pass(self, seconds: float) -> None:
        self._virtual_seconds += seconds


class _InstantSelector(selectors.DefaultSelector):
    def __init__(self, let_pass: Callable[[float], None]) -> None:
        super().__init__()
        self._let_pass = let_pass

    def select(self, timeout: float | None = None) -> Any:
        if timeout:
            self._let_pass(timeout)
        return super().select(0)


@pytest.fixture
def in_virtual_time() -> Callable[[Callable[[], Coroutine[Any, Any, T]]], T]:
    """Runs a coroutine function on a loop of its own where sleeping takes no time."""

    def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            return runner.run(main())

    return run
