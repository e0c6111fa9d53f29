"""How the application ends: by a key, by a signal, with its terminal gone, and by a crash.

Signals and hang-ups are sent to the real program on a real pseudo-terminal.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from textual.screen import Screen

from sa_tui.ui.tokens.issue_form import IssueForm
from tests.ui.terminal import ALTERNATE_OFF, ALTERNATE_ON, MOUSE_OFF, MOUSE_ON, is_restored

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.terminal import Terminal

CANNOT_FLUSH = 120
"""Python's own exit code when nobody takes its last output."""


# By a key


async def test_q_leaves_when_nothing_is_under_way(running):
    async with running() as driver:
        await driver.press("q")
        assert driver.app.return_value == 0


async def test_ctrl_c_says_how_to_leave_in_one_line(running):
    async with running() as driver:
        await driver.press("ctrl+c")
        assert "q or Ctrl+Q" in driver.text
        assert not driver.app._notifications
        assert driver.app.return_value is None


async def test_leaving_is_refused_while_a_token_is_on_its_way(running, line):
    has_come, may_go = asyncio.Event(), asyncio.Event()

    async def hold(request: Any) -> None:
        if request.method == "POST":
            has_come.set()
            await may_go.wait()

    async with running() as driver:
        await driver.open_form()
        line.before = hold
        await driver.hit("enter")
        await has_come.wait()
        await driver.hit("ctrl+q")
        assert isinstance(driver.app.screen, IssueForm)
        assert "The answer is on its way: wait for it." in driver.text
        may_go.set()
        await driver.settle()
        assert "Access token issued" in driver.text


async def test_leaving_waits_for_a_change_that_no_dialog_stands_for(running):
    may_go, done = asyncio.Event(), []

    async def change() -> None:
        await may_go.wait()
        done.append(True)

    async with running() as driver:
        driver.app.write("A change", change())
        await driver.hit("q")
        assert "Leaving as soon as the change under way has its answer." in driver.text
        assert driver.app.return_value is None
        may_go.set()
        await driver.settle()
        assert done == [True]
        assert driver.app.return_value == 0


async def test_leaving_a_screen_cancels_no_change(running):
    may_go, done = asyncio.Event(), []

    async def change() -> None:
        await may_go.wait()
        done.append(True)

    async with running() as driver:
        await driver.press("enter")
        driver.app.write("A change", change())
        await driver.hit("escape")
        may_go.set()
        await driver.settle()
        assert done == [True]


# By a crash


class _Broken(Screen[None]):
    def on_mount(self) -> None:
        local = "spat_" + "Local0Secret1" * 3
        raise RuntimeError(f"Konnect said \x1b]52;c;aGk=\x07 to {local}")


async def test_a_crash_tells_where_it_happened_and_no_secret(running, capsys):
    async def crash() -> None:
        async with running() as driver:
            driver.app.push_screen(_Broken())
            await driver.turn()

    with pytest.raises(RuntimeError):
        await crash()
    told = capsys.readouterr().err
    assert "sa-tui met an unexpected error." in told
    assert "on_mount" in told
    assert "RuntimeError: Konnect said" in told
    assert "Local0Secret1" not in told
    assert "\x1b]52" not in told


async def test_no_page_that_breaks_takes_a_secret_with_it_that_nobody_has(running, journal):
    async with running(is_faulty=True) as driver:
        await driver.issue()
        driver.app.push_screen(_Broken())
        await driver.turn()
        assert "Access token issued" in driver.text
        assert "internal error: RuntimeError. Its trace is kept in" in driver.words
        await driver.press("enter", *"ci-eu-deployer", "enter")
        assert "Token ci-eu-deployer-2026-11-23 of ci-eu-deployer is issued" in driver.words
    trace = journal.path.with_name("internal-errors.txt")
    assert stat.S_IMODE(trace.stat().st_mode) == 0o600
    assert "in on_mount" in trace.read_text()
    assert "Local0Secret1" not in trace.read_text()


# By a signal, or with the terminal gone


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_ends_the_application_and_restores_the_terminal(terminal, number):
    on = terminal()
    on.process.send_signal(number)
    assert on.ended() == 128 + number
    assert is_restored(on.seen)


@pytest.mark.parametrize("is_told", [True, False], ids=["signal", "no-signal"])
def test_a_terminal_that_is_gone_ends_the_application(terminal, is_told):
    on = terminal(is_told=is_told)
    on.hang_up()
    assert on.ended() in (128 + signal.SIGHUP, CANNOT_FLUSH)


def test_q_restores_the_terminal(terminal):
    on = terminal()
    on.type("q")
    assert on.ended() == 0
    assert is_restored(on.seen)


def asking(directory: Path, script: str) -> tuple[str, str]:
    """The arguments that open a profile whose token a command is asked for."""
    # The page shows the command, but not what it comes to.
    command = ["sh", "-c", f"echo locked $((6 * 7)) >/dev/tty; {script}"]
    (directory / "profiles.toml").write_text(
        f'[profiles.p]\nbase_url = "http://127.0.0.1:9"\ntoken = {{ command = {command} }}\n'
    )
    return "--config", str(directory)


def test_the_application_comes_back_after_a_command_that_has_no_token(terminal, tmp_path):
    on = terminal(arguments=asking(tmp_path, "exit 3"), until=b"r tries again")
    _, _, after = on.seen.partition(b"locked 42")
    assert ALTERNATE_ON in after
    on.type("q")
    assert on.ended() == 0
    assert is_restored(on.seen)


def test_ctrl_c_ends_the_command_that_is_asked_for_a_token_and_it_alone(terminal, tmp_path):
    on = terminal(arguments=asking(tmp_path, "exec sleep 60"), until=b"locked 42")
    on.type("\x03")
    on.until(ALTERNATE_ON, b"r tries again")
    on.type("q")
    assert on.ended() == 0
    assert is_restored(on.seen)


def test_a_silent_command_is_never_an_empty_screen_and_what_it_says_is_safe(terminal, tmp_path):
    talk = "printf 'Touch your key \\033]52;c;x\\007 spat_%s' 0123456789abcdefghij >&2"
    on = terminal(arguments=asking(tmp_path, f"{talk}; exec sleep 60"), until=b"locked 42")
    on.until(b"59 s left, Esc or Ctrl+C stops it.")
    asking_for, _, said = on.seen.partition(b"locked 42")
    assert b"Asking for the token: sh -c" in asking_for
    assert b"Touch your key" in said
    assert b"0123456789" not in said
    assert b"]52;" not in said
    on.type("\x1b")
    on.until(ALTERNATE_ON, b"was stopped", b"r tries again")
    on.type("q")
    assert on.ended() == 0
    assert is_restored(on.seen)


def test_a_signal_ends_the_command_that_is_asked_for_a_token_and_then_the_application(
    terminal, tmp_path
):
    script = f"echo $$ >{tmp_path}/pid; exec sleep 60"
    on = terminal(arguments=asking(tmp_path, script), until=b"Esc or Ctrl+C stops it.")
    on.process.send_signal(signal.SIGTERM)
    assert on.ended() == 128 + signal.SIGTERM
    assert is_restored(on.seen)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def issue(on: Terminal) -> None:
    on.type(":account ci-eu-deployer\r")
    on.until(b"Release Bots")
    on.type("i")
    on.until(b"Issue an access token", b"in 30 days")
    on.type("\r")
    on.until(b"Access token issued", b"NOT DELIVERED")


def test_the_plain_page_shows_the_secret_alone_on_one_line_and_wipes_it(terminal):
    on = terminal()
    issue(on)
    on.type("P")
    page = on.until(b"Enter goes back.")
    before, _, shown = page.rpartition(ALTERNATE_ON)
    assert before.rfind(MOUSE_OFF) > before.rfind(MOUSE_ON)
    assert MOUSE_ON not in shown
    (secret,) = [line for line in shown.split(b"\r\n") if line.startswith(b"spat_")]
    assert len(secret) > 40
    assert b"\x1b" not in secret
    assert on.seen.count(secret) == 1
    on.type("\r")
    after = on.until(b"Access token issued")
    assert after.index(b"\x1b[2J") < after.index(ALTERNATE_OFF) < after.index(ALTERNATE_ON)
    on.type("X")
    on.until(b"is revoked")
    assert on.seen.count(secret) == 1


def test_ctrl_c_on_the_plain_page_goes_back_to_the_dialog(terminal):
    on = terminal()
    issue(on)
    on.type("P")
    on.until(b"Enter goes back.")
    on.type("\x03")
    on.until(b"Access token issued")
    on.type("X")
    on.until(b"is revoked")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT])
def test_a_signal_on_the_plain_page_wipes_it_and_ends_the_application(terminal, number):
    on = terminal()
    issue(on)
    on.type("P")
    on.until(b"Enter goes back.")
    shown = len(on.seen)
    if number == signal.SIGQUIT:
        on.type("\x1c")  # Ctrl+\, which the terminal makes the signal of
    else:
        on.process.send_signal(number)
    assert on.ended() == 128 + number
    assert b"\x1b[2J" in on.seen[shown:]
    assert is_restored(on.seen)


def test_a_terminal_that_is_gone_on_the_plain_page_ends_the_application(terminal):
    on = terminal()
    issue(on)
    on.type("P")
    on.until(b"Enter goes back.")
    on.hang_up()
    assert on.ended() in (128 + signal.SIGHUP, CANNOT_FLUSH)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_in_the_middle_of_a_delivery_ends_the_command_as_well(terminal, tmp_path, number):
    store = tmp_path / "store"
    store.write_text(f"#!/bin/sh\ncat >/dev/null; echo $$ >{tmp_path}/pid; exec sleep 60\n")
    store.chmod(0o700)
    on = terminal()
    on.type(":account ci-eu-deployer\r")
    on.until(b"Release Bots")
    on.type("i")
    on.until(b"Issue an access token", b"in 30 days")
    on.type("4\t" + str(store) + "\r")
    on.until(b"Esc stops it.")
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        on.until(b" s left")
    on.process.send_signal(number)
    assert on.ended() == 128 + number
    assert is_restored(on.seen)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_secret_that_goes_to_a_file_never_reaches_the_terminal(terminal, tmp_path):
    on = terminal()
    on.type(":account ci-eu-deployer\r")
    on.until(b"Release Bots")
    on.type("i")
    on.until(b"Issue an access token", b"in 30 days")
    on.type("2\r")
    on.until(b"Written to")
    on.type("\r")
    on.until(b"is issued")
    on.type("qq")
    assert on.ended() == 0
    secret = (tmp_path / "ci-eu-deployer.token").read_bytes()
    assert secret.startswith(b"spat_")
    assert secret not in on.seen
    assert secret[5:20] not in on.seen


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_after_a_signal_it_is_told_how_long_the_copy_in_tmux_stays(terminal, tmp_path, number):
    argv = ["tmux", "-S", str(tmp_path / "s"), "-f", "/dev/null"]
    own = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}

    def tmux(*arguments: str) -> str:
        ended = subprocess.run(
            [*argv, *arguments], env=own, capture_output=True, text=True, check=True
        )
        return ended.stdout.strip()

    tmux("new-session", "-d", "-x", "80", "-y", "24", "cat")
    try:
        on = terminal({"TMUX": tmux("display-message", "-p", "#{socket_path},#{pid},0")})
        issue(on)
        on.type("y")
        on.until(b"In tmux buffer")
        assert tmux("show-buffer").startswith("spat_")
        on.process.send_signal(number)
        assert on.ended() == 128 + number
        assert tmux("show-buffer").startswith("spat_")
        told = on.seen.rpartition(ALTERNATE_OFF)[2]
        assert number == signal.SIGHUP or b"stays in tmux for" in told
    finally:
        tmux("kill-server")
