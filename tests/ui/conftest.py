"""The real application over the demo Konnect, driven by keys and read as text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from textual.pilot import Pilot

from sa_tui.api.client import KonnectClient
from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect
from sa_tui.handover.journal import Journal
from sa_tui.org.store import Org
from sa_tui.profiles.model import EnvSource, Profile
from sa_tui.ui.app import SaTui
from sa_tui.ui.wiring import Wiring


@dataclass
class Driver:
    """A pilot that reads the screen and waits for what the application is doing, not for time."""

    app: SaTui
    pilot: Pilot[int]

    @property
    def text(self) -> str:
        """The screen as the operator sees it, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    async def press(self, *keys: str) -> None:
        """Presses keys and waits until everything that they began is done or wants an answer."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Types text into the field that has the focus."""
        await self.press(*("space" if key == " " else key for key in text))

    async def settle(self) -> None:
        """Waits until no worker is busy; one that waits for a dialog's answer is not busy."""
        for _ in range(200):
            await self.pilot.pause()
            if not any(self._is_busy(worker) for worker in self.app.workers):
                await self.pilot.pause()
                return
            await asyncio.sleep(0)
        raise AssertionError(f"still busy: {list(self.app.workers)}")

    def _is_busy(self, worker: Any) -> bool:
        return not worker.is_finished and not (
            worker.group == "writes" and len(self.app.screen_stack) > 2
        )


@pytest.fixture
def profile() -> Profile:
    return Profile(
        "demo", source=EnvSource("KONNECT_TOKEN"), base_url=BASE_URL, regional_url=REGIONAL_URL
    )


@pytest.fixture
def journal(tmp_path: Path, clock: Callable[[], Any]) -> Journal:
    # A process id that is not alive, so that a second application takes its entries for left over.
    return Journal(tmp_path / "journal" / "handover.jsonl", now=clock, pid=2**22 + 1, host="jump")


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def wiring(
    fake: FakeKonnect,
    clock: Any,
    profile: Profile,
    journal: Journal,
    waits: list[float],
    tmp_path: Path,
) -> Wiring:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    async def connect(profile: Profile, *, on_change: Any, on_wait: Any, aside: Any) -> Org:
        client = KonnectClient(
            SecretStr(fake.operator_token),
            base_url=profile.base_url,
            regional_url=profile.regional_url,
            read_only=profile.read_only,
            transport=fake.transport(sleep=sleep),
            sleep=sleep,
            monotonic=lambda: clock().timestamp(),
            now=clock,
            jitter=lambda: 0.5,
            on_wait=lambda wait: on_wait(wait.seconds, wait.reason),
        )
        return Org(client, now=clock, on_change=on_change)

    return Wiring(
        connect=connect,
        journal=journal,
        saved=lambda: (profile,),
        found=lambda: (),
        save=lambda _: None,
        remove=lambda _: None,
        now=clock,
        sleep=sleep,
        monotonic=lambda: clock().timestamp(),
        environ={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TERM": "xterm-256color"},
        first=profile,
    )


Running = Callable[..., Any]


@pytest.fixture
def running(wiring: Wiring) -> Running:
    """Starts the application on a terminal of the given size, 80x24 unless told."""

    @asynccontextmanager
    async def run(size: tuple[int, int] = (80, 24), **changes: Any) -> AsyncIterator[Driver]:
        app = SaTui(replace(wiring, **changes))
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            yield driver

    return run
