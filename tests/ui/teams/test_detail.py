"""One team: its roles, its system accounts and its people, and taking them away."""

from __future__ import annotations

import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.ui.teams.list import TeamsScreen

CUSTOMS = "Customs EU"


def writes(fake: FakeKonnect) -> list[tuple[str, str]]:
    return [(each.method, each.path) for each in fake.received if each.method != "GET"]


async def go_to(driver, words: str) -> None:
    """Opens the team that has these words."""
    await driver.press("3", "slash")
    await driver.paste(words)
    await driver.press("enter", "enter")


@pytest.mark.whole
async def test_a_team_tells_its_roles_accounts_and_people(running, fake):
    async with running() as driver:
        await go_to(driver, "customs")
        assert f"{CUSTOMS} · custom" in driver.text
        assert f"id {fake.team_named(CUSTOMS)['id']} · region=eu" in driver.text
        assert "Roles · 2" in driver.text
        assert "Customs Partner" in driver.text
        assert "System accounts · 1" in driver.text
        assert "People · 2" in driver.text
        assert "luca.moretti@meridianfreight.example" in driver.text


async def test_a_part_that_cannot_be_read_is_not_known(running, fake):
    fake.inject(Fault("500", path="/v3/teams/*/users", times=None))
    async with running() as driver:
        await go_to(driver, "customs")
        assert "Not known:" in driver.words
        assert "not everything could be read" in driver.text


async def test_marked_people_leave_together(running, fake):
    team = fake.team_named(CUSTOMS)
    async with running() as driver:
        await go_to(driver, "customs")
        await driver.press("tab", "tab", "space", "space", "x")
        assert "- 2 lose what Customs EU gives" in driver.text
        assert writes(fake) == []
        await driver.press("Y")
        await driver.press("escape")
        assert {method for method, _ in writes(fake)} == {"DELETE"}
        assert all(f"/v3/teams/{team['id']}/users/" in path for _, path in writes(fake))
        assert "People · 0" in driver.text


async def test_marked_roles_are_taken_away_together(running, fake):
    team = fake.team_named(CUSTOMS)
    async with running() as driver:
        await go_to(driver, "customs")
        await driver.press("space", "space", "x")
        assert writes(fake) == []
        await driver.press("Y")
        assert len(writes(fake)) == 2
        assert fake.roles_of(team["id"]) == []


async def test_the_roles_of_a_predefined_team_are_guarded_but_not_its_members(running):
    async with running() as driver:
        await go_to(driver, "portal")
        assert "the roles of its own teams: they are fixed" in driver.words
        await driver.press("a")
        assert "its roles cannot be changed" in driver.words
        await driver.press("E")
        assert "is a predefined team:" in driver.words
        await driver.press("tab", "tab", "x")
        assert "Leave team · Mei-Ling Zhao" in driver.text


@pytest.mark.whole
async def test_enter_on_an_account_opens_it(running):
    async with running() as driver:
        await go_to(driver, "customs")
        await driver.press("tab", "enter")
        assert "Access tokens" in driver.text


async def test_people_are_read_also_after_the_access_of_everybody_was(running):
    async with running() as driver:
        await driver.press("2")
        await driver.put_off()
        await driver.press("q")
        await go_to(driver, "customs")
        assert "Roles · 2" in driver.text
        assert "People · 2" in driver.text


async def test_deleting_it_from_its_own_page_leads_back_to_the_list(running):
    async with running() as driver:
        await go_to(driver, "customs")
        await driver.press("D")
        await driver.paste(CUSTOMS)
        await driver.press("enter", "escape")
        assert isinstance(driver.app.screen, TeamsScreen)


async def test_the_page_of_one_that_somebody_else_deleted_says_so(running, fake):
    async with running() as driver:
        await go_to(driver, "customs")
        fake.organisation.remove_team(fake.team_named(CUSTOMS)["id"])
        await driver.press("r")
        assert "Konnect does not list this team. Esc goes back." in driver.text
