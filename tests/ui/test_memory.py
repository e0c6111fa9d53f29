"""Nothing of a page that was left stays in memory, whatever it began to read."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import Any

import pytest

from sa_tui.ui.kit.patches.key_order import PATIENCE_SECONDS

WAYS = {
    "an account": ("enter",),
    "tokens": ("K",),
    "teams": ("T",),
    "who": ("w",),
    "matrix": ("M",),
    "entities": ("U",),
    "log": ("L",),
    "profiles": ("P",),
    "help": ("question_mark",),
    "an order": ("i",),
    "a form": ("n",),
    "a picker": ("t",),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_page_that_was_left_is_gone(running: Any, way: str) -> None:
    async with running() as driver:
        await driver.press("down", "down", *WAYS[way])
        page = weakref.ref(driver.app.screen)
        while driver.app.screen is page():
            await driver.press("escape")
        await driver.press("down", "up")
        await asyncio.sleep(2 * PATIENCE_SECONDS)  # so long a key is remembered
        await driver.turn()
        gc.collect()
        assert page() is None
