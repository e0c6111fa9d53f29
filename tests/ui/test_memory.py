"""Nothing of a page that was left stays in memory, except the page of a section."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import Any

from sa_tui.ui.kit.patches.key_order import PATIENCE_SECONDS

SECTIONS = ("tokens", "teams", "who", "matrix", "entities", "log", "profiles")
WAYS = {
    "an account": ("enter",),
    "a calendar": ("2", "C"),
    "hand-overs": ("H",),
    **{section: (str(digit),) for digit, section in enumerate(SECTIONS, start=2)},
    "help": ("question_mark",),
    "an order": ("i",),
    "a form": ("n",),
    "a picker": ("m",),
}


async def test_a_page_that_was_left_is_gone(running: Any) -> None:
    pages = {}
    async with running() as driver:
        await driver.press("down", "down")
        accounts = driver.app.screen
        for way, keys in WAYS.items():
            await driver.press(*keys)
            assert driver.app.screen is not accounts, way
            pages[way] = weakref.ref(driver.app.screen)
            while driver.app.screen is not accounts:
                await driver.press("escape")
        await driver.press("down", "up")
        await asyncio.sleep(2 * PATIENCE_SECONDS)  # so long a key is remembered
        await driver.turn()
        gc.collect()
        kept = [way for way, page in pages.items() if page() is not None]
    assert kept == [*SECTIONS]
