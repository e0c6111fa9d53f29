"""The answer to the one request that creates a token was lost: what happened is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sa_tui.demo.faults import FaultKind
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.ui.accounts.list import AccountsScreen
from sa_tui.ui.tokens.orphan import OrphanDialog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ACCOUNT = "ci-eu-deployer"
PROPOSED = "ci-eu-deployer-2026-11-23"
TITLE = "No answer says whether the token was made"


def live(fake: FakeKonnect) -> list[str]:
    tokens = fake.tokens_of(fake.account_named(ACCOUNT)["id"])
    return [token["id"] for token in tokens if token["name"] == PROPOSED]


def methods(fake: FakeKonnect) -> list[str]:
    return [each.method for each in fake.received if each.method != "GET"]


def at_post(action: Callable[[], None]) -> Callable[[Any], Awaitable[None]]:
    async def on_way(request: Any) -> None:
        if request.method == "POST":
            action()

    return on_way


def time_out() -> None:
    raise httpx.ReadTimeout("no answer in time")


async def lose(driver: Any, fake: FakeKonnect, kind: FaultKind = "cut-after") -> None:
    """Orders a token whose answer gets lost."""
    await driver.open_form()
    fake.inject(Fault(kind, method="POST"))
    await driver.press("enter")


@pytest.mark.parametrize("kind", ["cut-after", "malformed"])
async def test_a_token_whose_answer_was_lost_is_found_and_revoked(running, fake, journal, kind):
    async with running() as driver:
        await lose(driver, fake, kind)
        assert TITLE in driver.text
        assert "The token was created, but its secret was in the lost answer" in driver.words
        (token_id,) = live(fake)
        assert token_id in driver.text
        await driver.tab_to("revoke")
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)
        assert f"Token {PROPOSED} is revoked" in driver.words
        assert fake.received[-1].path.endswith(f"/access-tokens/{token_id}")
        assert methods(fake) == ["POST", "DELETE"]
        assert live(fake) == []
        assert journal.unfinished() == ()


async def test_an_answer_that_takes_too_long_is_lost_as_well(running, fake, line):
    async with running() as driver:
        await driver.open_form()
        line.after = at_post(time_out)
        await driver.press("enter")
        assert "The token was created, but its secret was in the lost answer" in driver.words
        assert methods(fake) == ["POST"]


@pytest.mark.parametrize("kind", ["cut-before", "500", "503"])
async def test_a_token_that_is_not_listed_was_most_likely_not_created(running, fake, waits, kind):
    async with running() as driver:
        await lose(driver, fake, kind)
        assert TITLE in driver.text
        assert "Konnect lists no token of this name: most likely none was created" in driver.words
        assert "Revoke it" not in driver.text
        assert methods(fake) == ["POST"]
        assert waits[-2:] == [1.0, 3.0]


async def test_a_token_that_is_listed_late_is_found_all_the_same(running, fake):
    account_id = fake.account_named(ACCOUNT)["id"]
    async with running() as driver:
        await lose(driver, fake, "cut-before")
        fake.add_token(account_id, PROPOSED)
        await driver.tab_to("look")
        await driver.press("enter")
        assert "The token was created, but its secret was in the lost answer" in driver.words
        await driver.tab_to("revoke")
        await driver.press("enter")
        assert live(fake) == []


async def test_what_could_not_be_found_out_is_unknown_until_it_can_be(running, fake, line):
    def cut_off() -> None:
        fake.inject(Fault("503", method="GET", path="*/access-tokens", times=None))

    async with running() as driver:
        await driver.open_form()
        line.after = at_post(cut_off)
        fake.inject(Fault("cut-after", method="POST"))
        line.before = at_post(cut_off)
        await driver.press("enter")
        assert "Whether the token exists is unknown" in driver.words
        assert "most likely" not in driver.text
        assert "Revoke it" not in driver.text
        fake.clear_faults()
        await driver.tab_to("look")
        await driver.press("enter")
        assert "The token was created, but its secret was in the lost answer" in driver.words


async def test_the_harmless_choice_has_the_focus_and_the_next_start_asks_again(
    running, fake, journal
):
    async with running() as driver:
        await lose(driver, fake)
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)
        assert methods(fake) == ["POST"]
        (entry,) = journal.unfinished()
        assert entry.label.token_name == PROPOSED


async def test_a_token_that_is_left_as_it_is_is_not_asked_about_again(running, fake, journal):
    async with running() as driver:
        await lose(driver, fake)
        await driver.tab_to("keep")
        await driver.press("enter")
        assert len(live(fake)) == 1
        assert journal.unfinished() == ()


async def test_a_revocation_that_fails_asks_again_and_says_why(running, fake):
    async with running() as driver:
        await lose(driver, fake)
        fake.inject(Fault("503", method="DELETE"))
        await driver.tab_to("revoke")
        await driver.press("enter")
        assert isinstance(driver.app.screen, OrphanDialog)
        assert "Not confirmed as revoked" in driver.words
        await driver.tab_to("revoke")
        await driver.press("enter")
        assert live(fake) == []


async def test_leaving_asks_for_a_choice_first(running, fake):
    async with running() as driver:
        await lose(driver, fake)
        await driver.press("ctrl+q")
        assert "Choose first; Esc asks at the next start." in driver.text
        assert isinstance(driver.app.screen, OrphanDialog)


async def test_an_order_after_a_lost_answer_does_not_make_a_second_token(running, fake):
    async with running() as driver:
        await lose(driver, fake)
        await driver.press("escape", "i")
        await driver.tab_to("name")
        await driver.fill(PROPOSED)
        await driver.press("enter")
        assert f"already has a token named {PROPOSED}" in driver.words
        assert len(live(fake)) == 1
        assert methods(fake) == ["POST"]


async def test_an_answer_that_comes_slowly_is_no_lost_answer(running, fake):
    async with running() as driver:
        await lose(driver, fake, "slow-body")
        assert "Access token issued" in driver.text
        assert methods(fake) == ["POST"]


async def test_two_presses_and_a_lost_answer_make_one_token(running, fake):
    async with running() as driver:
        await driver.open_form()
        fake.inject(Fault("cut-after", method="POST"))
        await driver.hit("enter", "enter", "enter")
        await driver.settle()
        assert len(live(fake)) <= 1
        assert methods(fake).count("POST") == 1
