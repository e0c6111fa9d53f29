"""From one organisation to another: nothing of the one that is left is asked, shown, kept open."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr
from textual.events import Key

from sa_tui.demo.konnect import FakeKonnect
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.store import Org

if TYPE_CHECKING:
    from sa_tui.ui.dependencies import Dependencies

pytestmark = pytest.mark.whole


class Slow(Org):
    """An organisation that takes a while to close."""

    open_ones: list[Slow]
    may_close: asyncio.Event | None = None

    async def aclose(self) -> None:
        await (self.may_close.wait() if self.may_close else asyncio.sleep(0.01))
        await super().aclose()
        self.open_ones.remove(self)


@pytest.fixture
def open_ones() -> list[Slow]:
    return []


@pytest.fixture
def dependencies(
    dependencies: Dependencies, fake: FakeKonnect, line: Any, clock: Any, open_ones: Any
) -> Dependencies:
    async def connect(profile: Any, *, on_change: Any, **_: Any) -> Org:
        token = SecretStr(fake.operator_token)
        client = KonnectClient(
            token, Settings(base_url=profile.base_url, transport=line, now=clock)
        )
        org = Slow(client, now=clock, on_change=on_change)
        org.open_ones = open_ones
        open_ones.append(org)
        return org

    return replace(dependencies, connect=connect)


@pytest.mark.parametrize("beats", range(0, 12, 2))
async def test_two_switches_in_a_row_leave_no_client_open(running, open_ones, profile, beats):
    async with running() as driver:
        for name in ("second", "third"):
            driver.app.open_profile(replace(profile, name=name))
            for _ in range(beats):
                await asyncio.sleep(0)
        await driver.settle()
        assert "third" in driver.text.splitlines()[0]
        assert "44 system accounts" in driver.text
        assert len(open_ones) == 1
        await driver.hit("q")
        await driver.until(lambda: not driver.app.is_running)
        assert open_ones == []


@pytest.mark.parametrize(
    ("keys", "path"),
    [(("r",), "/system-accounts"), (("down", "enter", "r"), "/access-tokens")],
    ids=["list", "details"],
)
async def test_what_is_left_is_asked_no_further_and_shown_nowhere(
    running, line, profile, open_ones, keys, path
):
    held: list[str] = []
    let_go: list[str] = []
    may_answer = asyncio.Event()

    async def hold(request: httpx.Request) -> None:
        if not may_answer.is_set() and request.url.path.endswith(path):
            held.append(request.url.path)
            try:
                await may_answer.wait()
            except asyncio.CancelledError:
                let_go.append(request.url.path)
                raise

    async with running() as driver:
        line.after = hold
        await driver.hit(*keys)
        assert held
        may_close = open_ones[0].may_close = asyncio.Event()
        driver.app.open_profile(replace(profile, name="second"))
        await driver.turn()  # and no time passes, in which a request is given up
        assert let_go == held[:1]
        may_close.set()
        may_answer.set()
        await driver.settle()
        assert "second" in driver.text.splitlines()[0]
        assert "44 system accounts" in driver.text


@pytest.mark.parametrize("key", ["n", "8"])
async def test_a_page_that_is_being_made_is_left_once_it_is_whole(running, open_ones, profile, key):
    async with running() as driver:
        for turns in range(2, 8):
            may_close = open_ones[0].may_close = asyncio.Event()
            driver.app.open_profile(replace(profile, name=f"number-{turns}"))
            await driver.turn()
            driver.app.post_message(Key(key, key))
            for _ in range(turns):
                await asyncio.sleep(0)
            may_close.set()
            await driver.settle()
            assert f"number-{turns}" in driver.text.splitlines()[0]
            assert "44 system accounts" in driver.text


async def test_a_change_under_way_has_its_answer_before_another_organisation_is_opened(
    running, open_ones, profile
):
    may_go, closed = asyncio.Event(), []

    async def change() -> None:
        await may_go.wait()
        closed.append(len(open_ones))

    async with running() as driver:
        mine = open_ones[0]
        driver.app.write("A change", change())
        driver.app.open_profile(replace(profile, name="second"))
        await driver.turn()
        assert open_ones == [mine]
        assert driver.app.org is mine
        may_go.set()
        await driver.settle()
        assert "second" in driver.text.splitlines()[0]
