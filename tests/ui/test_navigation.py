"""Sections by their digits, the way on the second line, and the history of pages."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from sa_tui.ui.kit.crumb_bar import CrumbBar
from sa_tui.ui.kit.sections import SECTIONS
from sa_tui.ui.kit.table.table import LineTable


def page(driver) -> str:
    return type(driver.app.screen).__name__


def way(driver) -> str:
    return driver.text.splitlines()[1]


PAGES = {
    "1": "AccountsScreen",
    "2": "TokensScreen",
    "3": "TeamsScreen",
    "4": "WhoScreen",
    "5": "MatrixScreen",
    "6": "EntitiesScreen",
    "7": "LogScreen",
    "8": "ProfilesScreen",
}


async def test_each_digit_goes_to_its_section_from_a_page_on_the_way(running):
    async with running() as driver:
        for digit, name in PAGES.items():
            await driver.press("1", "enter", digit)
            assert page(driver) == name
            label = SECTIONS[int(digit) - 1].label
            assert f"[{digit} {label}]" in way(driver)
            if name == "WhoScreen":
                await driver.press("escape")


@pytest.mark.parametrize("back", ["minus", "left_square_bracket"])
async def test_a_page_that_is_left_for_a_section_stands_where_it_stood(running, fake, back):
    account = fake.account_named("ci-au-deployer")["id"]
    for number in range(4):
        fake.add_role(account, "Viewer", entity_id=f"plane-{number}")
    async with running((100, 40)) as driver:
        await driver.press("enter", "tab", "down", "down")
        roles = driver.app.screen.query_one("#roles", LineTable)
        assert driver.app.focused is roles
        before = roles.cursor_key
        await driver.press("2", back)
        assert page(driver) == "AccountScreen"
        again = driver.app.screen.query_one("#roles", LineTable)
        assert driver.app.focused is again
        assert again.cursor_key == before


async def test_a_digit_goes_there_again_and_says_when_it_is_there(running):
    async with running() as driver:
        await driver.press("2", "3", "2")
        assert page(driver) == "TokensScreen"
        await driver.press("2")
        assert page(driver) == "TokensScreen"
        assert "Tokens is open already." in driver.text


async def test_a_text_field_keeps_its_digits(running):
    async with running() as driver:
        await driver.press("slash", "2", "-", "[")
        assert page(driver) == "AccountsScreen"
        assert driver.app.screen.bar.text == "2-["


async def test_the_way_names_each_page_and_the_section_it_began_in(running):
    async with running((120, 24)) as driver:
        await driver.press("2", "slash", *"ci-prod", "enter", "enter")
        assert way(driver).startswith(" Tokens › ci-prod-deployer ")
        assert "[2 Tokens]" in way(driver)
        await driver.press("v")
        assert way(driver).startswith(" Tokens › ci-prod-deployer › Why ")
        await driver.press("3", "enter")
        assert way(driver).startswith(f" Teams › {driver.app.screen.crumb} ")


@pytest.mark.parametrize("width", [60, 80, 100, 160])
async def test_what_has_no_room_gives_way_and_where_one_is_stays(running, fake, width):
    fake.account_named("ci-prod-deployer")["name"] = "配" * 90
    async with running((width, 16)) as driver:
        await driver.press("slash", *"配配", "enter", "enter", "v")
        line = driver.app.screen.query_one(CrumbBar).content
        assert line.cell_len <= width
        assert line.plain.startswith(" Accounts › 配配")
        assert "… › Why " in line.plain
        assert "1-8" in line.plain
        await driver.press("1")
        assert "[1 Accounts]" in way(driver) if width > 60 else "[1]2 3 " in way(driver)


async def test_the_page_before_and_back_again(running):
    async with running() as driver:
        await driver.press("enter")
        name = driver.app.screen.crumb
        await driver.press("2", "minus")
        assert page(driver) == "AccountScreen"
        assert driver.app.screen.crumb == name
        await driver.press("minus")
        assert page(driver) == "TokensScreen"


async def test_back_and_forward_through_what_was_open(running):
    async with running() as driver:
        await driver.press("left_square_bracket")
        assert "No page was open before this one." in driver.text
        await driver.press("2", "slash", *"ci-prod", "enter", "enter", "v", "5")
        seen = []
        for _ in range(4):
            seen.append(page(driver))
            await driver.press("left_square_bracket")
        assert seen == ["MatrixScreen", "WhyScreen", "AccountScreen", "TokensScreen"]
        assert page(driver) == "AccountsScreen"
        for name in ("TokensScreen", "AccountScreen", "WhyScreen", "MatrixScreen"):
            await driver.press("right_square_bracket")
            assert page(driver) == name
        await driver.press("right_square_bracket")
        assert "No page was open after this one." in driver.text


async def test_escape_goes_back_to_where_a_section_was_opened(running):
    async with running() as driver:
        await driver.press("enter", "7", "escape")
        assert page(driver) == "AccountScreen"
        await driver.press("escape")
        assert page(driver) == "AccountsScreen"
        await driver.press("right_square_bracket", "right_square_bracket")
        assert page(driver) == "LogScreen"


async def test_a_section_keeps_filter_cursor_marks_and_order(running):
    async with running() as driver:
        await driver.press("2", "slash", *"ci-", "enter", "s", "down", "space")
        before = driver.text
        assert " 1 marked" in before
        await driver.press("1", "3", "escape", "2")
        assert driver.text == before


async def test_nothing_of_another_organisation_is_kept(running, profile):
    async with running() as driver:
        await driver.press("slash", *"ci-", "enter", "s", "space")
        await driver.press("2", "slash", *"ci-prod", "enter", "enter")
        driver.app.open_profile(replace(profile, name="second"))
        await driver.settle()
        assert page(driver) == "AccountsScreen"
        assert "marked" not in driver.text
        assert "NAME▲" in driver.text
        assert "/ ci-" not in driver.text
        for key in ("minus", "left_square_bracket", "right_square_bracket"):
            await driver.press(key)
            assert "No page was open" in driver.text
        await driver.press("2")
        assert "/ ci-prod" not in driver.text


async def test_a_dialog_is_left_by_a_digit(running):
    async with running() as driver:
        await driver.press("question_mark", "3")
        assert page(driver) == "TeamsScreen"
        await driver.press("escape")
        assert page(driver) == "AccountsScreen"


async def test_a_secret_on_the_screen_is_not_left(running):
    async with running() as driver:
        await driver.issue()
        for key in ("2", "minus", "left_square_bracket", "right_square_bracket"):
            await driver.press(key)
            assert page(driver) == "HandoverDialog"
        await driver.press("2")
        assert "First say where the token went" in driver.words


async def test_a_review_that_sends_is_not_left(running, line):
    async with running() as driver:
        await driver.press("slash", *"ci-prod", "enter", "E", "x", "enter")
        assert page(driver) == "ReviewDialog"
        may_answer = asyncio.Event()

        async def hold(request) -> None:
            if request.method == "PATCH":
                await may_answer.wait()

        line.before = hold
        await driver.hit("Y")
        await driver.hit("2")
        assert page(driver) == "ReviewDialog"
        may_answer.set()
        await driver.settle()
        await driver.press("2")
        assert page(driver) == "TokensScreen"


async def test_without_an_organisation_a_digit_says_what_is_needed(running):
    async with running(first=None) as driver:
        await driver.press("2")
        assert page(driver) == "ProfilesScreen"
        assert "No organisation is open: choose a profile first." in driver.text
        await driver.press("minus", "left_square_bracket")
        assert page(driver) == "ProfilesScreen"


async def test_keys_in_a_burst_go_where_the_last_one_goes(running):
    async with running() as driver:
        await driver.burst("2345]]67")
        assert page(driver) != "LogScreen"  # who takes what follows as its query
        await driver.press("escape", "escape")
        await driver.burst("23\r7-1-")
        assert page(driver) == "TeamScreen"
