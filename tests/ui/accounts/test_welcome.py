"""A first start says in three lines what to try, and what it says is true."""

from __future__ import annotations

import pytest

HINT = "issues a token"


async def test_a_first_start_says_what_to_try_below_the_list(running):
    async with running(is_first_start=True) as driver:
        lines = driver.text.splitlines()[-5:-2]
        assert "i issues a token" in lines[0]
        assert "role:Admin type:cp entity:prod*" in lines[1]
        assert "Esc hides this" in lines[2]
        assert "6 system accounts" in driver.text


async def test_a_later_start_does_not(running):
    async with running() as driver:
        assert HINT not in driver.text


@pytest.mark.parametrize(
    "keys", [("escape",), ("i", "escape"), ("4", "escape", "escape"), ("question_mark", "escape")]
)
async def test_it_goes_by_esc_or_when_something_was_tried(running, keys):
    async with running(is_first_start=True) as driver:
        await driver.press(*keys)
        assert "6 system accounts" in driver.text
        assert HINT not in driver.text


async def test_on_a_small_terminal_the_list_keeps_the_room(running):
    async with running((60, 16), is_first_start=True) as driver:
        assert HINT not in driver.text
