"""What a change makes has no id before: what needs it waits for it, and it is never guessed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect, Fault
from sa_tui.konnect import requests
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.errors import KonnectError, Unreadable
from sa_tui.konnect.settings import Settings
from sa_tui.org.changes.accounts import create_account
from sa_tui.org.changes.change import Change, Outcome, once_made
from sa_tui.org.changes.new_ids import NewId, is_placeholder
from sa_tui.org.changes.rebuilding import rebuild
from sa_tui.org.changes.roles import RoleRequest, assign_role, owner_of_new
from sa_tui.org.changes.sending import carry_out_all
from sa_tui.org.changes.teams import create_team, join_team, member_of_new, team_of_new
from sa_tui.org.logged import planned

if TYPE_CHECKING:
    from datetime import datetime

GRANT = RoleRequest(
    role_name="Viewer", entity_type_name="Control Planes", entity_id="*", entity_region="eu"
)


async def no_sleep(_: float) -> None:
    """Lets no time pass."""


@pytest.fixture
async def client(fake: FakeKonnect, clock: Callable[[], datetime]) -> AsyncIterator[KonnectClient]:
    settings = Settings(
        base_url=BASE_URL,
        regional_url=REGIONAL_URL,
        transport=fake.transport(sleep=no_sleep),
        sleep=no_sleep,
        now=clock,
        jitter=lambda: 0.5,
    )
    async with KonnectClient(SecretStr(fake.operator_token), settings) as opened:
        yield opened


def plan() -> list[Change]:
    """A new account and a new team; the account gets a role, the team as well, and they meet."""
    account, team = NewId("account", key="ci-new"), NewId("team", key="Bots")
    return [
        create_account("ci-new", description="d", makes=account),
        create_team("Bots", description="", labels={}, makes=team),
        once_made([account], lambda: assign_role(owner_of_new(account), GRANT)),
        once_made([team], lambda: assign_role(owner_of_new(team), GRANT)),
        once_made([account, team], lambda: join_team(member_of_new(account), team_of_new(team))),
    ]


async def send(changes: list[Change], client: KonnectClient) -> tuple[Outcome, ...]:
    return await carry_out_all(changes, client, on_outcome=lambda _: None, sleep=no_sleep)


def writes(fake: FakeKonnect) -> list[str]:
    return [call.path for call in fake.received if call.method != "GET"]


def is_all_there(fake: FakeKonnect) -> bool:
    account, team = fake.account_named("ci-new"), fake.team_named("Bots")
    is_member = fake.organisation.account_teams.has(team["id"], account["id"])
    return bool(is_member and fake.roles_of(account["id"]) and fake.roles_of(team["id"]))


def test_before_they_are_made_the_requests_show_what_stands_for_the_ids() -> None:
    *_, give, _, join = plan()

    assert give.request.path == "/v3/system-accounts/new%3Aaccount%3Aci-new/assigned-roles"
    assert join.request.body == {"id": "new:account:ci-new"}
    assert is_placeholder(join.ids.team_id or "")


async def test_each_change_is_sent_with_the_ids_that_the_changes_before_it_made(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    changes = plan()

    outcomes = await send(changes, client)

    assert [outcome.status for outcome in outcomes] == ["done"] * 5
    assert is_all_there(fake)
    assert outcomes[2].change.ids.account_id == fake.account_named("ci-new")["id"]
    assert outcomes[2].change.origin is changes[2]
    assert outcomes[2].undo is not None
    assert not any("new%3A" in path for path in writes(fake))


async def test_what_needs_something_that_was_not_made_is_not_sent(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    fake.inject(Fault("500", method="POST", path="/v3/system-accounts", times=None))

    outcomes = await send(plan(), client)

    assert [outcome.status for outcome in outcomes][1:] == ["done", "failed", "done", "failed"]
    assert outcomes[2].message == ("Not sent: it needs system account ci-new, which is not there.")
    assert not any("new%3A" in path for path in writes(fake))


async def test_what_was_not_sent_is_sent_when_what_it_needs_is_made_at_last(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    fake.inject(Fault("429", method="POST", path="/v3/system-accounts", times=None))
    first = await send(plan(), client)
    fake.clear_faults()

    outcomes = await send([one.again for one in first if one.again is not None], client)

    assert [outcome.status for outcome in outcomes] == ["done", "done", "done"]
    assert is_all_there(fake)


@pytest.mark.parametrize("path", ["/v3/system-accounts", "/v3/teams"])
async def test_an_id_whose_answer_was_lost_is_taken_from_what_konnect_lists_as_new(
    path: str, fake: FakeKonnect, client: KonnectClient
) -> None:
    fake.add_team("Bots")  # names of teams are not unique
    fake.inject(Fault("cut-after", method="POST", path=path))

    outcomes = await send(plan(), client)

    assert [outcome.status for outcome in outcomes] == ["done"] * 5
    team_id = outcomes[4].change.ids.team_id or ""
    assert team_id != fake.team_named("Bots")["id"]
    assert len(fake.organisation.account_teams.members(team_id)) == 1


async def test_an_account_that_somebody_else_made_meanwhile_is_not_taken_for_the_new_one(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    fake.add_account("ci-new")

    outcomes = await send(plan(), client)

    assert [outcome.status for outcome in outcomes] == [
        "failed",
        "done",
        "failed",
        "done",
        "failed",
    ]
    assert fake.roles_of(fake.account_named("ci-new")["id"]) == []


async def test_a_plan_that_was_written_down_is_made_again_with_what_depends_on_it(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    new_ids: dict[str, NewId] = {}
    written = [planned(change) for change in plan()]

    outcomes = await send([await rebuild(one, client, new_ids=new_ids) for one in written], client)

    assert [outcome.status for outcome in outcomes] == ["done"] * 5
    assert is_all_there(fake)


async def test_a_change_whose_creation_is_not_in_the_plan_cannot_be_made_again(
    client: KonnectClient,
) -> None:
    _, _, give, *_ = plan()

    with pytest.raises(KonnectError, match="system account ci-new, which no change before it"):
        await rebuild(planned(give), client)


async def test_a_record_of_an_impossible_dependence_is_not_understood(
    client: KonnectClient,
) -> None:
    create, *_ = plan()
    delete = requests.delete_system_account("new:account:ci-new")
    record = planned(create)
    wrong = type(record)("x", verb="delete-account", ids={"account_id": "new:account:ci-new"})
    new_ids: dict[str, NewId] = {"new:account:ci-new": NewId("account", key="ci-new")}

    assert delete.path == "/v3/system-accounts/new%3Aaccount%3Aci-new"
    with pytest.raises(Unreadable):
        await rebuild(wrong, client, new_ids=new_ids)
