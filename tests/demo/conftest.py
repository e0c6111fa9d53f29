"""A demo Konnect at a fixed moment, and clients that speak plain HTTP to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from sa_tui.demo.konnect import BASE_URL, FakeKonnect
from sa_tui.demo.seed import build_organisation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


class Clock:
    """A clock that moves only when a test says so."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))


@pytest.fixture
def advance(clock: Clock) -> Callable[..., None]:
    """Lets time pass, by the words of timedelta."""
    return clock.advance


@pytest.fixture
def fake(clock: Clock) -> FakeKonnect:
    return FakeKonnect(build_organisation(clock(), odd=True), clock=clock)


@pytest.fixture
def client_with(fake: FakeKonnect) -> Callable[[str], httpx.AsyncClient]:
    """Makes a client that signs in with a token."""

    def make(token: str) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {token}"}
        return httpx.AsyncClient(transport=fake.transport(), base_url=BASE_URL, headers=headers)

    return make


@pytest.fixture
async def operator(
    fake: FakeKonnect, client_with: Callable[[str], httpx.AsyncClient]
) -> AsyncIterator[httpx.AsyncClient]:
    """The person who may do everything."""
    async with client_with(fake.operator_token) as client:
        yield client


@pytest.fixture
async def issue(operator: httpx.AsyncClient, clock: Clock) -> Callable[..., Awaitable[str]]:
    """Issues a token for an account, good for a number of days, and returns its secret."""

    async def issue_token(account_id: str, *, name: str = "fresh", days: float = 30) -> str:
        expires_at = (clock() + timedelta(days=days)).isoformat()
        path = f"/v3/system-accounts/{account_id}/access-tokens"
        answer = await operator.post(path, json={"name": name, "expires_at": expires_at})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    return issue_token
