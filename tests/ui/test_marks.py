"""Marked rows that the filter hides: they are counted, and never changed without a word."""

from __future__ import annotations

import pytest

HIDDEN = "2 marked, 1 of them not shown"


async def mark_one_and_hide_it(driver, *ways: str) -> None:
    """Marks ci-prod-deployer and another that the filter leaves."""
    await driver.press("slash")
    await driver.paste("ci-prod")
    await driver.press("enter", "space", "slash", "ctrl+u")
    await driver.paste("ci-eu")
    await driver.press("enter", "space", *ways)


async def test_the_status_line_counts_marked_rows_that_are_not_shown(running):
    async with running() as driver:
        await mark_one_and_hide_it(driver)
        assert f"{HIDDEN} · 1 of 6 system accounts" in driver.text
        await driver.press("escape", "escape")
        assert "marked" not in driver.text


@pytest.mark.parametrize("page", ["tokens", "matrix"])
async def test_every_list_counts_what_is_marked(running, page):
    async with running() as driver:
        driver.app.action_section(page)
        await driver.settle()
        await driver.press("space", "space")
        assert " 2 marked · " in driver.text
        await driver.press("escape")
        assert "marked" not in driver.text


async def test_the_page_of_an_account_and_the_answer_of_who_count_them_too(running):
    async with running((120, 40)) as driver:
        await driver.press("enter", "space", "tab", "space")
        assert " 2 marked · read" in driver.text
        await driver.press("escape")
        driver.app.run_with_argument("who", "can:mint")
        await driver.settle()
        await driver.press("space")
        assert " 1 marked · " in driver.text


@pytest.mark.parametrize("page", ["accounts", "tokens"])
async def test_a_review_says_that_rows_that_are_not_shown_are_changed_as_well(running, fake, page):
    async with running((120, 40)) as driver:
        if page == "tokens":
            driver.app.action_section("tokens")
            await driver.settle()
        await mark_one_and_hide_it(driver, "x" if page == "tokens" else "X")
        assert f"{HIDDEN}: they are changed as well." in driver.words
        assert "ci-prod-deployer" in driver.text
        assert {each.method for each in fake.received} == {"GET"}


async def test_the_picker_of_teams_and_its_review_say_so_too(running):
    async with running((120, 40)) as driver:
        await mark_one_and_hide_it(driver, "m")
        assert f"{HIDDEN}: they are changed as well." in driver.words
        await driver.paste("customs")
        await driver.press("tab", "space", "enter")
        assert "Change the teams of 2 accounts?" in driver.text
        assert f"{HIDDEN}: they are changed as well." in driver.words


async def test_rows_that_are_all_shown_are_changed_without_a_word_about_it(running):
    async with running((120, 40)) as driver:
        await driver.press("space", "space", "X")
        assert "marked" not in driver.words


async def test_a_review_has_the_rows_in_the_order_in_which_they_were_marked(running, fake):
    account_id = fake.account_named("ci-eu-deployer")["id"]
    for name in ("first-marked-last", "other", "last-marked-first"):
        fake.add_token(account_id, name)
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("ci-eu-deployer")
        await driver.press("enter", "enter", "home")
        names = [line.split()[0] for line in driver.text.splitlines() if " live " in line][-4:]
        await driver.press("down", "down", "space", "home", "space", "x")

        shown = [line.split()[3] for line in driver.text.splitlines() if "[x]" in line]
        assert shown == [names[2], names[0]]
