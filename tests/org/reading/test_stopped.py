"""Once the operator has ended a wait, a reading that was under way asks for nothing more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect, Fault
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.errors import RateLimited
from sa_tui.konnect.settings import Settings
from sa_tui.org.reading.everything import read_organisation
from sa_tui.org.store import Org

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


PATIENCE_SECONDS = 5.0


async def for_ever(_: float) -> None:
    await asyncio.Event().wait()


@pytest.fixture
async def org(fake: FakeKonnect, clock: Any) -> AsyncIterator[Org]:
    client = KonnectClient(
        SecretStr(fake.operator_token),
        Settings(
            base_url=BASE_URL,
            regional_url=REGIONAL_URL,
            transport=fake.transport(),
            sleep=for_ever,
            now=clock,
        ),
    )
    async with Org(client, now=clock) as opened:
        await opened.load()
        yield opened


async def stopped(org: Org, fake: FakeKonnect, reading: Any) -> int:
    """How many requests were sent before all that read stood still and was stopped."""
    task = asyncio.ensure_future(reading)
    sent = -1
    while sent != len(fake.received):
        sent = len(fake.received)
        for _ in range(50):
            await asyncio.sleep(0)
    org.stop_waiting()
    await asyncio.wait_for(task, PATIENCE_SECONDS)
    return sent


async def test_the_reading_of_everything_ends(org: Org, fake: FakeKonnect) -> None:
    fake.inject(Fault("429", path="*/access-tokens", times=None, retry_after_seconds=3600))
    sent = await stopped(org, fake, read_organisation(org))
    assert len(fake.received) == sent
    details = org.snapshot.details.values()
    assert any(isinstance(each.tokens.error, RateLimited) for each in details)
    assert any(each.tokens.error is None and each.tokens.value is None for each in details)


async def test_the_reading_of_many_details_ends_with_its_batch(org: Org, fake: FakeKonnect) -> None:
    for number in range(60):
        fake.add_account(f"more-{number}")
    await org.refresh(())
    fake.inject(Fault("429", path="*/access-tokens", times=None, retry_after_seconds=3600))
    accounts = [each["id"] for each in fake.organisation.accounts]
    sent = await stopped(org, fake, org.read_details(accounts))
    assert len(fake.received) == sent
    assert len(org.snapshot.details) < len(accounts)
