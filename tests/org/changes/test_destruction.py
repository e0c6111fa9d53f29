"""What destroys looks first, what nobody knows is looked for again, and nothing is made twice."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect, Fault
from sa_tui.konnect import requests
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.models import SystemAccount, Team
from sa_tui.konnect.settings import Settings
from sa_tui.org.changes.accounts import delete_account, revoke_token
from sa_tui.org.changes.change import Change
from sa_tui.org.changes.roles import RoleOwner, RoleRequest, assign_role, remove_role
from sa_tui.org.changes.sending import carry_out
from sa_tui.org.changes.teams import Member, create_team, delete_team, leave_team, update_team
from sa_tui.org.snapshot import Details, Part, TeamDetails

if TYPE_CHECKING:
    from datetime import datetime

ACCOUNT = "ci-eu-deployer"
TEAM = "Release Bots"
VIEWER = RoleRequest(
    role_name="Viewer", entity_type_name="Control Planes", entity_id="*", entity_region="au"
)


async def no_sleep(_: float) -> None:
    """Lets no time pass."""


class Late(httpx.AsyncBaseTransport):
    """Answers the list of teams as it was when `is_late` was set."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self._old: bytes = b""
        self.is_late = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if (request.method, request.url.path) != ("GET", "/v3/teams"):
            return response
        body = await response.aread()
        if self.is_late:
            return httpx.Response(200, json=json.loads(self._old))
        self._old = body
        return httpx.Response(200, json=json.loads(body))


@pytest.fixture
def late(fake: FakeKonnect) -> Late:
    return Late(fake.transport(sleep=no_sleep))


@pytest.fixture
async def client(
    fake: FakeKonnect, clock: Callable[[], datetime], late: Late
) -> AsyncIterator[KonnectClient]:
    async with KonnectClient(
        SecretStr(fake.operator_token),
        Settings(
            base_url=BASE_URL,
            regional_url=REGIONAL_URL,
            transport=late,
            sleep=no_sleep,
            now=clock,
            jitter=lambda: 0.5,
        ),
    ) as opened:
        yield opened


def _writes(fake: FakeKonnect) -> list[str]:
    return [each.method for each in fake.received if each.method != "GET"]


async def _deletion(client: KonnectClient, account_id: str) -> Change:
    """The deletion of an account of which everything was shown."""
    details = Details(
        tokens=Part(value=await client.accounts.tokens(account_id)),
        roles=Part(value=await client.accounts.roles(account_id)),
        teams=Part(value=await client.accounts.teams(account_id)),
    )
    return delete_account(await client.accounts.get(account_id), details)


async def _team_deletion(client: KonnectClient, team_id: str) -> Change:
    details = TeamDetails(
        roles=Part(value=await client.teams.roles(team_id)),
        accounts=Part(value=await client.teams.accounts(team_id)),
        users=Part(value=await client.teams.users(team_id)),
    )
    return delete_team(await client.teams.get(team_id), details)


async def _rename(client: KonnectClient, fake: FakeKonnect, id: str) -> None:
    await client.send(requests.update_system_account(id, name="prod-critical"))
    fake.received.clear()


async def _add_token(client: KonnectClient, fake: FakeKonnect, id: str) -> None:
    fake.add_token(id, "brand-new")


async def _add_role(client: KonnectClient, fake: FakeKonnect, id: str) -> None:
    fake.add_role(id, "Viewer", entity_type_name="Portals", entity_id="*", entity_region="eu")


async def _join(client: KonnectClient, fake: FakeKonnect, id: str) -> None:
    fake.join(fake.add_team("Latecomers"), id)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_rename, "its name is prod-critical now, not ci-eu-deployer"),
        (_add_token, "its tokens changed: brand-new was added"),
        (_add_role, "its roles changed: Viewer on Portals all (eu) was added"),
        (_join, "its teams changed: Latecomers was added"),
    ],
)
async def test_an_account_that_is_not_what_was_shown_is_not_deleted(
    change: Any, told: str, fake: FakeKonnect, client: KonnectClient
) -> None:
    id = fake.account_named(ACCOUNT)["id"]
    deletion = await _deletion(client, id)
    await change(client, fake, id)

    outcome = await carry_out(deletion, client, sleep=no_sleep)

    assert (outcome.status, outcome.is_overtaken, _writes(fake)) == ("failed", True, [])
    assert told in outcome.message
    assert outcome.again is not None
    assert outcome.again.confirm_text == (await client.accounts.get(id)).name
    done = await carry_out(outcome.again, client, sleep=no_sleep)
    assert (done.status, _writes(fake)) == ("done", ["DELETE"])


async def test_what_was_not_known_when_it_was_confirmed_is_not_compared(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    account = SystemAccount.from_wire(fake.account_named(ACCOUNT))
    deletion = delete_account(account)
    await _add_token(client, fake, account.id)

    assert (await carry_out(deletion, client, sleep=no_sleep)).status == "done"


async def test_what_cannot_be_looked_at_is_not_deleted(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    deletion = await _deletion(client, fake.account_named(ACCOUNT)["id"])
    fake.inject(Fault("500", method="GET", path="*/assigned-roles", times=None))

    outcome = await carry_out(deletion, client, sleep=no_sleep)

    assert (outcome.status, _writes(fake)) == ("failed", [])
    assert outcome.message.startswith("Not done: Konnect failed. Konnect said 500")


async def test_a_token_that_was_renamed_or_taken_into_use_is_not_revoked(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    account = SystemAccount.from_wire(fake.account_named(ACCOUNT))
    token_id = fake.add_token(account.id, "quiet", last_used_at=None)
    change = revoke_token(account, await client.accounts.token(account.id, token_id))
    assert change.level == "ask"
    row = fake.organisation.tokens(account.id)[token_id]
    row["last_used_at"] = "2026-11-23T11:59:00Z"
    row["name"] = "loud"

    outcome = await carry_out(change, client, sleep=no_sleep)

    assert (outcome.status, _writes(fake)) == ("failed", [])
    assert "its name is loud now, not quiet" in outcome.message
    assert "its state is in use now, not never used" in outcome.message
    assert outcome.again is not None
    assert (outcome.again.level, outcome.again.confirm_text) == ("type", "loud")


async def test_a_team_with_other_members_than_shown_is_not_deleted(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    id = fake.team_named(TEAM)["id"]
    deletion = await _team_deletion(client, id)
    fake.join(id, fake.add_account("newcomer"))

    outcome = await carry_out(deletion, client, sleep=no_sleep)

    assert (outcome.status, _writes(fake)) == ("failed", [])
    assert "its system accounts changed: newcomer was added" in outcome.message


async def test_a_membership_in_a_team_that_gives_something_else_by_now_is_not_ended(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    team = Team.from_wire(fake.team_named(TEAM))
    account = fake.account_named(ACCOUNT)
    fake.join(team.id, account["id"]) if not await _is_in(client, account["id"], team) else None
    member = Member(kind="account", id=account["id"], name=ACCOUNT)
    change = leave_team(member, team, roles=await client.teams.roles(team.id))
    await _add_role(client, fake, team.id)
    account["name"] = "prod-critical"

    outcome = await carry_out(change, client, sleep=no_sleep)

    assert (outcome.status, _writes(fake)) == ("failed", [])
    assert "its roles changed: Viewer on Portals all (eu) was added" in outcome.message
    assert "its member is prod-critical now, not ci-eu-deployer" in outcome.message


async def _is_in(client: KonnectClient, account_id: str, team: Team) -> bool:
    member = Member(kind="account", id=account_id, name=ACCOUNT)
    return await member.belongs_to(team, client)


async def test_an_undone_grant_that_somebody_made_anew_is_found_under_its_other_id(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    id = fake.account_named(ACCOUNT)["id"]
    owner = RoleOwner(kind="account", id=id, name=ACCOUNT)
    given = await carry_out(assign_role(owner, VIEWER), client, sleep=no_sleep)
    assert given.undo is not None
    (role,) = [r for r in (await client.accounts.roles(id)).rows if VIEWER.is_written_in(r)]
    await client.send(requests.remove_role("system-accounts", id, role.id))
    fake.add_role(
        id, "Viewer", entity_type_name="Control Planes", entity_id="*", entity_region="au"
    )

    outcome = await carry_out(given.undo, client, sleep=no_sleep)

    assert outcome.status == "failed"
    assert "it was removed and given again" in outcome.message
    assert outcome.again is not None
    assert (await carry_out(outcome.again, client, sleep=no_sleep)).status == "done"
    assert not any(map(VIEWER.is_written_in, (await client.accounts.roles(id)).rows))


async def test_what_konnect_does_not_give_any_more_offers_no_way_back(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    id = fake.account_named(ACCOUNT)["id"]
    role_id = fake.add_role(
        id, "Viewer", entity_type_name="Runtime Groups", entity_id="*", entity_region="eu"
    )
    (role,) = (row for row in (await client.accounts.roles(id)).rows if row.id == role_id)
    owner = RoleOwner(kind="account", id=id, name=ACCOUNT)

    removal = remove_role(owner, role, can_be_given=False)
    outcome = await carry_out(removal, client, sleep=no_sleep)

    assert (outcome.status, outcome.undo) == ("done", None)


async def test_a_team_that_may_have_been_made_is_looked_for_and_never_made_twice(
    fake: FakeKonnect, client: KonnectClient, late: Late
) -> None:
    await client.teams.list()
    late.is_late = True
    fake.inject(Fault("cut-after", method="POST", path="/v3/teams"))
    change = create_team("Readers too", description="", labels={})

    first = await carry_out(change, client, sleep=no_sleep)
    assert first.status == "unknown"
    assert first.again is not None
    second = await carry_out(first.again, client, sleep=no_sleep)
    assert second.status == "unknown"
    assert "it might be there twice" in second.message
    assert second.again is not None

    late.is_late = False
    third = await carry_out(second.again, client, sleep=no_sleep)
    assert third.status == "done"
    assert _writes(fake) == ["POST"]


async def test_a_role_whose_answer_was_lost_is_sent_again_only_when_it_is_not_there(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    owner = RoleOwner(kind="account", id=fake.account_named(ACCOUNT)["id"], name=ACCOUNT)
    fake.inject(Fault("cut-before", method="POST"))

    first = await carry_out(assign_role(owner, VIEWER), client, sleep=no_sleep)
    assert first.again is not None
    second = await carry_out(first.again, client, sleep=no_sleep)

    assert (first.status, second.status) == ("unknown", "done")


@pytest.mark.parametrize(("kind", "can_help"), [("500", True), ("404", True), ("400", False)])
async def test_another_attempt_is_offered_only_where_it_may_help(
    kind: str, can_help: bool, fake: FakeKonnect, client: KonnectClient
) -> None:
    team = Team.from_wire(fake.team_named(TEAM))
    if kind == "500":
        fake.inject(Fault("500", method="PATCH"))
    elif kind == "404":
        fake.organisation.remove_team(team.id)
    name = "x" * 300 if kind == "400" else "other"

    outcome = await carry_out(update_team(team, name=name), client, sleep=no_sleep)

    assert not outcome.is_good
    assert (outcome.again is not None) == can_help


async def test_a_description_that_was_empty_offers_no_way_back(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    id = fake.add_team("Bare", description=None)
    team = await client.teams.get(id)

    outcome = await carry_out(update_team(team, description="words"), client, sleep=no_sleep)

    assert (outcome.status, outcome.undo) == ("done", None)


async def test_an_edit_of_labels_leaves_those_of_others_alone_and_so_does_its_undo(
    fake: FakeKonnect, client: KonnectClient
) -> None:
    id = fake.add_team("Labelled", labels={"env": "prod"})
    change = update_team(await client.teams.get(id), labels={"env": "dev"})
    await client.send(requests.update_team(id, labels={"owner": "them"}))

    outcome = await carry_out(change, client, sleep=no_sleep)
    assert (await client.teams.get(id)).labels == {"env": "dev", "owner": "them"}
    assert outcome.undo is not None
    await client.send(requests.update_team(id, labels={"later": "too"}))
    await carry_out(outcome.undo, client, sleep=no_sleep)

    assert (await client.teams.get(id)).labels == {"env": "prod", "owner": "them", "later": "too"}
