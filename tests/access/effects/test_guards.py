"""The guards read what they need of Konnect, and never what is only planned."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sa_tui.access.effects.guards import pass_again
from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.models import SystemAccount, Team
from sa_tui.konnect.settings import Settings
from sa_tui.org.changes.accounts import rename_account
from sa_tui.org.changes.change import once_made
from sa_tui.org.changes.new_ids import NewId
from sa_tui.org.changes.teams import Member, join_team, member_of_new, update_team
from sa_tui.org.store import Org

if TYPE_CHECKING:
    from datetime import datetime

NAME = "ci-eu-deployer"


async def no_sleep(_: float) -> None:
    """Lets no time pass."""


async def test_what_cannot_be_sent_any_more_is_left_out_with_its_reason(
    fake: FakeKonnect, clock: Callable[[], datetime]
) -> None:
    account = SystemAccount.from_wire(fake.account_named(NAME))
    team_id = fake.add_team("Readers")
    team = Team(id=team_id, name="Readers", system_team=False)
    new = NewId("account", key="ci-new")
    gone = SystemAccount(id="gone", name="gone")
    fixed_id = fake.add_team("Fixed", system_team=True)
    fixed = Team(id=fixed_id, name="Fixed", system_team=True)
    plan = [
        rename_account(account, name="other"),
        join_team(Member(kind="account", id=account.id, name=NAME), team),
        once_made([new], lambda: join_team(member_of_new(new), team)),
        rename_account(gone, name="other"),
        update_team(fixed, name="other"),
    ]
    client = KonnectClient(
        SecretStr(fake.operator_token),
        Settings(
            base_url=BASE_URL,
            regional_url=REGIONAL_URL,
            transport=fake.transport(sleep=no_sleep),
            sleep=no_sleep,
            now=clock,
            jitter=lambda: 0.5,
        ),
    )

    async with Org(client, now=clock) as org:
        await org.load()
        passed = await pass_again(plan, org, is_read_only=False)
        closed = await pass_again(plan, org, is_read_only=True)

    assert passed.changes == plan[:3]
    assert len(passed.left_out) == 2
    assert passed.left_out[0].startswith("Left out: Rename system account gone to other. Konnect")
    assert "Fixed is a predefined team" in passed.left_out[1]
    assert closed.changes == []
    assert not any("new" in request.path for request in fake.received)
    assert {request.method for request in fake.received} == {"GET"}
