"""Renaming and revoking access tokens, one, several, or all of an account."""

from __future__ import annotations

from typing import Any

import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.ui.kit.table.table import LineTable
from sa_tui.ui.tokens.rename_form import RenameForm

NAME = "ci-prod-deployer"
LINGERS = "Revoked tokens may keep working for some minutes; this cannot be undone."


def writes(fake: FakeKonnect) -> list[tuple[str, str, Any]]:
    return [(each.method, each.path, each.body) for each in fake.received if each.method != "GET"]


def token_names(fake: FakeKonnect, name: str = NAME) -> list[str]:
    return [token["name"] for token in fake.tokens_of(fake.account_named(name)["id"])]


def path_of(fake: FakeKonnect, token_name: str, name: str = NAME) -> str:
    account_id = fake.account_named(name)["id"]
    token_id = next(each["id"] for each in fake.tokens_of(account_id) if each["name"] == token_name)
    return f"/v3/system-accounts/{account_id}/access-tokens/{token_id}"


async def choose(driver: Any, name: str = NAME) -> None:
    """Puts the cursor on the account that is called exactly so."""
    account_id = next(row.id for row in driver.app.snapshot.accounts.value.rows if row.name == name)
    driver.app.screen.query_one("#accounts", LineTable).move_to(account_id)
    await driver.settle()


async def open_account(driver: Any, name: str = NAME) -> None:
    await choose(driver, name)
    await driver.press("enter")


# Renaming


async def test_a_token_is_renamed_after_a_review_and_can_be_taken_back(running, fake):
    path = path_of(fake, "gha-prod-2")
    async with running() as driver:
        await open_account(driver)
        await driver.press("N")
        assert "Rename token gha-prod-2 of ci-prod-deployer" in driver.text
        await driver.fill("gha-old")
        await driver.press("enter")
        assert writes(fake) == []

        await driver.press("Y")
        await driver.press("u")
        await driver.press("Y")
        assert writes(fake) == [
            ("PATCH", path, {"name": "gha-old"}),
            ("PATCH", path, {"name": "gha-prod-2"}),
        ]


async def test_the_new_name_stands_in_the_account_afterwards(running):
    async with running() as driver:
        await open_account(driver)
        await driver.press("N")
        await driver.fill("gha-old")
        await driver.press("enter")
        await driver.press("Y")
        await driver.press("escape")
        assert "gha-old" in driver.text
        assert "gha-prod-2" not in driver.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give the token a name of printable characters."),
        ("gha-prod-2", "The token has this name already"),
        ("gha-prod-3", "ci-prod-deployer already has a token named gha-prod-3."),
    ],
)
async def test_a_name_that_cannot_be_is_refused_before_any_review(running, fake, name, said):
    async with running() as driver:
        await open_account(driver)
        await driver.press("N")
        await driver.fill(name)
        await driver.press("enter")
        assert said in driver.text
        assert writes(fake) == []


async def test_a_name_taken_meanwhile_fails_and_what_was_typed_stays(running, fake):
    async with running() as driver:
        await open_account(driver)
        await driver.press("N")
        fake.add_token(fake.account_named(NAME)["id"], "wanted")
        await driver.fill("wanted")
        await driver.press("enter")
        await driver.press("Y")
        assert "409" in driver.words
        await driver.press("escape")
        assert isinstance(driver.app.screen, RenameForm)
        assert "wanted" in driver.text


# Revoking


async def test_a_token_in_use_is_revoked_by_typing_its_name(running, fake):
    path = path_of(fake, "gha-prod-2")
    async with running() as driver:
        await open_account(driver)
        await driver.press("x")
        assert "last used 4 h ago, expires in 7 d · gha-prod-2 of ci-prod-deployer" in driver.text
        assert LINGERS in driver.text
        await driver.press("enter")
        await driver.paste("gha-prod-2")
        assert writes(fake) == []

        await driver.press("enter")
        assert writes(fake) == [("DELETE", path, None)]
        await driver.press("escape")
        assert "Access tokens · 1 · 1 live" in driver.text


@pytest.mark.whole
async def test_the_last_use_is_read_again_before_it_decides_how_to_confirm(running, fake):
    account_id = fake.account_named("backstage-catalog")["id"]
    token_id = fake.add_token(account_id, "catalogue")
    async with running() as driver:
        await open_account(driver, "backstage-catalog")
        assert "never" in driver.text
        row = next(each for each in fake.tokens_of(account_id) if each["id"] == token_id)
        row["last_used_at"] = "2026-11-23T11:00:00Z"
        fake.organisation.tokens(account_id).get(token_id)["last_used_at"] = row["last_used_at"]
        await driver.press("x")
        assert "last used 1 h ago" in driver.text
        assert "type catalogue" in driver.text


@pytest.mark.whole
async def test_an_unused_token_needs_no_more_than_a_yes(running, fake):
    fake.add_token(fake.account_named("backstage-catalog")["id"], "catalogue")
    async with running() as driver:
        await open_account(driver, "backstage-catalog")
        await driver.press("x")
        assert "last used never" in driver.text
        await driver.press("Y")
        assert token_names(fake, "backstage-catalog") == []


async def test_marked_tokens_are_revoked_together_each_with_its_result(running, fake):
    async with running() as driver:
        await open_account(driver)
        await driver.press("space", "space", "x")
        assert "Revoke 2 access tokens of ci-prod-deployer?" in driver.text
        fake.inject(Fault("500", method="DELETE"))
        await driver.paste("2")
        await driver.press("enter")
        assert "1 change done, 1 unknown" in driver.text
        assert len(token_names(fake)) == 1

        await driver.press("f")
        await driver.paste(token_names(fake)[0])
        await driver.press("enter")
        assert token_names(fake) == []


async def test_all_tokens_of_an_account_can_be_revoked(running, fake):
    async with running() as driver:
        await open_account(driver)
        await driver.press("X")
        await driver.paste("2")
        await driver.press("enter")
        assert "2 changes done" in driver.text
        assert token_names(fake) == []


@pytest.mark.whole
async def test_all_tokens_of_the_marked_accounts_can_be_revoked(running, fake):
    async with running() as driver:
        for name in (NAME, "ci-sandbox"):
            await choose(driver, name)
            await driver.press("space")
        assert "2 marked" in driver.text
        await choose(driver, "datadog-sync")
        await driver.press("X")
        assert "Revoke 4 access tokens?" in driver.text
        await driver.paste("4")
        await driver.press("enter")
        assert "4 changes done" in driver.text
        assert token_names(fake) == token_names(fake, "ci-sandbox") == []
        assert token_names(fake, "datadog-sync")

        await driver.press("escape")
        await driver.press("escape")
        assert "marked" not in driver.text


@pytest.mark.whole
async def test_an_account_without_tokens_has_nothing_to_revoke(running):
    async with running() as driver:
        await choose(driver, "backstage-catalog")
        await driver.press("X")
        assert "nothing to revoke" in driver.text


async def test_tokens_that_cannot_be_read_are_not_said_to_be_none(running, fake):
    async with running() as driver:
        await choose(driver, "ci-eu-deployer")
        fake.inject(Fault("500", method="GET", path="*/access-tokens", times=None))
        await driver.press("X")
        assert "tokens could not be read, and what is shown is old" in driver.words
        assert "Revoke 1 access token of ci-eu-deployer?" in driver.text


async def test_tokens_never_read_are_not_said_to_be_none(running, fake):
    fake.inject(Fault("500", method="GET", path="*/access-tokens", times=None))
    async with running() as driver:
        await choose(driver, "ci-eu-deployer")
        await driver.press("X")
        assert "ci-eu-deployer: tokens could not be read: Konnect" in driver.words


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
        await open_account(driver)
        await driver.press("x")
        fake.inject(Fault(fault, method="DELETE"))
        await driver.paste("gha-prod-2")
        await driver.press("enter")
        assert said in driver.words
        assert ("gha-prod-2" not in token_names(fake)) == is_gone
        assert len(writes(fake)) == 1


async def test_a_token_that_somebody_revoked_meanwhile_is_gone_already(running, fake):
    account_id = fake.account_named(NAME)["id"]
    async with running() as driver:
        await open_account(driver)
        await driver.press("x")
        fake.organisation.remove_token(account_id, path_of(fake, "gha-prod-2").split("/")[-1])
        await driver.paste("gha-prod-2")
        await driver.press("enter")
        assert "It was gone already." in driver.words


async def test_a_token_that_is_gone_before_the_review_is_said_to_be(running, fake):
    account_id = fake.account_named(NAME)["id"]
    async with running() as driver:
        await open_account(driver)
        fake.organisation.remove_token(account_id, path_of(fake, "gha-prod-2").split("/")[-1])
        await driver.press("x")
        assert "There is no such token any more" in driver.text


async def test_no_token_is_revoked_while_the_cursor_is_among_the_teams(running):
    async with running() as driver:
        await open_account(driver)
        await driver.press("tab", "tab", "x")
        assert "Revoke" not in driver.text
        # There it led to the roles, which it can take away.
        await driver.press("tab", "tab", "x")
        assert "- token gha-prod-2 · " in driver.text
