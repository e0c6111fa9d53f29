"""What every test builds on: a moment, clocks that only the test moves, and the demo Konnect."""

from __future__ import annotations

import asyncio
import gc
import selectors
import signal
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
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
    return FakeKonnect(build_organisation(now, odd=True), clock=clock)


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> None:
    """Takes what a job in the background or under nohup ignores, and so does what it starts."""
    for number, handler in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGHUP, signal.SIG_DFL),
        (signal.SIGQUIT, signal.SIG_DFL),
    ):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, handler)


class PatientLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only while there is nothing to do but to wait.

    However slow the machine, no timer overtakes work that was there before it. While nothing can
    come from outside, time jumps to the next timer.
    """

    def __init__(self) -> None:
        self._seconds = 0.0
        self._awaited: asyncio.Future[None] | None = None
        self._files = _Selector(self)
        super().__init__(self._files)

    def time(self) -> float:
        return self._seconds

    @property
    def is_alone(self) -> bool:
        """Whether nothing can come from outside: no thread runs, and no file is watched."""
        return threading.active_count() == 1 and len(self._files.get_map()) == 1

    async def quiet(self) -> None:
        """Waits until nothing goes on any more without time, or something from outside."""
        self._awaited = self._awaited or self.create_future()
        await asyncio.shield(self._awaited)

    def pause(self, seconds: float | None, wait: Callable[[float | None], Any]) -> Any:
        """What comes from outside while for so long there is nothing else to do."""
        if self._awaited is not None:
            self._awaited.set_result(None)
            self._awaited = None
            return []
        if seconds is not None and self.is_alone:
            self._seconds += seconds
            return []
        began = time.monotonic()
        events = wait(seconds)
        self._seconds += time.monotonic() - began if events or seconds is None else seconds
        return events


class VirtualLoop(PatientLoop):
    """An event loop that jumps to its next timer instead of waiting for it."""

    is_alone = True


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: PatientLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        events = super().select(0)
        return events if events or timeout == 0 else self._loop.pause(timeout, super().select)


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], Any]]:
    is_of_ui = Path(__file__).with_name("ui") in item.path.parents
    return {"loop": PatientLoop if is_of_ui else asyncio.SelectorEventLoop}


@pytest.fixture
def in_virtual_time() -> Callable[[Callable[[], Coroutine[Any, Any, T]]], T]:
    """Runs a coroutine function on a loop of its own where sleeping takes no time."""

    def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            return runner.run(main())

    return run


def pytest_collection_finish() -> None:
    """Takes what is there by now out of every later search for garbage, and searches seldom.

    Every test leaves an application behind, which would be searched again and again: a third of
    the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
