"""The real application over the demo Konnect, driven by keys and read as text."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr
from textual.events import Key, Paste, Resize
from textual.geometry import Size
from textual.keys import _character_to_key

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.log import ActionLog
from sa_tui.org.store import Org
from sa_tui.profiles.model import EnvSource, Profile
from sa_tui.records.actions_file import ActionsFile
from sa_tui.records.journal import Journal
from sa_tui.ui.app import SaTui
from sa_tui.ui.dependencies import Dependencies
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.tokens.destination import DestinationPicker
from sa_tui.ui.tokens.handover import HandoverDialog
from sa_tui.ui.tokens.issue_form import IssueForm
from sa_tui.ui.tokens.orphan import OrphanDialog
from tests.ui.stylesheet import ParsedOnce
from tests.ui.terminal import Terminal

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from textual.pilot import Pilot

LONG_SECONDS = 20.0
MOMENT_SECONDS = 0.005
RESIZE_SECONDS = 0.01  # a little more than Textual waits, because more of it may come
PATIENCE_SECONDS = 60.0
MOST_DRAWINGS = 100
SMALL = (
    "ci-prod-deployer",
    "ci-eu-deployer",
    "ci-au-deployer",
    "token-minter",
    "terraform-prod",
    "mesh-zone-eu-1",
)
"""The system accounts that most tests need."""


@dataclass
class Sleeper:
    """Waits by the clock of the test: a short wait moves it, a long one ends when told to."""

    waits: list[float]
    clock: Any
    _alarm: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)
        if seconds >= LONG_SECONDS:
            await self._alarm.wait()
        else:
            # And a little more, because a clock of microseconds stands still for less than one.
            self.clock.advance(seconds=seconds + 0.001)
        await asyncio.sleep(0)

    def wake(self) -> None:
        """Ends every long wait that has begun."""
        self._alarm.set()
        self._alarm = asyncio.Event()


class Line(httpx.AsyncBaseTransport):
    """The line to the demo Konnect; `before` and `after` are given every request on its way.

    `rewrite` may put another answer in place of the one that came.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.before: Callable[[httpx.Request], Awaitable[None]] = self._pass
        self.after: Callable[[httpx.Request], Awaitable[None]] = self._pass
        self.rewrite: Callable[[httpx.Request, httpx.Response], httpx.Response] = _as_it_came

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self.before(request)
        response = await self._inner.handle_async_request(request)
        await self.after(request)
        return self.rewrite(request, response)

    async def _pass(self, request: httpx.Request) -> None:
        """Nothing happens to it."""


def _as_it_came(_: httpx.Request, response: httpx.Response) -> httpx.Response:
    return response


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

    @property
    def words(self) -> str:
        """The same on one line, wherever the screen broke it."""
        return " ".join(self.text.split())

    async def press(self, *keys: str) -> None:
        """Presses keys, each when all that the one before began is done or wants an answer."""
        for key in keys:
            await self.hit(key)
            await self.settle()

    async def hit(self, *keys: str) -> None:
        """Presses keys, each when the one before was taken, and waits for nothing else."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            self.app.post_message(Key(name, key if len(key) == 1 else None))
            await self.turn()

    async def burst(self, text: str) -> None:
        """Types text faster than it can be handled, as a slow line delivers it."""
        for character in text:
            names = {"\r": "enter", "\t": "tab"}
            name = names.get(character) or _character_to_key(character)
            self.app.post_message(Key(name, character))
        await self.settle()

    async def turn(self) -> None:
        """Lets the application take every message that it has been sent, and draw."""
        await self._rest()
        if not self._loop.is_alone:  # a message may be handled that waits for something
            await self.pilot.pause(0)
            await self._rest()
        while self.app.is_taking_keys and self.app.is_running:
            await asyncio.sleep(MOMENT_SECONDS)
            await self._rest()

    async def _rest(self) -> None:
        """Lets the application do everything that it can do at once."""
        for _ in range(MOST_DRAWINGS):
            await self._loop.quiet()
            if not (self.app.is_running and self._has_to_draw):
                return
            self.app.animator()
            self.app.screen._on_timer_update()
        raise AssertionError(f"it draws without end:\n{self.text}")

    @property
    def _loop(self) -> Any:
        """The loop of every test here, a PatientLoop."""
        return asyncio.get_running_loop()

    @property
    def _has_to_draw(self) -> bool:
        """Whether Textual waits for the next of its sixty moments in a second."""
        timers = (self.app.animator._timer, self.app.screen._update_timer)
        return any(timer._active.is_set() for timer in timers)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Waits for what needs something from outside, or a timer."""
        end = time.monotonic() + PATIENCE_SECONDS
        await self.turn()
        while not is_so():
            assert time.monotonic() < end, f"{list(self.app.workers)}\n{self.text}"
            await asyncio.sleep(MOMENT_SECONDS)
            await self.turn()

    async def settle(self) -> None:
        """Waits until no worker is busy; one that waits for a dialog's answer is not busy."""
        await self.until(lambda: not any(self._is_busy(worker) for worker in self.app.workers))

    async def type(self, text: str) -> None:
        """Types text into the field that has the focus."""
        await self.press(*text)

    async def resize(self, width: int, height: int) -> None:
        """Gives the terminal another size."""
        assert self.app._driver is not None
        self.app._driver._size = Size(width, height)
        self.app.post_message(Resize(Size(width, height), Size(width, height)))
        await self.turn()
        await asyncio.sleep(RESIZE_SECONDS)
        await self.turn()

    async def put_off(self) -> None:
        """Waits for what was to be done later, once its time has come."""
        later = [worker for worker in self.app.workers if worker.group == "later"]
        await self.app.workers.wait_for_complete(later)

    def _is_busy(self, worker: Any) -> bool:
        if worker.is_finished or worker.group == "later":
            return False
        if worker.group == "questions":
            return not any(isinstance(screen, Dialog) for screen in self.app.screen_stack)
        return worker.group != "writes" or not self._is_asked

    @property
    def _is_asked(self) -> bool:
        """Whether a change waits for the operator."""
        return any(
            isinstance(screen, OrphanDialog)
            or (isinstance(screen, HandoverDialog) and not screen.is_busy)
            for screen in self.app.screen_stack
        )

    async def open_form(self, account_name: str = "ci-eu-deployer") -> None:
        """Goes to the form that orders a token for this account."""
        await self.hit("slash")
        await self.paste(account_name)
        await self.press("enter", "i")
        if isinstance(self.app.screen, IssueForm):
            await self.tab_to("name")

    async def tab_to(self, part: str) -> None:
        """Presses Tab as often as it takes to the part of this id."""
        screen = self.app.screen
        chain = screen.focus_chain
        ids = [widget.id for widget in chain]
        here = chain.index(screen.focused) if screen.focused is not None else -1
        await self.hit(*["tab"] * ((ids.index(part) - here) % len(ids)))

    async def choose(self, destination: str) -> None:
        """Chooses a destination by its name in a form and goes to its first field."""
        await self.tab_to("kind")
        picker = self.app.screen.query_one(DestinationPicker)
        while picker.chosen.name.lower() != destination:
            await self.hit("right")
        await self.hit("tab")

    async def fill(self, text: str) -> None:
        """Puts this text in place of what the field holds, the way a terminal pastes."""
        await self.hit("end", "ctrl+u")
        await self.paste(text)

    async def paste(self, text: str) -> None:
        """Pastes text into the field that has the focus."""
        if text:
            self.app.post_message(Paste(text))
        await self.settle()

    async def issue(self) -> None:
        """Orders a token as the form proposes it, to be shown, and arrives at the dialog."""
        await self.open_form()
        await self.press("enter")


@pytest.fixture
def fake(request: pytest.FixtureRequest, now: datetime, clock: Any) -> FakeKonnect:
    """Konnect with six system accounts, or with all of them for a test that is marked `whole`."""
    organisation = build_organisation(now, odd=True)
    if request.node.get_closest_marker("whole") is None:
        for name, account_id in list(organisation.account_ids.items()):
            if name not in SMALL:
                organisation.remove_account(account_id)
    return FakeKonnect(organisation, clock=clock)


@pytest.fixture
def secret(now: datetime) -> str:
    """The secret of the first token that the demo Konnect will issue."""
    twin = build_organisation(now, odd=True)
    account_id = twin.account_ids["ci-eu-deployer"]
    return twin.issue_token(account_id, {"id": "t", "name": "t"})


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
def sleep(waits: list[float], clock: Any) -> Sleeper:
    return Sleeper(waits, clock)


@pytest.fixture
def line(fake: FakeKonnect, sleep: Sleeper) -> Line:
    return Line(fake.transport(sleep=sleep))


@pytest.fixture
def actions(clock: Any, tmp_path: Path) -> ActionLog:
    file = ActionsFile(tmp_path / "actions.jsonl", run="test")
    return ActionLog(
        now=clock, keep=lambda action: file.append(action.as_record()), earlier=file.earlier
    )


@pytest.fixture
def dependencies(
    fake: FakeKonnect,
    clock: Any,
    profile: Profile,
    journal: Journal,
    sleep: Sleeper,
    line: Line,
    actions: ActionLog,
    tmp_path: Path,
) -> Dependencies:
    async def connect(profile: Profile, *, on_change: Any, on_wait: Any, aside: Any) -> Org:
        client = KonnectClient(
            SecretStr(fake.operator_token),
            Settings(
                base_url=profile.base_url,
                regional_url=profile.regional_url,
                read_only=profile.read_only,
                transport=line,
                sleep=sleep,
                monotonic=lambda: clock().timestamp(),
                now=clock,
                jitter=lambda: 0.5,
                on_wait=lambda wait: on_wait(wait.seconds, wait.reason),
                on_exchange=actions.exchanged,
            ),
        )
        return Org(client, now=clock, on_change=on_change, actions=actions)

    return Dependencies(
        connect=connect,
        journal=journal,
        saved_profiles=lambda: (profile,),
        found_profiles=lambda: (),
        save=lambda _: None,
        edit=lambda *_: None,
        remove=lambda _: None,
        now=clock,
        sleep=sleep,
        monotonic=lambda: clock().timestamp(),
        environ={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TERM": "xterm-256color"},
        first=profile,
        actions=actions,
        actions_path=tmp_path / "actions.jsonl",
    )


Running = Callable[..., Any]


@pytest.fixture
def running(dependencies: Dependencies) -> Running:
    """Starts the application on a terminal of the given size, 80x24 unless told.

    It meets no internal error, or some if it `is_faulty`.
    """

    @asynccontextmanager
    async def run(
        size: tuple[int, int] = (80, 24),
        *,
        settled: bool = True,
        is_faulty: bool = False,
        **changes: Any,
    ) -> AsyncIterator[Driver]:
        app = SaTui(replace(dependencies, **changes))
        app.stylesheet = ParsedOnce(variables=app.stylesheet._variables)
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            if settled:
                await driver.settle()
            yield driver
        faults = "\n".join(app.failures.traces)
        assert bool(faults) == is_faulty, faults or "no internal error was met"

    return run


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Any]:
    """Opens the application on a terminal and waits until something is there."""
    opened: list[Terminal] = []

    def open_terminal(
        environ: Mapping[str, str] | None = None,
        *,
        until: bytes = b"38 system accounts",
        **options: Any,
    ) -> Terminal:
        opened.append(Terminal(environ or {}, tmp_path, **options))
        opened[-1].until(until)
        return opened[-1]

    yield open_terminal
    for each in opened:
        each.close()
