"""The page of expiries: how many tokens end in each week, whose, and what is not known of them."""

from __future__ import annotations

import re

import pytest

from sa_tui.demo.konnect import Fault


def line(driver, beginning: str) -> str:
    return next(row for row in driver.text.splitlines() if row.strip().startswith(beginning))


async def test_it_counts_what_ends_in_a_week_and_names_whose_it_is(running):
    async with running() as driver:
        await driver.press("2", "C")
        assert "Tokens › Calendar" in driver.text
        assert re.search(r"7 d .* 1 +■ +ci-au-deployer \(buildkite-au\)", line(driver, "7 d"))
        assert "end within 14 days" in driver.text


@pytest.mark.parametrize("keys", [(), ("enter",), *[(digit,) for digit in "234567"], ("8",)])
async def test_it_opens_from_every_page_and_goes_back_there(running, keys):
    async with running() as driver:
        await driver.press(*keys, *(["escape"] if keys == ("4",) else []))
        page = type(driver.app.screen).__name__
        await driver.press("C")
        assert type(driver.app.screen).__name__ == "CalendarScreen"
        await driver.press("C")
        assert "The calendar is open already." in driver.text
        await driver.press("escape")
        assert type(driver.app.screen).__name__ == page


async def test_enter_lists_the_tokens_of_the_week(running):
    async with running() as driver:
        await driver.press("2", "C", "enter")
        assert "expires:<7d" in driver.text
        assert "buildkite-au" in driver.text
        assert "gha-staging" not in driver.text
        await driver.press("-")
        assert "Calendar" in driver.text


async def test_a_week_without_an_end_is_a_line_without_a_mark(running):
    async with running() as driver:
        await driver.press("2", "C")
        empty = [row for row in driver.text.splitlines() if re.search(r"\d+ d +\S+ +- *$", row)]
        assert empty
        assert not any("■" in row for row in empty)


async def test_what_could_not_be_read_is_counted_and_can_be_read_on(running, fake):
    account = fake.account_named("ci-eu-deployer")["id"]
    fake.inject(Fault("500", path=f"/v3/system-accounts/{account}/access-tokens", times=None))
    async with running() as driver:
        await driver.press("2", "C")
        assert "tokens of 1 account not read: + reads on" in driver.text
        fake.clear_faults()
        await driver.press("r")
        assert "not read" not in driver.text


@pytest.mark.parametrize("size", [(60, 16), (140, 40)])
async def test_it_fits_any_terminal(running, size):
    async with running(size=size) as driver:
        await driver.press("2", "C")
        assert "ci-au-deployer" in line(driver, "7 d")
