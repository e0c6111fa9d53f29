"""Changes are shown, confirmed, sent, explained and taken back on one page."""

from __future__ import annotations

from sa_tui.api.models import SystemAccount
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.org.account_changes import delete_account, describe_account, rename_account

NAME = "ci-eu-deployer"


def _account(fake: FakeKonnect) -> SystemAccount:
    return SystemAccount.from_wire(fake.account_named(NAME))


def _writes(fake: FakeKonnect) -> list[tuple[str, object]]:
    return [(each.method, each.body) for each in fake.received if each.method != "GET"]


async def test_nothing_is_sent_before_a_yes(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        driver.app.review("Rename", [rename_account(_account(fake), name="other")])
        await driver.settle()
        await driver.press("enter")

        assert f"Rename system account {NAME} to other" in driver.text
        assert _writes(fake) == []

        await driver.press("escape")
        assert _writes(fake) == []


async def test_a_yes_sends_and_undo_takes_back(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        driver.app.review("Rename", [rename_account(_account(fake), name="other")])
        await driver.settle()
        await driver.press("y")

        assert "1 change done" in driver.text
        assert _writes(fake) == [("PATCH", {"name": "other"})]

        await driver.press("u")
        await driver.press("y")
        assert _writes(fake)[1:] == [("PATCH", {"name": NAME})]


async def test_the_end_of_an_account_has_to_be_typed(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        driver.app.review("Delete", [delete_account(_account(fake))])
        await driver.settle()
        await driver.type("y")
        await driver.press("enter")
        assert "Nothing was sent" in driver.text
        assert _writes(fake) == []

        await driver.press("backspace")
        await driver.type(NAME)
        await driver.press("enter")
        assert _writes(fake) == [("DELETE", None)]


async def test_what_failed_can_be_sent_again_alone(running, fake: FakeKonnect) -> None:
    account = _account(fake)
    changes = [
        rename_account(account, name="ci-prod-deployer"),
        describe_account(account, description="words"),
    ]
    async with running() as driver:
        driver.app.review("Two", changes)
        await driver.settle()
        await driver.press("y")
        assert "1 change done, 1 not" in driver.text

        await driver.press("f")
        await driver.press("y")

        names = [body for _, body in _writes(fake)]
        assert names[:2] == [{"name": "ci-prod-deployer"}, {"description": "words"}]
        assert names[2:] == [{"name": "ci-prod-deployer"}]


async def test_the_requests_can_be_read_as_curl(running, fake: FakeKonnect) -> None:
    async with running() as driver:
        driver.app.review("Rename", [rename_account(_account(fake), name="other")])
        await driver.settle()
        await driver.press("w")

        assert "curl -X PATCH" in driver.text
        assert "$KONNECT_TOKEN" in driver.text
        assert fake.operator_token not in driver.text
