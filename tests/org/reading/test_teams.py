"""Teams, their holdings and the people are read on demand, and again after a change to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect, Fault
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.models import SystemAccount, Team
from sa_tui.konnect.settings import Settings
from sa_tui.org.changes.change import Change, Outcome
from sa_tui.org.changes.teams import Member, create_team, delete_team, join_team, update_team
from sa_tui.org.reading.everything import read_organisation
from sa_tui.org.store import Org

if TYPE_CHECKING:
    from datetime import datetime

RELEASE, CUSTOMS = "Release Bots", "Customs EU"


async def no_sleep(_: float) -> None:
    """Lets no time pass."""


@pytest.fixture
async def org(fake: FakeKonnect, clock: Callable[[], datetime]) -> AsyncIterator[Org]:
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
    async with Org(client, now=clock) as opened:
        yield opened


def asked(fake: FakeKonnect) -> list[str]:
    return [f"{each.method} {each.path}" for each in fake.received]


def team(fake: FakeKonnect, name: str) -> Team:
    return Team.from_wire(fake.team_named(name))


async def carry_out(org: Org, *changes: Change) -> tuple[Outcome, ...]:
    return await org.carry_out(changes, on_outcome=lambda _: None, sleep=no_sleep)


async def test_teams_people_and_settings_are_unread_until_asked_for(
    org: Org, fake: FakeKonnect
) -> None:
    assert org.snapshot.teams.is_unread
    assert org.snapshot.people.is_unread
    assert org.snapshot.authentication.is_unread

    await org.read_teams()
    await org.read_people()
    await org.read_authentication()

    assert org.snapshot.team(team(fake, RELEASE).id) == team(fake, RELEASE)
    people = org.snapshot.people.value
    assert people is not None
    assert len(people.rows) == len(fake.organisation.users.rows)
    settings = org.snapshot.authentication.value
    assert settings is not None
    assert settings.idp_mapping_enabled is False


async def test_what_was_read_is_not_asked_for_again_unless_wanted(
    org: Org, fake: FakeKonnect
) -> None:
    for _ in range(2):
        await org.read_teams()
        await org.read_people()
        await org.read_authentication()
    assert asked(fake) == ["GET /v3/teams", "GET /v3/users", "GET /v3/authentication-settings"]

    await org.read_teams(again=True)
    assert asked(fake)[3:] == ["GET /v3/teams"]


async def test_a_list_that_cannot_be_read_is_unknown_and_keeps_what_was_known(
    org: Org, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500", path="/v3/teams", times=None))
    await org.read_teams()
    assert org.snapshot.teams.value is None
    assert org.snapshot.teams.error is not None

    fake.clear_faults()
    await org.read_teams()
    fake.inject(Fault("500", path="/v3/teams", times=None))
    await org.read_teams(again=True)
    assert org.snapshot.teams.value is not None
    assert org.snapshot.teams.error is not None
    assert not org.snapshot.teams.is_reading


async def test_one_part_of_a_team_that_fails_leaves_the_others(org: Org, fake: FakeKonnect) -> None:
    release = team(fake, RELEASE)
    fake.inject(Fault("500", path="/v3/teams/*/users", times=None))
    await org.read_team_details([release.id])

    details = org.snapshot.team_details_of(release.id)
    assert details.users.value is None
    assert details.users.error is not None
    assert details.roles.value is not None
    assert details.accounts.value is not None


async def test_the_list_follows_a_team_that_is_made_changed_and_deleted(
    org: Org, fake: FakeKonnect
) -> None:
    await org.read_teams()
    await carry_out(org, create_team("Pilots", description="", labels={"env": "dev"}))
    made = team(fake, "Pilots")
    assert org.snapshot.team(made.id) == made

    await carry_out(org, update_team(made, name="Crew", labels={"env": None}))
    now = org.snapshot.team(made.id)
    assert now is not None
    assert (now.name, now.labels) == ("Crew", {})

    await carry_out(org, delete_team(now))
    assert org.snapshot.team(made.id) is None


async def test_a_membership_does_not_read_the_list_of_teams_again(
    org: Org, fake: FakeKonnect
) -> None:
    await org.read_teams()
    account = SystemAccount.from_wire(fake.account_named("ci-eu-deployer"))
    customs = team(fake, CUSTOMS)
    await org.read_team_details([customs.id])
    member = Member(kind="account", id=account.id, name=account.name)
    await carry_out(org, join_team(member, customs))

    assert asked(fake).count("GET /v3/teams") == 1
    accounts = org.snapshot.team_details_of(customs.id).accounts.value
    assert accounts is not None
    assert account.id in {each.id for each in accounts.rows}


async def test_whoever_was_in_a_team_that_is_deleted_is_in_it_no_more(
    org: Org, fake: FakeKonnect
) -> None:
    await read_organisation(org, with_people=True)
    release, platform = team(fake, RELEASE), team(fake, "Platform Engineering")
    bot = fake.account_named("ci-eu-deployer")["id"]
    person = fake.organisation.operator_id
    calls = len(fake.received)

    await carry_out(org, delete_team(release), delete_team(platform))

    for details in (org.snapshot.details_of(bot), org.snapshot.user_details_of(person)):
        assert details.teams.value is not None
        assert {release.id, platform.id}.isdisjoint(each.id for each in details.teams.value.rows)
        assert details.teams.value.incomplete is None
    assert not [each for each in fake.received[calls:] if each.path.startswith("/v3/users")]


async def test_a_person_who_joined_a_team_is_asked_for_their_teams_again(
    org: Org, fake: FakeKonnect
) -> None:
    await read_organisation(org, with_people=True)
    customs = team(fake, CUSTOMS)
    person = Member(kind="user", id=fake.organisation.operator_id, name="Ines")

    await carry_out(org, join_team(person, customs))

    details = org.snapshot.user_details_of(person.id)
    assert details.teams.value is not None
    assert customs.id in [each.id for each in details.teams.value.rows]
    assert details.tokens.value is not None


async def test_of_a_person_who_was_not_read_nothing_is_asked(org: Org, fake: FakeKonnect) -> None:
    person = Member(kind="user", id=fake.organisation.operator_id, name="Ines")

    await carry_out(org, join_team(person, team(fake, CUSTOMS)))

    assert org.snapshot.user_details == {}


async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    org: Org, fake: FakeKonnect
) -> None:
    shown = team(fake, CUSTOMS)
    fake.team_named(CUSTOMS)["labels"] = {"region": "us"}
    (outcome,) = await carry_out(org, update_team(shown, labels={"region": "apac"}))

    assert outcome.status == "failed"
    assert "Somebody changed the label region meanwhile: us now" in outcome.message
    assert not [line for line in asked(fake) if line.startswith("PATCH")]


async def test_a_change_of_a_team_is_taken_back_exactly(org: Org, fake: FakeKonnect) -> None:
    before = team(fake, CUSTOMS)
    (outcome,) = await carry_out(
        org, update_team(before, name="Tolls", labels={"region": None, "kind": "x"})
    )
    assert outcome.undo is not None
    await carry_out(org, outcome.undo)
    after = team(fake, CUSTOMS)
    assert (after.name, after.labels) == (before.name, before.labels)
