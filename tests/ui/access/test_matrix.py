"""The matrix: what its cells say, how it moves, what it asks Konnect, and what it does not know."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from sa_tui.demo.konnect import FakeKonnect

pytestmark = pytest.mark.whole


def status(driver: Any) -> str:
    return driver.text.splitlines()[-2].strip()


def row(driver: Any, name: str) -> list[str]:
    """The cells of the account's line, its name left out."""
    (line,) = [each for each in driver.text.splitlines() if each.strip("✓ ").startswith(f"{name} ")]
    return line.partition(f"{name} ")[2].strip("┃ ").split()


def header(driver: Any) -> list[str]:
    (line,) = [each for each in driver.text.splitlines() if each.startswith("   ACCOUNT")]
    return [title.strip("▲▼") for title in line.split()]


def cell(driver: Any, name: str, title: str) -> str:
    return dict(zip(header(driver)[1:], row(driver, name), strict=False))[title]


def refuse_roles(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    is_role = request.url.path.endswith("/assigned-roles")
    return httpx.Response(403, json={"status": 403}) if is_role else response


async def test_a_cell_tells_tier_scope_and_path(running):
    async with running() as driver:
        await driver.press("5")
        assert header(driver)[:5] == ["ACCOUNT", "TK", "ORG", "IDN", "CPL"]
        # Deployer on three planes, on one of them directly and through a team.
        assert cell(driver, "ci-prod-deployer", "CPL") == "W3="
        assert cell(driver, "audit-log-shipper", "AUD") == "A*"
        assert cell(driver, "audit-log-shipper", "CPL") == "."


async def test_what_a_predefined_team_implies_is_in_small_letters(running):
    async with running() as driver:
        await driver.press("5", "slash")
        await driver.paste("konnect-orchestrator")
        assert set(row(driver, "konnect-orchestrator")[1:]) == {"a*!"}


async def test_a_filter_hides_the_columns_that_nobody_left_holds(running):
    async with running() as driver:
        await driver.press("5", "slash")
        await driver.paste("audit-log-shipper")
        assert header(driver) == ["ACCOUNT", "TK", "AUD"]
        await driver.press("escape")
        assert len(header(driver)) > 10


async def test_the_same_language_filters_it(running):
    async with running() as driver:
        await driver.press("5", "slash")
        await driver.paste("is:admin -konnect")
        assert status(driver).startswith("5 of 44 system accounts by entity type")
        assert "terraform-eu" in driver.text
        assert "datadog" not in driver.text


async def test_columns_that_do_not_fit_come_into_view_under_the_fixed_first_one(running):
    async with running() as driver:
        await driver.press("5")
        first = header(driver)
        assert "more ← →" in status(driver)
        await driver.hit(*["right"] * 16)
        last = header(driver)
        assert last[:2] == first[:2] == ["ACCOUNT", "TK"]
        assert last[-1] not in first
        await driver.hit(*["left"] * 20)
        assert header(driver) == first


async def test_the_cursor_stays_on_its_column_while_others_arrive(running, line):
    async with running() as driver:
        line.before = gate = Gate(5)
        await driver.hit("5")
        await driver.until(lambda: "calls" in driver.text)
        await driver.hit("right")
        chosen = driver.app.screen.table.cell
        gate.open()
        await driver.settle()
        assert driver.app.screen.table.cell == chosen


async def test_m_goes_from_types_to_roles_of_one_to_regions(running):
    async with running() as driver:
        await driver.press("5")
        await driver.press("right", "right", "b")
        assert "by role on Control Planes" in status(driver)
        assert cell(driver, "ci-eu-deployer", "DEP") == "W4="
        await driver.press("b")
        assert "by region" in status(driver)
        assert header(driver) == ["ACCOUNT", "TK", "ALL", "AU", "EU", "US"]
        assert cell(driver, "ci-au-deployer", "AU") == "W1"
        assert cell(driver, "ci-au-deployer", "EU") == "."
        await driver.press("b")
        assert "by entity type" in status(driver)


async def test_enter_tells_why_a_cell_says_so(running):
    async with running() as driver:
        await driver.press("5", "slash")
        await driver.paste("ci-prod-deployer")
        await driver.press("enter", "enter")
        assert "ci-prod-deployer" in driver.text
        assert "Strongest: Deployer (partial write)" in driver.text
        assert "via Release Bots" in driver.text
        await driver.press("escape")
        assert "by entity type" in status(driver)


async def test_enter_on_the_name_tells_everything_it_has(running):
    async with running() as driver:
        await driver.press("5", "slash")
        await driver.paste("terraform-prod")
        await driver.press("enter", "left", "left", "enter")
        assert "everything it has" in driver.text
        assert "Portals" in driver.text
        assert "Control Planes" in driver.text


async def test_w_asks_who_has_something_in_the_column(running):
    async with running() as driver:
        await driver.press("5")
        await driver.press("right", "w")
        assert "type:idn" in driver.text
        assert "token-minter" in driver.text
        assert "datadog" not in driver.text


async def test_s_orders_by_the_column_under_the_cursor(running):
    async with running() as driver:
        await driver.press("5")
        await driver.press("right", "right", "s")
        lines = driver.text.splitlines()[2:8]
        assert all("A" in line.upper().split()[4] for line in lines)
        assert "CPL▲" in driver.text


async def test_accounts_that_could_not_be_read_are_errors_and_never_dots(running, line):
    line.rewrite = refuse_roles
    async with running() as driver:
        await driver.press("5", "slash")
        await driver.paste("cert-rotator OR konnect-orchestrator")
        assert set(row(driver, "cert-rotator")[1:]) == {"ERR"}
        # What its team implies is known all the same, and that there may be more.
        assert set(row(driver, "konnect-orchestrator")[1:]) == {"a*?"}
        await driver.press("escape")
        assert "INCOMPLETE: 44 not read in full" in driver.text


async def test_nothing_is_read_twice_and_lists_share_what_was_read(running, fake):
    async with running() as driver:
        for key in ("5", "escape", "2", "q", "5"):
            await driver.press(key)
        read = [each.path for each in fake.received if "/assigned-roles" in each.path]
        assert len(read) == len(set(read))
        tokens = [each.path for each in fake.received if each.path.endswith("/access-tokens")]
        assert len(tokens) == len(set(tokens)) == 44


async def test_it_asks_the_teams_who_is_in_them_when_they_are_fewer(running, fake):
    async with running() as driver:
        before = len(fake.received)
        await driver.press("5")
        asked = [each.path for each in fake.received[before:]]
        assert sum(path.endswith("/system-accounts") for path in asked) == 15
        assert not [path for path in asked if "/system-accounts/" in path and "/teams" in path]


class Gate:
    """Lets so many readings of roles pass, and the others when it is opened."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._is_open = asyncio.Event()

    async def __call__(self, request: httpx.Request) -> None:
        if request.url.path.endswith("/assigned-roles"):
            self._left -= 1
            if self._left < 0:
                await self._is_open.wait()

    def open(self) -> None:
        self._is_open.set()


async def test_progress_counts_calls_and_esc_keeps_what_was_read(running, line):
    async with running() as driver:
        line.before = gate = Gate(5)
        await driver.hit("5")
        await driver.until(lambda: "calls" in driver.text)
        assert "━" in status(driver)
        assert "Esc stops" in status(driver)
        await driver.hit("escape")
        gate.open()
        await driver.settle()
        assert "Stopped reading; what was read stays. Press + to read on." in driver.text
        assert " …   …   … " in driver.text  # what is not read is not nothing
        await driver.press("+")
        assert " …   …   … " not in driver.text


async def test_leaving_the_page_stops_the_reading_and_the_next_page_goes_on(running, line, fake):
    async with running() as driver:
        line.before = gate = Gate(5)
        await driver.hit("5")
        await driver.until(lambda: "calls" in driver.text)
        await driver.hit("q")
        gate.open()
        await driver.settle()
        before = len(fake.received)
        await driver.press("4")
        assert "to ask about" in status(driver)
        assert driver.app.access.current.is_complete
        roles = [each.path for each in fake.received if each.path.endswith("/assigned-roles")]
        assert len(fake.received) > before
        assert len(set(roles)) >= 44


async def test_leaving_the_organisation_while_it_is_read_shows_nothing_of_it(
    running, line, profile
):
    async with running() as driver:
        line.before = gate = Gate(5)
        await driver.hit("5")
        await driver.until(lambda: "calls" in driver.text)
        driver.app.open_profile(profile)
        gate.open()
        await driver.settle()
        assert "44 system accounts" in driver.text
        assert not driver.app.reading.is_reading


async def test_quitting_while_everything_is_read_ends_in_good_order(running, line):
    async with running() as driver:
        line.before = gate = Gate(5)
        await driver.hit("5")
        await driver.until(lambda: "calls" in driver.text)
        await driver.hit("ctrl+q")
        gate.open()
        await driver.until(lambda: not driver.app.is_running)
        assert driver.app.return_code == 0


async def test_people_are_counted_in_on_request(running, fake):
    async with running() as driver:
        await driver.press("5")
        assert not [each for each in fake.received if each.path == "/v3/users"]
        await driver.press("@")
        assert "accounts and people by entity type" in status(driver)
        assert "@Ines Castellanos" in driver.text or "@Amara Okafor" in driver.text
        await driver.press("@")
        assert "44 system accounts" in status(driver)


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (160, 45)])
async def test_it_fits_every_terminal(running, size):
    async with running(size) as driver:
        await driver.press("5")
        assert max(len(line) for line in driver.text.splitlines()) <= size[0]
        assert header(driver)[0] == "ACCOUNT"


async def test_a_change_shows_in_it_at_once(running, fake: FakeKonnect):
    async with running() as driver:
        await driver.press("5", "slash")
        await driver.paste("cert-rotator")
        await driver.press("enter")
        assert cell(driver, "cert-rotator", "CPL") == "W2"
        for key in ("enter", "x", "Y", "escape", "escape"):
            await driver.press(key)
        assert cell(driver, "cert-rotator", "CPL") != "."
        assert [each.method for each in fake.received if each.method != "GET"] == ["DELETE"]
