"""Every change: what is shown is what is sent, it is sent once, explained, and taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect, Fault
from sa_tui.konnect import requests
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.errors import Forbidden, RateLimited, ServerFault, Unreachable, Unreadable
from sa_tui.konnect.models import SystemAccount, Team
from sa_tui.konnect.settings import Settings
from sa_tui.org.changes.accounts import (
    create_account,
    delete_account,
    describe_account,
    rename_account,
    rename_token,
    revoke_token,
)
from sa_tui.org.changes.change import Change, Outcome
from sa_tui.org.changes.rebuilding import rebuild
from sa_tui.org.changes.roles import RoleOwner, RoleRequest, assign_role, remove_role
from sa_tui.org.changes.sending import carry_out, carry_out_all
from sa_tui.org.changes.teams import (
    Member,
    create_team,
    delete_team,
    join_team,
    leave_team,
    update_team,
)
from sa_tui.records.batches import Planned

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.demo.faults import FaultKind

ACCOUNT = "ci-eu-deployer"
GRANT = RoleRequest(
    role_name="Viewer", entity_type_name="Control Planes", entity_id="*", entity_region="au"
)


async def no_sleep(_: float) -> None:
    """Lets no time pass."""


@pytest.fixture
async def client(fake: FakeKonnect, clock: Callable[[], datetime]) -> AsyncIterator[KonnectClient]:
    async with KonnectClient(
        SecretStr(fake.operator_token),
        Settings(
            base_url=BASE_URL,
            regional_url=REGIONAL_URL,
            transport=fake.transport(sleep=no_sleep),
            sleep=no_sleep,
            now=clock,
            jitter=lambda: 0.5,
        ),
    ) as opened:
        yield opened


@pytest.fixture
def account(fake: FakeKonnect) -> SystemAccount:
    return SystemAccount.from_wire(fake.account_named(ACCOUNT))


@pytest.fixture
def team(fake: FakeKonnect) -> Team:
    return Team.from_wire(fake.team_named("Release Bots"))


async def _changes(fake: FakeKonnect, client: KonnectClient) -> dict[str, Change]:
    account = await client.accounts.get(fake.account_named(ACCOUNT)["id"])
    team = Team.from_wire(fake.team_named("Release Bots"))
    other = Team.from_wire({"id": fake.add_team("Pipelines"), "name": "Pipelines"})
    token = (await client.accounts.tokens(account.id)).rows[0]
    role = (await client.accounts.roles(account.id)).rows[0]
    owner = RoleOwner(kind="account", id=account.id, name=account.name)
    member = Member(kind="account", id=account.id, name=account.name)
    person = (await client.users.list()).rows[-1]
    user = Member(kind="user", id=person.id, name=person.email)
    team_owner = RoleOwner(kind="team", id=team.id, name=team.name)
    return {
        "create account": create_account("new-bot", description="for us"),
        "rename account": rename_account(account, name="renamed"),
        "describe account": describe_account(account, description="other words"),
        "rename token": rename_token(account, token, name="renamed"),
        "revoke token": revoke_token(account, token),
        "assign role": assign_role(owner, GRANT),
        "remove role": remove_role(owner, role),
        "assign team role": assign_role(team_owner, GRANT),
        "join team": join_team(member, other),
        "leave team": leave_team(member, team),
        "add person": join_team(user, other),
        "create team": create_team("Readers too", description="", labels={"env": "prod"}),
        "update team": update_team(team, description="words", labels={"tier": "1"}),
        "delete team": delete_team(team),
        "delete account": delete_account(account),
    }


NAMES = (
    "create account",
    "rename account",
    "describe account",
    "rename token",
    "revoke token",
    "assign role",
    "remove role",
    "assign team role",
    "join team",
    "leave team",
    "add person",
    "create team",
    "update team",
    "delete team",
    "delete account",
)


@pytest.mark.parametrize("name", NAMES)
async def test_a_change_can_be_made_anew_from_what_was_written_down_of_it(
    name: str, fake: FakeKonnect, client: KonnectClient
) -> None:
    change = (await _changes(fake, client))[name]
    ids, body = change.ids.given, change.request.body
    planned = Planned(change.title, verb=change.verb, ids=ids, body=body)

    again = await rebuild(planned, client)

    assert (again.verb, again.ids, again.request) == (change.verb, change.ids, change.request)
    assert (again.level, again.confirm_text) == (change.level, change.confirm_text)


@pytest.mark.parametrize(
    ("verb", "names", "body"),
    [
        ("", ("account_id",), None),  # as an earlier version wrote it
        ("end-the-world", ("account_id", "token_id"), None),
        ("create-account", (), None),
        ("create-team", (), {"labels": {}}),
        ("delete-team", (), None),
        ("delete-account", (), None),
        ("rename-account", ("account_id",), {}),
        ("rename-account", ("account_id",), {"name": "new", "owner": "me"}),
        ("give-role", ("account_id",), {"role_name": "Admin"}),
        ("take-role", ("account_id",), None),
        ("revoke-token", ("account_id",), None),
    ],
)
async def test_what_was_written_down_otherwise_is_not_guessed(
    client: KonnectClient, account: SystemAccount, verb: str, names: tuple[str, ...], body: Any
) -> None:
    token = (await client.accounts.tokens(account.id)).rows[0]
    known = {"account_id": account.id, "token_id": token.id}
    planned = Planned("?", verb=verb, ids={name: known[name] for name in names}, body=body)

    with pytest.raises(Unreadable, match="The record of this change cannot be understood"):
        await rebuild(planned, client)


WITH_UNDO = {
    "rename account",
    "describe account",
    "rename token",
    "assign role",
    "remove role",
    "assign team role",
    "join team",
    "leave team",
    "add person",
    "update team",
}


def _writes(fake: FakeKonnect) -> list[tuple[str, str, object]]:
    return [(each.method, each.path, each.body) for each in fake.received if each.method != "GET"]


@pytest.mark.parametrize("name", NAMES)
async def test_what_is_shown_is_what_is_sent(
    name: str, fake: FakeKonnect, client: KonnectClient
) -> None:
    change = (await _changes(fake, client))[name]

    outcome = await carry_out(change, client, sleep=no_sleep)

    assert (outcome.status, outcome.message) == ("done", "Done.")
    request = change.request
    assert _writes(fake) == [(request.method, request.path, request.body)]


@pytest.mark.parametrize("name", NAMES)
async def test_a_change_is_taken_back_exactly_or_not_offered(
    name: str, fake: FakeKonnect, client: KonnectClient
) -> None:
    change = (await _changes(fake, client))[name]
    outcome = await carry_out(change, client, sleep=no_sleep)

    assert (outcome.undo is not None) == (name in WITH_UNDO)
    if outcome.undo is not None:
        undone = await carry_out(outcome.undo, client, sleep=no_sleep)
        assert undone.status == "done"
        assert await outcome.undo.is_so(client)


@pytest.mark.parametrize("name", NAMES)
async def test_a_lost_answer_is_found_out_and_never_sent_again(
    name: str, fake: FakeKonnect, client: KonnectClient
) -> None:
    change = (await _changes(fake, client))[name]
    fake.inject(Fault("cut-after", method=change.request.method))

    outcome = await carry_out(change, client, sleep=no_sleep)

    assert outcome.status == "done"
    assert "Done, although no answer said so." in outcome.message
    assert len(_writes(fake)) == 1


@pytest.mark.parametrize(
    ("kind", "status", "error"),
    [
        ("500", "unknown", ServerFault),
        ("cut-before", "unknown", Unreachable),
        ("429", "failed", RateLimited),
        ("403", "failed", Forbidden),
        ("malformed", "done", None),
    ],
)
async def test_an_outcome_has_the_error_that_it_is_from(
    fake: FakeKonnect,
    client: KonnectClient,
    account: SystemAccount,
    kind: FaultKind,
    status: str,
    error: type[Exception] | None,
) -> None:
    owner = RoleOwner(kind="account", id=account.id, name=account.name)
    fake.inject(Fault(kind, method="POST", times=None))

    outcome = await carry_out(assign_role(owner, GRANT), client, sleep=no_sleep)

    assert outcome.status == status
    assert type(outcome.error) is (error or type(None))


@pytest.mark.parametrize("name", NAMES)
async def test_a_lost_answer_that_nothing_shows_is_unknown(
    name: str, fake: FakeKonnect, client: KonnectClient
) -> None:
    change = (await _changes(fake, client))[name]
    fake.inject(Fault("cut-before", method=change.request.method))

    outcome = await carry_out(change, client, sleep=no_sleep)

    assert outcome.status == "unknown"
    said = "Whether it was done is unknown: Konnect does not show it. The connection was lost"
    assert said in outcome.message


async def test_what_cannot_be_looked_up_is_unknown(
    fake: FakeKonnect, client: KonnectClient, account: SystemAccount
) -> None:
    owner = RoleOwner(kind="account", id=account.id, name=account.name)
    fake.inject(Fault("cut-after", method="POST"))
    fake.inject(Fault("500", method="GET", times=None))

    outcome = await carry_out(assign_role(owner, GRANT), client, sleep=no_sleep)

    assert outcome.status == "unknown"
    assert not outcome.is_good


async def test_a_role_that_is_held_already_is_no_failure(
    client: KonnectClient, account: SystemAccount
) -> None:
    owner = RoleOwner(kind="account", id=account.id, name=account.name)
    await carry_out(assign_role(owner, GRANT), client, sleep=no_sleep)

    outcome = await carry_out(assign_role(owner, GRANT), client, sleep=no_sleep)

    assert (outcome.status, outcome.undo) == ("already", None)


async def test_a_name_that_somebody_else_took_is_a_failure(
    client: KonnectClient, account: SystemAccount
) -> None:
    outcome = await carry_out(
        rename_account(account, name="ci-prod-deployer"), client, sleep=no_sleep
    )

    assert outcome.status == "failed"
    assert "409" in outcome.message


async def test_an_account_of_the_same_name_is_not_taken_for_the_new_one(
    client: KonnectClient,
) -> None:
    outcome = await carry_out(create_account(ACCOUNT, description=""), client, sleep=no_sleep)

    assert outcome.status == "failed"
    assert "409" in outcome.message


@pytest.mark.parametrize("field", ["name", "description"])
async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    field: str, fake: FakeKonnect, client: KonnectClient, account: SystemAccount
) -> None:
    await client.send(requests.update_system_account(account.id, **{field: "theirs"}))
    ours = {
        "name": rename_account(account, name="ours"),
        "description": describe_account(account, description="ours"),
    }

    outcome = await carry_out(ours[field], client, sleep=no_sleep)

    assert outcome.status == "failed"
    assert "it is 'theirs' now. Nothing was sent." in outcome.message
    assert fake.account_named(fake.organisation.accounts[account.id]["name"])[field] == "theirs"


async def test_a_token_that_somebody_else_renamed_keeps_that_name(
    client: KonnectClient, account: SystemAccount
) -> None:
    token = (await client.accounts.tokens(account.id)).rows[0]
    await client.send(requests.update_access_token(account.id, token.id, name="theirs"))

    change = rename_token(account, token, name="ours")

    assert (await carry_out(change, client, sleep=no_sleep)).status == "failed"
    assert (await client.accounts.token(account.id, token.id)).name == "theirs"


async def test_something_deleted_meanwhile_is_gone_already(
    client: KonnectClient, account: SystemAccount
) -> None:
    await client.send(requests.delete_system_account(account.id))

    outcome = await carry_out(delete_account(account), client, sleep=no_sleep)

    assert outcome.status == "already"


REMOVALS = ("revoke token", "remove role", "leave team", "delete team", "delete account")


@pytest.mark.parametrize("name", REMOVALS)
async def test_what_somebody_else_removed_meanwhile_is_said_to_be_gone(
    name: str, fake: FakeKonnect, client: KonnectClient
) -> None:
    change = (await _changes(fake, client))[name]
    await change.send(client)

    outcome = await carry_out(change, client, sleep=no_sleep)

    assert (outcome.status, outcome.undo) == ("already", None)
    assert outcome.message == "It was gone already."


@pytest.mark.parametrize("name", ["revoke token", "remove role", "leave team"])
async def test_what_went_with_its_account_is_said_to_be_gone(
    name: str, fake: FakeKonnect, client: KonnectClient, account: SystemAccount
) -> None:
    change = (await _changes(fake, client))[name]
    await client.send(requests.delete_system_account(account.id))

    outcome = await carry_out(change, client, sleep=no_sleep)

    assert outcome.status == "already"
    assert outcome.message.startswith("It was gone already")


@pytest.mark.parametrize("name", ["assign role", "assign team role", "join team", "add person"])
async def test_what_somebody_else_gave_meanwhile_is_said_to_be_so(
    name: str, fake: FakeKonnect, client: KonnectClient
) -> None:
    change = (await _changes(fake, client))[name]
    await change.send(client)

    outcome = await carry_out(change, client, sleep=no_sleep)

    # Somebody else's doing is not ours to take back.
    assert (outcome.status, outcome.undo) == ("already", None)
    assert outcome.message == "It was so already."


@pytest.mark.parametrize("name", ["rename account", "describe account", "assign role", "join team"])
async def test_nothing_can_be_given_to_an_account_that_is_gone(
    name: str, fake: FakeKonnect, client: KonnectClient, account: SystemAccount
) -> None:
    change = (await _changes(fake, client))[name]
    await client.send(requests.delete_system_account(account.id))

    outcome = await carry_out(change, client, sleep=no_sleep)

    assert outcome.status == "failed"
    assert "404" in outcome.message
    assert "It may have been deleted" in outcome.message


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ({"name": "theirs"}, "Somebody changed the name meanwhile: theirs now."),
        ({"description": "theirs"}, "Somebody changed the description meanwhile: theirs now."),
        ({"labels": {"tier": "theirs"}}, "Somebody changed the label tier meanwhile: theirs now."),
    ],
)
async def test_a_team_that_somebody_else_changed_meanwhile_is_not_overwritten(
    theirs: dict[str, Any], said: str, fake: FakeKonnect, client: KonnectClient, team: Team
) -> None:
    ours = update_team(team, name="ours", description="ours", labels={"tier": "ours"})
    await client.send(requests.update_team(team.id, **theirs))
    sent = len(_writes(fake))

    outcome = await carry_out(ours, client, sleep=no_sleep)

    assert outcome.status == "failed"
    assert said in outcome.message
    assert len(_writes(fake)) == sent


@pytest.mark.parametrize("name", ["rename account", "describe account", "update team"])
async def test_an_undo_that_somebody_overtook_overwrites_nothing(
    name: str, fake: FakeKonnect, client: KonnectClient
) -> None:
    change = (await _changes(fake, client))[name]
    outcome = await carry_out(change, client, sleep=no_sleep)
    assert outcome.undo is not None
    field = "name" if name == "rename account" else "description"
    theirs: dict[str, Any] = {field: "theirs"}
    id = change.request.path.rsplit("/", 1)[-1]
    if name == "update team":
        await client.send(requests.update_team(id, **theirs))
    else:
        await client.send(requests.update_system_account(id, **theirs))

    undone = await carry_out(outcome.undo, client, sleep=no_sleep)

    assert undone.status == "failed"
    assert "meanwhile: " in undone.message
    assert "Nothing was sent." in undone.message


async def test_one_failure_does_not_stop_the_others(
    client: KonnectClient, account: SystemAccount
) -> None:
    seen: list[Outcome] = []
    changes = (
        rename_account(account, name="ci-prod-deployer"),
        describe_account(account, description="words"),
    )

    outcomes = await carry_out_all(changes, client, on_outcome=seen.append, sleep=no_sleep)

    assert [outcome.status for outcome in outcomes] == ["failed", "done"]
    assert tuple(seen) == outcomes


async def test_a_managed_account_stays_as_it_is(fake: FakeKonnect, client: KonnectClient) -> None:
    managed = SystemAccount.from_wire(fake.account_named("mesh-zone-eu-1"))

    outcome = await carry_out(delete_account(managed), client, sleep=no_sleep)

    assert outcome.status == "failed"
    assert "403" in outcome.message


def test_what_cannot_be_undone_or_reaches_far_has_to_be_typed(account: SystemAccount) -> None:
    owner = RoleOwner(kind="account", id=account.id, name=account.name)
    wide = RoleRequest(
        role_name="Admin", entity_type_name="Portals", entity_id="*", entity_region="*"
    )

    assert (delete_account(account).level, delete_account(account).confirm_text) == (
        "type",
        ACCOUNT,
    )
    assert assign_role(owner, wide).level == "type"
    assert assign_role(owner, GRANT).level == "ask"


def test_a_request_as_curl_leaves_the_token_to_a_variable() -> None:
    request = requests.update_system_account("x", name="it's $HOME")

    assert request.as_curl("https://k") == (
        "curl -X PATCH https://k/v3/system-accounts/x "
        '-H "Authorization: Bearer $KONNECT_TOKEN" '
        "-H 'Content-Type: application/json' "
        '-d \'{"name": "it\'"\'"\'s $HOME"}\''
    )


async def test_a_change_and_what_it_looks_up_do_not_queue_behind_background_reads(
    fake: FakeKonnect, client: KonnectClient, account: SystemAccount
) -> None:
    reads = [asyncio.ensure_future(client.accounts.roles(account.id)) for _ in range(60)]
    await asyncio.sleep(0)

    (outcome,) = await carry_out_all(
        [rename_account(account, name="other")], client, on_outcome=lambda _: None, sleep=no_sleep
    )

    assert outcome.status == "done"
    asked = [(each.method, each.path.rpartition("/")[2]) for each in fake.received]
    assert ("GET", account.id) in asked[asked.index(("PATCH", account.id)) :]
    assert asked.count(("GET", "assigned-roles")) < len(reads)
    await asyncio.gather(*reads)


class LateKonnect:
    """Shows a change only at the fourth look, and remembers how long was waited before each."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def is_so(self, _: KonnectClient) -> bool:
        return len(self.waits) > 3


@pytest.mark.parametrize("is_lost", [False, True])
async def test_a_change_that_shows_late_is_looked_for_more_than_once(
    account: SystemAccount, client: KonnectClient, fake: FakeKonnect, is_lost: bool
) -> None:
    late = LateKonnect()
    change = replace(rename_account(account, name="late"), is_so=late.is_so)
    if is_lost:
        fake.inject(Fault("cut-after", method="PATCH"))

    outcome = await carry_out(change, client, sleep=late.sleep)

    assert outcome.status == "done"
    assert outcome.message.startswith("Done, although" if is_lost else "Done.")
    assert late.waits == sorted(late.waits)
    assert 2 < sum(late.waits) < 10
