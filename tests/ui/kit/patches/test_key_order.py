"""Keys that arrive faster than they can be handled belong to what had the focus at their turn."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

import pytest
from textual.binding import Binding
from textual.events import Key
from textual.widgets import Static

from sa_tui.ui.kit.patches.key_order import PATIENCE_SECONDS, KeyOrder

if TYPE_CHECKING:
    from textual.app import ComposeResult


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 45)])
async def test_a_name_enter_and_a_yes_in_one_burst_create_that_name(running, fake, size):
    async with running(size) as driver:
        await driver.press("n")
        await driver.burst("burst1\rY")
        assert "burst1" in fake.organisation.account_ids
        assert "burst1Y" not in driver.text


async def test_a_filter_enter_and_i_in_one_burst_filter_and_issue(running):
    async with running() as driver:
        await driver.burst("/ci-eu\ri")
        assert "Issue an access token" in driver.words
        await driver.press("escape")
        assert "/ ci-eu " in driver.words
        assert "ci-eui" not in driver.words


class Stuck(Static, can_focus=True):
    """Takes a key and does not come back until `let_go` is set."""

    async def on_key(self) -> None:
        self.let_go = asyncio.Event()
        await self.let_go.wait()


class WithStuck(KeyOrder):
    """An application with a page that never answers."""

    BINDINGS: ClassVar = [Binding("ctrl+q", "leave", priority=True)]

    def __init__(self) -> None:
        super().__init__(ansi_color=False)

    def compose(self) -> ComposeResult:
        yield Stuck()

    def action_leave(self) -> None:
        self.query_one(Stuck).let_go.set()
        self.exit(5)


async def test_a_key_that_never_ends_does_not_hold_the_next_for_ever():
    app = WithStuck()
    async with app.run_test() as pilot:
        for key in ("a", "ctrl+q"):
            app.post_message(Key(key, None))
        await pilot.pause(PATIENCE_SECONDS + 0.1)
        was_left = app.return_value
        app.query_one(Stuck).let_go.set()
    assert was_left == 5
