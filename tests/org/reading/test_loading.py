"""Loading an organisation: what is published, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from sa_tui.demo.faults import Fault
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.store import Org

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect
    from sa_tui.org.snapshot import Snapshot


def test_accounts_that_are_read_do_not_wait_for_one_whose_reading_drags_on(
    fake: FakeKonnect, in_virtual_time: Any
) -> None:
    ids = [fake.account_named(name)["id"] for name in ("ci-eu-deployer", "terraform-prod")]
    # Tried four times, which takes some seconds.
    fake.inject(Fault("500", path=f"*/{ids[1]}/teams", times=None))
    published: list[Snapshot] = []

    async def read() -> None:
        async with Org(
            KonnectClient(SecretStr(fake.operator_token), Settings(transport=fake.transport())),
            now=lambda: datetime(2026, 11, 23, tzinfo=UTC),
            on_change=published.append,
        ) as org:
            await org.read_details(ids)

    in_virtual_time(read)
    assert [set(each.details) for each in published] == [{ids[0]}, set(ids)]
    assert published[-1].details_of(ids[1]).tokens.value is not None
    assert published[-1].details_of(ids[1]).teams.error is not None
