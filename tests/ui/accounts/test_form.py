"""A new account, one like another, and another name or description: reviewed first, sent once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from textual.widgets import Input

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.ui.accounts.form import AccountForm
from sa_tui.ui.kit.review import ReviewDialog

NAME = "ci-eu-deployer"
ACCOUNTS = "/v3/system-accounts"


def writes(fake: FakeKonnect) -> list[tuple[str, str, Any]]:
    return [(each.method, each.path, each.body) for each in fake.received if each.method != "GET"]


def fields(driver: Any) -> list[str]:
    return [field.value for field in driver.app.screen.query(Input)]


async def choose(driver: Any, name: str = NAME) -> None:
    """Puts the cursor on this account."""
    await driver.hit("slash")
    await driver.paste(name)
    await driver.press("enter")


async def ask_for(driver: Any, name: str, description: str | None = None) -> None:
    """Fills in the form and goes on to what comes next."""
    await driver.fill(name)
    if description is not None:
        await driver.hit("tab")
        await driver.fill(description)
    await driver.press("enter")


@pytest.fixture
def account_path(fake: FakeKonnect) -> str:
    return f"{ACCOUNTS}/{fake.account_named(NAME)['id']}"


# A new account


async def test_a_new_account_is_reviewed_then_created_once_and_under_the_cursor(running, fake):
    async with running() as driver:
        await driver.press("n")
        assert "Meridian Freight, profile demo" in driver.text
        await ask_for(driver, "new-bot", "for us")
        assert "Create system account new-bot" in driver.text
        await driver.press("enter")
        assert writes(fake) == []

        await driver.press("Y")
        assert writes(fake) == [("POST", ACCOUNTS, {"name": "new-bot", "description": "for us"})]
        assert "1 change done" in driver.text

        await driver.press("escape")
        assert "The account is created." in driver.text
        await driver.press("enter")
        assert f"id {fake.account_named('new-bot')['id']}" in driver.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give the account a name"),
        ("bell\a", "printable characters"),
        (NAME, f"There is an account named {NAME} already."),
    ],
)
async def test_a_name_that_cannot_be_is_refused_before_any_review(running, fake, name, said):
    async with running() as driver:
        await driver.press("n")
        driver.app.screen.query_one("#account-name", Input).value = name
        await driver.press("enter")

        assert said in driver.words
        assert isinstance(driver.app.screen, AccountForm)
        assert writes(fake) == []


@pytest.mark.whole
async def test_leaving_the_review_sends_nothing_and_keeps_what_was_typed(running, fake):
    async with running() as driver:
        await driver.press("n")
        await ask_for(driver, "new-bot", "for us")
        await driver.press("escape")

        assert fields(driver) == ["new-bot", "for us"]
        await driver.press("escape")
        assert "44 system accounts" in driver.text
        assert writes(fake) == []


async def test_a_name_that_somebody_took_meanwhile_is_a_failure_and_can_be_changed(running, fake):
    async with running() as driver:
        await driver.press("n")
        fake.add_account("new-bot")
        await ask_for(driver, "new-bot")
        await driver.press("Y")
        assert "409" in driver.text
        assert "0 changes done, 1 failed" in driver.text

        await driver.press("escape")
        assert fields(driver)[0] == "new-bot"
        await ask_for(driver, "newer-bot")
        await driver.press("Y")
        await driver.press("escape")
        assert fake.account_named("newer-bot")


@pytest.mark.parametrize(
    ("fault", "said", "is_made", "sent"),
    [
        ("500", "0 changes done, 1 unknown", False, 1),
        ("cut-before", "0 changes done, 1 unknown", False, 1),
        ("cut-after", "1 change done", True, 1),
        ("malformed", "1 change done", True, 1),
    ],
)
async def test_what_goes_wrong_while_creating_is_told_as_it_is(
    running, fake, fault, said, is_made, sent
):
    async with running() as driver:
        await driver.press("n")
        await ask_for(driver, "new-bot")
        fake.inject(Fault(fault, method="POST"))
        await driver.press("Y")

        assert said in driver.text
        assert ("new-bot" in fake.organisation.account_ids) == is_made
        assert len(writes(fake)) == sent


async def test_a_new_account_waits_as_long_as_konnect_asks_and_is_sent_again(running, fake):
    async with running() as driver:
        await driver.press("n")
        await ask_for(driver, "new-bot")
        fake.inject(Fault("429", method="POST"))
        await driver.press("Y")
        assert "1 change done" in driver.text
        assert len(writes(fake)) == 2


# Another name or description


@pytest.mark.parametrize(
    ("name", "description", "sent"),
    [
        ("renamed", None, [{"name": "renamed"}]),
        (NAME, "words", [{"description": "words"}]),
        (NAME, "", [{"description": ""}]),
        ("renamed", "words", [{"description": "words"}, {"name": "renamed"}]),
    ],
)
async def test_an_edit_sends_what_is_different_and_nothing_else(
    running, fake, account_path, name, description, sent
):
    async with running() as driver:
        await choose(driver)
        await driver.press("E")
        await ask_for(driver, name, description)
        await driver.press("Y")
        assert writes(fake) == [("PATCH", account_path, body) for body in sent]

        await driver.press("escape")
        assert not isinstance(driver.app.screen, AccountForm)


async def test_an_edit_without_a_difference_sends_nothing(running, fake):
    async with running() as driver:
        await choose(driver)
        await driver.press("E", "enter")
        assert "Nothing is changed" in driver.text
        assert writes(fake) == []


async def test_an_edit_can_be_taken_back(running, fake):
    before = dict(fake.account_named(NAME))
    async with running() as driver:
        await choose(driver)
        await driver.press("E")
        await ask_for(driver, "renamed", "words")
        await driver.press("Y")
        await driver.press("u")
        await driver.press("Y")

        after = fake.account_named(NAME)
        assert (after["id"], after["description"]) == (before["id"], before["description"])


async def test_after_a_part_failed_only_the_rest_is_asked_for(running, fake):
    async with running() as driver:
        await choose(driver)
        await driver.press("E")
        fake.add_account("taken")
        await ask_for(driver, "taken", "words")
        await driver.press("Y")
        await driver.press("escape")
        assert fields(driver) == ["taken", "words"]

        await driver.hit("shift+tab")
        await ask_for(driver, "free")
        await driver.press("Y")
        sent = [body for _, _, body in writes(fake)]
        assert sent == [{"description": "words"}, {"name": "taken"}, {"name": "free"}]


async def test_what_somebody_else_changed_meanwhile_is_shown_and_not_overwritten(running, fake):
    account = fake.account_named(NAME)
    async with running() as driver:
        await choose(driver)
        await driver.press("E")
        account["description"] = "theirs"
        await ask_for(driver, NAME, "ours")
        await driver.press("Y")

        assert "it is 'theirs' now" in driver.words
        assert writes(fake) == []


async def test_an_account_that_is_gone_is_said_to_be(running, fake):
    account_id = fake.account_named(NAME)["id"]
    async with running() as driver:
        await choose(driver)
        await driver.press("E")
        fake.organisation.remove_account(account_id)
        await ask_for(driver, "renamed")
        await driver.press("Y")
        assert "404" in driver.words
        assert "1 failed" in driver.text


async def test_what_konnect_forbids_is_told(running, fake):
    account = fake.account_named(NAME)
    async with running() as driver:
        await choose(driver)
        await driver.press("E")
        account["konnect_managed"] = True
        await ask_for(driver, "renamed")
        await driver.press("Y")
        assert "403" in driver.words


# Where it is not offered


@pytest.mark.parametrize("key", ["E", "D"])
async def test_a_managed_account_says_why_it_cannot_be_changed(running, key):
    async with running() as driver:
        await choose(driver, "mesh-zone-eu-1")
        await driver.press(key)
        assert "Konnect manages mesh-zone-eu-1 for a mesh zone: it cannot be" in driver.words

        await driver.press("enter", key)
        assert "Konnect manages mesh-zone-eu-1 for a mesh zone: it cannot be" in driver.words
        assert not isinstance(driver.app.screen, AccountForm | ReviewDialog)


@pytest.mark.whole
async def test_a_hostile_name_is_just_text(running):
    async with running() as driver:
        await choose(driver, "[/foo]")
        await driver.press("E")
        assert "Edit system account [/foo]" in driver.text


# One like another


async def test_a_clone_gets_roles_and_teams_once_it_exists(running, fake):
    source = fake.account_named(NAME)["id"]
    async with running() as driver:
        await choose(driver)
        await driver.press("c")
        assert "Deployer on Control Planes prod-eu, staging-eu" in driver.text
        assert "Teams (1): Release Bots" in driver.text
        await ask_for(driver, "ci-us-bot")
        await driver.press("Y")
        await driver.press("escape")

        assert "Give role · ci-us-bot · 2" in driver.words
        assert "+ role Deployer on Control Planes prod-eu (eu)" in driver.words
        account_id = fake.account_named("ci-us-bot")["id"]
        assert "The same access for ci-us-bot?" in driver.text
        assert len(writes(fake)) == 1

        await driver.press("Y")
        assert "3 changes done" in driver.text
        own = f"{ACCOUNTS}/{account_id}/assigned-roles"
        team = f"/v3/teams/{fake.team_named('Release Bots')['id']}/system-accounts"
        sent = writes(fake)[1:]
        assert [path for _, path, _ in sent] == [own, own, team]
        assert sent[-1][2] == {"id": account_id}
        fields = ("role_name", "entity_type_name", "entity_id", "entity_region")
        assert [body for _, _, body in sent[:2]] == [
            {field: role[field] for field in fields} for role in fake.roles_of(source)
        ]


async def test_an_existing_account_gets_what_it_lacks_after_a_second_enter(running, fake):
    target = fake.add_account("ci-us-bot")
    fake.join(fake.team_named("Release Bots")["id"], target)
    async with running() as driver:
        await choose(driver)
        await driver.press("c")
        await ask_for(driver, "ci-us-bot")
        assert "There is an account named ci-us-bot already." in driver.words
        await driver.press("enter")
        await driver.press("Y")

        paths = {path for _, path, _ in writes(fake)}
        assert paths == {f"{ACCOUNTS}/{target}/assigned-roles"}
        assert len(writes(fake)) == 2


async def test_a_clone_says_which_part_of_the_access_is_not_known(running, fake):
    path = f"{ACCOUNTS}/{fake.account_named(NAME)['id']}/assigned-roles"
    async with running() as driver:
        await choose(driver)
        fake.inject(Fault("500", method="GET", path=path, times=None))
        await driver.press("r", "c")
        assert "PERHAPS MORE" in driver.text or "NOT KNOWN" in driver.text
        await ask_for(driver, "ci-us-bot")
        await driver.press("Y")
        await driver.press("escape")
        assert "roles could not be read" in driver.words


async def test_a_clone_of_an_account_without_access_has_nothing_to_review(running, fake):
    fake.add_account("bare")
    async with running() as driver:
        await choose(driver, "bare")
        await driver.press("c")
        await ask_for(driver, "bare-too")
        await driver.press("Y")
        await driver.press("escape")
        assert "bare-too has all that bare has." in driver.text


async def test_a_clone_waits_until_the_new_account_can_be_read(running, fake, line):
    def refuse(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        is_whole_list = request.url.path == ACCOUNTS and "filter" not in str(request.url)
        return httpx.Response(500) if is_whole_list else response

    async with running() as driver:
        await choose(driver)
        await driver.press("c")
        await ask_for(driver, "ci-us-bot")
        as_it_comes, line.rewrite = line.rewrite, refuse
        await driver.press("Y")
        assert "1 change done" in driver.text
        await driver.press("escape")
        assert "not in the list that was read last. Enter reads again." in driver.words

        line.rewrite = as_it_comes
        await driver.press("enter")
        assert "The same access for ci-us-bot?" in driver.text
        assert len(writes(fake)) == 1
