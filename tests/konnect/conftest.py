"""A scripted Konnect, and a clock that only moves when told to."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sa_tui.konnect.models import Exchange, Wait

TOKEN = "spat_sentinelsentinelsentinel"
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


class Clock:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


def answer(
    status: int = 200, body: object = None, *, text: str | None = None, **headers: str
) -> httpx.Response:
    """An answer with a JSON body, with bare text, or with nothing."""
    content = text.encode() if text is not None else b""
    if body is not None:
        content = json.dumps(body).encode()
        headers.setdefault("content_type", "application/json")
    return httpx.Response(
        status,
        content=content,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


class Script(httpx.AsyncBaseTransport):
    """Plays its steps one after the other, the last one for ever; remembers what was sent."""

    def __init__(self, *steps: httpx.Response | Exception) -> None:
        self._steps = list(steps) or [answer()]
        self.requests: list[httpx.Request] = []
        self.closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        if isinstance(step, Exception):
            raise step
        return httpx.Response(step.status_code, headers=step.headers, content=step.content)

    async def aclose(self) -> None:
        self.closed = True

    @property
    def sent(self) -> list[str]:
        """Method and path of each request."""
        return [f"{each.method} {each.url.raw_path.decode()}" for each in self.requests]

    def body(self, index: int = -1) -> Any:
        """The JSON body of a request."""
        return json.loads(self.requests[index].content)


class Told:
    """What a client told about its waits and exchanges."""

    def __init__(self) -> None:
        self.waits: list[Wait] = []
        self.exchanges: list[Exchange] = []


@pytest.fixture(name="answer")
def answer_fixture() -> Callable[..., httpx.Response]:
    """Makes answers: `answer(201, {...})`, `answer(429, retry_after="2")`."""
    return answer


@pytest.fixture
def script() -> type[Script]:
    """Makes servers that play their steps: `script(answer(503), answer(200, {...}))`."""
    return Script


@pytest.fixture
def token() -> str:
    """The token that `connect` signs in with."""
    return TOKEN


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def connect(clock: Clock, told: Told) -> AsyncIterator[Callable[..., KonnectClient]]:
    """Makes clients on a script: `connect(Script(…), read_only=True)`."""
    clients: list[KonnectClient] = []

    def make(transport: httpx.AsyncBaseTransport, **settings: Any) -> KonnectClient:
        defaults: dict[str, Any] = {
            "transport": transport,
            "sleep": clock.sleep,
            "monotonic": clock.monotonic,
            "now": clock.now,
            "jitter": lambda: 0.5,
            "on_wait": told.waits.append,
            "on_exchange": told.exchanges.append,
        }
        clients.append(KonnectClient(SecretStr(TOKEN), Settings(**{**defaults, **settings})))
        return clients[-1]

    yield make
    for client in clients:
        await client.aclose()
