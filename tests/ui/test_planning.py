"""A wished state or a saved plan is opened in the review by `:plan FILE`, and sent from there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.ui.kit.review import ReviewDialog

if TYPE_CHECKING:
    from pathlib import Path

ROLE = "{role_name: Viewer, entity_name: prod-eu, entity_type_name: cp, entity_region: eu}"
WISH = f"""
organization:
  system-accounts:
    - {{name: new, description: made, roles: [{ROLE}], teams: [Release Bots]}}
"""


@pytest.fixture
def wish(tmp_path: Path) -> str:
    path = tmp_path / "wish.yaml"
    path.write_text(WISH)
    return str(path)


async def _plan(driver: Any, path: str) -> None:
    await driver.press("colon")
    await driver.paste(f"plan {path}")
    await driver.press("enter")
    await driver.settle()


def _writes(fake: FakeKonnect) -> list[str]:
    return [call.method for call in fake.received if call.method != "GET"]


async def test_a_wish_is_reviewed_and_sent_from_the_review(
    wish: str, running, fake: FakeKonnect
) -> None:
    async with running() as driver:
        await _plan(driver, wish)
        assert isinstance(driver.app.screen, ReviewDialog)
        assert "3 changes for wish.yaml?" in driver.text
        assert "Create system account" in driver.text
        assert _writes(fake) == []

        await driver.press("Y")
        await driver.settle()

    account = fake.account_named("new")
    assert account["description"] == "made"
    assert len(fake.roles_of(account["id"])) == 1
    assert fake.organisation.account_teams.teams(account["id"])


async def test_what_is_so_already_opens_no_review(wish: str, running, fake: FakeKonnect) -> None:
    async with running() as driver:
        await _plan(driver, wish)
        await driver.press("Y")
        await driver.settle()
        await driver.press("escape")

        await _plan(driver, wish)

        assert not isinstance(driver.app.screen, ReviewDialog)
        assert "wishes for is so." in driver.words


async def test_a_plan_that_was_saved_on_the_screen_is_sent_by_another(
    wish: str, running, fake: FakeKonnect, profile, tmp_path: Path
) -> None:
    async with running(first=replace(profile, read_only=True)) as driver:
        await _plan(driver, wish)
        await driver.press("e")
        await driver.settle()
    (path,) = (tmp_path / "journal" / "plans").iterdir()
    assert _writes(fake) == []

    async with running() as driver:
        await _plan(driver, str(path))
        assert isinstance(driver.app.screen, ReviewDialog)
        await driver.press("Y")
        await driver.settle()

    assert len(fake.roles_of(fake.account_named("new")["id"])) == 1


async def test_a_plan_from_which_the_organisation_has_moved_opens_no_review(
    wish: str, running, fake: FakeKonnect, profile, tmp_path: Path
) -> None:
    async with running(first=replace(profile, read_only=True)) as driver:
        await _plan(driver, wish)
        await driver.press("e")
        await driver.settle()
    (path,) = (tmp_path / "journal" / "plans").iterdir()
    fake.add_account("new")

    async with running() as driver:
        await _plan(driver, str(path))

        assert "There is an account new by now" in driver.words
        assert not isinstance(driver.app.screen, ReviewDialog)


async def test_a_plan_of_another_organisation_opens_no_review(
    running, fake: FakeKonnect, tmp_path: Path
) -> None:
    record = {"schema": "sa-tui-plan", "version": 1, "changes": []}
    record["organization"] = {"id": "00000000-0000-0000-0000-000000000000", "name": "Other"}
    (tmp_path / "plan.json").write_text(json.dumps(record))

    async with running() as driver:
        await _plan(driver, str(tmp_path / "plan.json"))

        assert "The plan is for Other (00000000-" in driver.words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("organization: {teams: [{nmae: x}]}", "nmae is unknown in a team."),
        (WISH.replace("prod-eu", "prod-ue"), "there is no prod-ue among the Control Planes in eu."),
        ('{"schema": "sa-tui-plan"}', "another version of sa-tui wrote it: plan again."),
        (
            WISH.replace("name: new", "name: mesh-zone-eu-1"),
            "Konnect manages mesh-zone-eu-1 for a mesh zone",
        ),
    ],
)
async def test_what_cannot_be_planned_is_said(
    text: str, words: str, running, fake: FakeKonnect, tmp_path: Path
) -> None:
    (tmp_path / "x.yaml").write_text(text)

    async with running() as driver:
        await _plan(driver, str(tmp_path / "x.yaml"))

        assert words in driver.words
        assert not isinstance(driver.app.screen, ReviewDialog)


@pytest.mark.parametrize("name", ["missing.yaml", "/", "/dev/null"])
async def test_a_file_that_cannot_be_read_is_said(name: str, running) -> None:
    async with running() as driver:
        await _plan(driver, name)

        assert "cannot be read" in driver.words


async def test_a_list_that_cannot_be_read_opens_no_review(
    wish: str, running, fake: FakeKonnect
) -> None:
    async with running() as driver:
        fake.inject(Fault("403", method="GET", path="/v3/teams", times=None))
        await _plan(driver, wish)

        assert "Whether there is a team Release Bots is not known" in driver.words
        assert not isinstance(driver.app.screen, ReviewDialog)
