"""One guard for every door: key, mark, page, palette and command line give the same answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sa_tui.demo.konnect import FakeKonnect
from sa_tui.ui.kit.confirm import ConfirmDialog
from sa_tui.ui.kit.review import ReviewDialog
from sa_tui.ui.tokens.issue_form import IssueForm

ZONE = "mesh-zone-eu-1"
TEAMS = f"Konnect manages {ZONE} for a mesh zone: it cannot be put into teams."
CUT_OFF = f"Konnect manages {ZONE} for a mesh zone: whatever in the zone uses this token"


def writes(fake: FakeKonnect) -> list[str]:
    return [f"{each.method} {each.path}" for each in fake.received if each.method != "GET"]


async def find(driver: Any, name: str = ZONE) -> None:
    await driver.hit("slash")
    await driver.paste(name)
    await driver.press("enter")


async def by_key(driver: Any, key: str, name: str) -> None:
    await driver.press(key)


async def by_mark(driver: Any, key: str, name: str) -> None:
    await driver.press("space", key)


async def by_page(driver: Any, key: str, name: str) -> None:
    await driver.press("enter", key)


async def by_command(driver: Any, key: str, name: str) -> None:
    await driver.press("colon")
    await driver.paste(name)
    await driver.press("enter")


async def by_palette(driver: Any, key: str, name: str) -> None:
    await driver.press("ctrl+p")
    await driver.paste(name)
    await driver.press("enter")


DOORS = [by_key, by_mark, by_page, by_command, by_palette]


@pytest.mark.parametrize("door", DOORS)
async def test_a_mesh_zone_is_put_into_no_team_by_any_door(door, running, fake) -> None:
    async with running() as driver:
        await find(driver)
        screens = len(driver.app.screen_stack) + (door is by_page)
        await door(driver, "m", "account-teams")

        assert TEAMS in driver.words
        assert len(driver.app.screen_stack) == screens
        assert writes(fake) == []


@pytest.mark.parametrize("door", DOORS)
async def test_the_tokens_of_a_mesh_zone_are_revoked_with_its_name_by_every_door(
    door, running, fake
) -> None:
    async with running() as driver:
        await find(driver)
        await door(driver, "X", "revoke-all")

        assert isinstance(driver.app.screen, ReviewDialog)
        assert CUT_OFF in driver.words
        await driver.press("Y", "enter")
        assert writes(fake) == []


async def test_a_token_for_a_mesh_zone_is_issued_after_its_name_was_typed(running, fake) -> None:
    async with running() as driver:
        await find(driver)
        await driver.press("i")
        assert isinstance(driver.app.screen, ConfirmDialog)
        assert f"Konnect manages {ZONE} for a mesh zone: the zone gets no new token" in driver.words

        await driver.press("Y", "enter")
        assert "Nothing was done" in driver.words
        await driver.press("backspace")
        await driver.paste(ZONE)
        await driver.press("enter")
        assert isinstance(driver.app.screen, IssueForm)
        assert writes(fake) == []


async def test_the_picker_of_a_team_takes_no_mesh_zone(running, fake) -> None:
    async with running() as driver:
        await driver.press("3")
        await find(driver, "Organization Admin")
        await driver.press("m")
        await driver.paste(ZONE)
        await driver.press("tab", "space", "enter")

        assert TEAMS in driver.words
        assert writes(fake) == []


@pytest.mark.whole
async def test_marks_win_where_several_can_be_taken_and_else_it_says_so(running) -> None:
    async with running() as driver:
        await find(driver, "ci-")
        await driver.press("space", "down", "space", "down", "space", "down")
        for key, title in (("E", "Edit"), ("c", "Clone")):
            await driver.press(key)
            assert f"{title} account takes one account, and 3 rows are marked" in driver.words
            assert len(driver.app.screen_stack) == 2
        await driver.press("i")
        assert "Issue token takes one account, and 3 rows are marked" in driver.words

        await driver.press("D")
        assert isinstance(driver.app.screen, ReviewDialog)


async def test_the_last_administrator_types_to_leave_and_is_told_so(running, fake) -> None:
    async with running((120, 40)) as driver:
        await driver.press("3")
        await find(driver, "Organization Admin")
        await driver.press("home", "enter", "tab", "tab")
        people = driver.app.screen.query_one("#team-people")
        mine = f"people:{driver.app.snapshot.me.value.id}"
        people.marks = frozenset({mine})
        await driver.press("x")

        assert isinstance(driver.app.screen, ReviewDialog)
        assert "This is you: you lose what team Organization Admin gives you." in driver.words
        await driver.press("Y", "enter")
        assert writes(fake) == []


async def test_a_read_only_profile_says_the_same_at_every_door(running, fake, profile) -> None:
    for door in DOORS:
        async with running(first=replace(profile, read_only=True)) as driver:
            await find(driver, "ci-eu-deployer")
            await door(driver, "i", "issue")
            assert "This profile is read-only: nothing can be changed here." in driver.words
    assert writes(fake) == []


async def test_a_renamed_account_is_not_deleted_by_its_old_name(running, fake) -> None:
    async with running() as driver:
        await find(driver, "ci-eu-deployer")
        account = fake.account_named("ci-eu-deployer")
        await driver.press("D")
        fake.organisation.rename_account(account, "prod-critical")
        await driver.paste("ci-eu-deployer")
        await driver.press("enter")

        assert writes(fake) == []
        assert "its name is prod-critical now, not ci-eu-deployer" in driver.words
        assert "f shows it as it is now" in driver.words

        await driver.press("f")
        assert "type prod-critical and press Enter" in driver.words
        await driver.paste("prod-critical")
        await driver.press("enter")
        assert writes(fake) == [f"DELETE /v3/system-accounts/{account['id']}"]


async def test_a_name_that_differs_in_case_alone_is_warned_of(running) -> None:
    async with running() as driver:
        await driver.press("n")
        await driver.paste("CI-EU-Deployer")
        await driver.press("enter")
        assert "There is already 'ci-eu-deployer', which differs only in case" in driver.words
        assert not isinstance(driver.app.screen, ReviewDialog)

        await driver.press("enter")
        assert isinstance(driver.app.screen, ReviewDialog)


async def test_a_label_of_somebody_else_stays_at_every_attempt(running, fake) -> None:
    team = fake.team_named("Release Bots")
    team["labels"] = {"env": "prod", "team": "eu"}
    async with running((120, 40)) as driver:
        await driver.press("3")
        await find(driver, "Release Bots")
        await driver.press("E", "tab", "tab")
        team["labels"]["owner"] = "x"
        team["labels"]["env"] = "stage"
        await driver.fill("env=dev, team=eu")
        await driver.press("enter", "Y")
        assert "Somebody changed the label env meanwhile: stage now." in driver.words

        await driver.press("escape", "enter")
        assert "the label env meanwhile: it was prod, and is stage now." in driver.words
        assert "- label env stage" in driver.text
        assert "+ label env dev" in driver.text
        await driver.press("Y")
    assert team["labels"] == {"env": "dev", "team": "eu", "owner": "x"}


async def test_a_team_of_kongctl_is_edited_with_its_name_where_it_is_protected(
    running, fake
) -> None:
    team = fake.team_named("Release Bots")
    team["labels"] = {"KONGCTL-namespace": "core", "KONGCTL-protected": "true"}
    async with running((120, 40)) as driver:
        await driver.press("3")
        await find(driver, "Release Bots")
        await driver.press("E")
        await driver.fill("Release Robots")
        await driver.press("enter")

        assert "kongctl manages Release Bots in its namespace core and protects it" in driver.words
        await driver.press("Y", "enter")
        assert writes(fake) == []


@pytest.mark.parametrize("door", [by_key, by_command, by_palette])
async def test_who_is_known_to_have_no_right_is_told_so_by_every_door(door, running, fake) -> None:
    me, users = fake.organisation.operator_id, fake.organisation.users
    fake.organisation.record["owner_id"] = next(each["id"] for each in users if each["id"] != me)
    fake.organisation.user_teams.forget_member(me)
    fake.join(fake.team_named("organization-admin-readonly")["id"], me)
    async with running((120, 40)) as driver:
        await door(driver, "n", "new")  # what was not read stands in no way
        assert len(driver.app.screen_stack) == 3
        await driver.press("escape", "4")
        await driver.paste("can:mint")
        await driver.press("enter", "@", "escape", "escape")
        await door(driver, "n", "new")

        assert "may create system accounts, and you have neither: r reads it" in driver.words
        assert len(driver.app.screen_stack) == 2
        await driver.press("r")
        await door(driver, "n", "new")
        assert len(driver.app.screen_stack) == 3


async def test_whoever_joined_a_team_since_is_told_so_before_its_role_is_taken_back(
    running, fake
) -> None:
    team = fake.team_named("Release Bots")
    async with running((120, 40)) as driver:
        await driver.press("3")
        await find(driver, "Release Bots")
        await driver.press("enter", "a")
        for words in ("control planes", "viewer", "*", "*"):
            await driver.fill(words)
            await driver.press("enter")
        await driver.press("Y")
        assert "1 change done" in driver.words
        fake.join(team["id"], driver.app.snapshot.me.value.id)
        await driver.press("u")
        assert "You are in team Release Bots: you lose what it gives you." in driver.words
