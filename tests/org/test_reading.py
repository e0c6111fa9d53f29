"""Reading a whole organisation: which calls are made, and what is left when it ends early."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from sa_tui.api.client import KonnectClient
from sa_tui.api.errors import NotSignedIn
from sa_tui.demo.faults import Fault
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.org.reading import Progress, asks_teams, read_entity_names, read_organisation
from sa_tui.org.store import Org

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

ACCOUNTS, TEAMS = 30, 5


def fill(fake: FakeKonnect, *, accounts: int, teams: int) -> None:
    """Accounts with a token and a role each, spread over every team but the last."""
    team_ids = [str(fake.add_team(f"team-{n}")) for n in range(teams)]
    for team in team_ids:
        fake.add_role(team, "Viewer")
    for n in range(accounts):
        account = fake.add_account(f"account-{n}")
        fake.add_token(account, "token")
        fake.add_role(account, "Admin")
        fake.join(team_ids[n % (teams - 1)], account)


@pytest.fixture
def bare(now: datetime) -> FakeKonnect:
    """A Konnect with its operator and its predefined teams, and no accounts."""
    return FakeKonnect(build_organisation(now, accounts=0), clock=lambda: now)


async def no_sleep(_: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
async def org(bare: FakeKonnect) -> AsyncIterator[Org]:
    client = KonnectClient(
        SecretStr(bare.operator_token),
        base_url="https://konnect.test",
        transport=bare.transport(),
        sleep=no_sleep,
    )
    async with Org(client, has_person=False) as org:
        yield org


def asked(fake: FakeKonnect) -> Counter[str]:
    """How often each path was asked for."""
    return Counter(each.path for each in fake.received)


def listed_teams(fake: FakeKonnect) -> int:
    return len(fake.organisation.teams)


async def test_fewer_teams_than_accounts_are_asked_for_their_members(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    teams = listed_teams(bare)
    assert teams < ACCOUNTS

    await read_organisation(org)

    # The organisation, the catalogue and two lists; tokens and roles of every account; members of
    # every team; the roles of the four teams that have any.
    assert len(bare.received) == 4 + 2 * ACCOUNTS + teams + (TEAMS - 1)
    assert max(asked(bare).values()) == 1
    details = [org.snapshot.details_of(each["id"]) for each in bare.organisation.accounts]
    assert all(len(each.teams.value.rows) == 1 for each in details if each.teams.value)
    assert all(each.teams.value and each.teams.value.incomplete is None for each in details)


async def test_fewer_accounts_than_teams_are_asked_for_their_teams(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=6, teams=TEAMS)

    await read_organisation(org)

    assert len(bare.received) == 4 + 3 * 6 + (TEAMS - 1)
    assert max(asked(bare).values()) == 1


async def test_one_account_costs_its_own_calls_and_those_of_its_teams(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    await org.load()
    calls = len(bare.received)

    await read_organisation(org, only=bare.account_named("account-0")["id"])

    assert len(bare.received) - calls == 4  # tokens, roles, teams; the roles of its one team


async def test_both_sides_tell_the_same(bare: FakeKonnect, org: Org) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    await read_organisation(org)
    by_teams = {
        each: [team.id for team in details.teams.value.rows if details.teams.value]
        for each, details in org.snapshot.details.items()
        if details.teams.value
    }

    await org.read_details(by_teams, again=True)

    for each, teams in by_teams.items():
        read = org.snapshot.details_of(each).teams.value
        assert read is not None
        assert [team.id for team in read.rows] == teams


async def test_what_was_read_before_is_not_read_again(org: Org, bare: FakeKonnect) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    await org.load()
    await org.read_details([each["id"] for each in bare.organisation.accounts][:7])

    await read_organisation(org)
    assert max(asked(bare).values()) == 1
    calls = len(bare.received)
    await read_organisation(org)

    assert len(bare.received) == calls


async def test_a_reading_that_is_stopped_keeps_what_was_read_and_goes_on_from_there(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    seen: list[Progress] = []
    task: asyncio.Task[None]

    def stop_half_way(progress: Progress) -> None:
        seen.append(progress)
        if progress.done == 40:
            task.cancel()

    task = asyncio.ensure_future(read_organisation(org, on_progress=stop_half_way))
    with suppress(asyncio.CancelledError):
        await task

    details = org.snapshot.details.values()
    kept = sum(each.tokens.value is not None for each in details)
    assert 0 < kept < ACCOUNTS
    unread = [each for each in details if each.tokens.is_unread]
    assert all(each.error is None for one in unread for each in (one.tokens, one.roles))
    before = len(bare.received)
    await read_organisation(org)
    twice = [path for path, times in asked(bare).items() if times > 1]
    assert len(twice) <= 16  # those that were under way when it was stopped
    assert len(bare.received) - before < 2 * ACCOUNTS


async def test_progress_counts_what_is_done_and_ends_where_it_planned_to(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    seen: list[Progress] = []
    seconds = iter(range(1000))

    await read_organisation(org, on_progress=seen.append, monotonic=lambda: float(next(seconds)))

    assert [each.done for each in seen] == list(range(1, len(seen) + 1))
    assert seen[-1].done == seen[-1].planned == len(bare.received) - 4
    assert seen[0].seconds_left is None
    # One second for each call: what is left takes about as many as there are calls.
    late = seen[-10]
    assert late.seconds_left == pytest.approx(late.planned - late.done, rel=0.1)
    assert seen[-1].seconds_left == 0


async def test_a_list_that_fails_is_unknown_and_the_rest_is_read(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    account, other = [each["id"] for each in bare.organisation.accounts][:2]
    bare.inject(Fault("500", path=f"/v3/system-accounts/{account}/assigned-roles", times=None))

    await read_organisation(org)

    assert org.snapshot.details_of(account).roles.error is not None
    assert org.snapshot.details_of(account).tokens.value is not None
    assert org.snapshot.details_of(other).roles.value is not None


async def test_a_team_whose_members_cannot_be_read_leaves_everybodys_teams_incomplete(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    team = next(each for each in bare.organisation.teams if each["name"] == "team-0")
    bare.inject(Fault("500", path=f"/v3/teams/{team['id']}/system-accounts", times=None))

    await read_organisation(org)

    for details in org.snapshot.details.values():
        assert details.teams.value is not None
        assert 'The members of team "team-0"' in (details.teams.value.incomplete or "")


async def test_teams_that_cannot_be_listed_are_asked_of_the_accounts(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    bare.inject(Fault("500", path="/v3/teams", times=None))

    await read_organisation(org)

    assert all(each.teams.value for each in org.snapshot.details.values())
    assert org.snapshot.teams.error is not None


async def test_a_token_that_ends_meanwhile_ends_the_reading(org: Org, bare: FakeKonnect) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    await org.load()
    bare.organisation.users.remove(bare.organisation.operator_id)

    await read_organisation(org)

    errors = [each.roles.error for each in org.snapshot.details.values() if each.roles.error]
    assert all(isinstance(each, NotSignedIn) for each in errors)
    assert len(bare.received) < 30


async def test_entities_are_named_with_a_call_for_each_type_and_region(
    org: Org, bare: FakeKonnect
) -> None:
    account = bare.add_account("ci")
    planes = bare.organisation.entities["/v2/control-planes", "eu"].rows
    for plane in planes:
        bare.add_role(account, "Viewer", entity_id=plane["id"], entity_region="eu")
    await read_organisation(org)
    calls = len(bare.received)

    await read_entity_names(org)
    await read_entity_names(org)

    assert len(bare.received) - calls == 1
    entity = org.snapshot.entity(planes[0]["id"])
    assert entity is not None
    assert entity.name == planes[0]["name"]


@pytest.mark.parametrize(
    ("accounts", "teams", "by_teams"), [(1000, 60, True), (20, 12, True), (200, 300, False)]
)
def test_the_side_with_fewer_calls_is_asked(accounts: int, teams: int, by_teams: bool) -> None:
    assert asks_teams(accounts=accounts, teams=teams) is by_teams
