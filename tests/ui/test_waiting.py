"""A long wait that Konnect asks for is told with its end, and Esc ends it."""

from __future__ import annotations

import pytest

from sa_tui.demo.konnect import Fault
from sa_tui.konnect.models import SystemAccount
from sa_tui.org.changes.accounts import rename_account

LONG_SECONDS = 77


@pytest.mark.whole
async def test_esc_stops_waiting_and_r_asks_again(running, fake, sleep):
    fake.inject(Fault("429", path="/v3/system-accounts", retry_after_seconds=LONG_SECONDS))
    async with running((100, 30), settled=False) as driver:
        await driver.until(lambda: "77 s, until 12:01:17 UTC · Esc stops" in driver.words)
        await driver.press("escape")
        assert "Waiting was stopped. r asks again." in driver.words
        assert "Esc stops" not in driver.words

        await driver.press("down")
        assert "Waiting was stopped: try again at 12:01:17 UTC" in driver.words
        asked = len(fake.received)
        await driver.hit("r")
        await driver.until(lambda: "until 12:01:17 UTC · Esc stops" in driver.words)
        assert len(fake.received) == asked  # it may not ask before
        sleep.clock.advance(seconds=LONG_SECONDS)
        sleep.wake()
        await driver.settle()
        assert "44 system accounts" in driver.words


async def test_esc_ends_the_wait_of_a_change_which_is_then_not_made(running, fake):
    fake.inject(Fault("429", method="POST", retry_after_seconds=LONG_SECONDS))
    async with running((100, 30)) as driver:
        await driver.open_form()
        await driver.hit("enter")
        await driver.until(lambda: "77 s, until " in driver.words)
        await driver.press("escape")
        assert "Waiting was stopped" in driver.words
        assert [each.status for each in fake.received if each.method == "POST"] == [429]
        assert driver.app.is_running


@pytest.mark.whole
async def test_esc_during_a_short_wait_means_what_it_always_means(running, fake):
    fake.inject(Fault("429", path="/v3/teams", retry_after_seconds=5))
    async with running((100, 30)) as driver:
        await driver.press("slash")
        await driver.type("deployer")
        await driver.press("escape")
        assert "Esc stops" not in driver.words
        assert "44 system accounts" in driver.words


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_without_a_wait_esc_closes_a_page_as_before(running, key):
    async with running((100, 30)) as driver:
        await driver.press("enter")
        opened = len(driver.app.screen_stack)
        await driver.press(key)
        assert len(driver.app.screen_stack) == opened - 1


async def test_a_change_behind_the_refusal_of_a_reading_says_why_it_waits(running, fake, sleep):
    fake.inject(Fault("429", path="*/assigned-roles", retry_after_seconds=LONG_SECONDS))
    account = SystemAccount.from_wire(fake.account_named("ci-eu-deployer"))
    async with running((100, 30), settled=False) as driver:
        await driver.until(lambda: "77 s, until " in driver.words)
        driver.app.review("Changes", [rename_account(account, name="other")])
        await driver.turn()
        await driver.hit("Y")
        assert "Konnect asks for fewer requests: 77 s, until 12:01:17 UTC" in driver.words
        assert "Sending…" not in driver.words
        assert [each for each in fake.received if each.method == "PATCH"] == []

        sleep.clock.advance(seconds=LONG_SECONDS)
        sleep.wake()
        await driver.until(lambda: "1 change done" in driver.words)
        assert [each.status for each in fake.received if each.method == "PATCH"] == [200]
