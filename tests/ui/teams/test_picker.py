"""Who belongs to which team, picked from both sides and reviewed before anything is sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.events import Key

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.ui.kit.safe import Input

CUSTOMS, RELEASE, READERS = "Customs EU", "Release Bots", "Read Everything"
ACCOUNT = "ci-eu-deployer"


def writes(fake: FakeKonnect) -> list[tuple[str, str, Any]]:
    return [(each.method, each.path, each.body) for each in fake.received if each.method != "GET"]


async def open_team(driver, words: str, key: str) -> None:
    """Opens a picker of the team that has these words."""
    await driver.press("3", "slash")
    await driver.paste(words)
    await driver.press("enter", key)


async def open_account(driver, name: str = ACCOUNT) -> None:
    """Opens the picker of an account's teams."""
    await driver.press("slash")
    await driver.paste(name)
    await driver.press("enter", "enter", "m")


async def mark(driver, words: str) -> None:
    """Marks the first that has these words, on the left if there is one."""
    await driver.paste(words)
    await driver.press("tab", "space", "slash")
    await driver.fill("")


async def test_many_accounts_join_a_team_at_once(running, fake):
    team = fake.team_named(CUSTOMS)
    async with running() as driver:
        await open_team(driver, "customs", "m")
        for name in (ACCOUNT, "ci-au-deployer"):
            await mark(driver, name)
        assert "2 join, 0 leave" in driver.words
        assert writes(fake) == []

        await driver.press("enter")
        assert "+ 2 get what Customs EU gives" in driver.text
        assert "Maintainer on APIs" in driver.text
        await driver.press("Y")
        path = f"/v3/teams/{team['id']}/system-accounts"
        ids = {fake.account_named(name)["id"] for name in (ACCOUNT, "ci-au-deployer")}
        assert {(method, at) for method, at, _ in writes(fake)} == {("POST", path)}
        assert {body["id"] for _, _, body in writes(fake)} == ids

        await driver.press("escape")
        assert f"{CUSTOMS}" in driver.text
        assert "ccounts of team" not in driver.text


@pytest.mark.whole
async def test_an_account_joins_and_leaves_with_what_it_can_do_before_and_after(running, fake):
    account = fake.account_named("customs-gateway")
    async with running() as driver:
        await open_account(driver, "customs-gateway")
        await mark(driver, "customs")
        await mark(driver, "looks")
        assert "1 joins, 1 leaves" in driver.words
        await driver.press("enter")
        assert "customs-gateway · before:" in driver.text
        assert "+ Viewer on all APIs (all regions)" in driver.text
        assert "- Maintainer on" in driver.text
        await driver.press("Y")
        joined, left = fake.team_named(READERS)["id"], fake.team_named(CUSTOMS)["id"]
        assert writes(fake) == [
            ("POST", f"/v3/teams/{joined}/system-accounts", {"id": account["id"]}),
            ("DELETE", f"/v3/teams/{left}/system-accounts/{account['id']}", None),
        ]


async def test_of_two_teams_of_one_name_the_review_says_which_it_is(running, fake):
    first, second = (row for row in fake.organisation.teams.rows if row["name"] == "Integrations")
    async with running() as driver:
        await open_account(driver)
        await mark(driver, second["id"][:8])
        await driver.press("enter")
        assert f"+ team Integrations ({second['id'][:8]}…)" in driver.text
        assert first["id"][:8] not in driver.text
        await driver.press("Y")
        assert writes(fake)[0][1] == f"/v3/teams/{second['id']}/system-accounts"


@pytest.mark.parametrize("side", ["account", "team"])
async def test_what_a_membership_gives_is_told_by_the_names_of_the_entities(running, fake, side):
    team = fake.team_named(CUSTOMS)
    named = fake.organisation.entities["/v2/control-planes", "eu"].rows[0]
    fake.add_role(team["id"], "Deployer", entity_id=named["id"], entity_region="eu")
    async with running() as driver:
        if side == "account":
            await open_account(driver, "ci-au-deployer")
            await mark(driver, "customs")
        else:
            await open_team(driver, "customs", "m")
            await mark(driver, "ci-au-deployer")
            await mark(driver, "ci-us-deployer")
        await driver.press("enter")
        assert f"Deployer on Control Planes {named['name']} (eu)" in driver.words


async def test_a_membership_can_be_taken_back_where_it_is_reported(running, fake):
    async with running() as driver:
        await open_account(driver)
        await mark(driver, "customs")
        await driver.press("enter")
        await driver.press("Y")
        await driver.press("u")
        await driver.press("Y")
        assert [method for method, _, _ in writes(fake)] == ["POST", "DELETE"]


async def test_people_can_be_added_to_a_predefined_team(running, fake):
    async with running() as driver:
        await open_team(driver, "portal", "p")
        await mark(driver, "luca")
        await driver.press("enter")
        assert "Join team · Luca Moretti" in driver.text
        assert "+ team Portal Admin" in driver.text
        assert writes(fake) == []


@pytest.mark.parametrize(
    ("konnect", "said"), [(False, "a change may not last"), (True, "it may undo a change")]
)
async def test_an_identity_provider_that_decides_is_told(running, fake, konnect, said):
    fake.organisation.authentication_settings |= {
        "idp_mapping_enabled": True,
        "konnect_mapping_enabled": konnect,
    }
    async with running() as driver:
        await open_team(driver, "customs", "p")
        assert said in driver.words


async def test_the_way_to_everything_has_to_be_typed(running, fake):
    async with running() as driver:
        await open_account(driver)
        await mark(driver, "organization admin")
        await driver.press("enter")
        assert "To send, type organization-admin" in driver.words
        await driver.press("Y", "enter")
        assert writes(fake) == []


async def test_enter_with_nothing_marked_sends_nothing(running, fake):
    async with running() as driver:
        await open_account(driver)
        await driver.press("enter", "enter")
        assert "Nothing is marked" in driver.text
        assert writes(fake) == []


async def test_an_unreadable_side_is_not_known_and_not_empty(running, fake):
    fake.inject(Fault("500", path="/v3/teams/*/system-accounts", times=None))
    async with running() as driver:
        await open_team(driver, "customs", "m")
        assert "Not known:" in driver.words


@pytest.mark.parametrize(
    ("kind", "told", "joins"),
    [
        ("500", "1 unknown", False),
        ("cut-before", "1 unknown", False),
        ("cut-after", "although no answer said so", True),
    ],
)
async def test_a_failed_join_says_what_is_true_now(running, fake, kind, told, joins):
    account, team = fake.account_named(ACCOUNT), fake.team_named(CUSTOMS)
    fake.inject(Fault(kind, method="POST", times=1))
    async with running() as driver:
        await open_account(driver)
        await mark(driver, "customs")
        await driver.press("enter")
        await driver.press("Y")
        assert told in driver.words
    assert fake.organisation.account_teams.has(team["id"], account["id"]) == joins


async def test_what_somebody_else_did_meanwhile_is_told(running, fake):
    account, team = fake.account_named(ACCOUNT), fake.team_named(CUSTOMS)
    async with running() as driver:
        await open_account(driver)
        await mark(driver, "customs")
        await driver.press("enter")
        fake.join(team["id"], account["id"])
        await driver.press("Y")
        assert "It was so already." in driver.words


async def test_a_space_as_the_first_key_marks_and_later_ones_part_words(running):
    async with running() as driver:
        await open_account(driver)
        await driver.press("space")
        assert "1 joins, 0 leave" in driver.words
        assert driver.app.screen.query_one("#words", Input).value == ""
        await driver.press("slash", *"read every", "tab")
        assert driver.app.screen.query_one("#words", Input).value == "read every"
        assert READERS in driver.text


async def test_the_best_answer_in_the_name_comes_first_and_is_marked(running):
    async with running() as driver:
        await open_account(driver)
        await driver.paste("Read Every")
        assert "Analytics Viewer" in driver.text  # its description says so too
        await driver.press("down", "space", "enter")
        assert "Read Everything" in driver.words
        assert "Analytics Viewer" not in driver.words


async def test_it_may_be_left_at_any_moment_of_its_reading(running, line):
    may_go = asyncio.Event()

    async def wait(request):
        if request.url.path.endswith("/teams"):
            await may_go.wait()

    async with running() as driver:
        await open_account(driver)
        await driver.press("escape")
        line.before = wait
        for turns in range(3, 11):  # around the one between the end of its parts and its own
            may_go.clear()
            await driver.hit("m")
            assert f"Teams of {ACCOUNT}" in driver.text
            driver.app.post_message(Key("escape", None))
            for _ in range(turns):
                await asyncio.sleep(0)
            may_go.set()
            await driver.settle()
            assert "Access tokens" in driver.text


async def test_on_a_tall_screen_the_sides_are_as_high_as_their_rows(running):
    async with running((160, 45)) as driver:
        await open_account(driver)
        await driver.until(lambda: "Reading again…" not in driver.text)
        lines = driver.text.splitlines()
        last_row = max(
            at for at, line in enumerate(lines) if "predefined" in line or "custom" in line
        )
        message = next(at for at, line in enumerate(lines) if "Space marks many" in line)
        assert message - last_row <= 2
