"""The filter of every list: fields beside words, completion, errors, and what is not known."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


def status(driver: Any) -> str:
    return driver.text.splitlines()[-2].strip()


def hint(driver: Any) -> str:
    lines = driver.text.splitlines()
    return lines[next(n for n, line in enumerate(lines) if line.startswith(" /")) + 1].strip()


def line(driver: Any) -> str:
    """What stands in the filter."""
    (found,) = [each for each in driver.text.splitlines() if each.startswith(" /")]
    return found.removeprefix(" /").strip()


@pytest.mark.whole
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("role:Admin type:idn", {"token-minter", "konnect-orchestrator"}),
        ("role=Admin type:idn", {"token-minter"}),
        ("is:managed", {"mesh-zone-eu-1", "mesh-zone-us-1"}),
        ("tokens:>2", {"terraform-prod"}),
        ("team:Release -name:prod", {"ci-eu-deployer"}),
    ],
)
async def test_fields_find_accounts_by_what_they_can_do(running, query, found):
    async with running() as driver:
        await driver.press("slash")
        await driver.paste(query)
        assert status(driver).startswith(f"{len(found)} of 44 system accounts")
        assert all(f"{name} " in driver.text for name in found)


@pytest.mark.whole
async def test_words_and_fields_of_the_row_read_nothing_more(running, fake):
    async with running() as driver:
        await driver.press("slash")
        await driver.type("name:mesh is:managed")
        assert status(driver).startswith("2 of 44 system accounts")
        assert "/v3/teams" not in {each.path for each in fake.received}


@pytest.mark.whole
async def test_tokens_are_found_one_by_one(running):
    async with running() as driver:
        await driver.press("2", "slash")
        await driver.paste("name:ci-sandbox expires:<0d")
        assert status(driver).startswith("1 of ")
        assert "preview-old" in driver.text
        await driver.fill("is:admin live used:never")
        assert "incident-responder" in driver.text
        assert "terraform-prod" in driver.text
        assert status(driver).startswith("2 of ")


async def test_teams_are_found_by_what_they_give(running):
    async with running() as driver:
        await driver.press("3", "slash")
        await driver.paste("role:Deployer type:cp")
        assert "Release Bots" in driver.text
        assert "Customs EU" not in driver.text


async def test_a_term_that_tells_nothing_of_teams_is_warned_of(running):
    async with running() as driver:
        await driver.press("3", "slash")
        await driver.paste("used:never")
        assert "has no effect here" in hint(driver)


@pytest.mark.whole
async def test_a_row_of_which_nobody_can_tell_comes_last_with_a_question_mark(running, line, fake):
    hidden = fake.account_named("cert-rotator")["id"]

    def rewrite(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        is_meant = f"{hidden}/assigned-roles" in request.url.path
        return httpx.Response(403, json={"status": 403}) if is_meant else response

    line.rewrite = rewrite
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("type:idn")
        assert "? cert-rotator" in driver.text
        assert "3 of 44 system accounts · 1 uncertain" in driver.words


async def test_an_error_while_typing_changes_nothing_until_it_is_mended(running):
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("mesh")
        await driver.paste(' "zone')
        assert "never closed" in hint(driver)
        assert "mesh-zone-eu-1" in driver.text
        await driver.paste('"')
        assert "never closed" not in driver.text


@pytest.mark.whole
async def test_tab_completes_fields_and_values_and_shows_the_choice(running):
    async with running() as driver:
        await driver.press("slash")
        await driver.type("reg")
        await driver.press("tab")
        assert line(driver) == "region:"
        await driver.type("e")
        await driver.press("tab")
        assert line(driver) == "region:eu"
        await driver.type(" role:Cert")
        await driver.press("tab")
        assert line(driver) == 'region:eu role:"Certificate Admin"'
        assert status(driver).startswith("7 of 44")  # Admin includes it


async def test_tab_shows_what_a_word_may_become_and_then_takes_one_after_the_other(running):
    async with running() as driver:
        await driver.press("slash")
        await driver.type("is:")
        await driver.press("tab")
        assert line(driver) == "is:"
        assert "is:admin" in hint(driver)
        assert "is:idle" in hint(driver)
        await driver.press("tab")
        first = line(driver)
        await driver.press("tab")
        assert line(driver) not in ("is:", first)


async def test_tab_on_what_nobody_knows_says_so(running):
    async with running() as driver:
        await driver.press("slash")
        await driver.type("xyz")
        await driver.press("tab")
        assert hint(driver) == "Nothing begins with that."
        assert line(driver) == "xyz"


async def test_entities_and_teams_complete_by_their_names(running):
    async with running() as driver:
        await driver.press("4")
        await driver.type("via:Rel")
        await driver.press("tab")
        assert line(driver) == 'via:"Release Bots"'
        await driver.type(" entity:prod-e")
        await driver.press("tab")
        assert line(driver) == 'via:"Release Bots" entity:prod-eu'


async def test_many_accounts_join_a_team_in_one_review(running, fake):
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("name:ci- type:cp -is:managed name:deployer")
        await driver.press("enter", "space", "space", "space", "m")
        assert "Teams of 3 accounts" in driver.text
        await driver.type("Customs")
        await driver.press("tab", "space", "enter")
        assert "Change the teams of 3 accounts?" in driver.text
        await driver.press("Y")
        posts = [each.path for each in fake.received if each.method == "POST"]
        assert len(posts) == 3
        assert len(set(posts)) == 1
        assert posts[0].endswith("/system-accounts")
