"""A token is replaced by keys: its successor first, the old one only when it is idle."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sa_tui.demo.konnect import BASE_URL, FakeKonnect, Fault
from sa_tui.records.rotations import FILE_NAME, Rotations
from sa_tui.ui.accounts.detail import AccountScreen
from sa_tui.ui.kit.review import ReviewDialog
from sa_tui.ui.tokens.handover import HandoverDialog
from sa_tui.ui.tokens.rotation_form import RotationForm

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sa_tui.records.journal import Journal

ACCOUNT = "probe"
OLD, NEW = "gha-3", "gha-4"


@pytest.fixture
def account_id(fake: FakeKonnect) -> str:
    return fake.add_account(ACCOUNT)


@pytest.fixture(autouse=True)
def old_id(fake: FakeKonnect, account_id: str, now: datetime) -> str:
    return fake.add_token(account_id, OLD, last_used_at=stamp(now - timedelta(hours=1)))


@pytest.fixture
def rotations(journal: Journal, clock: Any, account_id: str) -> Callable[[], Any]:
    """What is in progress, as another run of the program would find it."""

    def read() -> Any:
        file = Rotations(journal.path.with_name(FILE_NAME), now=clock)
        return file.in_progress(base_url=BASE_URL, account_id=account_id)

    return read


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def names(fake: FakeKonnect, account_id: str) -> list[str]:
    return [token["name"] for token in fake.tokens_of(account_id)]


def writes(fake: FakeKonnect) -> list[str]:
    return [each.method for each in fake.received if each.method != "GET"]


def refuse(fake: FakeKonnect, line: Any, method: str, status: int) -> None:
    """Lets Konnect refuse the next request of this kind so, and leave all as it was."""
    fake.inject(Fault("500", method=method))
    body = {"status": status, "detail": "not for you", "instance": "konnect:trace:4711"}

    def rewrite(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        is_meant = request.method == method and response.status_code == 500
        return httpx.Response(status, json=body) if is_meant else response

    line.rewrite = rewrite


async def until(driver: Any, clock: Any, sleep: Any, is_so: Callable[[], bool]) -> None:
    """Lets time pass until it is so and nothing is being written, or somebody is asked."""
    for _ in range(500):
        is_writing = any(worker.group == "writes" for worker in driver.app.workers)
        if is_so() and (not is_writing or isinstance(driver.app.screen, HandoverDialog)):
            return
        clock.advance(seconds=60)
        sleep.wake()
        await driver.turn()
    raise AssertionError(driver.text)


async def go(driver: Any) -> None:
    """Goes to the account's page."""
    await driver.hit("slash")
    await driver.paste(ACCOUNT)
    await driver.press("enter", "enter")
    assert isinstance(driver.app.screen, AccountScreen)


async def take_charge(driver: Any) -> None:
    """Leaves the one-time dialog by the account's name."""
    assert isinstance(driver.app.screen, HandoverDialog)
    await driver.press("enter")
    await driver.type(ACCOUNT)
    await driver.press("enter")


async def rotate(driver: Any) -> None:
    await go(driver)
    await driver.press("o", "enter")
    await take_charge(driver)


async def test_a_rotation_proposes_a_path_that_the_successor_keeps(running):
    async with running(size=(120, 40)) as driver:
        await go(driver)
        await driver.press("o")
        await driver.choose("vault")
        kept = "vault kv put -mount=secret 'konnect/{account}' value=-"
        assert driver.app.screen.query_one("#place").value == kept
        assert "{token} changes with each rotation" not in driver.words
        await driver.fill("vault kv put -mount=secret 'konnect/{token}' value=-")
        assert "{token} changes with each rotation" in driver.words


async def test_the_successor_is_issued_under_the_next_name_and_proven(
    running, fake, account_id, rotations
):
    async with running() as driver:
        await go(driver)
        await driver.press("o")
        assert isinstance(driver.app.screen, RotationForm)
        assert NEW in driver.text
        await driver.press("enter")
        await take_charge(driver)

        assert f"{NEW} works. {OLD} stays until you press R to retire it." in driver.words
        assert f"rotating: old {OLD} last used 1 h ago, new {NEW} just now" in driver.words
        assert "NOT PROVEN" not in driver.text
    assert names(fake, account_id) == [OLD, NEW]
    assert writes(fake) == ["POST"]
    successor = fake.tokens_of(account_id)[1]
    assert [each.path for each in fake.received if each.token_id == successor["id"]] == [
        "/v3/organizations/me"
    ]
    (rotation,) = rotations()
    assert (rotation.old_name, rotation.new_id) == (OLD, successor["id"])
    assert rotation.verified_at is not None
    assert rotation.handed_over_at is not None


async def test_a_rotation_goes_on_after_a_restart_until_the_old_token_is_retired(
    running, fake, account_id, clock, rotations
):
    async with running() as driver:
        await rotate(driver)
    clock.advance(hours=25)
    async with running() as driver:
        await go(driver)
        assert f"rotating: old {OLD} last used 1 d ago, new {NEW}" in driver.words
        await driver.press("R")
        assert isinstance(driver.app.screen, ReviewDialog)
        assert "The old one is idle." in driver.words
        assert writes(fake) == ["POST"]
        await driver.press("Y")
        assert writes(fake) == ["POST", "DELETE"]
        await driver.press("escape")
        assert "rotating" not in driver.text
    assert names(fake, account_id) == [NEW]
    assert rotations() == ()


async def test_an_old_token_that_is_not_idle_yet_asks_for_its_name(
    running, fake, account_id, rotations
):
    async with running() as driver:
        await rotate(driver)
        await driver.press("R")
        assert (
            f"{NEW} was handed over 2026-11-23 12:00 UTC: {OLD} can count as idle 24 h"
            in driver.words
        )
        await driver.press("Y", "enter")
        assert writes(fake) == ["POST"]
        await driver.press("backspace")
        await driver.type(OLD)
        await driver.press("enter")
        assert writes(fake) == ["POST", "DELETE"]
    assert names(fake, account_id) == [NEW]


async def test_a_use_after_the_hand_over_starts_the_wait_again(running, fake, old_id, clock):
    async with running() as driver:
        await rotate(driver)
        clock.advance(hours=30)
        row = next(each for each in fake.tokens_of(fake.account_named(ACCOUNT)["id"]))
        row["last_used_at"] = stamp(clock() - timedelta(hours=2))
        await driver.press("R")
        assert (
            f"{OLD} was last used 2026-11-24 16:00 UTC: {OLD} can count as idle 24 h"
            in driver.words
        )


async def test_a_last_use_that_cannot_be_read_is_not_idle(running, fake, account_id, clock):
    async with running() as driver:
        await rotate(driver)
        clock.advance(days=30)
        fake.tokens_of(account_id)[0]["last_used_at"] = "some day"
        await driver.press("R")
        assert f"When {OLD} was last used is unknown." in driver.words
        await driver.press("Y", "enter")
    assert "DELETE" not in writes(fake)


async def test_the_time_to_wait_is_the_operators(running, fake, clock):
    async with running() as driver:
        await go(driver)
        await driver.press("o")
        await driver.tab_to("idle")
        await driver.fill("soon")
        await driver.press("enter")
        assert "'soon' is not a length of time: write 90m, 24h, 7d or 2w." in driver.words
        assert writes(fake) == []
        await driver.fill("2h")
        await driver.press("enter")
        await take_charge(driver)
        clock.advance(hours=3)
        await driver.press("R")
        assert "The old one is idle." in driver.words


async def test_a_token_has_one_rotation(running, fake):
    async with running() as driver:
        await rotate(driver)
        await driver.press("home", "o")
        assert isinstance(driver.app.screen, AccountScreen)
        assert f"{OLD} has a successor already: {NEW}." in driver.words
    assert writes(fake) == ["POST"]


async def test_a_rotation_begun_elsewhere_meanwhile_stops_a_second_one(
    running, fake, account_id, old_id, journal, clock
):
    async with running() as driver:
        await go(driver)
        await driver.press("o")
        Rotations(journal.path.with_name(FILE_NAME), now=clock).begin(
            base_url=BASE_URL,
            account_id=account_id,
            account_name=ACCOUNT,
            old_id=old_id,
            old_name=OLD,
        )
        await driver.press("enter")
        assert f"Nothing was created: {OLD} is being replaced" in driver.words
    assert writes(fake) == []


async def test_a_successor_that_is_revoked_in_the_dialog_ends_the_rotation(
    running, fake, account_id, rotations
):
    async with running() as driver:
        await go(driver)
        await driver.press("o", "enter", "X")
        assert "rotating" not in driver.text
    assert names(fake, account_id) == [OLD]
    assert rotations() == ()


async def test_a_successor_that_does_not_work_is_said_so_and_the_old_one_kept(
    running, fake, rotations
):
    fake.inject(Fault("503", path="/v3/organizations/me", times=None))
    async with running() as driver:
        await rotate(driver)
        assert f"{NEW} is not proven; keep {OLD}." in driver.words
        assert "NOT PROVEN" in driver.text
        await driver.press("R")
        assert f"{NEW} was never seen to work." in driver.words
    (rotation,) = rotations()
    assert rotation.verified_at is None


async def test_a_run_that_ends_with_the_secret_on_the_screen_retires_nothing_unasked(
    running, fake, account_id, clock
):
    async with running() as driver:
        await go(driver)
        await driver.press("o", "enter")
        assert isinstance(driver.app.screen, HandoverDialog)
    clock.advance(days=3)
    async with running() as driver:
        assert "A token of an earlier run was not acknowledged" in driver.text
        await driver.tab_to("keep")
        await driver.press("enter")
        await go(driver)
        assert "NOT PROVEN" in driver.text
        await driver.press("R")
        assert f"{NEW} was never seen to work." in driver.words
        assert f"Nobody confirmed having {NEW}." in driver.words
        await driver.press("Y", "enter")
    assert names(fake, account_id) == [OLD, NEW]


@pytest.mark.parametrize("kind", ["500", "cut-before", "cut-after"])
async def test_what_goes_wrong_with_the_order_leaves_no_rotation(
    running, fake, account_id, rotations, kind
):
    async with running() as driver:
        await go(driver)
        await driver.press("o")
        fake.inject(Fault(kind, method="POST"))
        await driver.press("enter")
        assert "No answer says whether the token was made" in driver.text
        await driver.press("escape")
        assert isinstance(driver.app.screen, AccountScreen)
    assert rotations() == ()
    assert OLD in names(fake, account_id)


@pytest.mark.parametrize("status", [403, 404, 409])
async def test_a_refused_successor_is_told_in_the_form_and_can_be_ordered_again(
    running, fake, line, account_id, rotations, status
):
    async with running() as driver:
        await go(driver)
        await driver.press("o")
        refuse(fake, line, "POST", status)
        await driver.press("enter")
        assert isinstance(driver.app.screen, RotationForm)
        assert "Nothing was created. " in driver.words
        assert f"{status}" in driver.words
        assert "Trace id: konnect:trace:4711" in driver.words
        assert rotations() == ()
        assert names(fake, account_id) == [OLD]

        await driver.press("enter")
        await take_charge(driver)
        assert f"{NEW} works." in driver.words
    assert len(rotations()) == 1
    assert writes(fake) == ["POST", "POST"]


async def test_a_successor_whose_name_somebody_takes_at_the_last_moment_is_not_made(
    running, fake, line, account_id, rotations
):
    async def take_the_name(request):
        if request.method == "POST":
            fake.add_token(account_id, NEW)

    async with running() as driver:
        await go(driver)
        await driver.press("o")
        line.before = take_the_name
        await driver.press("enter")
        assert isinstance(driver.app.screen, RotationForm)
        assert "409" in driver.words
    assert rotations() == ()
    assert names(fake, account_id) == [OLD, NEW]


async def test_a_successor_waits_as_long_as_konnect_asks(
    running, fake, account_id, rotations, clock, sleep
):
    async with running() as driver:
        await go(driver)
        await driver.press("o")
        fake.inject(Fault("429", method="POST"))
        await driver.hit("enter")
        await until(driver, clock, sleep, lambda: isinstance(driver.app.screen, HandoverDialog))
    assert names(fake, account_id) == [OLD, NEW]
    assert writes(fake) == ["POST", "POST"]


async def test_a_successor_whose_secret_was_lost_is_revoked_and_ordered_again(
    running, fake, account_id, rotations
):
    async with running() as driver:
        await go(driver)
        await driver.press("o")
        fake.inject(Fault("cut-after", method="POST"))
        await driver.press("enter")
        assert "its secret was in the lost answer" in driver.words
        await driver.tab_to("revoke")
        await driver.press("enter")
        assert names(fake, account_id) == [OLD]
        assert rotations() == ()

        await driver.press("home", "o", "enter")
        await take_charge(driver)
    assert names(fake, account_id) == [OLD, NEW]
    assert len(rotations()) == 1


@pytest.mark.parametrize("kind", [403, 404, 409, "500", "cut-before"])
async def test_a_retirement_that_fails_keeps_the_rotation(
    running, fake, line, account_id, clock, rotations, kind
):
    async with running() as driver:
        await rotate(driver)
        clock.advance(hours=25)
        await driver.press("R")
        if isinstance(kind, int):
            refuse(fake, line, "DELETE", kind)
        else:
            fake.inject(Fault(kind, method="DELETE"))
        await driver.press("Y")
        assert "0 changes done, 1 " in driver.words
        await driver.press("escape")
        assert "rotating" in driver.text
    assert len(rotations()) == 1
    assert names(fake, account_id) == [OLD, NEW]


@pytest.mark.parametrize("kind", ["429", "cut-after"])
async def test_a_retirement_that_is_made_in_the_end_ends_the_rotation(
    running, fake, account_id, clock, sleep, rotations, kind
):
    async with running() as driver:
        await rotate(driver)
        clock.advance(hours=25)
        await driver.press("R")
        fake.inject(Fault(kind, method="DELETE"))
        await driver.hit("Y")
        await until(driver, clock, sleep, lambda: "1 change done" in driver.text)
        await driver.hit("escape")
        assert "rotating" not in driver.text
    assert rotations() == ()
    assert names(fake, account_id) == [NEW]


async def test_an_old_token_that_somebody_else_revoked_ends_the_rotation(
    running, fake, account_id, old_id, rotations
):
    async with running() as driver:
        await rotate(driver)
        headers = {"authorization": f"Bearer {fake.operator_token}"}
        path = f"/v3/system-accounts/{account_id}/access-tokens/{old_id}"
        fake.answer("DELETE", path, {}, headers, b"")
        await driver.press("r")
        assert f"rotating: {OLD} is gone · R ends this" in driver.words
        await driver.press("R")
        assert f"{OLD} is gone: its rotation is over." in driver.words
    assert rotations() == ()
    assert writes(fake) == ["POST", "DELETE"]


async def test_tokens_that_cannot_be_read_are_not_retired(running, fake, clock):
    async with running() as driver:
        await rotate(driver)
        clock.advance(hours=25)
        fake.inject(Fault("503", path="*/access-tokens", times=None))
        await driver.press("R")
        assert "Nothing is retired: tokens could not be read" in driver.words


async def test_a_read_only_profile_rotates_nothing(running, fake, profile):
    from dataclasses import replace

    async with running(first=replace(profile, read_only=True)) as driver:
        await go(driver)
        await driver.press("o")
        assert isinstance(driver.app.screen, AccountScreen)
        assert "read-only" in driver.words
    assert writes(fake) == []


async def test_the_secret_is_in_neither_file(running, secret, tmp_path):
    async with running() as driver:
        await rotate(driver)
    texts = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(NEW in text for text in texts)
    assert not any("spat_" in text for text in texts)


async def test_an_old_token_whose_successor_is_gone_is_not_retired_by_y(
    running, fake, account_id, clock
):
    async with running() as driver:
        await rotate(driver)
        clock.advance(hours=25)
        (new_id,) = (each["id"] for each in fake.tokens_of(account_id) if each["name"] == NEW)
        path = f"/v3/system-accounts/{account_id}/access-tokens/{new_id}"
        fake.answer("DELETE", path, {}, {"authorization": f"Bearer {fake.operator_token}"}, b"")
        await driver.press("R")
        assert f"{NEW} is gone: nothing replaces {OLD}." in driver.words
        await driver.press("Y", "enter")
        assert names(fake, account_id) == [OLD]


async def test_the_old_token_of_a_mesh_zone_is_retired_after_its_name_was_typed(
    running, fake, clock
):
    zone_id = fake.add_account("zone-9", konnect_managed=True)
    fake.add_token(zone_id, OLD)
    async with running() as driver:
        await driver.hit("slash")
        await driver.paste("zone-9")
        await driver.press("enter", "enter", "o")
        await driver.paste("zone-9")
        await driver.press("enter", "enter", "enter")
        await driver.type("zone-9")
        await driver.press("enter")
        clock.advance(hours=25)
        await driver.press("R")
        assert "The old one is idle" in driver.words
        assert "Konnect manages zone-9 for a mesh zone" in driver.words
        await driver.press("Y", "enter")
        assert names(fake, zone_id) == [OLD, NEW]
        await driver.press("backspace")
        await driver.paste(OLD)
        await driver.press("enter")
    assert names(fake, zone_id) == [NEW]
