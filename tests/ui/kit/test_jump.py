"""From anywhere to anything, by a few characters of its name."""

from __future__ import annotations

import asyncio
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from textual.events import Key, Paste

from sa_tui.access.jumps import JumpList
from sa_tui.ui.kit.jump import JumpDialog
from sa_tui.ui.kit.safe import Input

if TYPE_CHECKING:
    from collections.abc import Generator


MANY = 1_000
"""Turns of the loop, far more than anything here takes."""


def title(driver: Any) -> str:
    """The name of the page that a jump has opened."""
    return type(driver.app.screen).__name__


async def jump(driver: Any, typed: str, key: str = "ctrl+k") -> None:
    await driver.press(key)
    await driver.paste(typed)
    await driver.press("enter")


@pytest.mark.whole
async def test_three_keys_and_enter_lead_to_every_account(running):
    async with running() as driver:
        await driver.press("g")
        jumps: JumpList = driver.app.memory.jumps
        far = []
        for account in driver.app.snapshot.accounts.rows:
            name = account.name.casefold()
            typed = {"".join(part) for size in (1, 2, 3) for part in combinations(name, size)}
            firsts = {(text, jumps.find(text)[:2]) for text in typed}
            # A Down is a key as well.
            if not any(
                account.id in [each.id for each in found[: 4 - len(text)]] for text, found in firsts
            ):
                far.append(account.name)
        assert far == []


async def test_initials_lead_to_an_account(running):
    async with running() as driver:
        await driver.press("g", *"cpd", "enter")
        assert title(driver) == "AccountScreen"
        assert "ci-prod-deployer" in driver.text
        await driver.press("escape")
        assert title(driver) == "AccountsScreen"


async def test_what_is_typed_ahead_opens_the_same(running):
    async with running() as driver:
        await driver.burst("gcpd\r")
        assert "ci-prod-deployer" in driver.text.splitlines()[1]


class SlowList(JumpList):
    """Takes as long for a snapshot as it is told to."""

    is_slow = True

    def update(self, *values: Any, **more: Any) -> Generator[None, None, None]:
        while self.is_slow:
            yield
        yield from super().update(*values, **more)


async def test_enter_before_anything_could_be_looked_for_opens_what_is_found_then(running):
    async with running() as driver:
        jumps = SlowList()
        chosen: list[Any] = []
        dialog = JumpDialog(jumps, pages=(), queries={})
        driver.app.push_screen(dialog, chosen.append)
        driver.app.call_later(driver.app.post_message, Paste("cpd"))
        for _ in range(MANY):
            if dialog.is_ready and dialog.query_one(Input).value == "cpd":
                break
            await asyncio.sleep(0)
        driver.app.post_message(Key("enter", "\r"))
        for _ in range(MANY):
            await asyncio.sleep(0)
        assert chosen == []
        jumps.is_slow = False
        await driver.settle()
        assert [jump.name for jump in chosen] == ["ci-prod-deployer"]


@pytest.mark.parametrize(
    ("typed", "page", "shown"),
    [
        ("matrix", "MatrixScreen", ""),
        ("hand-overs", "HandoversScreen", ""),
        ("calendar", "CalendarScreen", ""),
        ("release bots", "TeamScreen", "Release Bots"),
        ("certificate admin", "WhoScreen", 'role:"Certificate Admin"'),
    ],
)
async def test_each_kind_opens_its_page(running, typed, page, shown):
    async with running() as driver:
        await jump(driver, typed)
        assert title(driver) == page
        assert shown in driver.text


async def test_a_token_opens_its_account_with_the_cursor_on_it(running, fake):
    account = fake.account_named("terraform-prod")
    fake.add_token(account["id"], "zz-last")
    async with running() as driver:
        await driver.press("2", "escape")
        await jump(driver, "zz-last")
        assert title(driver) == "AccountScreen"
        assert "zz-last" in driver.text
        await driver.press("N")
        assert "zz-last" in driver.text
        assert title(driver) == "RenameForm"


async def test_an_entity_and_a_person_open_their_pages(running):
    async with running() as driver:
        await driver.press("6", "@", "escape")
        await jump(driver, "prod-eu")
        assert title(driver) == "EntityScreen"
        await driver.press("escape")
        person = driver.app.snapshot.people.rows[0]
        await jump(driver, person.full_name)
        assert title(driver) == "WhyScreen"
        assert person.full_name in driver.text


async def test_what_is_not_read_is_said(running):
    async with running() as driver:
        await driver.press("g")
        assert "not read: " in driver.text
        assert "people" in driver.text
        await driver.type("zzzz")
        assert "Nothing that was read has such a name." in driver.text


async def test_a_field_keeps_the_letter_and_gives_the_key_away(running):
    async with running() as driver:
        await driver.press("slash", "g")
        assert " / g" in driver.text
        await driver.press("ctrl+k")
        assert title(driver) == "JumpDialog"
        await driver.press("ctrl+k", "escape")
        assert title(driver) == "AccountsScreen"
        assert " / g" in driver.text


async def test_a_form_stays_as_it_is_below_what_was_jumped_to(running):
    async with running() as driver:
        await driver.press("n")
        await driver.type("half a name")
        await jump(driver, "cpd")
        assert title(driver) == "AccountScreen"
        await driver.press("escape")
        assert "half a name" in driver.text


async def test_in_a_dialog_without_a_field_the_letter_works_too(running):
    async with running() as driver:
        await driver.press("question_mark", "g", *"cpd", "enter")
        assert "ci-prod-deployer" in driver.text


async def test_a_secret_on_the_screen_is_not_left(running, secret):
    async with running() as driver:
        await driver.issue()
        await driver.press("ctrl+k")
        assert title(driver) == "HandoverDialog"
        assert "First say where the token went" in driver.words
        await driver.press("g")
        assert title(driver) == "HandoverDialog"


async def test_while_something_is_sent_nothing_else_opens(running, line):
    async with running() as driver:
        await driver.press("E", *"x", "enter")

        async def look(request: Any) -> None:
            if request.method == "PATCH":
                await driver.app.run_action("jump")
                titles.append(title(driver))

        titles: list[str] = []
        line.after = look
        await driver.press("Y")
        assert titles == ["ReviewDialog"]


async def test_a_small_terminal_shows_it_whole(running):
    async with running((60, 16)) as driver:
        await driver.press("g", *"ci")
        assert "ci-prod-deployer" in driver.text
        assert "not read: " in driver.text.splitlines()[-1]
