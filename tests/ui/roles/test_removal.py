"""Roles are taken by key, with the access that remains, and named by their entity."""

from __future__ import annotations

import httpx
import pytest

from sa_tui.demo.faults import FaultKind
from sa_tui.demo.konnect import FakeKonnect, Fault

NAME = "ci-eu-deployer"
STRANGER = "00000000-0000-4000-8000-000000000000"


def taken(fake: FakeKonnect) -> list[str]:
    """The ids of the assignments that were sent to be removed."""
    paths = [each.path for each in fake.received if each.method == "DELETE"]
    return [path.rpartition("/")[2] for path in paths]


def held(fake: FakeKonnect) -> list[str]:
    return [role["id"] for role in fake.roles_of(fake.account_named(NAME)["id"])]


async def go_to_roles(driver, name: str = NAME) -> None:
    """Opens the account of this name and goes to its roles."""
    await driver.press("slash")
    await driver.paste(name)
    await driver.press("enter", "enter")
    await driver.tab_to("roles")
    await driver.settle()


async def test_the_role_under_the_cursor_goes_after_a_yes(running, fake) -> None:
    first, second = held(fake)
    async with running() as driver:
        await go_to_roles(driver)
        await driver.press("down", "x")
        assert "- role Deployer on Control Planes staging-eu (eu)" in driver.text
        assert taken(fake) == []
        await driver.press("enter")
        assert taken(fake) == []
        await driver.press("Y")

        assert taken(fake) == [second]
        assert held(fake) == [first]
        assert "1 change done" in driver.text
        await driver.press("escape")
        assert "Direct roles · 1" in driver.text


async def test_marked_roles_go_together(running, fake) -> None:
    before = held(fake)
    async with running() as driver:
        await go_to_roles(driver)
        await driver.press("space", "space", "x")
        assert "Remove 2 roles from ci-eu-deployer?" in driver.text
        await driver.press("Y")

        assert taken(fake) == before
        assert held(fake) == []


async def test_the_access_that_remains_is_told(running) -> None:
    async with running() as driver:
        await go_to_roles(driver)
        await driver.press("space", "space", "x")

        assert "still Deployer through Release Bots" in driver.text
        assert "after:  no role there" in driver.text


async def test_what_remains_is_not_known_where_a_team_could_not_be_read(running, fake) -> None:
    fake.inject(Fault("500", path="/v3/teams/*/assigned-roles", times=None))
    async with running() as driver:
        await go_to_roles(driver)
        await driver.press("x")

        assert "may hold more than is shown: " in driver.words
        assert "after:  not known" in driver.text
        assert "no role there" not in driver.text


async def test_the_key_among_tokens_takes_no_role(running, fake) -> None:
    async with running() as driver:
        await go_to_roles(driver)
        await driver.tab_to("tokens")
        await driver.press("x")

        assert "Remove 1 role" not in driver.text
        assert taken(fake) == []


async def test_a_role_that_was_taken_can_be_given_back(running, fake) -> None:
    account_id = fake.account_named(NAME)["id"]
    wanted = [{**role, "id": ""} for role in fake.roles_of(account_id)]
    async with running() as driver:
        await go_to_roles(driver)
        await driver.press("x", "Y", "u", "Y")

        now = [{**role, "id": ""} for role in fake.roles_of(account_id)]
        assert sorted(map(str, now)) == sorted(map(str, wanted))


async def test_a_role_that_somebody_took_meanwhile_is_no_failure(running, fake) -> None:
    account_id = fake.account_named(NAME)["id"]
    async with running() as driver:
        await go_to_roles(driver)
        await driver.press("x")
        fake.organisation.remove_role(account_id, held(fake)[0])
        await driver.press("Y")

        assert "It was gone already." in driver.words
        assert "1 change done" in driver.text


@pytest.mark.parametrize("status", [403, 409])
async def test_a_refusal_is_told(running, fake, line, status: int) -> None:
    def rewrite(request, response):
        if request.method == "DELETE":
            return httpx.Response(status, json={"status": status, "detail": "not for you"})
        return response

    async with running() as driver:
        await go_to_roles(driver)
        await driver.press("x")
        line.rewrite = rewrite  # the demo fails, and the line tells another reason
        fake.inject(Fault("500", method="DELETE"))
        await driver.press("Y")

        assert "1 failed" in driver.text
        assert "not for you" in driver.words


@pytest.mark.parametrize(
    ("kind", "sendings", "said"),
    [
        ("429", 2, "1 change done"),
        ("500", 1, "1 unknown"),
        ("cut-before", 1, "1 unknown"),
        ("cut-after", 1, "1 change done"),
    ],
)
async def test_nothing_is_taken_twice_over_a_bad_line(
    running, fake, clock, sleep, kind: FaultKind, sendings: int, said: str
) -> None:
    fake.inject(Fault(kind, method="DELETE"))
    async with running() as driver:
        await go_to_roles(driver)
        await driver.press("x")
        await driver.hit("Y")
        for _ in range(500):
            if not any(worker.group == "writes" for worker in driver.app.workers):
                break
            clock.advance(seconds=60)
            sleep.wake()
            await driver.turn()

        assert said in driver.text
        assert len(taken(fake)) == sendings
        assert len(held(fake)) == (1 if said == "1 change done" else 2)


# Names


async def test_roles_name_their_entities(running) -> None:
    async with running() as driver:
        await go_to_roles(driver)

        assert "prod-eu" in driver.text
        assert "staging-eu" in driver.text


async def test_the_order_of_a_token_names_what_it_will_carry(running) -> None:
    async with running() as driver:
        await driver.open_form(NAME)

        assert "Deployer on Control Planes prod-eu (eu)" in driver.words


@pytest.mark.parametrize(("status", "said"), [(200, "does not exist"), (403, "not visible")])
async def test_gone_and_hidden_are_told_apart(running, fake, line, status: int, said: str) -> None:
    def rewrite(request, response):
        if status != 200 and request.url.path == "/v2/control-planes":
            return httpx.Response(status, json={"status": status, "detail": "not for you"})
        return response

    line.rewrite = rewrite
    fake.add_role(
        fake.account_named(NAME)["id"],
        "Viewer",
        entity_type_name="Control Planes",
        entity_id=STRANGER,
        entity_region="eu",
    )
    async with running((120, 40)) as driver:
        await go_to_roles(driver)

        row = next(each for each in driver.text.splitlines() if "00000000…" in each)
        assert said in row
