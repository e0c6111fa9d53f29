"""The one-time dialog: what it shows, how the secret leaves it, and how it can be left."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from textual.events import AppBlur, Key

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.ui.accounts.list import AccountsScreen
from sa_tui.ui.tokens.handover import HandoverDialog

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.ui.dependencies import Dependencies

ACCOUNT = "ci-eu-deployer"
PROPOSED = "ci-eu-deployer-2026-11-23"
TITLE = "Access token issued"


def issued_tokens(fake: FakeKonnect) -> list[Any]:
    tokens = fake.tokens_of(fake.account_named(ACCOUNT)["id"])
    return [token for token in tokens if token["name"].startswith(PROPOSED)]


@pytest.fixture
def program(tmp_path: Path):
    """Makes a program that keeps what it is given, then does what the lines of shell say."""

    def make(lines: str = "", *, name: str = "keep") -> str:
        path = tmp_path / name
        path.write_text(
            f"#!/bin/sh\ncat > {tmp_path}/{name}.stdin\nenv > {tmp_path}/{name}.env\n"
            f'printf "%s\\n" "$@" > {tmp_path}/{name}.argv\n{lines}\n'
        )
        path.chmod(0o700)
        return str(path)

    return make


# Masked and revealed


async def test_the_secret_is_masked_to_its_prefix_its_end_and_its_length(running, secret):
    async with running() as driver:
        await driver.issue()
        assert f"spat_…{secret[-4:]} ({len(secret)} characters)" in driver.text
        assert secret not in driver.text
        assert secret[5:12] not in driver.text


async def test_revealed_it_stands_whole_on_one_line_and_in_groups(running, secret):
    async with running() as driver:
        await driver.issue()
        await driver.press("*")
        assert secret in [line.strip() for line in driver.text.splitlines()]
        groups = " ".join(secret[at : at + 10] for at in range(0, len(secret), 10))
        assert groups in driver.text
        assert "Session recorders and scrollback keep what is shown" in driver.words


async def test_a_second_press_masks_it_again(running, secret):
    async with running() as driver:
        await driver.issue()
        await driver.press("*", "*")
        assert secret not in driver.text
        assert "Masked again" not in driver.words


async def test_it_is_masked_again_after_twenty_seconds(running, secret, sleep, waits):
    async with running() as driver:
        await driver.issue()
        await driver.press("*")
        assert waits[-1] == 20.0
        sleep.wake()
        await driver.settle()
        assert secret not in driver.text
        assert "spat_…" in driver.text
        assert "Masked again" not in driver.words


async def test_masking_it_leaves_what_was_said_since(running):
    async with running() as driver:
        await driver.issue()
        await driver.press("*", "V", "*")
        assert "Works: Konnect answered" in driver.words


async def test_it_is_masked_when_the_terminal_loses_the_focus(running, secret):
    async with running() as driver:
        await driver.issue()
        await driver.press("*")
        driver.app.post_message(AppBlur())
        await driver.settle()
        assert secret not in driver.text


async def test_it_is_masked_when_another_page_covers_it(running, secret):
    async with running() as driver:
        await driver.issue()
        await driver.press("*", "d", "escape")
        assert TITLE in driver.text
        assert secret not in driver.text
        assert "Masked again" not in driver.words


async def test_the_mouse_selects_nothing_of_a_masked_secret(running):
    async with running() as driver:
        await driver.issue()
        await driver.pilot.click("#secret", offset=(3, 0), times=2)
        assert not driver.app.screen.get_selected_text()


async def test_the_mouse_selects_the_revealed_secret_and_nothing_else(running, secret):
    async with running() as driver:
        await driver.issue()
        await driver.press("*")
        await driver.pilot.click("#leaving", offset=(3, 0), times=2)
        assert not driver.app.screen.get_selected_text()
        await driver.pilot.click("#secret", offset=(3, 0), times=2)
        assert driver.app.screen.get_selected_text().startswith(secret)


async def test_masking_takes_the_selection_away(running):
    async with running() as driver:
        await driver.issue()
        await driver.press("*")
        await driver.pilot.click("#secret", offset=(3, 0), times=2)
        await driver.press("*")
        assert not driver.app.screen.get_selected_text()


async def test_copying_a_selection_takes_the_way_that_copying_takes(running):
    async with running() as driver:
        await driver.issue()
        await driver.press("*")
        await driver.pilot.click("#secret", offset=(3, 0), times=2)
        await driver.press("ctrl+c")
        assert "Sent to the terminal (cannot be confirmed)" in driver.text
        assert driver.app.clipboard == ""


# Staying


async def test_no_key_but_an_answer_leaves_or_covers_it(running):
    async with running() as driver:
        await driver.issue()
        dialog = driver.app.screen
        for key in (
            *("escape", "q", "ctrl+q", "ctrl+c", "ctrl+p", "colon", "8", "i"),
            *("ctrl+z", "ctrl+l", "backspace", "left", "slash", "tab", "f1", "ctrl+backslash"),
        ):
            await driver.press(key)
            assert driver.app.screen is dialog, key
            assert TITLE in driver.text, key
            assert driver.app.is_running, key


async def test_its_help_covers_it_only_until_esc_and_masks_the_secret(running, secret):
    async with running() as driver:
        await driver.issue()
        await driver.press("*", "question_mark", "escape")
        assert TITLE in driver.text
        assert secret not in driver.text


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
async def test_a_hand_that_would_leave_is_told_how(running, key):
    async with running() as driver:
        await driver.issue()
        await driver.press(key)
        assert "First say where the token went: press Enter." in driver.text


async def test_what_it_says_of_a_name_goes_with_the_field(running):
    async with running() as driver:
        await driver.issue()
        await driver.press("enter", "x", "enter")
        assert "That is not the account's name" in driver.words
        await driver.press("escape")
        assert "That is not the account's name" not in driver.words


async def test_a_delivered_token_is_not_asked_where_it_went(running, secret):
    async with running() as driver:
        await driver.issue()
        await driver.paste(secret)
        await driver.press("2")
        assert "DELIVERED TO" in driver.text
        assert "First press Enter: it leaves this page." in driver.words
        assert "First say where" not in driver.words


async def test_there_is_no_command_that_takes_a_picture_of_the_screen(running):
    async with running() as driver:
        await driver.press("ctrl+p")
        await driver.paste("screenshot")
        assert "No action of that name" in driver.text
        await driver.press("escape", "colon")
        await driver.paste("screenshot")
        await driver.press("enter")
        assert "There is no command :screenshot" in driver.text


async def test_without_a_confirmed_delivery_enter_asks_for_the_accounts_name(running, journal):
    async with running() as driver:
        await driver.issue()
        await driver.press("enter")
        assert "To leave, type the account's name" in driver.text
        await driver.paste("ci-eu")
        await driver.press("enter")
        assert "That is not the account's name" in driver.text
        await driver.fill(ACCOUNT)
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)
        assert f"Token {PROPOSED} of {ACCOUNT} is issued." in driver.text
        assert journal.unfinished() == ()


async def test_an_empty_line_is_no_name(running):
    async with running() as driver:
        await driver.issue()
        await driver.press("enter", "enter", "enter")
        assert TITLE in driver.text


async def test_a_name_that_no_keyboard_has_can_be_told_by_the_id(running, fake):
    fake.add_account("\u202e\U0001f5dd")
    async with running() as driver:
        await driver.hit("slash")
        await driver.paste("\U0001f5dd")
        await driver.press("enter", "i", "enter", "enter")
        await driver.type(fake.received[-1].path.split("/")[3][:8])
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)


async def test_keys_typed_into_the_name_do_nothing_else(running, fake):
    async with running() as driver:
        await driver.issue()
        await driver.press("enter", "X", "q", "r", "c")
        assert TITLE in driver.text
        assert len(issued_tokens(fake)) == 1
        await driver.press("escape")
        assert (driver.app.focused and driver.app.focused.id) != "account-name"


async def test_keys_typed_ahead_go_to_the_name_and_not_to_the_secret(running, fake):
    async with running() as driver:
        await driver.issue()
        await driver.burst("\rXrc")
        assert driver.app.focused.value == "Xrc"
        assert len(issued_tokens(fake)) == 1


async def test_a_command_typed_ahead_is_a_command(running, fake):
    async with running() as driver:
        await driver.burst(":account ci-eu\r")
        assert "Release Bots" in driver.text
        assert [each for each in fake.received if each.method != "GET"] == []


async def test_keys_typed_ahead_of_tab_go_where_it_leads(running):
    async with running() as driver:
        await driver.open_form()
        await driver.burst("\t\t")
        assert driver.app.focused.name == "1d"


# To a file


async def test_a_file_gets_the_secret_before_anything_is_shown(running, secret, tmp_path, journal):
    path = tmp_path / "t"
    async with running() as driver:
        await driver.open_form()
        await driver.choose("file")
        await driver.fill(str(path))
        seen = []
        driver.app.post_message(Key("enter", None))
        while TITLE not in driver.text:
            seen.append(driver.text)
            await asyncio.sleep(0.001)
        assert path.read_text() == secret
        await driver.settle()
        seen.append(driver.text)
        assert f"Written to {path} (mode 0600, {len(secret)} bytes)." in driver.words
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)
        assert "is issued. Written to" in driver.words
        seen.append(driver.text)
        assert secret not in "".join(seen)
        assert journal.unfinished() == ()


@pytest.mark.parametrize(
    ("keys", "is_changed", "said", "is_left"),
    [
        (("Y",), False, "is revoked", True),
        (("space", "space", "Y"), False, "is revoked", True),
        (("space", "Y"), False, "is removed.", False),
        (("space", "Y"), True, "was changed since and stays.", True),
    ],
)
async def test_a_delivered_token_is_revoked_after_a_yes_with_its_file_if_it_is_the_same(
    running, fake, tmp_path, keys, is_changed, said, is_left
):
    path = tmp_path / "t"
    async with running() as driver:
        await driver.open_form()
        await driver.choose("file")
        await driver.fill(str(path))
        await driver.press("enter", "X")
        assert f"Written to {path}" in driver.words
        assert f"[ ] Also remove {path}" in driver.words
        assert not any(each.method == "DELETE" for each in fake.received)

        await driver.press("escape")
        assert TITLE in driver.text
        assert not any(each.method == "DELETE" for each in fake.received)
        if is_changed:
            path.write_text("something else")
        await driver.press("X", *keys)
        assert any(each.method == "DELETE" for each in fake.received)
        assert said in driver.words
        assert path.exists() == is_left


@pytest.mark.parametrize("form", ["env", "json", "k8s"])
async def test_a_file_can_have_a_form(running, secret, tmp_path, form):
    path = tmp_path / "t"
    async with running() as driver:
        await driver.open_form()
        await driver.choose("file")
        await driver.fill(str(path))
        await driver.tab_to("format")
        await driver.hit(*["right"] * ["raw", "env", "json", "k8s"].index(form), "enter")
        await driver.tab_to("issue")
        await driver.press("enter")
        assert {"env": "KONNECT_TOKEN=", "json": '"token"', "k8s": "kind: Secret"}[
            form
        ] in path.read_text()


async def test_a_file_that_appears_meanwhile_is_not_overwritten_and_nothing_is_lost(
    running, secret, line, tmp_path
):
    path = tmp_path / "t"

    async def appear(request: Any) -> None:
        if request.method == "POST":
            path.write_text("precious")

    async with running() as driver:
        await driver.open_form()
        await driver.choose("file")
        await driver.fill(str(path))
        line.before = appear
        await driver.press("enter")
        assert TITLE in driver.text
        assert "could not be made" in driver.words
        await driver.press("enter")
        assert "To leave, type the account's name" in driver.text
        await driver.press("escape", "d")
        await driver.tab_to("place")
        await driver.fill(str(tmp_path / "u"))
        await driver.press("enter")
        assert (tmp_path / "u").read_text() == secret
        assert path.read_text() == "precious"
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)


async def test_a_delivery_from_the_dialog_is_written_down(running, journal, tmp_path):
    async with running() as driver:
        await driver.issue()
        await driver.press("d")
        await driver.tab_to("place")
        await driver.fill(str(tmp_path / "u"))
        await driver.press("enter")
        (entry,) = journal.unfinished()
        assert f"Written to {tmp_path / 'u'}" in entry.delivery


async def test_where_to_deliver_is_chosen_with_the_first_key(running):
    async with running() as driver:
        await driver.issue()
        await driver.press("d", "3")
        assert "[3 Command]" in driver.text
        assert "1-8 and arrows choose" in driver.text


async def test_a_bad_place_is_refused_by_the_form_that_asks_for_it(running, tmp_path):
    async with running() as driver:
        await driver.issue()
        await driver.press("d")
        await driver.tab_to("place")
        await driver.fill(str(tmp_path / "missing" / "u"))
        await driver.press("enter")
        assert "Deliver the token" in driver.text
        assert "does not exist" in driver.words
        await driver.press("escape")
        assert TITLE in driver.text


# To a command


async def test_a_command_gets_the_secret_on_its_input_and_nowhere_else(
    running, dependencies, secret, program, tmp_path
):
    environ = {**dependencies.environ, "KONNECT_TOKEN": "kpat_operator"}
    async with running(environ=environ) as driver:
        await driver.open_form()
        await driver.choose("command")
        await driver.paste(f"{program()} konnect/{{account}} '{{token}}'")
        await driver.press("enter")
        assert (tmp_path / "keep.stdin").read_text() == secret
        assert (tmp_path / "keep.argv").read_text() == f"konnect/{ACCOUNT}\n{PROPOSED}\n"
        assert "kpat_" not in (tmp_path / "keep.env").read_text()
        assert secret not in (tmp_path / "keep.env").read_text()
        assert "read all of it and exited with 0" in driver.words
        assert secret not in driver.text
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)


async def test_a_command_that_fails_is_no_delivery_and_what_it_says_is_redacted(
    running, secret, program, tmp_path
):
    command = program(f'echo "cannot store $(cat {tmp_path}/keep.stdin)" >&2; exit 3')
    async with running() as driver:
        await driver.open_form()
        await driver.choose("command")
        await driver.paste(command)
        await driver.press("enter")
        assert "failed with exit code 3" in driver.words
        assert "The command printed: cannot store …" in driver.words
        assert secret[5:15] not in driver.text
        assert "NOT DELIVERED" in driver.text
        await driver.press("enter")
        assert "To leave, type the account's name" in driver.text


async def test_a_command_that_reads_nothing_is_no_delivery(running):
    async with running() as driver:
        await driver.open_form()
        await driver.choose("command")
        await driver.paste("true")
        await driver.press("enter")
        assert "did not read all of it" in driver.words
        assert "NOT DELIVERED" in driver.text


# To the clipboard


async def test_what_no_terminal_confirms_is_sent_and_not_delivered(running):
    async with running() as driver:
        await driver.issue()
        await driver.press("y")
        assert "Sent to the terminal (cannot be confirmed)." in driver.text
        await driver.press("enter")
        assert "To leave, type the account's name" in driver.text


async def test_a_clipboard_chosen_first_is_told_by_what_is_known(running):
    async with running() as driver:
        await driver.open_form()
        await driver.choose("clipboard")
        assert "OSC 52 to the terminal (cannot be confirmed)" in driver.text
        await driver.tab_to("issue")
        await driver.press("enter")
        assert "Sent to the terminal (cannot be confirmed)." in driver.text
        assert "NOT DELIVERED" in driver.text


async def test_a_tool_of_the_desktop_is_told_by_its_exit_code(
    running, dependencies, secret, program, tmp_path
):
    program(name="xclip")
    environ = {**dependencies.environ, "DISPLAY": ":0", "TERM": "dumb"}
    environ["PATH"] = f"{tmp_path}:{environ['PATH']}"
    async with running(environ=environ) as driver:
        await driver.issue()
        await driver.press("y")
        assert "xclip read all of it and exited with 0." in driver.text
        assert (tmp_path / "xclip.stdin").read_text() == secret
        assert "The clipboard keeps what was copied: press B to overwrite it." in driver.words
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)


@pytest.fixture
def tmux(tmp_path: Path, dependencies: Dependencies):
    """A tmux server of its own, asked by its command line, and the environment inside it."""
    own = {**dependencies.environ, "LC_ALL": "C.UTF-8"}
    socket = str(tmp_path / "s")

    def ask(*arguments: str) -> str:
        argv = ["tmux", "-S", socket, "-f", "/dev/null", *arguments]
        return subprocess.run(argv, env=own, capture_output=True, text=True, check=True).stdout

    ask("new-session", "-d", "-x", "80", "-y", "24", "cat")
    inside = {**own, "TMUX": ask("display-message", "-p", "#{socket_path},#{pid},0").strip()}
    yield ask, inside
    ask("kill-server")


needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@needs_tmux
async def test_a_copy_in_tmux_outlives_the_page_and_the_application_for_its_time(
    running, tmux, secret, clock, capsys
):
    ask, environ = tmux
    async with running(environ=environ) as driver:
        await driver.issue()
        await driver.press("y")
        assert "In tmux buffer sa-tui-" in driver.words
        assert "for 60 s (confirmed)" in driver.words
        assert "tmux deletes its buffer 60 s after the copy, even when you have left." in (
            driver.words
        )
        clock.advance(seconds=20)
        await driver.press("enter")
        assert "A copy of the token stays in tmux for 40 s more" in driver.words
        clock.advance(seconds=10)
        await driver.press("q")
        assert driver.app.return_value == 0
        assert ask("show-buffer") == secret
    assert "stays in tmux for 30 s more; tmux deletes it then." in capsys.readouterr().err


@needs_tmux
@pytest.mark.parametrize("is_copied_first", [True, False])
async def test_a_copy_whose_time_is_over_is_no_delivery_any_more(
    running, tmux, sleep, is_copied_first
):
    _, environ = tmux
    async with running(environ=environ) as driver:
        await driver.open_form()
        if is_copied_first:
            await driver.choose("clipboard")
            await driver.tab_to("issue")
        await driver.press("enter")
        if not is_copied_first:
            await driver.press("y")
        assert "Enter leaves this page" in driver.text
        sleep.wake()
        await driver.put_off()
        await driver.turn()
        assert "tmux has deleted its buffer, after 60 s: press y to copy again." in driver.text
        assert "NOT DELIVERED" in driver.text
        await driver.press("y")
        assert "Enter leaves this page" in driver.text


async def test_where_tmux_leads_nowhere_the_terminal_gets_the_copy(running, dependencies, tmp_path):
    environ = {**dependencies.environ, "TMUX": f"{tmp_path}/gone,1,0"}
    async with running(environ=environ) as driver:
        await driver.issue()
        await driver.press("y")
        assert "Sent to the terminal (cannot be confirmed)." in driver.text


# Where it went, and what is said meanwhile


async def test_no_message_takes_the_place_of_where_the_secret_went(running, tmp_path):
    path = tmp_path / "t"
    async with running(size=(160, 30)) as driver:
        await driver.open_form()
        await driver.choose("file")
        await driver.fill(str(path))
        await driver.press("enter")
        for key, said in (
            ("V", "Works: Konnect answered"),
            ("ctrl+q", "First press Enter: it leaves this page."),
            ("*", "Masked again in 20 s"),
            ("y", "Sent to the terminal"),
        ):
            await driver.press(key)
            assert said in driver.words
            assert f"Written to {path}" in driver.words


async def test_an_earlier_error_does_not_stay_below_a_later_success(running, program):
    async with running(size=(120, 30)) as driver:
        await driver.open_form()
        await driver.choose("command")
        await driver.paste(program("echo no vault here; exit 3"))
        await driver.press("enter")
        assert "no vault here" in driver.text
        await driver.press("V")
        assert "Works: Konnect answered" in driver.text
        assert "no vault here" not in driver.text
        assert "failed with exit code 3" in driver.words  # it was done, and may have kept it


# What is proved, and how


async def test_the_first_line_says_that_nothing_is_delivered_then_where_when_and_how(
    running, program
):
    """Broken when a delivery is told by its message alone, below everything else."""
    async with running(size=(120, 30)) as driver:
        await driver.issue()
        lines = [line.strip() for line in driver.text.splitlines() if line.strip()]
        assert lines[lines.index(TITLE) + 1] == "NOT DELIVERED"
        await driver.press("d", "3")
        await driver.tab_to("place")
        await driver.paste(f"{program(name='v')} konnect/{{account}}")
        await driver.press("enter")
        assert f"v konnect/{ACCOUNT} 2026-11-23 12:00 UTC" in driver.words
        assert "DELIVERED TO" in driver.words
        assert "NOT DELIVERED" not in driver.words
        assert "v read all of it and exited with 0" in driver.words
        assert "Where Meridian Freight, profile demo" in driver.words


async def test_the_same_command_is_one_key_away_after_a_failure(running, program, tmp_path):
    async with running(size=(120, 30)) as driver:
        await driver.open_form()
        await driver.choose("command")
        await driver.paste(program(f"test -e {tmp_path}/is-up"))
        await driver.press("enter")
        assert "f tries the same again." in driver.words
        assert "f Again" in driver.text
        (tmp_path / "is-up").touch()
        await driver.press("f")
        assert "DELIVERED TO" in driver.text
        assert "f Again" not in driver.text


async def test_a_token_that_is_pasted_back_is_proved_and_never_shown(running, secret, journal):
    async with running() as driver:
        await driver.issue()
        await driver.press("y")
        assert "Paste the token here as proof" in driver.words
        await driver.paste(f"{secret}\n")
        assert "DELIVERED TO the clipboard, by terminal" in driver.words
        assert "You pasted it back: it is this token." in driver.words
        assert secret[5:15] not in driver.text
        (leftover,) = journal.unfinished()
        assert leftover.delivery == "You pasted it back: it is this token."
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)


@pytest.mark.parametrize("text", ["spat_another", "abc", "x" * 55, "spat_" + "\u202e" * 50])
async def test_what_is_not_the_token_proves_nothing(running, text):
    async with running() as driver:
        await driver.issue()
        await driver.paste(text)
        assert "What you pasted is not this token." in driver.words
        assert "NOT DELIVERED" in driver.text
        assert text not in driver.text


async def test_a_token_pasted_where_the_name_is_asked_for_is_not_shown_there(running, secret):
    async with running() as driver:
        await driver.issue()
        await driver.press("enter")
        await driver.paste("spat_another")
        assert driver.app.focused.value == ""
        await driver.paste(secret)
        assert driver.app.focused.value == ""
        assert "DELIVERED TO whoever pasted it" in driver.words
        assert secret[5:15] not in driver.text


async def test_the_harmless_word_that_comes_back_says_that_the_clipboard_works(running):
    async with running() as driver:
        await driver.issue()
        await driver.press("t")
        await driver.paste("sa-tui-clipboard-test")
        assert "The clipboard works: it gave back the harmless word." in driver.words
        assert "NOT DELIVERED" in driver.text


@pytest.mark.parametrize("is_ordered_first", [True, False])
async def test_a_command_that_hangs_is_counted_down_and_can_be_stopped(
    running, tmp_path, is_ordered_first, program
):
    command = f"{program('exec sleep 60')} vault/{{account}}"
    async with running(size=(120, 30)) as driver:
        await driver.open_form()
        if is_ordered_first:
            await driver.choose("command")
        else:
            await driver.press("enter", "d", "3")
            await driver.tab_to("place")
        await driver.paste(command)
        await driver.hit("enter")
        counting = "(token on its standard input) 60 s left. Esc stops it."
        await driver.until(lambda: counting in driver.words)
        assert f"vault/{ACCOUNT}" in driver.words
        await driver.until((tmp_path / "keep.argv").exists)
        await driver.hit("escape")
        await driver.settle()
        assert TITLE in driver.text
        assert "Stopped. It may have kept the token: look there before you try again." in (
            driver.words
        )
        assert "NOT DELIVERED" in driver.text
        assert "Esc stops it" not in driver.text


async def test_where_a_command_put_the_secret_is_told_everywhere(
    running, program, journal, actions
):
    async with running(size=(200, 30)) as driver:
        await driver.open_form()
        await driver.choose("command")
        await driver.paste(f"{program()} konnect/{{account}}/{{token}}")
        await driver.press("enter")
        assert f"keep konnect/{ACCOUNT}/{PROPOSED}" in driver.words
        assert f"keep konnect/{ACCOUNT}/{PROPOSED}" in journal.path.read_text()
        assert "{token}" not in journal.path.read_text()
        (action,) = [each for each in actions.actions if each.method == "POST"]
        assert f"keep konnect/{ACCOUNT}/{PROPOSED}" in action.message
        await driver.press("enter")
        assert f"keep konnect/{ACCOUNT}/{PROPOSED}" in driver.words


async def test_without_a_way_to_a_clipboard_copying_says_so(running, dependencies):
    async with running(environ={**dependencies.environ, "TERM": "dumb"}) as driver:
        await driver.issue()
        await driver.press("y")
        assert "No clipboard can be reached from here" in driver.text


async def test_a_harmless_word_tests_the_clipboard(running, dependencies, program, tmp_path):
    program(name="xclip")
    environ = {**dependencies.environ, "DISPLAY": ":0", "TERM": "dumb"}
    environ["PATH"] = f"{tmp_path}:{environ['PATH']}"
    async with running(environ=environ) as driver:
        await driver.issue()
        await driver.press("t")
        assert "it must read sa-tui-clipboard-test" in driver.words
        assert (tmp_path / "xclip.stdin").read_text() == "sa-tui-clipboard-test"
        assert "NOT DELIVERED" in driver.text


async def test_blanking_the_clipboard_is_offered_once_something_was_copied(running):
    async with running((100, 24)) as driver:
        await driver.issue()
        assert "B Blank" not in driver.text
        await driver.press("B", "y")
        assert "B Blank" in driver.text
        await driver.press("B")
        assert "A blank was sent to the terminal; there is no way to know" in driver.words


@needs_tmux
@pytest.mark.parametrize("key", ["t", "B"], ids=["test", "blank"])
async def test_a_copy_that_was_overwritten_is_no_delivery_any_more(running, tmux, key):
    _, environ = tmux
    async with running(environ=environ) as driver:
        await driver.issue()
        await driver.press("y")
        assert "Enter leaves this page" in driver.text
        await driver.press(key)
        assert "NOT DELIVERED" in driver.text
        await driver.press("enter")
        assert "To leave, type the account's name" in driver.words
        await driver.press("escape", "y")
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)


@needs_tmux
async def test_what_a_file_has_stays_delivered_when_the_clipboard_is_overwritten(
    running, tmux, tmp_path
):
    _, environ = tmux
    path = tmp_path / "kept.token"
    async with running((200, 30), environ=environ) as driver:
        await driver.open_form()
        await driver.choose("file")
        await driver.fill(str(path))
        await driver.press("enter")
        await driver.press("y")
        await driver.press("t")
        assert "Enter leaves this page" in driver.text
        await driver.press("enter")
        assert isinstance(driver.app.screen, AccountsScreen)
        assert f"Written to {path}" in driver.words


# Verifying and revoking


async def test_verifying_is_one_call_with_the_new_token(running, fake):
    async with running() as driver:
        await driver.issue()
        asked = len(fake.received)
        await driver.press("V")
        assert "Works: Konnect answered for Meridian Freight." in driver.text
        (request,) = fake.received[asked:]
        assert (request.method, request.path) == ("GET", "/v3/organizations/me")
        assert request.token_id == issued_tokens(fake)[0]["id"]
        await driver.press("X")
        assert fake.received[-1].token_id != request.token_id


async def test_a_token_that_does_not_work_is_told(running, fake):
    async with running() as driver:
        await driver.issue()
        account = fake.account_named(ACCOUNT)["id"]
        fake.organisation.remove_token(account, issued_tokens(fake)[0]["id"])
        await driver.press("V")
        assert "Konnect does not accept the token yet" in driver.text


async def test_one_key_revokes_the_token_by_its_id(running, fake, journal):
    async with running() as driver:
        await driver.issue()
        token = issued_tokens(fake)[0]
        await driver.press("X")
        assert isinstance(driver.app.screen, AccountsScreen)
        assert f"Token {PROPOSED} is revoked" in driver.text
        assert fake.received[-1].method == "DELETE"
        assert fake.received[-1].path.endswith(f"/access-tokens/{token['id']}")
        assert issued_tokens(fake) == []
        assert journal.unfinished() == ()


async def test_a_revocation_that_is_not_confirmed_leaves_the_dialog_open(running, fake):
    async with running() as driver:
        await driver.issue()
        fake.inject(Fault("500", method="DELETE"))
        await driver.press("X")
        assert "Not confirmed as revoked. Press X to try again." in driver.text
        assert TITLE in driver.text
        await driver.press("X")
        assert issued_tokens(fake) == []
        assert isinstance(driver.app.screen, AccountsScreen)


async def test_a_revocation_that_a_small_terminal_covers_still_closes_the_dialog(
    running, fake, line
):
    async with running() as driver:
        await driver.issue()

        async def shrink(request: Any) -> None:
            if request.method == "DELETE":
                await driver.resize(50, 10)

        line.before = shrink
        await driver.hit("X")
        await driver.until(lambda: any(each.method == "DELETE" for each in fake.received))
        assert "too small" in driver.text
        await driver.resize(80, 24)
        await driver.settle()
        assert isinstance(driver.app.screen, AccountsScreen)


async def test_nothing_else_is_done_while_the_secret_is_being_delivered(
    running, fake, program, tmp_path
):
    fifo = tmp_path / "go"
    os.mkfifo(fifo)
    command = program(f"cat {fifo} > /dev/null")
    async with running() as driver:
        await driver.issue()
        await driver.press("d")
        await driver.choose("command")
        await driver.paste(command)
        await driver.hit("enter")
        await driver.until((tmp_path / "keep.argv").exists)
        for key in ("X", "y", "V", "d", "P", "enter", "ctrl+q"):
            await driver.hit(key)
            assert isinstance(driver.app.screen, HandoverDialog)
        assert len(issued_tokens(fake)) == 1
        fifo.write_text("")
        await driver.settle()
        assert "read all of it and exited with 0" in driver.words


async def test_an_expiry_that_konnect_changed_is_the_one_that_is_shown(running, clock):
    clock.advance(seconds=0.75)
    async with running() as driver:
        await driver.issue()
        assert "2026-12-23 12:00 UTC, in 30 d" in driver.text


async def test_on_the_smallest_terminal_the_whole_secret_can_be_seen(running, secret):
    async with running(size=(60, 16)) as driver:
        await driver.issue()
        assert "spat_…" in driver.text
        await driver.press("*")
        assert secret in "".join(driver.text.split())
