"""The line at the bottom: which keys it tells, which are greyed out, and what a click does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sa_tui.ui.kit import commands
from sa_tui.ui.kit.key_bar import KeyBar


def keys(driver: Any) -> str:
    return driver.text.splitlines()[-1]


def is_dim(driver: Any, label: str) -> bool:
    text = driver.app.screen.query_one(KeyBar).render()
    at = text.plain.index(label)
    return any(span.style.dim for span in text.spans if span.start <= at < span.end)


async def click(driver: Any, label: str) -> None:
    await driver.pilot.click(KeyBar, offset=(keys(driver).index(label), 0))
    await driver.settle()


async def test_it_tells_the_keys_of_the_page_and_of_the_application(running):
    async with running() as driver:
        assert keys(driver).startswith("i Issue token / Filter a Assign v Access m Teams")
        assert keys(driver).endswith("q Quit ? Help")
        await driver.press("3")
        assert keys(driver).startswith("/ Filter a Assign m Accounts")


async def test_a_click_on_a_key_presses_it(running):
    async with running() as driver:
        await click(driver, "? Help")
        assert "Tab next · Esc closes" in driver.text


@pytest.mark.whole
async def test_what_is_refused_is_greyed_out_and_a_click_does_nothing(running, profile):
    async with running(first=replace(profile, read_only=True)) as driver:
        assert is_dim(driver, "Issue token")
        assert not is_dim(driver, "Filter")
        await click(driver, "i Issue token")
        assert "44 system accounts" in driver.text


@pytest.mark.parametrize("width", [60, 72, 80, 100, 160])
async def test_no_key_is_cut_and_help_is_always_told(running, width):
    async with running((width, 24)) as driver:
        for page in ("enter", "3", "5", "2", "7"):
            await driver.press(page)
            screen = driver.app.screen
            parts = commands.actions_in_parts(screen).values()
            actions = [*commands.actions(screen), *(action for part in parts for action in part)]
            rest = keys(driver)
            assert "? Help" in rest, page
            for title in sorted({action.title for action in actions}, key=len, reverse=True):
                rest = rest.replace(title, "")
            assert set(rest.split()) <= {key for action in actions for key in action.keys}, page
            await driver.press("escape")


async def test_the_ways_out_of_the_one_time_page_are_told_on_the_narrowest_terminal(running):
    async with running((60, 16)) as driver:
        await driver.open_form()
        await driver.press("enter")
        for told in ("Done", "y Copy", "d Deliver", "X Revoke"):
            assert told in keys(driver)


async def test_while_rows_are_marked_it_begins_with_what_can_be_done_to_them(running):
    async with running() as driver:
        before = keys(driver)
        await driver.press("space", "space")
        assert keys(driver).startswith(
            "a Assign 2 m Teams 2 = Compare 2 X Revoke tokens 2 A Mark all"
        )
        assert keys(driver).endswith("q Quit ? Help")
        await driver.press("A")
        assert keys(driver).startswith("a Assign 6 m Teams 6 = Compare 6 X Revoke tokens 6")
        await driver.press("escape")
        assert keys(driver) == before


async def test_marks_of_one_table_say_nothing_of_what_is_done_to_another(running):
    async with running((160, 45)) as driver:
        await driver.press("enter", "space")
        assert "x Revoke 1" in keys(driver)
        assert "X Revoke all r Refresh" in keys(driver)
        await driver.press("tab")
        assert "x Remove 1" not in keys(driver)
        await driver.press("space")
        assert "x Remove 1" in keys(driver)


@pytest.mark.parametrize("section", ["1", "2", "3", "5", "6", "7"])
@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40)])
async def test_a_line_that_filters_names_the_way_out_until_nothing_is_left_to_clear(
    size, section, running
):
    async with running(size) as driver:
        await driver.press(section)
        before = keys(driver)
        assert "esc Clear" not in before
        await driver.press("slash")
        assert "esc Clear" in keys(driver)
        await driver.press("a", "enter")
        assert "esc Clear" in keys(driver)
        assert "esc Back" not in keys(driver)
        await driver.press("escape")

        assert keys(driver) == before


async def test_who_goes_back_by_esc_only_once_it_asks_nothing(running):
    async with running() as driver:
        await driver.press("4")
        assert "esc Back" in keys(driver)
        await driver.press("a")
        assert "esc Clear" in keys(driver)
        await driver.press("enter")
        assert "esc Clear" in keys(driver)
        await driver.press("escape")
        assert "esc Back" in keys(driver)
        await driver.press("a", "backspace")
        assert "esc Back" in keys(driver)
        await driver.press("escape")

        assert "esc" not in keys(driver)


async def test_marks_are_cleared_before_esc_goes_back(running):
    async with running() as driver:
        await driver.press("2", "space")
        assert "esc Clear" in keys(driver)
        await driver.press("escape")
        assert "esc Back" in keys(driver)
