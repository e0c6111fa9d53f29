"""The tokens of all accounts in one list: what is read, how it is ordered, what can be done."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.konnect.models import AccessToken, Listing, SystemAccount
from sa_tui.org.snapshot import Details, Part, Snapshot
from sa_tui.ui.kit.table.table import LineTable
from sa_tui.ui.tokens.rows import TokenList

NAME = "ci-eu-deployer"


class Gate:
    """Holds back the reading of tokens from the moment it is shut until it is opened."""

    def __init__(self) -> None:
        self._is_open = asyncio.Event()

    async def __call__(self, request: httpx.Request) -> None:
        if request.url.path.endswith("/access-tokens"):
            await self._is_open.wait()

    def open(self) -> None:
        self._is_open.set()


def writes(fake: FakeKonnect) -> list[tuple[str, str]]:
    return [(each.method, each.path) for each in fake.received if each.method != "GET"]


def status(driver: Any) -> str:
    return driver.text.splitlines()[-2].strip()


def rows(driver: Any) -> list[str]:
    """The tokens on the screen from top to bottom."""
    lines = driver.text.splitlines()
    header = next(n for n, line in enumerate(lines) if line.startswith("   ACCOUNT"))
    below = next(n for n, line in enumerate(lines) if line.startswith((" expires ", " /")))
    return [line.strip("┃ ") for line in lines[header + 1 : below] if line.strip("┃ ")]


def count_tokens(fake: FakeKonnect) -> int:
    return sum(len(fake.tokens_of(account["id"])) for account in fake.organisation.accounts.rows)


# What it shows


@pytest.mark.whole
async def test_it_reads_every_account_and_lists_every_token(running, fake):
    async with running() as driver:
        await driver.press("2")
        assert status(driver) == f"{count_tokens(fake)} tokens, 43 live · 44 of 44 accounts read"
        assert len(driver.app.screen.query_one(LineTable).keys) == count_tokens(fake)
        assert re.search(r"ci-au-deployer +buildkite-au +live +in 21 h +1 h ago", driver.text)


@pytest.mark.whole
async def test_it_can_be_opened_by_name_and_left_again(running):
    async with running() as driver:
        await driver.press("colon", *"tokens", "enter")
        assert "ACCOUNT" in driver.text
        await driver.press("q")
        assert "44 system accounts" in driver.text


async def test_the_token_under_the_cursor_is_told_in_exact_utc(running, fake):
    token = fake.tokens_of(fake.account_named(NAME)["id"])[0]
    async with running() as driver:
        await driver.press("2", "slash", *NAME, "enter")
        assert f"expires {token['expires_at'][:16].replace('T', ' ')} UTC" in driver.text
        assert f"id {token['id']}" in driver.text


@pytest.mark.whole
async def test_a_hostile_name_is_just_text(running):
    async with running() as driver:
        await driver.press("2")
        row = next(row for row in rows(driver) if row.startswith("[/foo]"))
        assert "[b]token[/b]" in row


@pytest.mark.whole
async def test_progress_is_told_and_esc_stops_the_reading_for_good(running, line):
    line.before = gate = Gate()
    async with running(settled=False) as driver:
        await driver.until(lambda: "44 system accounts" in driver.text)
        await driver.hit("2")
        await driver.until(lambda: "· Esc stops" in driver.text)
        await driver.hit("escape")
        gate.open()
        await driver.settle()
        assert status(driver) == "Stopped reading; what was read stays. Press + to read on."
        await driver.press("home")
        assert "accounts read, stopped: + reads on" in status(driver)
        assert "44 of 44" not in status(driver)

        await driver.press("+")
        assert "44 of 44 accounts read" in status(driver)


async def test_leaving_stops_the_reading(running, fake, line):
    for number in range(200):
        fake.add_account(f"zz-{number:03}")
    async with running() as driver:
        line.before = gate = Gate()
        await driver.hit("2")
        await driver.until(lambda: "· Esc stops" in driver.text)
        await driver.hit("q")
        gate.open()
        await driver.settle()
        reads = [each for each in fake.received if each.path.endswith("/access-tokens")]
        assert len(reads) < 150


@pytest.mark.whole
async def test_tokens_that_could_not_be_read_are_unknown_and_named(running, fake):
    path = f"/v3/system-accounts/{fake.account_named(NAME)['id']}/access-tokens"
    fake.inject(Fault("500", method="GET", path=path, times=None))
    async with running() as driver:
        await driver.press("2")
        assert f"NOT COMPLETE: the tokens of {NAME} are unknown" in driver.words
        assert "43 of 44 accounts read" in driver.words

        fake.clear_faults()
        await driver.press("r")
        assert "44 of 44 accounts read" in status(driver)
        assert "NOT COMPLETE" not in driver.text


async def test_accounts_that_cannot_be_listed_are_not_said_to_hold_no_tokens(running, line):
    def refuse(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        is_list = request.url.path == "/v3/system-accounts"
        return httpx.Response(403, json={"status": 403}) if is_list else response

    line.rewrite = refuse
    async with running() as driver:
        await driver.press("2")
        assert "403" in driver.text
        assert "No account has an access token" not in driver.text
        assert "Nothing could be read" in driver.text
        assert "0 tokens" not in driver.text


async def test_an_organisation_without_tokens_says_so(running, fake):
    for account in list(fake.organisation.accounts.rows):
        fake.organisation.remove_account(account["id"])
    fake.add_account("alone")
    async with running() as driver:
        await driver.press("2")
        assert "No account has an access token." in driver.text


# Order and filter


@pytest.mark.whole
async def test_a_filter_finds_states_names_and_unused_tokens(running):
    async with running() as driver:
        await driver.press("2", "slash", *"expired")
        assert rows(driver)
        assert all(" expired " in row for row in rows(driver))

        await driver.fill("unused live")
        assert rows(driver)
        assert all(re.search(r" live .* never", row) for row in rows(driver))

        await driver.fill("nothing-is-called-so")
        assert "No access token matches the filter." in driver.text
        await driver.press("enter", "escape")
        assert "46 tokens" in status(driver)


async def test_the_order_by_expiry_has_the_next_to_expire_first_or_last(running):
    async with running() as driver:
        await driver.press("2", "slash", *"live", "enter")
        await driver.press("s", "s", "s")
        assert "EXPIRES▲" in driver.text
        assert "buildkite-au" in rows(driver)[0]
        await driver.press("S")
        assert "EXPIRES▼" in driver.text
        await driver.press("end")
        assert any("buildkite-au" in row for row in rows(driver))


async def test_what_was_never_used_comes_last_by_last_use_either_way(running):
    async with running() as driver:
        await driver.press("2", "s", "s", "s", "s")
        for key in ((), ("S",)):
            await driver.press(*key, "end")
            assert re.search(r"\bnever\b|\?", rows(driver)[-1])


# What can be done


async def test_enter_opens_the_account_and_back_returns_to_the_token(running):
    async with running() as driver:
        await driver.press("2", "slash", *NAME, "enter", "enter")
        assert "Access tokens · 1" in driver.text
        await driver.press("escape")
        assert "gitlab-eu" in rows(driver)[0]


async def test_a_token_is_renamed_in_the_list(running, fake):
    async with running() as driver:
        await driver.press("2", "slash", *NAME, "enter", "N")
        await driver.fill("gitlab-old")
        await driver.press("enter")
        await driver.press("Y")
        await driver.press("escape")
        assert "gitlab-old" in rows(driver)[0]
        assert [method for method, _ in writes(fake)] == ["PATCH"]


async def test_marked_tokens_of_several_accounts_are_revoked_together(running, fake):
    before = count_tokens(fake)
    async with running() as driver:
        await driver.press("2", "space", "space", "space")
        assert "3 marked" in status(driver)
        await driver.press("x")
        assert "Revoke 3 access tokens?" in driver.text
        await driver.paste("3")
        await driver.press("enter")
        assert "3 changes done" in driver.text
        await driver.press("escape")

        assert count_tokens(fake) == before - 3
        assert {method for method, _ in writes(fake)} == {"DELETE"}
        assert status(driver).startswith(f"{before - 3} tokens")
        assert "marked" not in driver.text


async def test_without_marks_only_the_token_under_the_cursor_is_revoked(running, fake):
    async with running() as driver:
        await driver.press("2", "slash", *NAME, "enter", "x")
        assert f"Revoke 1 access token of {NAME}?" in driver.text
        await driver.paste("gitlab-eu")
        await driver.press("enter")
        assert len(writes(fake)) == 1
        assert fake.tokens_of(fake.account_named(NAME)["id"]) == []


@pytest.mark.whole
async def test_esc_clears_the_marks_then_the_filter_then_leaves(running):
    async with running() as driver:
        await driver.press("2", "slash", *"ci-", "enter", "space")
        assert "1 marked" in driver.text
        await driver.press("escape")
        assert "marked" not in driver.text
        assert " of 46 tokens" in status(driver)
        await driver.press("escape")
        assert status(driver).startswith("46 tokens")
        await driver.press("escape")
        assert "44 system accounts" in driver.text


async def test_a_token_can_be_issued_for_the_account_of_the_row(running):
    async with running() as driver:
        await driver.press("2", "slash", *NAME, "enter", "i")
        assert "Issue an access token" in driver.text
        assert NAME in driver.text


async def test_a_read_only_profile_issues_nothing(running, profile, fake):
    async with running(first=replace(profile, read_only=True)) as driver:
        await driver.press("2", "i")
        assert "This profile is read-only" in driver.text
        assert {each.method for each in fake.received} == {"GET"}


def test_reading_many_accounts_lists_their_tokens_at_ever_larger_steps(now):
    accounts = tuple(SystemAccount(id=f"a{n}", name=f"bot-{n}") for n in range(2000))
    part = Part(value=Listing(rows=accounts, total=None, incomplete=None, skipped=0))
    snapshot, tokens, listings = Snapshot(accounts=part), TokenList(), 0
    for start in range(0, len(accounts), 20):
        batch = {}
        for account in accounts[start : start + 20]:
            row = AccessToken(id=f"t-{account.id}", name="t")
            listing = Listing(rows=(row,), total=None, incomplete=None, skipped=0)
            batch[account.id] = Details(tokens=Part(value=listing))
        snapshot = snapshot.with_details(batch)
        listings += tokens.update(snapshot, now)

    assert len(tokens.rows) == len(accounts)
    assert listings < 30
