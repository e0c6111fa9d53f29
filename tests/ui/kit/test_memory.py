"""What was typed and saved comes back, also after the next start, and never a secret."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sa_tui.records.typed import QUERIES_FILE_NAME, TYPED_FILE_NAME
from sa_tui.ui.arguments import first_named


async def command(driver: Any, line: str) -> None:
    await driver.press("colon")
    await driver.paste(line)
    await driver.press("enter")


async def filter_by(driver: Any, query: str) -> None:
    await driver.press("slash")
    await driver.fill(query)
    await driver.press("enter")


def filter_line(driver: Any) -> str:
    (line,) = [each for each in driver.text.splitlines() if each.startswith(" /")]
    return str(line.removeprefix(" /").strip())


async def test_queries_and_commands_come_back_after_the_next_start(running):
    async with running() as driver:
        await filter_by(driver, "mesh")
        await filter_by(driver, "ci-eu")
        await command(driver, "sort managed")
    async with running() as driver:
        await driver.press("slash", "up")
        assert filter_line(driver) == "ci-eu"
        await driver.press("up")
        assert filter_line(driver) == "mesh"
        await driver.press("down", "escape", "colon", "up")
        assert ": sort managed" in driver.text
        await driver.press("down")
        assert "a command; Tab completes it" in driver.text


async def test_another_profile_has_a_history_of_its_own(running, profile):
    async with running() as driver:
        await filter_by(driver, "mesh")
    async with running(first=replace(profile, name="other")) as driver:
        await driver.press("slash", "up")
        assert "mesh" not in filter_line(driver)


async def test_what_is_typed_on_the_page_of_a_secret_is_kept_nowhere(
    running, secret, journal, tmp_path
):
    async with running() as driver:
        await driver.issue()
        await driver.press("enter")
        await driver.paste("ci-eu-deployer")
        await driver.press("enter", "slash")
        await driver.paste(secret)
        await driver.press("enter", "escape", "slash", "up")
        assert secret not in driver.text
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes()
    typed = journal.path.with_name(TYPED_FILE_NAME)
    lines = typed.read_text().splitlines() if typed.exists() else []
    assert [line for line in lines if '"ci-eu-deployer"' in line and "query" not in line] == []


async def test_a_query_is_saved_and_asked_again_by_its_name(running):
    async with running() as driver:
        await filter_by(driver, "role:Admin type:cp")
        await command(driver, "save admins of gateways")
        assert "Saved as admins of gateways: role:Admin type:cp" in driver.words
    async with running() as driver:
        await command(driver, "query admins of gateways")
        assert filter_line(driver) == "role:Admin type:cp"
        assert type(driver.app.screen).__name__ == "WhoScreen"
        await driver.press("escape", "escape", "g")
        await driver.paste("admins of")
        assert "query" in driver.text
        await driver.press("enter")
        assert filter_line(driver) == "role:Admin type:cp"


async def test_a_saved_query_is_completed_and_forgotten(running):
    async with running() as driver:
        await filter_by(driver, "is:idle")
        await command(driver, "save idle ones")
        await driver.press("colon", *"forget i", "tab")
        assert ": forget idle ones" in driver.text
        await driver.press("enter")
        assert "The query idle ones is forgotten." in driver.text
        await command(driver, "query idle ones")
        assert "There is no saved query idle ones." in driver.words


@pytest.mark.parametrize(("query", "why"), [("", "is empty"), ("rolle:Admin", "has an error")])
async def test_a_query_that_is_empty_or_wrong_is_not_saved(running, journal, query, why):
    async with running() as driver:
        await filter_by(driver, query)
        await command(driver, "save it")
        assert f"There is nothing to save: the query {why}" in driver.words
        assert not journal.path.with_name(QUERIES_FILE_NAME).exists()


async def test_a_file_of_queries_that_cannot_be_read_is_told(running, journal):
    path = journal.path.with_name(QUERIES_FILE_NAME)
    path.parent.mkdir(mode=0o700)
    path.write_text("broken\n")
    async with running(settled=False) as driver:
        await driver.turn()
        assert "cannot be read and stayed there" in driver.words
        await driver.settle()
    assert path.read_text() == "broken\n"


async def test_commands_open_an_account_and_a_team_from_any_page(running):
    async with running() as driver:
        await driver.press("5")
        await command(driver, "account ci-eu")
        assert driver.text.splitlines()[2].strip() == "ci-eu-deployer"
        await command(driver, "team release")
        assert type(driver.app.screen).__name__ == "TeamScreen"
        assert "Release Bots" in driver.text
        await driver.press("colon", *"team plat", "tab")
        assert ": team Platform" in driver.text
        await driver.press("escape")
        await command(driver, "team nowhere")
        assert "No team that was read has a name that begins with nowhere." in driver.words


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("ci", "4"),
        ("CI-PROD", "2"),
        ("Ci-Prod", "3"),
        ("ci-p", "1"),
        ("5f", "5f"),
        ("nobody", None),
    ],
)
def test_a_name_means_itself_before_another_case_and_before_what_begins_with_it(typed, id):
    names = [("ci-prod-x", "1"), ("ci-prod", "2"), ("Ci-Prod", "3"), ("ci", "4"), ("x", "5f")]
    assert first_named(names, typed) == id


async def test_a_query_after_a_command_is_completed_like_one_after_the_slash(running):
    async with running() as driver:
        await driver.press("colon")
        await driver.paste("who region:e")
        await driver.press("tab")
        assert ": who region:eu" in driver.text
