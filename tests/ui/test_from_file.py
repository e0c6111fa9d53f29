"""The application on a snapshot file: every page reads, changes are planned, nothing is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from sa_tui.answers.head import FileOrigin
from sa_tui.cli.reading.opened import connect_file, profile_of
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.reading.everything import read_organisation
from sa_tui.org.reading.naming import read_every_entity
from sa_tui.org.saved.model import Saved
from sa_tui.org.saved.reading import read_content
from sa_tui.org.saved.writing import content_of
from sa_tui.org.store import Org
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.exporting import HeadMaker

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect

PAGES = {
    "1": "ci-eu-deployer",
    "2": "gha-prod",
    "3": "Platform Engineering",
    "4": "Who",
    "5": "ci-eu-deployer",
    "6": "prod-eu",
    "C": "2 end within 14 days",
    "H": "hand-over",
}


async def snapshot_of(fake: FakeKonnect, clock: Any, *, people: bool) -> Saved:
    """What is read of the demo, after it went through a file."""
    settings = Settings(base_url="https://global.api.konghq.com", transport=fake.transport())
    client = KonnectClient(SecretStr(fake.operator_token), settings)
    async with Org(client, now=clock) as org:
        await read_organisation(org, with_people=people)
        await org.read_team_details(
            [team.id for team in org.snapshot.teams.rows], with_people=people
        )
        await read_every_entity(org)
        saved = Saved(
            snapshot=org.snapshot,
            taken_at=clock(),
            profile="prod",
            base_url="https://global.api.konghq.com",
            program_version="1",
            is_complete=True,
        )
    fake.received.clear()
    return read_content(content_of(saved))


@pytest.fixture
def opened(running: Any, fake: FakeKonnect, clock: Any) -> Any:
    """Starts the application on a file, three days after it was taken."""

    async def start(*, people: bool = True, **options: Any) -> Any:
        saved = await snapshot_of(fake, clock, people=people)
        clock.advance(days=3)
        return running(
            connect=connect_file(saved),
            first=profile_of(saved, "/tmp/org.json"),
            saved_profiles=tuple,
            source=FileOrigin(
                file="/tmp/org.json", taken_at=saved.taken_at, age_seconds=3 * 86_400
            ),
            **options,
        )

    return start


@pytest.mark.parametrize("key", PAGES)
async def test_every_page_shows_what_the_file_has_and_asks_nobody(
    key: str, opened: Any, fake: FakeKonnect
) -> None:
    async with await opened(size=(120, 40)) as driver:
        await driver.press(key)

        top = driver.text.splitlines()[0]
        assert "prod FROM FILE 3 d ago" in top
        assert "Meridian Freight" in top
        assert PAGES[key] in driver.text
        await driver.press("r")
        assert PAGES[key] in driver.text
        assert "NOT UP TO DATE" not in driver.text
    assert fake.received == []


async def test_what_was_not_read_says_that_it_is_not_in_the_file(
    opened: Any, fake: FakeKonnect
) -> None:
    async with await opened(people=False, size=(120, 40)) as driver:
        await driver.press("3", "enter")

        assert "Not in the file" in driver.words
    assert fake.received == []


async def test_times_are_those_of_the_snapshot(opened: Any, fake: FakeKonnect) -> None:
    async with await opened(size=(120, 40)) as driver:
        assert driver.app.now() == driver.app.dependencies.source.taken_at
        assert "read 3 d ago" not in driver.text


@pytest.mark.parametrize("keys", [("n",), ("E",), ("D",), ("a",), ("3", "n")], ids=" ".join)
async def test_changes_are_planned_and_not_sent(
    keys: tuple[str, ...], opened: Any, fake: FakeKonnect
) -> None:
    async with await opened() as driver:
        await driver.press(*keys)
        assert isinstance(driver.app.screen, Dialog)

        await driver.press("Y", "enter", "Y", "enter")
    assert fake.received == []


async def test_a_token_is_not_issued(opened: Any, fake: FakeKonnect) -> None:
    async with await opened() as driver:
        await driver.press("i")

        assert "This profile is read-only" in driver.words
    assert fake.received == []


async def test_an_export_says_its_file(opened: Any) -> None:
    async with await opened() as driver:
        export = driver.app.screen.export()

        assert export is not None
        head = HeadMaker.of(driver.app)("accounts", [])
    assert head.record()["source"]["file"] == "/tmp/org.json"
