"""Every verb that can takes the marked rows, in one review; what it cannot take is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.ui.accounts.list import AccountsScreen
from sa_tui.ui.kit.keys import Key
from sa_tui.ui.kit.review import ReviewDialog
from sa_tui.ui.teams.list import TeamsScreen
from sa_tui.ui.tokens.list import TokensScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

THREE = ("token-minter", "ci-eu-deployer", "terraform-prod")
"""Not in the order of the list, so that the order of the marks is seen."""

ZONE = "mesh-zone-eu-1"


def sent(fake: FakeKonnect) -> list[str]:
    return [f"{each.method} {each.path}" for each in fake.received if each.method != "GET"]


async def mark(driver, *names: str) -> None:
    """Marks these rows of the list, in this order."""
    table = driver.app.screen.table
    keys = keys_of(driver)
    for name in names:
        table.move_to(keys[name])
        await driver.press("space")


def keys_of(driver) -> dict[str, str]:
    """The keys of accounts and teams by their names."""
    snapshot = driver.app.snapshot
    rows = (*snapshot.accounts.rows, *snapshot.teams.rows)
    return {row.name: row.id for row in rows}


async def confirm(driver, text: str) -> None:
    """Types the number of changes, as the review asks."""
    await driver.fill(text)
    await driver.press("enter")


# Accounts


async def test_several_accounts_are_deleted_in_the_order_of_their_marks(running, fake) -> None:
    ids = [fake.account_named(name)["id"] for name in THREE]
    async with running((120, 40)) as driver:
        await mark(driver, *THREE)
        await driver.press("D")
        assert "Delete 3 system accounts?" in driver.text
        assert "type 3 (there are 3 changes)" in driver.words
        assert driver.text.count("terraform-prod") == 2  # as a change, and above its effect
        assert sent(fake) == []

        await confirm(driver, "3")
        assert sent(fake) == [f"DELETE /v3/system-accounts/{id}" for id in ids]
        assert "3 changes done" in driver.words


async def test_an_account_that_is_switched_off_is_not_deleted(running, fake) -> None:
    ids = [fake.account_named(name)["id"] for name in THREE]
    async with running((120, 40)) as driver:
        await mark(driver, *THREE)
        await driver.press("D", "down", "space")
        await confirm(driver, "2")
        assert sent(fake) == [f"DELETE /v3/system-accounts/{id}" for id in ids[1:]]


async def test_nothing_is_deleted_when_one_of_the_marked_cannot_be(running, fake) -> None:
    async with running() as driver:
        await mark(driver, *THREE, ZONE)
        await driver.press("D")
        refusal = f"Konnect manages {ZONE} for a mesh zone: it cannot be deleted by hand."
        assert refusal in driver.words
        assert not isinstance(driver.app.screen, ReviewDialog)
        assert sent(fake) == []


async def test_what_could_not_be_read_of_one_of_several_is_told(running, fake) -> None:
    async with running((120, 40)) as driver:
        await mark(driver, *THREE)
        unread = fake.account_named(THREE[1])["id"]
        path = f"/v3/system-accounts/{unread}/access-tokens"
        fake.inject(Fault("500", path=path, times=None))
        await driver.press("D")
        assert f"{THREE[1]}: tokens could not be read" in driver.words


async def test_all_tokens_of_several_are_revoked_and_what_is_left_out_is_named(
    running, fake
) -> None:
    fake.add_account("ci-empty")
    unread = fake.account_named(THREE[0])["id"]
    fake.inject(Fault("500", path=f"/v3/system-accounts/{unread}/access-tokens", times=None))
    async with running((120, 40)) as driver:
        await mark(driver, "ci-empty", *THREE)
        await driver.press("X")
        assert "ci-empty has no access token: nothing to revoke." in driver.words
        left_out = f"{THREE[0]}: none of its tokens is revoked, they could not be read."
        assert left_out in driver.words
        assert sent(fake) == []


# Teams


async def test_several_teams_are_deleted_in_one_review(running, fake) -> None:
    names = ("Release Bots", "Customs EU")
    ids = [fake.team_named(name)["id"] for name in names]
    async with running((120, 40)) as driver:
        await driver.press("3")
        await mark(driver, *names)
        await driver.press("D")
        assert "Delete 2 teams?" in driver.text
        await confirm(driver, "2")
        assert sent(fake) == [f"DELETE /v3/teams/{id}" for id in ids]


async def test_no_team_is_deleted_when_a_predefined_one_is_marked(running, fake) -> None:
    async with running((120, 40)) as driver:
        await driver.press("3")
        await mark(driver, "Release Bots", "portal-admin")
        await driver.press("D")
        assert "is a predefined team: it cannot be deleted" in driver.words
        assert sent(fake) == []


@pytest.mark.parametrize("key", ["E", "m", "p"])
async def test_what_takes_one_team_says_so(running, fake, key: str) -> None:
    async with running((120, 40)) as driver:
        await driver.press("3")
        await mark(driver, "Release Bots", "Customs EU")
        await driver.press(key)
        assert "takes one team, and 2 rows are marked: Esc clears the marks." in driver.words


# Every verb of every list


LISTS = {"accounts": AccountsScreen, "tokens": TokensScreen, "teams": TeamsScreen}
MARKED = {
    "accounts": THREE,
    "tokens": ("minter", "gitlab-eu", "tfc-prod"),
    "teams": ("Release Bots", "Customs EU", "Platform Engineering"),
}


def rows_with_verbs() -> list[tuple[str, Key]]:
    """Each row of a list that changes something that is listed, with the name of the list."""
    return [
        (page, row)
        for page, screen in LISTS.items()
        for row in screen.BINDINGS
        if isinstance(row, Key) and row.verb is not None and row.verb.noun is not None
    ]


def named(pair: tuple[str, Key] | object) -> str:
    return f"{pair[0]}-{pair[1].action}" if isinstance(pair, tuple) else str(pair)


async def go_and_mark(driver, page: str, names: Sequence[str]) -> None:
    """Goes to a list, and marks rows of it that every verb can take."""
    driver.app.action_section(page)
    await driver.settle()
    table = driver.app.screen.table
    for name in names:
        key = next(key for key in table.keys if name in "".join(map(str, table._row(key))))
        table.move_to(key)
        await driver.press("space")


@pytest.mark.whole
@pytest.mark.parametrize("pair", rows_with_verbs(), ids=named)
async def test_a_verb_takes_all_of_three_marked_rows_or_says_that_it_takes_one(
    running, fake, pair
) -> None:
    page, row = pair
    async with running((140, 45)) as driver:
        await go_and_mark(driver, page, MARKED[page])
        screens = len(driver.app.screen_stack)
        await driver.press(row.key)

        if row.verb.takes_several:
            assert len(driver.app.screen_stack) == screens + 1
            accounts = "3 accounts" in driver.words  # the picker of teams counts them
            assert accounts or all(name in driver.words for name in MARKED[page])
        else:
            assert f"{row.verb.title} takes one" in driver.words
            assert "3 rows are marked: Esc clears the marks." in driver.words
            assert len(driver.app.screen_stack) == screens
        assert sent(fake) == []


@pytest.mark.whole
@pytest.mark.parametrize("pair", rows_with_verbs(), ids=named)
async def test_a_verb_takes_the_one_row_that_is_marked_under_the_cursor(
    running, fake, pair
) -> None:
    page, row = pair
    async with running((140, 45)) as driver:
        await go_and_mark(driver, page, MARKED[page][1:2])
        await driver.press("up")
        screens = len(driver.app.screen_stack)
        await driver.press(row.key)

        assert len(driver.app.screen_stack) == screens + 1
        is_of_account = page == "tokens" and row.action == "issue"
        assert ("ci-eu-deployer" if is_of_account else MARKED[page][1]) in driver.words
        assert sent(fake) == []


@pytest.mark.whole
@pytest.mark.parametrize("page", LISTS)
async def test_every_verb_says_that_there_is_no_row(running, fake, page: str) -> None:
    async with running((140, 45)) as driver:
        driver.app.action_section(page)
        await driver.settle()
        await driver.press("slash")
        await driver.paste("nothing is called like this")
        await driver.press("enter")
        screens = len(driver.app.screen_stack)
        for name, row in rows_with_verbs():
            if name == page:
                assert row.verb is not None
                await driver.press(row.key)
                assert f"There is no {row.verb.noun} here: nothing to do." in driver.words
                assert len(driver.app.screen_stack) == screens
        assert sent(fake) == []
