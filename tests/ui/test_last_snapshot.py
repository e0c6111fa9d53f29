"""The last snapshot is there at once at the next start, with its age, and only for who read it."""

from __future__ import annotations

import asyncio
import io
import json
import re
import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.cli.connections import real_konnect
from sa_tui.cli.environment import Environment
from sa_tui.org.saved.last import LastSnapshots
from sa_tui.ui.kit.dialog import Dialog

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.demo.konnect import FakeKonnect

NAME = "ci-eu-deployer"


@pytest.fixture
def environ(fake: FakeKonnect) -> dict[str, str]:
    return {"KONNECT_TOKEN": fake.operator_token}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The directory of the last snapshots."""
    return tmp_path / "journal" / "snapshots"


@pytest.fixture
def start(
    running: Any, environ: dict[str, str], line: Any, clock: Any, sleep: Any, tmp_path: Path
) -> Any:
    """Starts the application as the command does, with the last snapshots of this machine."""
    env = Environment(
        environ=environ,
        home=tmp_path,
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        now=clock,
        sleep=sleep,
        monotonic=lambda: clock().timestamp(),
        transport=line,
    )
    konnect = replace(
        real_konnect(env, is_read_only=False), last=LastSnapshots(tmp_path / "journal")
    )
    return lambda **options: running(connect=konnect.connect, **options)


def hold(line: Any) -> asyncio.Event:
    """Lets no request through until the event is set."""
    let_go = asyncio.Event()

    async def wait(_: Any) -> None:
        await let_go.wait()

    line.before = wait
    return let_go


async def leave(driver: Any) -> None:
    await driver.app.run_action("quit")
    await driver.until(lambda: not driver.app.is_running or driver.app.return_code is not None)


async def run_once(start: Any, *keys: str, **options: Any) -> None:
    """One run that reads the organisation and is left."""
    async with start(**options) as driver:
        await driver.press(*keys)
        await driver.app._close()


def files(kept: Path) -> list[Path]:
    return sorted(kept.glob("*.json")) if kept.exists() else []


def modes(kept: Path) -> set[int]:
    """The modes of the directory and of all that is in it."""
    return {stat.S_IMODE(each.stat().st_mode) for each in (kept, *kept.iterdir())}


async def test_the_list_is_there_before_konnect_answers_and_says_its_age(
    start: Any, line: Any, clock: Any
) -> None:
    await run_once(start)
    clock.advance(hours=3)
    let_go = hold(line)

    async with start(settled=False) as driver:
        await driver.until(lambda: NAME in driver.text)
        assert "AS OF 3 h ago · reading again" in driver.words
        assert "Meridian Freight" in driver.text.splitlines()[0]
        await driver.hit("down", "down")
        row = driver.app.screen.table.cursor_key

        for key in ("D", "n"):
            await driver.hit(key)
            assert "is of an earlier run" in driver.words
            assert not isinstance(driver.app.screen, Dialog)

        let_go.set()
        await driver.settle()
        assert "AS OF" not in driver.text
        assert driver.app.screen.table.cursor_key == row
        await driver.press("D")
        assert isinstance(driver.app.screen, Dialog)


async def test_figures_of_an_earlier_run_are_marked_until_they_are_read(
    start: Any, line: Any
) -> None:
    await run_once(start)
    let_go = hold(line)

    async with start(settled=False) as driver:
        await driver.until(lambda: NAME in driver.text)
        (before,) = (each for each in driver.text.splitlines() if NAME in each)
        let_go.set()
        await driver.settle()
        (after,) = (each for each in driver.text.splitlines() if NAME in each)

    assert len(re.findall(r"\d\?", before)) == 3  # live tokens, roles, teams
    assert "?" not in after


async def test_what_is_kept_is_private_and_no_more_than_the_lists_show(
    start: Any, kept: Path, fake: FakeKonnect
) -> None:
    await run_once(start, "3", "enter", "escape", "4", "escape", "escape")

    (file,) = files(kept)
    record = json.loads(file.read_text())
    assert modes(kept) == {0o600, 0o700}
    assert record["system_accounts"]["rows"]
    assert not {"users", "me", "catalogue", "authentication"} & record.keys()
    assert (record["user_details"], record["entities"]) == ([], [])
    assert "@" not in "".join(
        json.dumps(record[name]) for name in ("team_details", "organization", "teams")
    )
    assert fake.operator_token not in file.read_text()


@pytest.mark.parametrize("other", ["token", "profile", "address"])
async def test_nothing_of_another_identity_or_organisation_is_shown(
    other: str, start: Any, line: Any, environ: dict[str, str], profile: Any, fake: FakeKonnect
) -> None:
    await run_once(start)
    if other == "token":
        environ["KONNECT_TOKEN"] = "kpat_" + "x" * 40
    changed = {
        "token": profile,
        "profile": replace(profile, name="other"),
        "address": replace(profile, base_url="https://elsewhere.example"),
    }[other]
    hold(line)

    async with start(settled=False, first=changed) as driver:
        await driver.until(lambda: "Reading" in driver.text)
        assert NAME not in driver.text
        assert "Meridian" not in driver.text


async def test_an_organisation_that_is_another_one_now_takes_the_old_list_away(
    start: Any, kept: Path, line: Any, fake: FakeKonnect
) -> None:
    await run_once(start)
    (file,) = files(kept)
    record = json.loads(file.read_text())
    record["organization"]["value"]["id"] = "another"
    record["system_accounts"]["rows"][0]["name"] = "of-another"
    file.write_text(json.dumps(record))
    let_go = asyncio.Event()

    async def wait(request: Any) -> None:
        if "system-accounts" in request.url.path:
            await let_go.wait()

    line.before = wait
    async with start(settled=False) as driver:
        await driver.until(lambda: "Meridian Freight" in driver.text)
        await driver.until(lambda: "of-another" not in driver.text)
        let_go.set()
        await driver.settle()
        assert NAME in driver.text


async def test_a_damaged_file_is_as_none(start: Any, kept: Path) -> None:
    await run_once(start)
    (file,) = files(kept)
    file.write_bytes(file.read_bytes()[:500])

    async with start() as driver:
        assert NAME in driver.text
        assert "AS OF" not in driver.text


async def test_a_profile_can_say_that_nothing_is_kept(start: Any, kept: Path, profile: Any) -> None:
    await run_once(start)
    assert files(kept)

    await run_once(start, first=replace(profile, keep_snapshot=False))

    assert files(kept) == []


async def test_a_list_that_was_not_read_takes_no_place_of_one_that_was(
    start: Any, kept: Path, line: Any
) -> None:
    await run_once(start)
    (content,) = (file.read_bytes() for file in files(kept))
    hold(line)

    async with start(settled=False) as driver:
        await driver.until(lambda: NAME in driver.text)
        await driver.app._close()

    assert [file.read_bytes() for file in files(kept)] == [content]


async def test_a_secret_that_was_shown_is_not_kept(start: Any, kept: Path, secret: str) -> None:
    async with start() as driver:
        await driver.issue()
        await driver.press("asterisk")
        await driver.app._close()

    assert files(kept)
    assert all(secret not in file.read_text() for file in files(kept))


async def test_a_list_with_a_token_in_a_name_is_not_kept(
    start: Any, kept: Path, fake: FakeKonnect
) -> None:
    fake.add_account("spat_" + "A1b2" * 12)

    await run_once(start)

    assert files(kept) == []
