"""In a read-only profile changes are planned: forms and reviews open, and nothing is sent."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sa_tui.cli.schemas.planning import schema_of_plan_file
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.konnect.models import SystemAccount
from sa_tui.org.changes.accounts import describe_account, rename_account
from sa_tui.ui.kit.dialog import Dialog

if TYPE_CHECKING:
    from pathlib import Path

NAME = "ci-eu-deployer"


async def _find(driver: Any, name: str) -> None:
    await driver.hit("slash")
    await driver.paste(name)
    await driver.press("enter")


@pytest.mark.parametrize(
    "keys",
    [
        *(("n",), ("E",), ("c",), ("D",), ("X",), ("m",)),
        *(("enter", "x"), ("enter", "N"), ("enter", "a")),
        *(("3", "n"), ("3", "E"), ("3", "D"), ("3", "m"), ("3", "p")),
    ],
    ids=" ".join,
)
async def test_a_read_only_profile_opens_what_changes_and_sends_nothing(
    keys: tuple[str, ...], running, fake: FakeKonnect, profile
) -> None:
    async with running(first=replace(profile, read_only=True)) as driver:
        if keys[0] == "3":
            await driver.press("3")
            await _find(driver, "Release Bots")
        else:
            await _find(driver, NAME)
        await driver.press(*(key for key in keys if key != "3"))
        assert isinstance(driver.app.screen, Dialog)

        await driver.press("Y", "enter", "Y", "enter")
    assert {each.method for each in fake.received} == {"GET"}


@pytest.mark.parametrize("keys", [("i",), ("enter", "o")], ids=["issue", "rotate"])
async def test_a_token_is_not_even_planned(
    keys: tuple[str, ...], running, fake: FakeKonnect, profile
) -> None:
    async with running(first=replace(profile, read_only=True)) as driver:
        await _find(driver, NAME)
        await driver.press(*keys)

        assert "This profile is read-only: nothing can be changed here." in driver.words
        assert not isinstance(driver.app.screen, Dialog)


def _plan(tmp_path: Path) -> tuple[Path, Any]:
    (path,) = (tmp_path / "journal" / "plans").iterdir()
    return path, json.loads(path.read_text())


async def test_a_plan_is_written_for_its_owner_alone_with_all_that_is_needed(
    running, fake: FakeKonnect, profile, tmp_path: Path
) -> None:
    account = SystemAccount.from_wire(fake.account_named(NAME))
    changes = [describe_account(account, description="a\nb"), rename_account(account, name="x")]
    async with running(first=replace(profile, read_only=True)) as driver:
        driver.app.review("", changes)
        await driver.settle()
        assert "A plan for Meridian Freight" in driver.text
        assert "Nothing is sent." in driver.text
        await driver.press("end", "space", "e")
        assert "The plan of 1 change is in" in driver.words

    path, plan = _plan(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (plan["schema"], plan["version"]) == ("sa-tui-plan", 1)
    Draft202012Validator(schema_of_plan_file()).validate(plan)
    assert plan["written_at"] == "2026-11-23T12:00:00+00:00"
    assert plan["organization"]["id"] == fake.organisation.record["id"]
    (change,) = plan["changes"]
    assert change["verb"] == "describe-account"
    assert change["ids"] == {"account_id": account.id}
    assert change["subject"] == NAME
    assert change["fields"] == [
        {"name": "description", "before": account.description, "after": "a\nb"}
    ]
    assert change["request"]["body"] == {"description": "a\nb"}


async def test_a_plan_with_what_looks_like_a_token_is_not_written(
    running, fake: FakeKonnect, profile, tmp_path: Path
) -> None:
    account = SystemAccount.from_wire(fake.account_named(NAME))
    change = describe_account(account, description=fake.operator_token)
    async with running(first=replace(profile, read_only=True)) as driver:
        driver.app.review("", [change])
        await driver.settle()
        await driver.press("e")

        assert "a value of these changes looks like a token" in driver.words
    assert not (tmp_path / "journal" / "plans").exists()


async def test_what_was_not_sent_is_saved_where_changes_are_allowed_too(
    running, fake: FakeKonnect, tmp_path: Path
) -> None:
    account = SystemAccount.from_wire(fake.account_named(NAME))
    async with running() as driver:
        driver.app.review("", [rename_account(account, name="ci-prod-deployer")] * 1)
        await driver.settle()
        await driver.press("e")
        assert "The plan of 1 change is in" in driver.words
        await driver.press("space", "e")
        assert "Every change is switched off: nothing was written." in driver.words

    assert _plan(tmp_path)[1]["changes"][0]["fields"][0]["after"] == "ci-prod-deployer"
