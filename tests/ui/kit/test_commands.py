"""Every action by key, by `:` and in the palette, and the help that tells them."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from textual.binding import Binding

import sa_tui.ui
from sa_tui.ui.accounts.detail import AccountScreen
from sa_tui.ui.accounts.list import AccountsScreen
from sa_tui.ui.app import SaTui
from sa_tui.ui.kit import commands
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.table.table import LineTable

TALL = (120, 80)


async def command(driver, line: str) -> None:
    await driver.press("colon")
    await driver.paste(line)
    await driver.press("enter")


def help_line(driver, name: str) -> str:
    """The line of the help that tells the action of this name."""
    return next(line for line in driver.text.splitlines() if f":{name} " in line)


# Commands


@pytest.mark.parametrize("typed", ["refresh", ":refresh", "ref", "REFRESH", "  refresh  "])
async def test_a_command_is_known_by_its_name_and_by_how_it_begins(running, fake, typed):
    async with running() as driver:
        fake.received.clear()
        await command(driver, typed)
        assert "/v3/system-accounts" in {each.path for each in fake.received}


@pytest.mark.whole
async def test_a_command_line_that_is_empty_or_left_does_nothing(running, fake):
    async with running() as driver:
        fake.received.clear()
        await command(driver, "")
        await driver.press("colon")
        await driver.paste("quit")
        await driver.press("escape")
        assert fake.received == []
        assert "44 system accounts" in driver.text
        await driver.press("down", "enter")
        assert "[red]x[/red] ci" in driver.text


@pytest.mark.whole
async def test_the_command_line_completes_what_is_typed(running):
    async with running() as driver:
        await driver.press("colon")
        await driver.paste("refr")
        assert "refresh" in driver.text
        await driver.press("right", "enter")
        assert "44 system accounts" in driver.text
        assert "no command" not in driver.text


async def test_tab_completes_commands_and_goes_through_what_they_may_become(running):
    async with running() as driver:
        await driver.press("colon", *"tok", "tab")
        assert ": tokens" in driver.text
        await driver.press("ctrl+u", *"acco", "tab")
        assert ": account\n" in driver.text
        assert "account account-teams" in driver.words
        await driver.press("tab")
        assert ": account-teams" in driver.text
        await driver.press("enter")
        assert "Teams of " in driver.text


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("profile d", "profile demo"),
        ("account ci-e", "account ci-eu-deployer"),
        ("sort exp", "sort expires"),
        ("theme nor", "theme nord"),
    ],
)
async def test_tab_completes_arguments(running, typed, completed):
    async with running() as driver:
        await driver.press("colon")
        await driver.paste(typed)
        await driver.press("tab")
        assert f": {completed}" in driver.text


async def test_tab_without_anything_to_complete_stays_in_the_line(running):
    async with running() as driver:
        await driver.press("colon", *"xyz", "tab", *"zy")
        assert ": xyzzy" in driver.text


async def test_several_lines_pasted_into_one_are_said(running):
    async with running() as driver:
        await driver.press("slash")
        await driver.paste("ci-eu\n\nci-prod\n")
        assert "/ ci-eu\n" in driver.text
        assert "3 lines were pasted: this field takes one, and kept the first." in driver.words
        await driver.press("ctrl+u")
        await driver.paste("ci-eu\n")
        assert "lines were pasted" not in driver.words
        await driver.press("escape", "n")
        await driver.paste("one\ntwo")
        assert "2 lines were pasted" in driver.words


async def test_an_unknown_command_is_answered_with_the_nearest(running):
    async with running() as driver:
        await command(driver, "refersh")
        assert "There is no command :refersh here. Did you mean :refresh?" in driver.text


async def test_a_command_like_nothing_else_is_answered_with_all_of_them(running):
    async with running((120, 24)) as driver:
        await command(driver, "[/xyzzy]")
        assert "There is no command :[/xyzzy] here. access, " in driver.text
        assert "profile, " in driver.text


async def test_a_command_of_another_screen_is_not_offered(running):
    async with running() as driver:
        await driver.press("enter")
        await command(driver, "sort name")
        assert "There is no command :sort here." in driver.text
        assert "account NAME" not in driver.text


async def test_a_command_that_wants_a_word_says_which(running):
    async with running() as driver:
        await command(driver, "account")
        assert ":account NAME: open the account whose name begins with NAME" in driver.text


async def test_a_command_that_wants_no_word_says_so(running):
    async with running() as driver:
        await command(driver, "refresh now")
        assert ":refresh takes no argument." in driver.text


@pytest.mark.whole
async def test_a_command_can_filter_and_sort(running):
    async with running() as driver:
        await command(driver, "filter mesh-zone")
        assert "2 of 44 system accounts" in driver.text
        await driver.press("enter")
        await command(driver, "sort name")
        assert "NAME▼" in driver.text
        assert driver.text.index("mesh-zone-us-1") < driver.text.index("mesh-zone-eu-1")
        await command(driver, "sort colour")
        assert "There is no column colour: name, managed, live" in driver.text


@pytest.mark.whole
async def test_a_command_opens_an_account_by_the_beginning_of_its_name_or_id(running, fake):
    async with running() as driver:
        await command(driver, "account CI-EU")
        assert "gitlab-eu" in driver.text
        await driver.press("escape")
        await command(driver, f"account {fake.account_named('addon-manager')['id'][:9]}")
        assert driver.text.splitlines()[2].strip() == "addon-manager"
        await driver.press("escape")
        await command(driver, "account [/nobody]")
        assert "has a name that begins with [/nobody]." in driver.text


async def test_what_a_read_only_profile_refuses_cannot_be_commanded_either(running, profile, fake):
    async with running(first=replace(profile, read_only=True)) as driver:
        await command(driver, "issue")
        assert "This profile is read-only: nothing can be changed here." in driver.text
        await driver.press("i")
        assert "This profile is read-only: nothing can be changed here." in driver.text
        assert {each.method for each in fake.received} == {"GET"}


@pytest.mark.parametrize("typed", ["q", "quit", "q!"])
async def test_leaving_by_command(running, typed):
    async with running() as driver:
        await driver.hit("colon", *typed, "enter")
        await driver.turn()
        assert driver.app.return_code == 0


async def test_another_profile_is_opened_by_its_name(running, profile):
    other = replace(profile, name="stage", label="STAGE")
    async with running(saved_profiles=lambda: (profile, other)) as driver:
        await command(driver, "profile stage")
        assert "stage [STAGE]  Meridian Freight" in driver.text
        await command(driver, "profile prod")
        assert "There is no profile prod. There are: demo, stage" in driver.text


# Help


async def test_the_help_lists_the_keys_of_this_screen(running):
    async with running(TALL) as driver:
        await driver.press("question_mark")
        assert help_line(driver, "issue").split()[0] == "i"
        assert help_line(driver, "filter").split()[0] == "/"
        assert "Filter as you type" in driver.text
        assert "Move down one row" in driver.text
        assert "not read yet" in driver.text
        assert "none was used for 90 days" in driver.text
        await driver.press("escape", "enter", "question_mark")
        assert "Back to the list" in driver.text
        assert "Filter as you type" not in driver.text


async def test_the_help_tells_a_key_only_where_it_does_that(running):
    async with running(TALL) as driver:
        await driver.press("question_mark")
        assert help_line(driver, "quit").split()[:2] == ["q", "^q"]
        await driver.press("escape", "enter", "question_mark")
        assert help_line(driver, "quit").split()[0] == "^q"
        assert "q" in help_line(driver, "back").partition(":back")[0].split()


async def test_the_help_says_what_cannot_be_done_now(running, profile):
    async with running(TALL, first=replace(profile, read_only=True)) as driver:
        await driver.press("question_mark")
        assert help_line(driver, "issue").endswith("(not now)")


@pytest.mark.whole
async def test_the_help_fits_and_scrolls_on_a_small_terminal(running):
    async with running() as driver:
        await driver.press("question_mark")
        assert "Esc closes" in driver.text
        assert "While you type a command" not in driver.text
        await driver.press(*["pagedown"] * 5)
        assert "Back to the screen" in driver.text
        await driver.press("q")
        assert "44 system accounts" in driver.text


# Keymap and palette


@pytest.mark.whole
async def test_keys_can_be_changed_by_the_id_of_their_binding(running, fake):
    async with running(TALL) as driver:
        driver.app.set_keymap({"refresh": "f5", "table.down": "n", "help": "f1"})
        fake.received.clear()
        await driver.press("r")
        assert fake.received == []
        await driver.press("f5")
        assert "/v3/system-accounts" in {each.path for each in fake.received}
        await driver.press("n", "f1")
        assert help_line(driver, "refresh").split()[0] == "f5"
        assert help_line(driver, "help").split()[0] == "f1"
        assert any(line.split()[:1] == ["n"] for line in driver.text.splitlines())
        await driver.press("escape", "enter")
        assert "[red]x[/red] ci" in driver.text


def dialogs() -> list[type[Dialog[Any]]]:
    """Every dialog there is."""
    for module in walk_packages(sa_tui.ui.__path__, "sa_tui.ui."):
        import_module(module.name)
    found: list[type[Dialog[Any]]] = []
    left: list[type[Dialog[Any]]] = [Dialog]
    while left:
        kinds: list[type[Dialog[Any]]] = left.pop().__subclasses__()
        found += kinds
        left += kinds
    return found


@pytest.mark.parametrize("owner", [SaTui, AccountsScreen, AccountScreen, LineTable, *dialogs()])
def test_every_binding_has_an_id_of_its_own_and_a_tooltip(owner):
    own = vars(owner).get("BINDINGS", [])
    bindings = [binding for binding in own if isinstance(binding, Binding)]
    assert len(bindings) == len(own)
    assert all(binding.id and binding.tooltip and binding.description for binding in bindings)
    assert len({binding.id for binding in bindings}) == len(bindings)


@pytest.mark.parametrize(("keys", "owner"), [((), AccountsScreen), (("enter",), AccountScreen)])
async def test_every_action_is_in_the_palette(running, keys, owner):
    async with running(TALL) as driver:
        await driver.press(*keys)
        actions = commands.actions(driver.app.screen)
        declared = {each.action for each in (*owner.BINDINGS, *SaTui.BINDINGS)}
        missing = declared - {each.action for each in actions}
        # A key may do one thing in one part of a screen and another in the next.
        assert all(driver.app.screen.check_action(name, ()) is False for name in missing)
        await driver.press("ctrl+p")
        for action in actions:
            reason = commands.why_not(action)  # what is refused stands there with its reason
            assert (f" {action.title} " in driver.text) == (action.is_enabled or bool(reason))
            assert (action.help in driver.text) == action.is_enabled
            assert reason[:40] in driver.text


async def test_the_palette_does_what_is_chosen(running):
    async with running() as driver:
        await driver.press("ctrl+p")
        await driver.paste("reverse the order")
        await driver.press("enter")
        assert "NAME▼" in driver.text


@pytest.mark.whole
async def test_the_palette_left_alone_does_nothing(running, fake):
    async with running() as driver:
        fake.received.clear()
        await driver.press("ctrl+p", "down", "escape")
        assert fake.received == []
        assert "44 system accounts" in driver.text


@pytest.mark.whole
async def test_behind_a_dialog_the_keys_of_the_application_rest(running):
    async with running() as driver:
        await driver.press("question_mark", "colon", "ctrl+p")
        assert "Esc closes" in driver.text
        await driver.press("escape")
        assert "44 system accounts" in driver.text


@pytest.mark.parametrize("width", [60, 80])
async def test_what_the_help_has_no_room_for_goes_on_below_its_own_column(running, width):
    async with running((width, 40)) as driver:
        await driver.press("question_mark")
        lines = driver.text.splitlines()
        at = next(number for number, line in enumerate(lines) if ":revoke-all" in line)
        column = lines[at].index("Revoke")
        assert lines[at + 1].index(lines[at + 1].strip()[0]) == column

        await driver.resize(140, 40)
        assert "Revoke all its tokens, or those of all marked" in driver.text
