"""The page of hand-overs and rotations, from the records: what waits, and what is due."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.base.label import Label
from sa_tui.demo.konnect import BASE_URL, FakeKonnect
from sa_tui.records.rotations import FILE_NAME, Rotations
from sa_tui.ui.accounts.detail import AccountScreen
from sa_tui.ui.tokens.handovers import HandoversScreen

if TYPE_CHECKING:
    from sa_tui.records.journal import Journal

ACCOUNT = "ci-eu-deployer"


@pytest.fixture
def begun(journal: Journal, fake: FakeKonnect) -> Any:
    """Begins a hand-over of a token that exists; says the id of its entry."""

    def begin(name: str, *, to: str = "file /x", **changes: Any) -> str:
        account_id = fake.account_named(ACCOUNT)["id"]
        label = Label(
            account_id,
            account_name=ACCOUNT,
            token_name=name,
            token_id=None,
            expires_at=None,
            base_url=BASE_URL,
        )
        entry = journal.intend(replace(label, **changes), destination=to, profile="demo")
        journal.minted(entry, fake.add_token(account_id, name))
        return entry

    return begin


async def test_what_waits_comes_first_and_each_says_what_became_of_it(running, journal, begun):
    done = begun("done", to="command vault kv put konnect/ci")
    journal.delivered(done, "vault read all of it and exited with 0")
    journal.acknowledged(done)
    journal.revoked(begun("gone"))
    begun("lost")
    async with running() as driver:
        await driver.press("escape")  # puts off the question about the lost one
        await driver.press("H")
        rows = [
            [word for word in line.split() if word in ("lost", "gone", "done")]
            for line in driver.text.splitlines()
            if ACCOUNT in line
        ]
        assert rows[:3] == [["lost"], ["gone"], ["done"]]
        assert "put off lost" in driver.words
        assert "revoked gone" in driver.words
        assert "acknowledged done" in driver.words
        assert "3 hand-overs, 1 to settle" in driver.text
        assert "To file /x" in driver.words
        assert "Delivery never confirmed" in driver.words
        assert "Settled not yet, put off 2026-11-23 12:00 UTC: Enter asks" in driver.words
        await driver.press("down", "down")
        assert "To command vault kv put konnect/ci" in driver.words
        assert (
            "Delivery confirmed 2026-11-23 12:00 UTC: vault read all of it and exited with 0"
            in driver.words
        )
        assert "Settled acknowledged, 2026-11-23 12:00 UTC" in driver.words


async def test_a_confirmed_delivery_stays_not_acknowledged_however_often_it_is_put_off(
    running, journal, begun
):
    journal.delivered(begun("arrived"), "the file has it")
    async with running() as driver:
        await driver.press("escape", "H")

        assert "not acknowledged arrived" in driver.words
        assert "Delivery confirmed 2026-11-23 12:00 UTC: the file has it" in driver.words
        assert "Settled not yet, put off 2026-11-23 12:00 UTC: Enter asks" in driver.words


async def test_what_was_put_off_is_settled_from_the_page(running, fake, journal, begun):
    begun("lost")
    async with running() as driver:
        await driver.press("escape")
        assert "1 hand-over to settle: H" in driver.text
        await driver.press("H", "enter")
        assert "A token of an earlier run was not acknowledged" in driver.text
        await driver.tab_to("revoke")
        await driver.press("enter")
        assert isinstance(driver.app.screen, HandoversScreen)
        assert "revoked lost" in driver.words
        await driver.press("down")
        assert "1 hand-over, 0 to settle" in driver.text
        assert [each.method for each in fake.received if each.method != "GET"] == ["DELETE"]
        await driver.press("escape")
        assert "to settle" not in driver.text
    assert journal.unfinished() == ()


async def test_a_read_only_profile_settles_nothing(running, fake, profile, begun):
    begun("lost")
    async with running(first=replace(profile, read_only=True)) as driver:
        await driver.press("H", "enter")
        assert isinstance(driver.app.screen, HandoversScreen)
        assert "open it without read-only to settle this" in driver.words


async def test_enter_opens_the_account_of_what_is_settled(running, journal, begun):
    journal.acknowledged(begun("done"))
    async with running() as driver:
        await driver.press("H", "enter")
        assert isinstance(driver.app.screen, AccountScreen)
        assert ACCOUNT in driver.text


async def test_another_organisation_has_other_hand_overs(running, begun):
    begun("elsewhere", organization_id="another")
    async with running() as driver:
        await driver.press("H")
        assert "No token was handed over from this machine" in driver.words


@pytest.fixture
def rotation(journal: Journal, fake: FakeKonnect, clock: Any) -> Any:
    """A rotation under way, of a token that was never used."""
    account_id = fake.account_named(ACCOUNT)["id"]
    rotations = Rotations(journal.path.with_name(FILE_NAME), now=clock)
    old_id, new_id = (fake.add_token(account_id, name) for name in ("gha-3", "gha-4"))
    id = rotations.begin(
        base_url=BASE_URL,
        account_id=account_id,
        account_name=ACCOUNT,
        old_id=old_id,
        old_name="gha-3",
    )
    rotations.issued(id, token_id=new_id, name="gha-4")
    return rotations, id, old_id


async def test_a_rotation_says_what_is_due_and_since_when(running, fake, clock, rotation):
    rotations, id, _ = rotation
    rotations.verified(id)
    rotations.handed_over(id)
    async with running() as driver:
        await driver.press("H")
        assert "rotating gha-3 ci-eu-deployer" in driver.words
        assert "Rotation gha-3 → gha-4, begun 2026-11-23 12:00 UTC" in driver.words
        assert "gha-3 can count as idle 24 h after that." in driver.words
        assert "1 hand-over, 0 to settle" in driver.text

        clock.advance(hours=30)
        await driver.press("r")
        assert "retire the old token gha-3" in driver.words
        assert "Retire possible since 2026-11-24 12:00 UTC: R retires gha-3" in driver.words
        await driver.press("R")
        assert "Retire token gha-3 of ci-eu-deployer" in driver.words


async def test_a_rotation_that_is_not_proven_waits(running, rotation):
    async with running() as driver:
        await driver.press("H")
        assert "NOT PROVEN gha-3" in driver.words
        assert "Proven no" in driver.words


async def test_a_rotation_whose_tokens_could_not_be_read_is_unknown(running, fake, rotation):
    from sa_tui.demo.konnect import Fault

    rotations, id, _ = rotation
    rotations.verified(id)
    fake.inject(Fault("500", path="/v3/system-accounts/*/access-tokens", times=None))
    async with running() as driver:
        await driver.press("H")
        assert "Retire unknown: the tokens of the account are not read" in driver.words
        assert "old token is gone" not in driver.words


async def test_a_name_that_would_draw_is_shown_and_not_obeyed(running, journal, begun):
    journal.acknowledged(begun("a\x1b]52;c;eA==\x07b[/x]\nc"))
    async with running() as driver:
        await driver.press("H")
        assert "\x1b" not in driver.text
        assert "[/x]" in driver.text


async def test_records_that_cannot_be_read_are_told(running, journal, begun):
    begun("lost")
    async with running(settled=False) as driver:
        await driver.settle()
        await driver.press("escape")
        journal.path.unlink()
        journal.path.mkdir()
        await driver.press("H")
        assert "cannot be kept" in driver.words
