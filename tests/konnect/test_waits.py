"""Waiting as long as Konnect asks: told, within a limit, paced before it refuses, and ended."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from sa_tui.konnect import requests
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.errors import RateLimited
from sa_tui.konnect.pace import Budget, budget_of
from sa_tui.konnect.settings import Settings

REFUSED = {"message": "API rate limit exceeded"}
FOUND = {"id": "a"}
PATIENCE_SECONDS = 5.0


@pytest.mark.parametrize("retry_after", ["77", "3600"])
async def test_the_wait_that_konnect_asks_for_is_kept_however_long(
    connect: Any, script: Any, answer: Any, clock: Any, retry_after: str
) -> None:
    konnect = script(answer(429, REFUSED, retry_after=retry_after), answer(200, FOUND))
    await connect(konnect).accounts.get("a")
    assert clock.slept[0] == float(retry_after)


async def test_a_date_is_compared_with_konnects_clock_and_not_with_this_machines(
    connect: Any, script: Any, answer: Any, clock: Any
) -> None:
    konnects_now = clock.now() - timedelta(hours=30)
    dates = {
        "date": format_datetime(konnects_now, usegmt=True),
        "retry_after": format_datetime(konnects_now + timedelta(seconds=77), usegmt=True),
    }
    konnect = script(answer(429, REFUSED, **dates), answer(200, FOUND))
    await connect(konnect).accounts.get("a")
    assert 76 <= clock.slept[0] <= 77


async def test_without_retry_after_the_reset_of_the_limit_is_waited_for(
    connect: Any, script: Any, answer: Any, clock: Any
) -> None:
    konnect = script(answer(429, REFUSED, ratelimit_reset="48"), answer(200, FOUND))
    await connect(konnect).accounts.get("a")
    assert clock.slept[0] == 48


async def test_a_failure_does_not_wait_for_the_reset_of_the_limit(
    connect: Any, script: Any, answer: Any, clock: Any
) -> None:
    konnect = script(answer(503, ratelimit_reset="48"), answer(200, FOUND))
    await connect(konnect).accounts.get("a")
    assert clock.slept[0] < 2


async def test_a_wait_over_the_limit_ends_with_the_moment_and_the_option(
    connect: Any, script: Any, answer: Any, clock: Any
) -> None:
    konnect = script(answer(429, REFUSED, retry_after="77"))
    with pytest.raises(RateLimited) as caught:
        await connect(konnect, max_wait_seconds=60).accounts.get("a")
    assert "at 12:01:17 UTC, in 77 s" in caught.value.advice
    assert "waits 60 s at most" in caught.value.advice
    assert "--max-wait" in caught.value.advice
    assert (len(konnect.requests), clock.slept) == (1, [])


async def test_the_limit_counts_all_that_one_request_has_waited(
    connect: Any, script: Any, answer: Any, clock: Any
) -> None:
    konnect = script(answer(429, REFUSED, retry_after="40"))
    with pytest.raises(RateLimited, match="--max-wait"):
        await connect(konnect, max_wait_seconds=60).accounts.get("a")
    assert len(konnect.requests) == 2
    assert sum(clock.slept) < 60


async def test_during_a_wait_over_the_limit_nothing_more_is_sent(
    connect: Any, script: Any, answer: Any
) -> None:
    konnect = script(answer(429, REFUSED, retry_after="77"))
    client = connect(konnect, max_wait_seconds=60)
    for _ in range(3):
        with pytest.raises(RateLimited, match="--max-wait"):
            await client.accounts.get("a")
    assert len(konnect.requests) == 1


# Ending a wait


async def waiting(client: KonnectClient, requests: int) -> list[asyncio.Task[Any]]:
    """So many reads, of which the first are refused and the others queue behind them."""
    tasks = [asyncio.create_task(client.accounts.get("a")) for _ in range(requests)]
    for _ in range(200):
        await asyncio.sleep(0)
    return tasks


@pytest.fixture
async def refusing(told: Any) -> Any:
    """A client whose server refuses everything for an hour, and the requests that it got."""
    received: list[httpx.Request] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(429, json=REFUSED, headers={"retry-after": "3600"})

    async def never(_: float) -> None:
        await asyncio.Event().wait()

    async with KonnectClient(
        SecretStr("spat_a"),
        Settings(transport=httpx.MockTransport(refuse), sleep=never, on_wait=told.waits.append),
    ) as client:
        yield client, received


async def test_whoever_waits_and_whoever_queues_behind_is_told_to_stop(
    refusing: Any, told: Any
) -> None:
    client, received = refusing
    tasks = await waiting(client, 40)
    sent = len(received)
    client.stop_waiting()
    done = asyncio.gather(*tasks, return_exceptions=True)
    errors = await asyncio.wait_for(done, PATIENCE_SECONDS)
    assert all(isinstance(each, RateLimited) for each in errors)
    assert all("Waiting was stopped: try again at " in str(each) for each in errors)
    assert len(received) == sent
    assert told.waits[-1].seconds == 0


async def test_what_begins_after_that_waits_as_konnect_asks(refusing: Any, told: Any) -> None:
    client, received = refusing
    first = await waiting(client, 1)
    client.stop_waiting()
    await asyncio.gather(*first, return_exceptions=True)
    told.waits.clear()
    (second,) = await waiting(client, 1)
    assert not second.done()
    assert len(received) == 1
    assert told.waits[0].reason == "Konnect asks for fewer requests"
    assert told.waits[0].seconds > 3500
    client.stop_waiting()
    with pytest.raises(RateLimited, match="Not sent"):
        await second


async def test_a_change_behind_the_refusal_of_another_says_why_it_waits(
    refusing: Any, told: Any
) -> None:
    client, received = refusing
    reads = await waiting(client, 1)
    for each in reads:
        each.cancel()
    await asyncio.gather(*reads, return_exceptions=True)
    told.waits.clear()
    change = asyncio.create_task(client.send(requests.delete_team("t")))
    for _ in range(50):
        await asyncio.sleep(0)
    assert [each.method for each in received] == ["GET"]
    assert told.waits[0].reason == "Konnect asks for fewer requests"
    client.stop_waiting()
    with pytest.raises(RateLimited) as caught:
        await change
    assert not caught.value.outcome_unknown


# What answers say before anything is refused


@pytest.mark.parametrize(
    ("headers", "budget"),
    [
        (("3000", "12", "48"), Budget(limit=3000, remaining=12, reset_seconds=48)),
        (("3000, 3000;w=60", " 12 ", "48"), Budget(limit=3000, remaining=12, reset_seconds=48)),
        (("3000", "-1", "48"), None),
        (("3000", "12", ""), None),
        (("x", "12", "48"), None),
        (("9" * 5000, "12", "48"), Budget(limit=999_999_999, remaining=12, reset_seconds=48)),
    ],
)
def test_the_budget_is_read_where_all_of_it_is_there(
    headers: tuple[str, str, str], budget: Budget | None
) -> None:
    names = ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")
    assert budget_of(dict(zip(names, headers, strict=True))) == budget


async def read_within_budget(*, limit: int, requests: int) -> tuple[list[float], int]:
    """When requests reach a server that takes so many a minute, and how many it refuses."""
    loop = asyncio.get_running_loop()
    arrivals: list[float] = []
    refused = taken = period = 0

    async def handle(_: httpx.Request) -> httpx.Response:
        nonlocal refused, taken, period
        await asyncio.sleep(0.02)
        now = loop.time()
        if int(now // 60) != period:
            period, taken = int(now // 60), 0
        is_refused = taken >= limit
        refused += is_refused
        taken += not is_refused
        arrivals.append(now)
        headers = {
            "ratelimit-limit": str(limit),
            "ratelimit-remaining": str(limit - taken),
            "ratelimit-reset": str(int(60 - now % 60) + 1),
        }
        return httpx.Response(429 if is_refused else 200, json=FOUND, headers=headers)

    async with KonnectClient(
        SecretStr("spat_a"),
        Settings(transport=httpx.MockTransport(handle), monotonic=loop.time, jitter=lambda: 0.5),
    ) as client:
        await asyncio.gather(*(client.accounts.get("a") for _ in range(requests)))
    return arrivals, refused


def test_a_client_slows_down_before_it_is_refused(in_virtual_time: Any) -> None:
    arrivals, refused = in_virtual_time(lambda: read_within_budget(limit=300, requests=500))
    assert refused == 0
    assert arrivals[260] < 2  # nothing is slowed down while much is left
    assert arrivals[-1] < 65
    gaps = [later - earlier for earlier, later in pairwise(arrivals[280:300])]
    assert max(gaps) < 5  # spread over the minute, not spent and then waited for
