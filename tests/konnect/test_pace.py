"""After a refusal requests are paced from what the server teaches, never sent all at once."""

from __future__ import annotations

import asyncio
import itertools
import random
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.pace import Pace
from sa_tui.konnect.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

LATENCY_SECONDS = 0.04
FIRST_GUESS = 2.0
"""Requests a second after a server refused before it had accepted anything."""


@dataclass
class LimitedKonnect:
    """A server with a token bucket: so many requests a second, so many at once."""

    per_second: float
    burst: float
    retry_after: str | None
    monotonic: Callable[[], float]
    arrivals: list[tuple[float, int]] = field(default_factory=list)
    _allowance: float = field(init=False)
    _refilled_at: float = 0.0

    def __post_init__(self) -> None:
        self._allowance = self.burst

    async def handle(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(LATENCY_SECONDS / 2)
        now = self.monotonic()
        self._allowance += (now - self._refilled_at) * self.per_second
        self._allowance = min(self._allowance, self.burst)
        self._refilled_at = now
        status = 200 if self._allowance >= 1 else 429
        self._allowance -= status == 200
        self.arrivals.append((now, status))
        await asyncio.sleep(LATENCY_SECONDS / 2)
        headers = {"retry-after": self.retry_after} if self.retry_after and status == 429 else {}
        return httpx.Response(status, json={"id": "a"}, headers=headers)

    @property
    def refused(self) -> int:
        return sum(status == 429 for _, status in self.arrivals)


async def read_all(
    requests: int, *, per_second: float, burst: float, retry_after: str | None, concurrency: int
) -> tuple[float, LimitedKonnect]:
    loop = asyncio.get_running_loop()
    server = LimitedKonnect(per_second, burst, retry_after, loop.time)
    async with KonnectClient(
        SecretStr("spat_a"),
        Settings(
            transport=httpx.MockTransport(server.handle),
            concurrency=concurrency,
            monotonic=loop.time,
            jitter=random.Random(1).random,
        ),
    ) as client:
        await asyncio.gather(*(client.accounts.get("a") for _ in range(requests)))
    return loop.time(), server


@pytest.mark.parametrize(
    ("limits", "requests", "within"),
    [
        ({"per_second": 100, "burst": 50, "retry_after": "1", "concurrency": 6}, 1500, 1.2),
        ({"per_second": 100, "burst": 50, "retry_after": None, "concurrency": 6}, 1500, 1.15),
        ({"per_second": 100, "burst": 50, "retry_after": "1", "concurrency": 16}, 1500, 1.3),
        ({"per_second": 20, "burst": 100, "retry_after": "1", "concurrency": 6}, 600, 1.1),
        ({"per_second": 2, "burst": 5, "retry_after": "2", "concurrency": 6}, 100, 1.15),
    ],
)
def test_many_requests_finish_near_the_ideal_with_few_refusals(
    in_virtual_time: Any, limits: dict[str, Any], requests: int, within: float
) -> None:
    seconds, server = in_virtual_time(lambda: read_all(requests, **limits))
    ideal = (requests - limits["burst"]) / limits["per_second"]
    assert seconds / ideal < within
    assert server.refused <= max(requests * 0.02, 15)


def test_requests_woken_from_a_refusal_do_not_leave_together(in_virtual_time: Any) -> None:
    _, server = in_virtual_time(
        lambda: read_all(300, per_second=50, burst=20, retry_after="2", concurrency=16)
    )
    refused_at = next(at for at, status in server.arrivals if status == 429)
    resumed = [at for at, _ in server.arrivals if at > refused_at + 2]
    gaps = [later - earlier for earlier, later in itertools.pairwise(resumed)]
    assert min(gaps[:16]) > 0.005


def test_nothing_leaves_during_the_wait_that_was_asked_for(in_virtual_time: Any) -> None:
    _, server = in_virtual_time(
        lambda: read_all(120, per_second=50, burst=20, retry_after="5", concurrency=6)
    )
    refused_at = next(at for at, status in server.arrivals if status == 429)
    told_at = refused_at + LATENCY_SECONDS / 2
    reached_at = [at for at, _ in server.arrivals]
    assert not [at for at in reached_at if told_at + LATENCY_SECONDS < at < told_at + 5]


async def read_after_refusals(requests: int, *, refusals: int) -> float:
    """How long reading takes on a server that refuses so many in a row and then none."""
    loop = asyncio.get_running_loop()
    asked = itertools.count()

    async def handle(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(LATENCY_SECONDS)
        if 5 <= next(asked) < 5 + refusals:
            return httpx.Response(429, headers={"retry-after": "2"})
        return httpx.Response(200, json={"id": "a"})

    async with KonnectClient(
        SecretStr("spat_a"),
        Settings(
            transport=httpx.MockTransport(handle),
            monotonic=loop.time,
            jitter=random.Random(1).random,
        ),
    ) as client:
        await asyncio.gather(*(client.accounts.get("a") for _ in range(requests)))
    return loop.time()


def test_a_pace_that_refusals_alone_have_taught_is_soon_left_again(in_virtual_time: Any) -> None:
    # Three reads for each of 23 rows on a screen; half of the time are the waits asked for.
    assert in_virtual_time(lambda: read_after_refusals(69, refusals=6)) < 40


def test_a_server_that_refuses_nothing_is_not_slowed_down(in_virtual_time: Any) -> None:
    seconds, _ = in_virtual_time(
        lambda: read_all(600, per_second=1e6, burst=1e6, retry_after=None, concurrency=6)
    )
    assert seconds == pytest.approx(600 * LATENCY_SECONDS / 6, rel=0.01)


async def paced_departures(jitter: float) -> list[tuple[int, float]]:
    """Which of eight requests left when, after a refusal that taught nothing."""
    loop = asyncio.get_running_loop()
    pace = Pace(sleep=asyncio.sleep, monotonic=loop.time, jitter=lambda: jitter)
    left_at = await pace.turn()
    await asyncio.sleep(1)
    pace.refused(left_at, pause_seconds=3)
    departures: list[tuple[int, float]] = []

    async def leave(number: int) -> None:
        departures.append((number, await pace.turn()))

    await asyncio.gather(*(leave(number) for number in range(8)))
    return departures


def test_requests_resume_in_the_order_they_came(in_virtual_time: Any) -> None:
    departures = in_virtual_time(lambda: paced_departures(0.5))
    assert [number for number, _ in departures] == list(range(8))
    assert departures[0][1] >= 4


@pytest.mark.parametrize(("jitter", "share"), [(0.0, 0.9), (0.5, 1.0), (1.0, 1.1)])
def test_the_time_between_requests_is_spread_by_chance(
    in_virtual_time: Any, jitter: float, share: float
) -> None:
    departures = in_virtual_time(lambda: paced_departures(jitter))
    gaps = [later - earlier for (_, earlier), (_, later) in pairwise(departures)]
    assert gaps == pytest.approx([gaps[0]] * 7)
    assert gaps[0] == pytest.approx(share / FIRST_GUESS)
