"""The log of actions: what was sent, what came back, and taking it back from there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sa_tui.api.models import SystemAccount
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.org.account_changes import delete_account, rename_account

NAME = "ci-eu-deployer"


def _account(fake: FakeKonnect) -> SystemAccount:
    return SystemAccount.from_wire(fake.account_named(NAME))


def _writes(fake: FakeKonnect) -> list[tuple[str, object]]:
    return [(each.method, each.body) for each in fake.received if each.method != "GET"]


async def _change(driver: Any, change: Any, *keys: str) -> None:
    driver.app.review("Change", [change])
    await driver.settle()
    for key in keys or ("y",):
        await driver.press(key)
    await driver.press("escape")


async def test_an_empty_log_says_so(running) -> None:
    async with running() as driver:
        await driver.press("L")

        assert "Nothing was changed, and no reading failed." in driver.text
        assert "Log: 0 changes" in driver.text


async def test_a_change_is_told_with_its_request_answer_and_file(
    running, fake: FakeKonnect, wiring
) -> None:
    account = _account(fake)
    async with running() as driver:
        await _change(driver, rename_account(account, name="other"))
        await driver.press("L")

        assert "Log: 1 change · " in driver.text
        assert f"Rename system account {NAME} to other" in driver.words
        assert f"PATCH /v3/system-accounts/{account.id}" in driver.words
        assert "2026-11-23 12:00 UTC, 200 after" in driver.words
        assert "Outcome done u takes it back." in driver.words

    records = [json.loads(line) for line in wiring.actions_path.read_text().splitlines()]
    assert {each["title"] for each in records} == {f"Rename system account {NAME} to other"}
    assert records[-1]["outcome"] == "done"
    assert fake.operator_token not in wiring.actions_path.read_text()


async def test_the_newest_is_on_top_and_a_refusal_is_told_in_full(
    running, fake: FakeKonnect
) -> None:
    account = _account(fake)
    async with running() as driver:
        await _change(driver, rename_account(account, name="other"))
        taken = SystemAccount.from_wire(fake.account_named("other"))
        await _change(driver, rename_account(taken, name="ci-prod-deployer"))
        await driver.press("L")

        rows = [line for line in driver.text.splitlines() if "12:00:00" in line]
        assert ["409" in row for row in rows] == [True, False]
        assert "Trace    " in driver.text
        assert "none given" not in driver.text


async def test_the_log_opens_by_its_name_and_closes(running) -> None:
    async with running() as driver:
        await driver.press("colon", *"log", "enter")
        assert "Log: " in driver.text

        await driver.press("escape")
        assert "Log: " not in driver.text


async def test_a_change_is_taken_back_from_the_log_and_only_once(
    running, fake: FakeKonnect
) -> None:
    async with running() as driver:
        await _change(driver, rename_account(_account(fake), name="other"))
        await driver.press("L")
        await driver.press("u")
        assert f"Undo: Rename system account {NAME} to other" in driver.words
        assert len(_writes(fake)) == 1

        for key in ("y", "escape"):
            await driver.press(key)
        assert _writes(fake)[1:] == [("PATCH", {"name": NAME})]
        assert "undone" in driver.text

        await driver.press("end", "u")
        assert "It was taken back already." in driver.text
        assert len(_writes(fake)) == 2


async def test_an_undo_that_somebody_overtook_is_explained_and_overwrites_nothing(
    running, fake: FakeKonnect
) -> None:
    account = _account(fake)
    async with running() as driver:
        await _change(driver, rename_account(account, name="other"))
        fake.organisation.accounts[account.id]["name"] = "theirs"
        await driver.press("L")
        for key in ("u", "y"):
            await driver.press(key)

        assert "it is 'theirs' now. Nothing was sent." in driver.words
        assert len(_writes(fake)) == 1


async def test_what_cannot_be_taken_back_is_greyed_out(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        await _change(driver, delete_account(_account(fake)), *NAME, "enter")
        await driver.press("L")
        await driver.press("u")

        assert "It cannot be taken back exactly" in driver.text
        assert _writes(fake) == [("DELETE", None)]


async def test_the_trace_id_is_copied(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        await _change(driver, rename_account(_account(fake), name="ci-prod-deployer"))
        trace = driver.app.wiring.actions.actions[0].trace
        await driver.press("L")
        await driver.press("y")

        assert f"{trace}: " in driver.words


async def test_a_failed_reading_is_told_and_the_others_are_counted(
    running, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500", path="/v3/organizations/me", times=None))
    async with running() as driver:
        await driver.press("L")

        assert "GET /v3/organizations/me" in driver.text
        assert "500" in driver.text
        assert "0 changes" in driver.text


async def test_a_change_that_was_refused_here_is_told_as_not_sent(
    running, fake: FakeKonnect, wiring
) -> None:
    async def connect(profile: Any, **options: Any) -> Any:
        return await wiring.connect(replace(profile, read_only=True), **options)

    async with running(connect=connect) as driver:
        await _change(driver, rename_account(_account(fake), name="other"))
        await driver.press("L")

        assert "nothing was sent" in driver.words
        assert _writes(fake) == []


async def test_nothing_of_another_profile_is_taken_back(
    running, fake: FakeKonnect, profile
) -> None:
    async with running() as driver:
        await _change(driver, rename_account(_account(fake), name="other"))
        driver.app.open_profile(replace(profile, name="second"))
        await driver.settle()
        await driver.press("L")
        await driver.press("u")

        assert "It cannot be taken back exactly" in driver.text
        assert len(_writes(fake)) == 1


async def test_a_record_that_cannot_be_written_is_said(running, fake: FakeKonnect, wiring) -> None:
    wiring.actions_path.mkdir()
    async with running() as driver:
        await _change(driver, rename_account(_account(fake), name="other"))
        await driver.press("L")

        assert "cannot be kept" in driver.words


async def test_a_token_that_is_issued_is_told_without_its_secret(
    running, fake: FakeKonnect, secret: str, wiring
) -> None:
    async with running() as driver:
        await driver.issue()
        await driver.press("enter", "enter")
        await driver.settle()
        await driver.press("escape")
        (action,) = driver.app.wiring.actions.actions

    assert action.title.startswith("Issue token ")
    assert action.title.endswith(f" for {NAME}")
    assert secret not in wiring.actions_path.read_text()


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (160, 45)])
async def test_a_hostile_name_is_just_text_on_every_size(
    size: tuple[int, int], running, fake: FakeKonnect
) -> None:
    async with running(size) as driver:
        await _change(driver, rename_account(_account(fake), name="[red]x[/]"))
        await driver.press("L")

        assert "[red]x[/]" in driver.text
        assert "Outcome" in driver.text
