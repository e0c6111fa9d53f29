"""Tokens that an earlier run created and nobody acknowledged are asked about at the next start."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.base.label import Label
from sa_tui.demo.konnect import BASE_URL, FakeKonnect, Fault
from sa_tui.ui.accounts.list import AccountsScreen
from sa_tui.ui.kit.workers import QUESTIONS
from sa_tui.ui.tokens.issue_form import IssueForm

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sa_tui.records.journal import Journal

ACCOUNT = "ci-eu-deployer"
PROPOSED = "ci-eu-deployer-2026-11-23"
TITLE = "A token of an earlier run was not acknowledged"


def live(fake: FakeKonnect) -> list[Any]:
    tokens = fake.tokens_of(fake.account_named(ACCOUNT)["id"])
    return [token for token in tokens if token["name"] == PROPOSED]


@pytest.fixture
def cut_short(running: Callable[..., Any]):
    """Issues a token in a run that ends with its secret still on the screen."""

    async def issue(*keys: str) -> None:
        async with running() as driver:
            await driver.issue()
            await driver.press(*keys)

    return issue


@pytest.fixture
def intend(fake: FakeKonnect, journal: Journal, now: datetime):
    """Writes down an intent whose request may or may not have been handled."""

    def write(**changes: Any) -> str:
        label = Label(
            fake.account_named(ACCOUNT)["id"],
            account_name=ACCOUNT,
            token_id=None,
            token_name=PROPOSED,
            expires_at=now + timedelta(days=30),
            base_url=BASE_URL,
            organization_id=fake.organisation.record["id"],
            organization_name="Meridian Freight",
        )
        return journal.intend(replace(label, **changes), destination="the screen", profile="demo")

    return write


async def test_a_token_that_nobody_acknowledged_is_asked_about(running, fake, cut_short):
    await cut_short()
    async with running() as driver:
        assert TITLE in driver.text
        assert live(fake)[0]["id"] in driver.text
        assert "Ordered 2026-11-23 12:00 UTC for the screen. No delivery was confirmed." in (
            driver.words
        )


async def test_it_can_be_revoked(running, fake, journal, cut_short):
    await cut_short()
    token_id = live(fake)[0]["id"]
    async with running() as driver:
        await driver.tab_to("revoke")
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)
        assert "is revoked" in driver.text
        (revoked,) = [each.path for each in fake.received if each.method == "DELETE"]
        assert revoked.endswith(f"/access-tokens/{token_id}")
        assert live(fake) == []
        assert journal.unfinished() == ()


async def test_it_can_be_left_as_it_is(running, fake, journal, cut_short):
    await cut_short()
    async with running() as driver:
        await driver.tab_to("keep")
        await driver.press("enter")
        assert len(live(fake)) == 1
        assert journal.unfinished() == ()
    async with running() as driver:
        assert TITLE not in driver.text


async def test_it_can_be_put_off_to_the_start_after(running, cut_short):
    await cut_short()
    async with running() as driver:
        await driver.press("escape")
        assert isinstance(driver.app.screen, AccountsScreen)
    async with running() as driver:
        assert TITLE in driver.text


async def test_a_confirmed_delivery_is_told(running, cut_short, tmp_path):
    async with running() as driver:
        await driver.open_form()
        await driver.choose("file")
        await driver.fill(str(tmp_path / "t"))
        await driver.press("enter")
    async with running() as driver:
        assert TITLE in driver.text
        assert "Written to" in driver.text


async def test_each_of_several_is_asked_about(running, cut_short):
    await cut_short()
    await cut_short("escape")  # puts the first off
    async with running() as driver:
        assert PROPOSED in driver.text
        await driver.tab_to("revoke")
        await driver.press("enter")
        assert TITLE in driver.text


async def test_a_token_of_a_lost_answer_is_found_by_its_name(running, fake, intend):
    intend()
    token_id = fake.add_token(fake.account_named(ACCOUNT)["id"], PROPOSED)
    async with running() as driver:
        assert TITLE in driver.text
        await driver.tab_to("revoke")
        await driver.press("enter")
        (revoked,) = [each.path for each in fake.received if each.method == "DELETE"]
        assert revoked.endswith(token_id)


@pytest.mark.parametrize("days", [-9, 9])
async def test_clocks_that_differ_never_close_an_entry_whose_token_is_there(
    running, fake, intend, journal, now, days
):
    made_at = now + timedelta(days=days)
    token_id = fake.add_token(
        fake.account_named(ACCOUNT)["id"], PROPOSED, created_at=f"{made_at:%Y-%m-%dT%H:%M:%SZ}"
    )
    intend()
    async with running(size=(100, 30)) as driver:
        assert TITLE in driver.text
        assert token_id in driver.text
        assert f"Konnect says that it was made {made_at:%Y-%m-%d %H:%M} UTC." in driver.words
        assert len(journal.unfinished()) == 1


@pytest.mark.parametrize("minutes", [-4, 4])
async def test_clocks_that_differ_a_little_are_not_worth_a_word(
    running, fake, intend, now, minutes
):
    made_at = f"{now + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"
    fake.add_token(fake.account_named(ACCOUNT)["id"], PROPOSED, created_at=made_at)
    intend()
    async with running() as driver:
        assert TITLE in driver.text
        assert "Konnect says" not in driver.text


async def test_of_two_tokens_the_one_made_nearest_to_the_order_is_asked_about(
    running, fake, intend, now
):
    account_id = fake.account_named(ACCOUNT)["id"]
    for days in (-3, 0, 2):
        made_at = f"{now + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
        fake.add_token(account_id, PROPOSED, created_at=made_at)
    intend()
    (nearest,) = [each["id"] for each in live(fake) if each["created_at"].startswith("2026-11-23")]
    async with running() as driver:
        assert nearest in driver.text


async def test_after_a_clock_was_set_back_the_operator_decides(running, intend, journal, clock):
    clock.advance(days=400)
    intend()
    clock.advance(days=-400)
    async with running() as driver:
        assert "this machine's clock was set back since" in driver.words
        await driver.tab_to("look")
        await driver.press("enter")
        assert "this machine's clock was set back since" in driver.words
        await driver.tab_to("keep")
        await driver.press("enter")
        assert journal.unfinished() == ()


@pytest.mark.parametrize(("minutes", "is_asked"), [(4, False), (6, True)])
async def test_clocks_that_differ_a_little_set_no_clock_back(
    running, intend, clock, minutes, is_asked
):
    clock.advance(minutes=minutes)
    intend(base_url="https://eu.api.konghq.com")
    clock.advance(minutes=-minutes)
    async with running() as driver:
        assert ("this machine's clock was set back since" in driver.words) == is_asked


@pytest.mark.parametrize("minutes", [9, -4])  # clocks may differ by five
@pytest.mark.parametrize("is_minted", [False, True])
async def test_a_token_that_is_not_listed_yet_is_looked_for_at_the_next_start(
    running, intend, journal, clock, is_minted, minutes
):
    entry = intend()
    if is_minted:
        journal.minted(entry, "11111111-2222-3333-4444-555555555555")
    clock.advance(minutes=minutes)
    async with running() as driver:
        assert "It may be late: the next start looks again." in driver.words
        assert len(journal.unfinished()) == 1


async def test_a_token_that_was_renamed_is_still_the_same(running, fake, cut_short):
    await cut_short()
    account_id = fake.account_named(ACCOUNT)["id"]
    fake.organisation.rename_token(account_id, live(fake)[0], "renamed")
    async with running() as driver:
        assert "Token    renamed" in driver.text


@pytest.mark.parametrize("is_minted", [False, True])
async def test_a_token_that_does_not_exist_is_not_asked_about(
    running, intend, journal, clock, is_minted
):
    entry = intend()
    clock.advance(minutes=11)
    if is_minted:
        journal.minted(entry, "11111111-2222-3333-4444-555555555555")
    async with running() as driver:
        assert isinstance(driver.app.screen, AccountsScreen)
        assert journal.unfinished() == ()


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"organization_id": "another"},
        {"organization_id": None, "base_url": "https://eu.api.konghq.com"},
    ],
)
async def test_a_token_of_another_organisation_is_not_asked_about(
    running, fake, intend, journal, elsewhere
):
    intend(**elsewhere)
    fake.add_token(fake.account_named(ACCOUNT)["id"], PROPOSED)
    async with running() as driver:
        assert isinstance(driver.app.screen, AccountsScreen)
        assert len(journal.unfinished()) == 1


@pytest.mark.parametrize("organization", [{}, {"organization_id": None}])
async def test_an_address_written_in_another_way_is_the_same_organisation(
    running, fake, intend, organization
):
    intend(base_url=f"{BASE_URL}:443/v3/", **organization)
    fake.add_token(fake.account_named(ACCOUNT)["id"], PROPOSED)
    async with running() as driver:
        assert TITLE in driver.text


async def test_the_organisation_decides_where_the_address_is_another(running, fake, intend):
    intend(base_url="https://eu.api.konghq.com")
    fake.add_token(fake.account_named(ACCOUNT)["id"], PROPOSED)
    async with running() as driver:
        assert TITLE in driver.text


async def test_what_another_address_does_not_list_is_not_called_gone(
    running, intend, journal, clock
):
    intend(base_url="https://eu.api.konghq.com")
    clock.advance(days=9)
    async with running() as driver:
        assert isinstance(driver.app.screen, AccountsScreen)
        assert len(journal.unfinished()) == 1


async def test_a_damaged_journal_is_told_and_asked_all_the_same(running, cut_short, journal):
    await cut_short()
    with journal.path.open("ab") as file:
        file.write(b"[" * 100_000 + b"\n")
    async with running(size=(200, 30)) as driver:
        assert TITLE in driver.text
        damage = f"1 line of {journal.path} cannot be read and stayed there"
        assert "".join(damage.split()) in "".join(driver.text.split())
        await driver.tab_to("keep")
        await driver.press("enter")
    async with running(size=(200, 30)) as driver:
        damage = f"1 line of {journal.path} cannot be read and stayed there"
        assert "".join(damage.split()) in "".join(driver.text.split())


async def test_an_account_that_this_organisation_has_not_may_be_anothers(running, intend, journal):
    intend(account_id="11111111-2222-3333-4444-555555555555", organization_id=None)
    async with running() as driver:
        assert isinstance(driver.app.screen, AccountsScreen)
        assert len(journal.unfinished()) == 1


async def test_a_read_only_profile_tells_and_does_not_ask(running, profile, cut_short, journal):
    await cut_short()
    async with running(first=replace(profile, read_only=True)) as driver:
        assert isinstance(driver.app.screen, AccountsScreen)
        assert "1 token of an earlier run not acknowledged" in driver.text
        assert len(journal.unfinished()) == 1


async def test_what_cannot_be_looked_up_is_told_and_stays_open(running, fake, intend, journal):
    intend()
    fake.inject(Fault("503", path="*/access-tokens", times=None))
    async with running() as driver:
        assert isinstance(driver.app.screen, AccountsScreen)
        assert "A token of an earlier run may exist." in driver.text
        assert len(journal.unfinished()) == 1


async def test_the_question_waits_until_the_form_that_is_open_is_closed(
    running, fake, intend, line
):
    intend()
    fake.add_token(fake.account_named(ACCOUNT)["id"], PROPOSED)
    may_go = asyncio.Event()

    async def hold(request: Any) -> None:
        if request.url.path.endswith("/organizations/me"):
            await may_go.wait()

    line.before = hold
    async with running(settled=False) as driver:
        await driver.until(lambda: "ci-eu-deployer" in driver.text)
        await driver.hit("i")
        may_go.set()
        await driver.until(lambda: "questions" in {worker.group for worker in driver.app.workers})
        await driver.settle()
        assert isinstance(driver.app.screen, IssueForm)
        await driver.press("escape")
        assert TITLE in driver.text


async def test_leaving_does_not_wait_for_a_question_that_was_not_asked_yet(running, intend, line):
    intend()
    has_come = asyncio.Event()

    async def hold(request: Any) -> None:
        if request.url.params.get("filter[name][eq]"):
            has_come.set()
            await asyncio.Event().wait()

    line.before = hold
    async with running(settled=False) as driver:
        await has_come.wait()
        await driver.hit("q")
        await driver.turn()
        assert driver.app.return_value == 0


async def test_reading_again_during_the_first_reading_drops_no_question(running, line, cut_short):
    await cut_short()
    may_answer = asyncio.Event()

    async def hold(request: Any) -> None:
        if request.url.path == "/v3/system-accounts":
            await may_answer.wait()

    line.after = hold
    async with running(settled=False) as driver:
        await driver.turn()
        await driver.hit("r")
        may_answer.set()
        await driver.settle()
        assert TITLE in driver.text


async def test_leaving_the_organisation_takes_its_question_along(
    running, profile, cut_short, journal
):
    await cut_short()
    async with running() as driver:
        assert TITLE in driver.text
        driver.app.open_profile(replace(profile, name="second", read_only=True))
        await driver.settle()
        assert "1 token of an earlier run not acknowledged" in driver.text
        assert not [worker for worker in driver.app.workers if worker.group == QUESTIONS]
        assert len(journal.unfinished()) == 1


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_clocks_that_differ_by_more_are_told(running, fake, intend, now, minutes):
    made_at = f"{now + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"
    fake.add_token(fake.account_named(ACCOUNT)["id"], PROPOSED, created_at=made_at)
    intend()
    async with running() as driver:
        assert "Konnect says" in driver.text
