"""Reading a whole organisation: which calls are made, and what is left when it ends early."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from sa_tui.demo.faults import Fault
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.errors import NotSignedIn
from sa_tui.konnect.settings import Settings
from sa_tui.org.reading.calls import Progress
from sa_tui.org.reading.everything import read_organisation
from sa_tui.org.reading.naming import read_entity_names
from sa_tui.org.reading.people import asks_teams
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
        Settings(base_url="https://konnect.test", transport=bare.transport(), sleep=no_sleep),
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


async def test_what_a_reading_of_everything_left_out_of_a_team_is_read_on_demand(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    team_id = bare.team_named("team-0")["id"]
    await read_organisation(org)
    assert org.snapshot.team_details_of(team_id).users.is_unread
    bare.received.clear()

    for _ in range(2):
        await org.read_team_details([team_id])

    assert [each.path for each in bare.received] == [f"/v3/teams/{team_id}/users"]
    details = org.snapshot.team_details_of(team_id)
    assert details.users.value is not None
    assert details.roles.value is not None
    assert len(details.roles.value.rows) == 1


async def test_what_a_stopped_reading_left_out_of_an_account_is_read_on_demand(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)

    def stop(progress: Progress) -> None:
        if progress.done == ACCOUNTS:
            reading.cancel()

    reading = asyncio.create_task(read_organisation(org, on_progress=stop))
    with suppress(asyncio.CancelledError):
        await reading
    ids = [each["id"] for each in bare.organisation.accounts]
    partly = [id for id in ids if len(org.snapshot.details_of(id).unread) in (1, 2)]
    assert partly
    bare.received.clear()

    await org.read_details(partly)

    assert max(asked(bare).values()) == 1
    assert len(bare.received) < 3 * len(partly)
    assert not any(org.snapshot.details_of(id).unread for id in partly)


async def test_what_is_on_its_way_in_a_reading_of_everything_is_not_asked_for_besides(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    teams = listed_teams(bare)
    looking: list[asyncio.Task[None]] = []

    def look(progress: Progress) -> None:
        ids = [each["id"] for each in bare.organisation.accounts]
        partly = [id for id in ids if len(org.snapshot.details_of(id).unread) in (1, 2)]
        looking.append(asyncio.create_task(org.read_details(partly)))

    await read_organisation(org, on_progress=look)
    await asyncio.gather(*looking)

    assert len(bare.received) == 4 + 2 * ACCOUNTS + teams + (TEAMS - 1)


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


def fill_people(fake: FakeKonnect, *, people: int, teams: int) -> None:
    """People with a token and a role each, spread over the first of these teams."""
    team_ids = [each["id"] for each in fake.organisation.teams if not each["system_team"]][:teams]
    for n in range(people):
        user = {"id": str(UUID(int=n)), "email": f"person-{n}@example.com", "full_name": ""}
        fake.organisation.users.add(user | {"preferred_name": "", "active": True})
        fake.add_token(user["id"], "laptop")
        fake.add_role(user["id"], "Viewer")
        fake.join(team_ids[n % teams], user["id"])


async def test_people_are_read_like_accounts_and_no_team_is_asked_twice(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    fill_people(bare, people=40, teams=TEAMS)
    teams, people = listed_teams(bare), len(bare.organisation.users)
    seen: list[Progress] = []

    await read_organisation(org, with_people=True, on_progress=seen.append)

    # The organisation, the catalogue and three lists; tokens and roles of every account and every
    # person; accounts and people of every team; the roles of the teams that have any of them.
    held = {team for each in bare.organisation.users for team in teams_of(bare, each["id"])}
    held |= {team for each in bare.organisation.accounts for team in teams_of(bare, each["id"])}
    lists = 5 + 2 * ACCOUNTS + 2 * people + 2 * teams
    assert len(bare.received) == lists + len(held)
    assert max(asked(bare).values()) == 1
    assert seen[-1].done == seen[-1].planned == len(bare.received) - 5
    for user in bare.organisation.users:
        details = org.snapshot.user_details_of(user["id"])
        assert details.teams.value is not None
        assert [each.id for each in details.teams.value.rows] == teams_of(bare, user["id"])
        assert details.tokens.value is not None
        assert len(details.tokens.value.rows) == len(bare.tokens_of(user["id"]))
        assert details.roles.value is not None
        assert len(details.roles.value.rows) == len(bare.roles_of(user["id"]))


def teams_of(fake: FakeKonnect, member_id: str) -> list[str]:
    organisation = fake.organisation
    is_account = member_id in organisation.accounts
    sides = organisation.account_teams if is_account else organisation.user_teams
    mine = sides.teams(member_id)
    return [team["id"] for team in organisation.teams if team["id"] in mine]


async def test_few_people_are_asked_for_their_teams_and_many_accounts_are_not(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    people = [each["id"] for each in bare.organisation.users]
    assert len(people) < listed_teams(bare) < ACCOUNTS

    await read_organisation(org, with_people=True)

    paths = asked(bare)
    assert all(paths[f"/v3/users/{each}/teams"] == 1 for each in people)
    assert not any(path.endswith("/users") for path in paths if path.startswith("/v3/teams/"))
    assert max(paths.values()) == 1


async def test_people_are_read_on_top_of_what_was_read_without_them(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    await read_organisation(org)
    assert not any("/users" in path for path in asked(bare))

    await read_organisation(org, with_people=True)
    assert max(asked(bare).values()) == 1
    calls = len(bare.received)
    await read_organisation(org, with_people=True)

    assert len(bare.received) == calls


async def test_one_person_costs_their_own_calls_and_those_of_their_teams(
    org: Org, bare: FakeKonnect
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    await org.load()
    await org.read_people()
    calls = len(bare.received)

    await read_organisation(org, only=bare.organisation.operator_id, with_people=True)

    assert len(bare.received) - calls == 5  # tokens, roles, teams; the roles of two teams


class Unwelcoming(httpx.AsyncBaseTransport):
    """Refuses whoever asks for tokens of people, with some status."""

    def __init__(self, konnect: httpx.AsyncBaseTransport, status: int) -> None:
        self._konnect = konnect
        self._status = status
        self.refused = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.startswith("/v3/users/") and path.endswith("/access-tokens"):
            self.refused += 1
            return httpx.Response(self._status, json={"status": self._status, "title": "No"})
        return await self._konnect.handle_async_request(request)


# What Konnect answers is not documented; 401 must not be taken for the end of the token.
@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_system_account_is_refused_the_tokens_of_people_once_and_reads_the_rest(
    bare: FakeKonnect, status: int
) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    fill_people(bare, people=40, teams=TEAMS)
    bare.join(bare.team_named("organization-admin")["id"], bare.account_named("account-0")["id"])
    secret = bare.organisation.issue_token(
        bare.account_named("account-0")["id"],
        {"id": "spat", "name": "spat", "expires_at": "2099-01-01T00:00:00Z"},
    )
    transport = Unwelcoming(bare.transport(), status)
    client = KonnectClient(
        SecretStr(secret),
        Settings(base_url="https://konnect.test", transport=transport, sleep=no_sleep),
    )
    async with Org(client, has_person=False) as org:
        await read_organisation(org, with_people=True)

    assert 1 <= transport.refused <= 16  # those that were under way together
    people = org.snapshot.user_details.values()
    assert len(people) == len(bare.organisation.users)
    assert all(each.tokens.error is not None and each.tokens.value is None for each in people)
    assert all(each.roles.value is not None and each.teams.value is not None for each in people)
    assert all(each.roles.value is not None for each in org.snapshot.details.values())


async def test_refreshing_forgets_the_people(org: Org, bare: FakeKonnect) -> None:
    fill(bare, accounts=ACCOUNTS, teams=TEAMS)
    await read_organisation(org, with_people=True)
    late = bare.add_team("late")

    await org.refresh(())

    assert org.snapshot.people.is_unread
    assert org.snapshot.user_details == {}
    assert org.snapshot.team(late) is not None


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
    assert asks_teams(members=accounts, teams=teams) is by_teams
