"""The page of a token whose secret the application never had: a server, and real processes."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.profiles.model import EnvSource, Profile
from sa_tui.ui.accounts.list import AccountsScreen
from tests.served import connected, digest_of, in_own_memory, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sa_tui.org.store import Org
    from sa_tui.records.journal import Journal


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, Any]]:
    yield from serve()


@pytest.fixture
def served(running, server, actions) -> Any:
    """Starts the application on the Konnect of that server, and closes its connections."""

    @asynccontextmanager
    async def start() -> AsyncIterator[Any]:
        opened: list[Org] = []

        async def connect(profile: Profile, *, on_change: Any, **_: Any) -> Org:
            opened.append(connected(server, exchanges=[], on_change=on_change, actions=actions))
            return opened[-1]

        profile = Profile("served", source=EnvSource("X"), base_url=server["base_url"])
        async with running(connect=connect, first=profile) as driver:
            yield driver
            for org in opened:
                await org.aclose()

    return start


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
async def test_the_application_never_has_the_secret_of_a_file(
    served, tmp_path: Path, journal: Journal
):
    path = tmp_path / "t"
    async with served() as driver:
        await driver.press("i", "2")
        await driver.tab_to("place")
        await driver.fill(str(path))
        await driver.press("enter")
        assert f"DELIVERED TO {path}" in driver.words
        assert not in_own_memory(digest_of(path), path.stat().st_size)
        assert "This program never had the secret" in driver.words
        for key in ("y", "asterisk", "P", "V", "t", "B", "d", "f"):
            await driver.press(key)
            assert f"DELIVERED TO {path}" in driver.words, key
        assert "y Copy" not in driver.text
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)
        assert journal.unfinished() == ()
        assert not in_own_memory(digest_of(path), path.stat().st_size)


async def test_it_is_revoked_with_its_file_all_the_same(served, tmp_path: Path):
    path = tmp_path / "t"
    async with served() as driver:
        await driver.press("i", "2")
        await driver.tab_to("place")
        await driver.fill(str(path))
        await driver.press("enter", "X")
        assert f"Also remove {path}" in driver.words
        await driver.press("space", "Y")
        assert not path.exists()
        assert "is removed." in driver.words


async def test_a_secret_that_did_not_arrive_is_on_the_page(served, tmp_path: Path):
    program = tmp_path / "store"
    program.write_text(f"#!/bin/sh\ntest -e {tmp_path}/up && cat > {tmp_path}/got\n")
    program.chmod(0o700)
    async with served() as driver:
        await driver.press("i", "4")
        await driver.tab_to("place")
        await driver.paste(str(program))
        await driver.press("enter")
        assert "NOT DELIVERED" in driver.text
        assert "spat_…" in driver.text
        (tmp_path / "up").touch()
        await driver.press("f")
        assert "DELIVERED TO" in driver.text
        assert (tmp_path / "got").read_text().startswith("spat_")
