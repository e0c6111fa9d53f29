"""Several changes that are being sent can be stopped, and what was never sent is offered again."""

from __future__ import annotations

import asyncio
import json
import stat
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.konnect.models import SystemAccount, Team
from sa_tui.org.changes.teams import Member, leave_team
from sa_tui.ui.accounts.list import AccountsScreen
from sa_tui.ui.kit.review import ReviewDialog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from sa_tui.demo.konnect import FakeKonnect
    from sa_tui.org.changes.change import Change

pytestmark = pytest.mark.whole

TITLE = "Changes of an earlier run were not sent"
TEAM = "Release Bots"
NAMES = ("ci-eu-deployer", "ci-prod-deployer", "api-publisher-ci")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "batches.jsonl"


@pytest.fixture
def changes(fake: FakeKonnect) -> list[Change]:
    """Three members of one team leave it."""
    team = Team.from_wire(fake.team_named(TEAM))
    rows = [SystemAccount.from_wire(fake.account_named(name)) for name in NAMES]
    for row in rows:
        fake.organisation.account_teams.join(team.id, row.id)
    return [leave_team(Member(kind="account", id=row.id, name=row.name), team) for row in rows]


@pytest.fixture
def under_way(running: Callable[..., Any], changes: list[Change], line: Any):
    """A run in which one of the changes, the second, has been sent and has no answer yet."""

    @asynccontextmanager
    async def run(number: int = 2) -> AsyncIterator[Any]:
        has_come, may_go, seen = asyncio.Event(), asyncio.Event(), []

        async def hold(request: Any) -> None:
            if request.method == "DELETE":
                seen.append(request)
                if len(seen) == number:
                    has_come.set()
                    await may_go.wait()

        line.before = hold
        async with running(size=(120, 30)) as driver:
            driver.app.review("Leave", changes)
            await driver.settle()
            await driver.hit("Y")
            await has_come.wait()
            await driver.turn()
            assert f"{number - 1} of 3 answered" in driver.text
            driver.go_on = may_go.set
            yield driver

    return run


def deleted(fake: FakeKonnect) -> list[str]:
    return [each.path.rpartition("/")[2] for each in fake.received if each.method == "DELETE"]


@pytest.mark.parametrize(("number", "can_stop"), [(1, True), (2, True), (3, False)])
async def test_stopping_is_offered_while_something_is_left_to_stop(under_way, number, can_stop):
    async with under_way(number) as driver:
        assert ("Esc stops" in driver.text) == can_stop
        assert "esc Stop" in driver.text
        await driver.hit("escape")
        assert ("Stopping after this one" in driver.text) == can_stop
        driver.go_on()
        await driver.settle()
        assert ("never sent" in driver.words) == can_stop


async def test_escape_stops_after_the_change_under_way(under_way, fake, changes, running):
    async with under_way() as driver:
        await driver.hit("escape")
        assert "1 of 3 answered: 1 done · 2 left" in driver.text
        driver.go_on()
        await driver.settle()
        assert "2 changes done, 1 never sent. Y sends the rest" in driver.words
        assert len(deleted(fake)) == 2
        await driver.press("enter", "Y")
        assert "3 changes done." in driver.words
        assert len(deleted(fake)) == 3
        await driver.press("escape")
    async with running() as driver:
        assert isinstance(driver.app.screen, AccountsScreen)


async def test_when_nothing_is_left_no_key_is_named_that_does_nothing(running, changes):
    async with running(size=(120, 30)) as driver:
        driver.app.review("Leave", changes)
        await driver.settle()
        assert "e Save plan" in driver.text
        await driver.press("Y")
        assert "3 changes done." in driver.words
        assert "esc Close" in driver.text
        assert "e Save plan" not in driver.text


async def test_many_that_were_not_sent_leave_the_story_and_every_answer_in_view(
    under_way, running, path
):
    async with under_way() as driver:
        await driver.hit("ctrl+q")
        driver.go_on()
        await driver.until(lambda: driver.app.return_value == 0)
    lines = path.read_text().splitlines()
    first = json.loads(lines[0])
    first["changes"] += [first["changes"][2]] * 30
    path.write_text("\n".join((json.dumps(first), *lines[1:])) + "\n")
    async with running(size=(60, 16)) as driver:
        assert TITLE in driver.text
        assert "31 changes never sent" in driver.words
        assert all(label in driver.text for label in ("Ask me later", "Look at them", "Drop them"))


async def test_what_was_not_sent_can_be_looked_at_alone(under_way, fake):
    async with under_way() as driver:
        await driver.hit("escape")
        driver.go_on()
        await driver.settle()
        await driver.press("f")
        assert f"Try again: end 1 membership of {NAMES[2]}?" in driver.text
        assert NAMES[1] not in driver.text
        await driver.press("Y")
        assert len(deleted(fake)) == 3


async def test_ctrl_q_leaves_after_the_change_under_way_and_the_next_start_asks(
    under_way, running, fake, changes, path, capsys
):
    async with under_way() as driver:
        await driver.hit("ctrl+q")
        assert "Leaving after the change under way" in driver.text
        driver.go_on()
        await driver.until(lambda: driver.app.return_value == 0)
    assert "1 change not sent: the next start asks." in capsys.readouterr().err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(deleted(fake)) == 2

    async with running(size=(120, 30)) as driver:
        assert TITLE in driver.text
        assert f"· {changes[2].title}" in driver.text
        assert "Under way" not in driver.text
        await driver.tab_to("look")
        await driver.press("enter")
        assert isinstance(driver.app.screen, ReviewDialog)
        assert len(deleted(fake)) == 2
        await driver.press("Y")
        assert "1 change done" in driver.text
        await driver.press("escape")
    assert deleted(fake)[-1] == changes[2].request.path.rpartition("/")[2]
    async with running() as driver:
        assert isinstance(driver.app.screen, AccountsScreen)


async def test_what_a_sudden_end_left_is_told_with_the_change_that_was_under_way(
    under_way, running, fake, changes
):
    async with under_way() as driver:
        driver.app.exit(143)  # as a signal does it

    async with running(size=(120, 30)) as driver:
        assert TITLE in driver.text
        assert "1 change never sent." in driver.words
        assert f"Under way, and perhaps done: {changes[1].title}." in driver.words
        assert f"· {changes[2].title}" in driver.text
        assert f"· {changes[1].title}" not in driver.text
        await driver.press("escape")  # the question can wait
    async with running(size=(120, 30)) as driver:
        await driver.tab_to("drop")
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)
    async with running() as driver:
        assert isinstance(driver.app.screen, AccountsScreen)
    assert len(deleted(fake)) <= 2


async def test_what_is_gone_by_now_is_left_out_of_the_review(under_way, running, fake, changes):
    async with under_way() as driver:
        driver.app.exit(143)
    fake.organisation.remove_account(changes[2].request.path.rpartition("/")[2])

    async with running(size=(120, 30)) as driver:
        await driver.tab_to("look")
        await driver.press("enter")
        assert "None of it can be sent any more." in driver.words
        assert f"Left out: {changes[2].title}." in driver.words
    async with running() as driver:
        assert isinstance(driver.app.screen, AccountsScreen)


async def test_a_read_only_profile_tells_and_does_not_ask(under_way, running, profile):
    async with under_way() as driver:
        driver.app.exit(143)

    async with running(first=replace(profile, read_only=True)) as driver:
        assert isinstance(driver.app.screen, AccountsScreen)
        assert "changes of an earlier run not sent: open it without read-only." in driver.words


async def test_a_damaged_record_of_changes_is_told_and_ends_nothing(under_way, running, path):
    async with under_way() as driver:
        driver.app.exit(143)
    path.write_bytes(b"[" * 100_000 + b"\n" + path.read_bytes())

    async with running() as driver:
        assert TITLE in driver.text


async def test_what_is_made_anew_stands_behind_the_same_guard(under_way, running, fake):
    async with under_way() as driver:
        driver.app.exit(143)
    fake.account_named(NAMES[2])["konnect_managed"] = True

    async with running(size=(120, 30)) as driver:
        await driver.tab_to("look")
        await driver.press("enter")
        assert f"Konnect manages {NAMES[2]} for a mesh zone" in driver.words
        sent = len(deleted(fake))
        await driver.press("Y", "enter")
        assert len(deleted(fake)) == sent
