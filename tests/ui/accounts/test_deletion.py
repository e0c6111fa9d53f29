"""Deleting an account: what goes with it comes first, and its name has to be typed."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.ui.accounts.list import AccountsScreen
from sa_tui.ui.kit.review import ReviewDialog

NAME = "ci-eu-deployer"
PARTS = ("access-tokens", "assigned-roles", "teams")


def writes(fake: FakeKonnect) -> list[tuple[str, str]]:
    return [(each.method, each.path) for each in fake.received if each.method != "GET"]


async def ask(driver: Any, name: str = NAME) -> None:
    """Asks for the end of this account, in the list."""
    await driver.hit("slash")
    await driver.paste(name)
    await driver.press("enter", "D")


async def confirm(driver: Any, text: str = NAME) -> None:
    await driver.paste(text)
    await driver.press("enter")


async def test_it_first_shows_what_goes_with_the_account(running, fake):
    account_id = fake.account_named("ci-prod-deployer")["id"]
    async with running() as driver:
        await ask(driver, "ci-prod-deployer")

        assert f"id {account_id[:8]}… · cannot be restored" in driver.text
        assert "Access tokens: 2, 2 live" in driver.text
        assert "last used 4 h ago, expires in 7 d · gha-prod-2" in driver.text
        assert "Direct roles (1): " in driver.text
        assert "Teams (1): Release Bots" in driver.text


async def test_what_is_shown_was_read_when_it_was_asked_for(running, fake):
    async with running() as driver:
        fake.add_token(fake.account_named(NAME)["id"], "brand-new")
        await ask(driver)
        assert "Access tokens: 2, 2 live" in driver.text
        assert "last used never" in driver.text


async def test_the_last_used_of_many_tokens_are_named_first(running, fake):
    account_id = fake.account_named(NAME)["id"]
    for number in range(6):
        fake.add_token(account_id, f"t{number}", last_used_at=f"2026-11-2{number % 3}T01:00:00Z")
    async with running() as driver:
        await ask(driver)
        assert "· gitlab-eu" in driver.text
        assert "Access tokens: 7, 7 live" in driver.text
        assert "Teams (1): Release Bots" in driver.text


async def test_entities_are_shown_by_name_as_soon_as_their_lists_are_read(running, fake, line):
    is_read = asyncio.Event()

    async def hold(request: httpx.Request) -> None:
        if request.url.path == "/v2/control-planes":
            await is_read.wait()

    line.before = hold
    role = fake.roles_of(fake.account_named(NAME)["id"])[0]
    async with running() as driver:
        await driver.hit("slash")
        await driver.paste(NAME)
        await driver.hit("enter", "D")
        assert f"Deployer on Control Planes {role['entity_id'][:8]}" in driver.words
        await driver.hit(*NAME)  # the names are not waited for

        is_read.set()
        await driver.settle()
        assert "Direct roles (2): Deployer on Control Planes prod-eu, staging-eu" in driver.text
        assert f"> {NAME}" in driver.words


async def test_an_entity_that_is_hidden_and_one_that_is_gone_are_told_apart(running, fake):
    account_id = fake.add_account("old-hand")
    for number, type_name in enumerate(("Control Planes", "Reports")):
        entity_id = f"{number + 1}1111111-2222-4333-8444-555555555555"
        where = {"entity_type_name": type_name, "entity_id": entity_id, "entity_region": "us"}
        fake.add_role(account_id, "Viewer", **where)
    async with running((160, 45)) as driver:
        await ask(driver, "old-hand")
        assert "Viewer on Control Planes 11111111… (does not exist)" in driver.words
        assert "Viewer on Reports 21111111… (not visible)" in driver.words


@pytest.mark.whole
@pytest.mark.parametrize("part", PARTS)
async def test_what_could_not_be_read_is_said_to_be_unknown_and_not_none(running, line, part):
    def refuse(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        is_part = request.url.path.endswith(part)
        return httpx.Response(403, json={"status": 403}) if is_part else response

    line.rewrite = refuse
    async with running() as driver:
        await ask(driver)
        assert driver.text.count("NOT KNOWN: Konnect does not allow this") == 1
        assert "none" not in driver.text


@pytest.mark.whole
async def test_only_the_typed_name_deletes_and_the_list_follows(running, fake):
    path = f"/v3/system-accounts/{fake.account_named(NAME)['id']}"
    async with running() as driver:
        await ask(driver)
        await driver.press("enter")
        await confirm(driver, "ci-eu")
        assert "That is not ci-eu-deployer. Nothing was sent." in driver.text
        assert writes(fake) == []

        await driver.press("end", "ctrl+u")
        await confirm(driver)
        assert "1 change done" in driver.text
        assert writes(fake) == [("DELETE", path)]

        await driver.press("escape")
        assert "No account matches the filter." in driver.text
        await driver.press("escape")
        assert "43 system accounts" in driver.text


async def test_it_cannot_be_taken_back_and_does_not_offer_it(running):
    async with running() as driver:
        await ask(driver)
        await confirm(driver)
        assert "Undo" not in driver.text


@pytest.mark.parametrize(
    ("fault", "said", "is_gone"),
    [
        ("500", "0 changes done, 1 unknown", False),
        ("cut-before", "0 changes done, 1 unknown", False),
        ("cut-after", "although no answer said so", True),
    ],
)
async def test_what_goes_wrong_is_told_as_it_is(running, fake, fault, said, is_gone):
    async with running() as driver:
        await ask(driver)
        fake.inject(Fault(fault, method="DELETE"))
        await confirm(driver)

        assert said in driver.words
        assert (NAME not in fake.organisation.account_ids) == is_gone
        assert len(writes(fake)) == 1


async def test_it_waits_as_long_as_konnect_asks(running, fake):
    async with running() as driver:
        await ask(driver)
        fake.inject(Fault("429", method="DELETE"))
        await driver.paste(NAME)
        await driver.hit("enter")
        await driver.settle()
        assert "1 change done" in driver.text
        assert len(writes(fake)) == 2


async def test_an_account_that_somebody_deleted_meanwhile_is_gone_already(running, fake):
    async with running() as driver:
        await ask(driver)
        fake.organisation.remove_account(fake.account_named(NAME)["id"])
        await confirm(driver)
        assert "It was gone already." in driver.words


async def test_what_konnect_forbids_is_told(running, fake):
    async with running() as driver:
        await ask(driver)
        fake.account_named(NAME)["konnect_managed"] = True
        await confirm(driver)
        assert "403" in driver.words
        assert NAME in fake.organisation.account_ids


@pytest.mark.whole
async def test_the_mark_of_a_deleted_account_goes_with_it(running):
    async with running() as driver:
        await driver.press("down", "down", "space", "up", "D")
        name = next(line for line in driver.text.splitlines() if "Delete system account" in line)
        await confirm(driver, name.split("account ")[1].removesuffix("?").strip())
        assert "1 change done" in driver.text
        await driver.press("escape")
        assert "43 system accounts" in driver.text
        assert "marked" not in driver.text


@pytest.mark.whole
async def test_deleting_it_from_its_own_page_leads_back_to_the_list(running):
    async with running() as driver:
        await driver.hit("slash")
        await driver.paste(NAME)
        await driver.press("enter", "enter", "D")
        await confirm(driver)
        await driver.press("escape")
        assert isinstance(driver.app.screen, AccountsScreen)
        assert "0 of 43 system accounts" in driver.text


async def test_the_page_of_one_that_somebody_else_deleted_says_so(running, fake):
    async with running() as driver:
        await driver.hit("slash")
        await driver.paste(NAME)
        await driver.press("enter", "enter")
        fake.organisation.remove_account(fake.account_named(NAME)["id"])
        driver.app.load()
        await driver.settle()
        assert "Konnect does not list this account. Esc goes back." in driver.text
        await driver.press("D")
        assert not isinstance(driver.app.screen, ReviewDialog)
