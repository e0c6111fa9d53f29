"""A secret is nowhere but on the masked page and where the operator sends it."""

from __future__ import annotations

import gc

import pytest

from sa_tui.demo.organisation import Organisation
from sa_tui.demo.seed import build_organisation
from sa_tui.ui.accounts.list import AccountsScreen
from sa_tui.ui.tokens.handover import HandoverDialog
from sa_tui.ui.tokens.secret import SecretLine


def holders(piece: str) -> list[type]:
    """The kinds of every living object that refers to a longer string with this piece in it."""
    gc.unfreeze()  # also the modules may hold it, and whatever they keep
    gc.collect()
    return [
        type(each)
        for each in gc.get_objects()
        for held in gc.get_referents(each)
        if type(held) is str and piece in held and held != piece
    ]


def issue_another(organisation: Organisation) -> None:
    """Gives the next token another secret than the first of each test, which may still be alive."""
    account_id = organisation.account_ids["ci-au-deployer"]
    organisation.issue_token(account_id, {"id": "other", "name": "other"})


async def test_masked_it_is_in_no_picture_no_repr_and_no_name(running, fake, secret, caplog):
    piece = secret[8:24]
    async with running() as driver:
        await driver.issue()
        app, dialog = driver.app, driver.app.screen
        assert isinstance(dialog, HandoverDialog)
        assert piece not in app.export_screenshot()
        for node in [app, *app.screen_stack, *dialog.walk_children()]:
            assert piece not in repr(node)
            assert piece not in repr(vars(node))
        for worker in app.workers:
            assert piece not in repr(worker) + repr(vars(worker))
        assert piece not in repr(fake.received)
        assert piece not in caplog.text


async def test_neither_the_journal_nor_the_streams_hold_it(running, secret, journal, capfd):
    async with running() as driver:
        await driver.open_form()
        await driver.choose("command")
        await driver.paste("sh -c 'cat; false'")
        await driver.press("enter", "*", "y", "V", "enter")
        await driver.paste("ci-eu-deployer")
        await driver.press("enter")
    kept = "".join(path.read_text() for path in journal.path.parent.iterdir())
    assert "ci-eu-deployer" in kept
    assert secret[8:24] not in kept
    out, err = capfd.readouterr()
    assert secret[8:24] not in out + err


@pytest.mark.parametrize("answer", ["enter", "X"])
async def test_once_the_dialog_is_left_nothing_in_the_application_holds_it(
    running, fake, now, answer
):
    issue_another(fake.organisation)
    async with running() as driver:
        await driver.issue()
        await driver.press("*", "V")
        assert driver.app.screen.query_one(SecretLine).is_revealed
        await driver.press(answer)
        if answer == "enter":
            await driver.paste("ci-eu-deployer")
            await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)
        # Made again only now, so that the test itself does not hold it before.
        twin = build_organisation(now, odd=True)
        issue_another(twin)
        token = {"id": "t", "name": "t"}
        piece = twin.issue_token(twin.account_ids["ci-eu-deployer"], token)[8:24]
        assert holders(piece) == []
        assert driver.app.clipboard == ""


async def test_a_secret_that_was_only_delivered_leaves_nothing_behind_either(
    running, fake, tmp_path
):
    issue_another(fake.organisation)
    async with running() as driver:
        await driver.open_form()
        await driver.choose("file")
        await driver.fill(str(tmp_path / "t"))
        await driver.press("enter")
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)
        piece = (tmp_path / "t").read_text()[8:24]
        assert holders(piece) == []
