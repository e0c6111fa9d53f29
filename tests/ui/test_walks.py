"""Every page and dialog, walked: no answer, no size and no fault of ours ends the program.

`PAGES` names each of them with the way to it; a page that is added later fails here until it does.
A few of each walk are taken every time, all of them with `-m complete`.
"""

from __future__ import annotations

import asyncio
import importlib
import itertools
import pkgutil
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from textual import events
from textual.screen import Screen

import sa_tui.ui
from sa_tui.base.label import Label
from sa_tui.demo.konnect import BASE_URL, FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.records.batches import FILE_NAME, Batches, Planned

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

ACCOUNT, TOKEN, TEAM = "probe", "gha", "Pilots"


@dataclass(frozen=True)
class Paste:
    """Text that the terminal pastes."""

    text: str


@dataclass(frozen=True)
class Way:
    """How to come to a page: what has to be there already, and the keys that open it."""

    before: tuple[str | Paste, ...] = ()
    opening: tuple[str | Paste, ...] = ()
    size: tuple[int, int] | None = None
    left_over: str = ""


LISTED = ("slash", Paste(ACCOUNT), "enter")
OPENED = (*LISTED, "enter")
TEAM_LISTED = ("3", "slash", Paste(TEAM), "enter")

PAGES: dict[str, Way] = {
    "AccountsScreen": Way(),
    "AccountScreen": Way(LISTED, ("enter",)),
    "CalendarScreen": Way(("2",), ("C",)),
    "CompareScreen": Way(("space", "space"), ("equals_sign",)),
    "EntitiesScreen": Way((), ("6",)),
    "EntityScreen": Way(("6",), ("enter",)),
    "HandoversScreen": Way((), ("H",)),
    "LogScreen": Way((), ("7",)),
    "MatrixScreen": Way((), ("5",)),
    "MatrixScreen by role": Way(("5",), ("b",)),
    "MatrixScreen by region": Way(("5", "b"), ("b",)),
    "ProfilesScreen": Way((), ("8",)),
    "TeamScreen": Way(TEAM_LISTED, ("enter",)),
    "TeamsScreen": Way((), ("3",)),
    "TokensScreen": Way((), ("2",)),
    "UnsentDialog": Way(left_over="changes"),
    "WhoScreen": Way((), ("4", Paste("is:armed"))),
    "WhyScreen": Way(OPENED, ("v",)),
    "WhyScreen of the matrix": Way(("5",), ("enter",)),
    "AccountForm": Way((), ("n",)),
    "AccountForm of a clone": Way(LISTED, ("c",)),
    "ConfirmDialog": Way(("slash", Paste("mesh-zone"), "enter"), ("i",)),
    "SaveForm": Way((*LISTED, "i", "4", "tab", Paste("cat"), "tab"), ("enter",)),
    "DeliverDialog": Way((*LISTED, "i", "enter"), ("d",)),
    "ExportDialog": Way((), ("e",)),
    "HandoverDialog": Way((*LISTED, "i"), ("enter",)),
    "HelpDialog": Way((), ("question_mark",)),
    "JumpDialog": Way((), ("ctrl+k", Paste("pro"))),
    "IssueForm": Way(LISTED, ("i",)),
    "MembershipDialog": Way(LISTED, ("m",)),
    "MembershipDialog of people": Way(TEAM_LISTED, ("p",)),
    "OrphanDialog": Way(left_over="token"),
    "PaletteDialog": Way((), ("ctrl+p",)),
    "ProfileForm": Way(("8",), ("n",)),
    "RemoveDialog": Way(("8",), ("x",)),
    "ReviewDialog": Way(OPENED, ("x",)),
    "RoleForm": Way(OPENED, ("a",)),
    "RotationsForm": Way(("2", "space", "space"), ("o",)),
    "RotationsPage": Way(
        ("2", "space", "space", "o", "1", "tab", "end", Paste("-{token}")), ("enter",)
    ),
    "RotationForm": Way(OPENED, ("o",)),
    "TeamForm": Way(("3",), ("n",)),
    "RenameForm": Way(OPENED, ("N",)),
    "TooSmall": Way(OPENED, size=(50, 14)),
}
BASES = {
    "SnapshotScreen",
    "ListScreen",
    "AccessScreen",
    "Dialog",
    "ReviewPage",
    "LaterDialog",
}
WIDTHS = (80, 120, 160)
ORDERS = ("first", "last", "after leaving")


def page_of(name: str) -> str:
    """The class that a line of PAGES is about."""
    return name.partition(" ")[0]


def test_every_page_and_dialog_is_walked():
    for module in pkgutil.walk_packages(sa_tui.ui.__path__, "sa_tui.ui."):
        importlib.import_module(module.name)
    there = {each.__name__ for each in _below(Screen) if each.__module__.startswith("sa_tui.ui")}
    assert there == {page_of(name) for name in PAGES} | BASES


def _below(cls: type[Any]) -> Iterator[type[Any]]:
    for each in cls.__subclasses__():
        yield each
        yield from _below(each)


# What there is


@pytest.fixture
def fake(now: Any, clock: Any) -> FakeKonnect:
    """A small organisation with something on every page."""
    fake = FakeKonnect(build_organisation(now, accounts=1), clock=clock)
    account, team = fake.add_account(ACCOUNT), fake.add_team(TEAM)
    fake.add_account("outsider")
    fake.add_account("mesh-zone", konnect_managed=True)
    fake.add_token(account, TOKEN)
    fake.add_role(account, "Viewer")
    fake.add_role(team, "Viewer")
    fake.join(team, account)
    return fake


@pytest.fixture
def left_over(fake: FakeKonnect, journal: Any, now: Any, clock: Any) -> Any:
    """Writes down what an earlier run left: a token or changes, or nothing."""
    organization_id = fake.organisation.record["id"]

    def write(way: Way) -> None:
        if way.left_over == "token":
            label = Label(
                fake.account_named(ACCOUNT)["id"],
                account_name=ACCOUNT,
                token_id=None,
                token_name=TOKEN,
                expires_at=now,
                base_url=BASE_URL,
                organization_id=organization_id,
                organization_name="Meridian Freight",
            )
            journal.intend(label, destination="the screen", profile="demo")
        elif way.left_over == "changes":
            path = journal.path.with_name(FILE_NAME)
            planned = Planned("Create account x", verb="create-account", ids={})
            batches = Batches(path, now=clock, pid=journal.pid, host=journal.host)
            where = {"base_url": BASE_URL, "organization_id": organization_id}
            batches.begin([planned], profile="demo", **where)

    return write


async def press(driver: Any, keys: tuple[str | Paste, ...], *, is_settled: bool) -> None:
    for key in keys:
        if isinstance(key, Paste):
            driver.app.post_message(events.Paste(key.text))
            await driver.turn()
        else:
            await driver.hit(key)
        if is_settled:
            await driver.settle()


async def open_page(driver: Any, way: Way, *, is_settled: bool = True) -> None:
    """Opens the page itself, from where its way begins."""
    await press(driver, way.opening, is_settled=is_settled)
    if way.size is not None:
        await driver.resize(*way.size)


async def act(driver: Any, page: Any) -> None:
    """Does everything that keys do on a page: of one that is not there, that is nothing."""
    for _, binding in list(page._bindings):
        await driver.app.run_action(binding.action, page)
        driver.app._check_action_state(binding.action, page)


def act_too_early(driver: Any) -> set[asyncio.Task[None]]:
    """Has every page that opens meet its keys before its parts are there."""
    acts: set[asyncio.Task[None]] = set()

    def opened(page: Any) -> None:
        if not page.is_ready:
            acts.add(asyncio.create_task(act(driver, page)))

    driver.app.screen_change_signal.subscribe(driver.app, opened, immediate=True)
    return acts


def top(driver: Any) -> str:
    return type(driver.app.screen).__name__


@dataclass
class Gate:
    """What happens to each request: it goes through, is held back, or meets a fault of ours."""

    is_shut: bool = False
    is_broken: bool = False

    def __post_init__(self) -> None:
        self.held: list[asyncio.Event] = []
        self.broken = 0

    async def __call__(self, _: httpx.Request) -> None:
        if self.is_broken:
            self.is_broken = False
            self.broken += 1
            raise ZeroDivisionError("nobody expects this")
        if self.is_shut:
            self.held.append(asyncio.Event())
            await self.held[-1].wait()

    def release(self, *, last: bool) -> None:
        """Lets one answer through."""
        self.held.pop(-1 if last else 0).set()


@pytest.fixture
def gate(line: Any) -> Gate:
    line.after = gate = Gate()
    return gate


def cases(*others: Any) -> list[Any]:
    """Every page with every combination; a few of them, each page once, are taken every time."""
    combinations = list(itertools.product(*others))
    return [
        pytest.param(
            name,
            *values,
            id="-".join(map(str, (name, *values))),
            marks=() if (number + at) % len(combinations) == 0 else pytest.mark.complete,
        )
        for number, name in enumerate(PAGES)
        for at, values in enumerate(combinations)
    ]


# The walks

STEPS = (45, 40, 35)
"""How many columns a terminal loses and wins at a time; 1 takes every width."""


@pytest.mark.parametrize(("name", "width", "order"), cases(WIDTHS, ORDERS))
async def test_each_answer_comes_alone(running, gate, left_over, name, width, order):
    way = PAGES[name]
    left_over(way)
    is_first = not way.before
    gate.is_shut = is_first
    async with running((width, 40), settled=not is_first) as driver:
        await driver.turn()
        while is_first and gate.held:  # what the start asks comes one by one in any case
            gate.release(last=order == "last")
            await driver.turn()
        await press(driver, way.before, is_settled=True)
        gate.is_shut = True
        acts = act_too_early(driver)
        await open_page(driver, way, is_settled=False)
        page = driver.app.screen
        if order == "after leaving":
            await driver.hit("escape")
        for _ in range(500):
            if not gate.held:
                break
            gate.release(last=order == "last")
            await driver.turn()
        gate.is_shut = False
        await driver.settle()
        assert all(each.done() and each.exception() is None for each in acts)
        if not page.is_running:
            await act(driver, page)
        assert driver.app.is_running
        if order != "after leaving":
            assert top(driver) == page_of(name)


@pytest.mark.parametrize(
    ("name", "step"),
    [*cases(STEPS), *(pytest.param(name, 1, marks=pytest.mark.complete) for name in PAGES)],
)
async def test_each_width_can_be_shown(running, left_over, name, step):
    way = PAGES[name]
    left_over(way)
    async with running((200, 40)) as driver:
        await press(driver, way.before, is_settled=True)
        await open_page(driver, way)
        widths = range(200, 59, -step)
        for width in (*widths[1:], *reversed(widths[:-1])):
            await driver.resize(width, 40)
            assert all(len(line) <= width for line in driver.text.splitlines())
        assert driver.app.is_running
        assert way.size or top(driver) == page_of(name)


@pytest.mark.parametrize("name", [name for name, way in PAGES.items() if way.size is None])
async def test_a_fault_in_a_reading_is_told_and_ends_nothing(running, gate, left_over, name):
    way = PAGES[name]
    left_over(way)
    gate.is_broken = not way.opening
    async with running((120, 40), settled=False) as driver:
        await driver.settle()
        await press(driver, way.before, is_settled=True)
        gate.is_broken = bool(way.opening)
        await open_page(driver, way)
        assert driver.app.is_running
        if gate.broken:
            assert "internal error" in driver.words
        gate.is_broken = False
        driver.app.failures.traces.clear()
        await driver.press("escape", "r")
        assert driver.app.is_running


@pytest.mark.parametrize("width", [100, 140])
@pytest.mark.parametrize("key", ["enter", "escape", "q"])
async def test_no_key_that_is_held_down_loses_the_secret_as_it_arrives(running, gate, width, key):
    async with running((width, 40)) as driver:
        await press(driver, (*LISTED, "i"), is_settled=True)
        gate.is_shut = True
        await driver.hit("enter")
        while top(driver) == "IssueForm":
            for _ in range(3):
                driver.app.post_message(events.Key(key, "q" if key == "q" else None))
            for _ in range(8):  # somewhere on their way
                await asyncio.sleep(0)
            gate.release(last=False)
            await driver.turn()
            for _ in range(8):
                driver.app.post_message(events.Key(key, "q" if key == "q" else None))
                await asyncio.sleep(0)
        await driver.turn()
        assert top(driver) == "HandoverDialog"
        assert "Access token issued" in driver.text


async def test_a_fault_while_a_token_is_issued_leaves_no_form_waiting(running, gate):
    async with running(is_faulty=True) as driver:
        await press(driver, (*LISTED, "i"), is_settled=True)
        gate.is_broken = True
        await driver.press("enter")
        assert "internal error (Issue token): ZeroDivisionError" in driver.words
        assert "It is not known whether Konnect made the token" in driver.words
        await driver.press("escape")
        assert top(driver) == "AccountsScreen"


async def test_a_fault_after_a_change_was_sent_leaves_unknown_whether_it_was_done(
    running, gate, fake
):
    async with running(is_faulty=True) as driver:
        await press(driver, (*LISTED, "E", "tab", "end", "x", "enter"), is_settled=True)
        gate.is_broken = True
        await driver.press("Y")
        assert "internal error: ZeroDivisionError" in driver.words
        assert "0 changes done, 1 unknown" in driver.words
        await driver.press("f", "Y")
        assert "1 change done" in driver.words
    assert [each.method for each in fake.received if each.method != "GET"] == ["PATCH"]


async def test_a_fault_in_what_is_done_with_a_secret_leaves_no_word_that_it_goes_on(running, gate):
    async with running(is_faulty=True) as driver:
        await press(driver, (*LISTED, "i", "enter"), is_settled=True)
        gate.is_broken = True
        await driver.press("V")
        assert "internal error (Hand-over): ZeroDivisionError" in driver.words
        assert "Whether it was done is not known." in driver.words
        assert "Asking Konnect" not in driver.words
        await driver.press("V")
        assert "Works: Konnect answered" in driver.words


async def test_a_fault_in_the_test_of_a_profile_leaves_the_form_ready_for_another(running, gate):
    async with running(is_faulty=True) as driver:
        await press(driver, ("8", "n", Paste("other")), is_settled=True)
        await driver.press("tab", "tab")
        await driver.paste("KONNECT_TOKEN")
        gate.is_broken = True
        await driver.press("enter")
        assert "internal error: ZeroDivisionError" in driver.words
        assert "Asking Konnect" not in driver.words
        await driver.press("enter")
        assert "Works:" in driver.words


SIZES = ((60, 16), (80, 24), (120, 40), (160, 45))


@pytest.mark.parametrize("is_read_only", [False, True])
@pytest.mark.parametrize("name", [name for name, way in PAGES.items() if way.size is None])
async def test_each_page_says_where_it_is(running, left_over, profile, name, is_read_only):
    way = PAGES[name]
    left_over(way)
    label = "本番 PROD"
    where = replace(profile, label=label, read_only=is_read_only)
    async with running((120, 40), first=where) as driver:
        await press(driver, way.before, is_settled=True)
        await open_page(driver, way)
        assert is_read_only or top(driver) == page_of(name)
        crumb = driver.app.screen.crumb
        for size in SIZES:
            await driver.resize(*size)
            first, second, *_ = driver.text.splitlines()
            assert f"[{label}]" in first
            assert ("READ-ONLY" in first) == is_read_only
            assert crumb[:7] in second
            assert re.search(r"\[\d|1-8", second)
