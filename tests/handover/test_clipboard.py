"""Clipboard routes without a multiplexer: which are offered, what they write and claim."""

from __future__ import annotations

import base64
import os
import pty
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from sa_tui.handover.clipboard import (
    TEST_WORD,
    ClipboardDestination,
    EscapeRoute,
    Route,
    ToolRoute,
    detect_routes,
    first_usable,
    send_test,
)
from sa_tui.handover.tmux import TmuxRoute

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.base.label import Label

SSH = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
X11 = {"DISPLAY": ":0"}
TMUX = {"TMUX": "/tmp/tmux-0/default,1,0"}
XTERM = {"TERM": "xterm-256color"}
SCREEN = {"TERM": "screen", "STY": "1.pts-0"}


def which(program: str) -> str:
    """Every program is installed."""
    return f"/usr/bin/{program}"


def ignore(_: str) -> None:
    """Writes nothing anywhere."""


def which_of(*installed: str) -> Callable[[str], str | None]:
    return lambda program: which(program) if program in installed else None


@pytest.mark.parametrize(
    ("environ", "installed", "expected"),
    [
        (XTERM | SSH, ["xclip", "pbcopy"], ["terminal"]),
        (XTERM | SSH | TMUX, ["tmux"], ["tmux", "terminal"]),
        (XTERM | SSH | TMUX, [], ["terminal"]),
        (SCREEN | SSH, [], ["screen"]),
        (XTERM | X11, ["xclip", "xsel", "wl-copy"], ["terminal", "xclip", "xsel"]),
        (XTERM | {"WAYLAND_DISPLAY": "w"}, ["wl-copy", "xclip"], ["terminal", "wl-copy"]),
        (XTERM | TMUX, ["tmux", "pbcopy"], ["tmux", "terminal", "pbcopy"]),
        (XTERM, ["clip.exe"], ["terminal", "clip.exe"]),
        ({"TERM": "dumb"}, [], []),
        ({"TERM": "linux"}, [], []),
        ({}, [], []),
        ({"TERM": "dumb"} | TMUX, ["tmux"], ["tmux"]),
        ({"TERM": "dumb"} | X11, ["xclip"], ["xclip"]),
        ({"TERM": "dumb", "STY": "1"}, [], []),
    ],
)
def test_the_environment_decides_which_routes_are_offered(
    environ: dict[str, str], installed: list[str], expected: list[str]
) -> None:
    routes = detect_routes(environ, which=which_of(*installed))

    assert [route.name for route in routes] == expected


def test_the_operators_own_command_comes_first() -> None:
    own = {"SA_TUI_COPY_COMMAND": "/opt/lemonade copy --host 'my desk'"}
    routes = detect_routes(XTERM | TMUX | SSH | own, which=which)

    assert [route.name for route in routes] == ["lemonade", "tmux", "terminal"]
    assert routes[0].describe() == "your copy command lemonade"
    assert isinstance(routes[0], ToolRoute)
    assert routes[0].argv == ("/opt/lemonade", "copy", "--host", "my desk")


async def test_an_own_command_that_cannot_be_read_is_refused_before_anything_is_made() -> None:
    own = {"SA_TUI_COPY_COMMAND": "lemonade 'copy"}
    route, *_ = detect_routes(XTERM | TMUX | SSH | own, which=which)

    assert "was not found on PATH" in (await route.check() or "")


def test_every_program_has_a_tmux_buffer_of_its_own() -> None:
    (route, _) = detect_routes(XTERM | TMUX | SSH, which=which, buffer_id="42")
    (default, _) = detect_routes(XTERM | TMUX | SSH, which=which)

    assert route.describe() == "tmux buffer sa-tui-42, sent on to the terminal"
    assert f"sa-tui-{os.getpid()}" in default.describe()


async def test_where_tmux_leads_nowhere_the_terminal_itself_is_next(tmp_path: Path) -> None:
    gone = {"TMUX": f"{tmp_path}/gone,1,0", "PATH": os.environ["PATH"]}
    routes = detect_routes(XTERM | SSH | gone, which=which)

    route = await first_usable(routes)

    assert route is routes[1]
    assert route.describe() == (
        "OSC 52 to the terminal, where TMUX leads nowhere (cannot be confirmed)"
    )


async def test_the_terminal_gets_one_sequence_and_nothing_more_is_claimed(
    secret: SecretStr, label: Label
) -> None:
    written: list[str] = []
    route = EscapeRoute("terminal", is_in_screen=False)

    delivery = await ClipboardDestination(route, write=written.append).deliver(secret, label)

    encoded = base64.b64encode(secret.get_secret_value().encode()).decode()
    assert written == [f"\x1b]52;c;{encoded}\x07"]
    assert delivery.status == "sent"
    assert delivery.message == "Sent to the terminal (cannot be confirmed)."


async def test_for_screen_the_sequence_is_wrapped_in_short_strings() -> None:
    written: list[str] = []
    text = SecretStr("x" * 3_000)

    delivery = await EscapeRoute("screen", is_in_screen=True).send(text, write=written.append)

    (sequence,) = written
    parts = re.findall(r"\x1bP(.*?)\x1b\\", sequence, re.DOTALL)
    assert "".join(f"\x1bP{part}\x1b\\" for part in parts) == sequence
    assert max(len(part) for part in parts) <= 700
    encoded = base64.b64encode(b"x" * 3_000).decode()
    assert "".join(parts) == f"\x1b]52;c;{encoded}\x07"
    assert delivery.status == "sent"


async def test_more_than_terminals_take_is_not_sent_at_all() -> None:
    written: list[str] = []
    route = EscapeRoute("terminal", is_in_screen=False)

    most = await route.send(SecretStr("x" * 74_994), write=written.append)
    more = await route.send(SecretStr("x" * 74_995), write=written.append)

    assert (most.status, more.status) == ("sent", "failed")
    assert "nothing was sent" in more.message
    assert len(written) == 1
    assert len(written[0]) <= 100_000


async def test_a_terminal_that_has_gone_away_is_a_failure(secret: SecretStr) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb", buffering=0) as stream:
        route = EscapeRoute("terminal", is_in_screen=False)

        def write(text: str) -> None:
            stream.write(text.encode())

        delivery = await route.send(secret, write=write)

    assert delivery.status == "failed"
    assert "Broken pipe" in delivery.message


async def test_clearing_the_terminal_overwrites_only_when_asked_and_claims_nothing() -> None:
    written: list[str] = []
    route = EscapeRoute("terminal", is_in_screen=False)

    left = await route.clear(write=written.append)
    assert written == []
    assert "may still hold the token" in left.message

    blanked = await route.clear(write=written.append, overwrite=True)
    assert written == ["\x1b]52;c;IA==\x07"]
    assert blanked.status == "sent"
    assert "no way to know" in blanked.message


async def test_the_test_word_takes_the_same_route_and_is_told() -> None:
    written: list[str] = []

    delivery = await send_test(EscapeRoute("terminal", is_in_screen=False), write=written.append)

    assert base64.b64decode(written[0][7:-1]).decode() == TEST_WORD
    assert delivery.message.endswith(f"Paste it: it must read {TEST_WORD}.")


def tool(directory: Path, script: str) -> tuple[str, ...]:
    program = directory / "copier"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(stat.S_IRWXU)
    return (str(program),)


async def test_a_tool_gets_the_text_on_its_standard_input_and_its_exit_code_is_believed(
    tmp_path: Path, secret: SecretStr, environ: dict[str, str]
) -> None:
    argv = tool(tmp_path, f'printf %s "$*" >{tmp_path}/arguments; cat >{tmp_path}/clipboard')
    route = ToolRoute(argv, environ=environ)

    delivery = await route.send(secret, write=ignore)

    assert (tmp_path / "clipboard").read_text() == secret.get_secret_value()
    assert (tmp_path / "arguments").read_text() == ""
    assert (delivery.status, delivery.message) == (
        "delivered",
        "copier read all of it and exited with 0.",
    )


async def test_a_tool_that_cannot_reach_its_display_is_a_failure(
    tmp_path: Path, secret: SecretStr, environ: dict[str, str]
) -> None:
    route = ToolRoute(tool(tmp_path, "cat; echo no display >&2; exit 1"), environ=environ)

    delivery = await route.send(secret, write=ignore)

    assert (delivery.status, delivery.message) == ("failed", "copier failed with exit code 1.")
    assert "no display" in delivery.detail
    assert secret.get_secret_value() not in delivery.detail


async def test_a_tool_that_is_not_there_is_a_failure(
    secret: SecretStr, environ: dict[str, str]
) -> None:
    route = ToolRoute(("no-such-copier",), environ=environ)

    assert "was not found on PATH" in str(await route.check())
    assert (await route.send(secret, write=ignore)).status == "failed"


async def test_clearing_a_tool_copies_a_blank_only_when_asked(
    tmp_path: Path, secret: SecretStr, environ: dict[str, str]
) -> None:
    route = ToolRoute(tool(tmp_path, f"cat >{tmp_path}/clipboard"), environ=environ)
    await route.send(secret, write=ignore)

    assert (await route.clear(write=ignore)).status == "failed"
    assert (tmp_path / "clipboard").read_text() == secret.get_secret_value()
    assert (await route.clear(write=ignore, overwrite=True)).status == "delivered"
    assert (tmp_path / "clipboard").read_text() == " "


OWN_COMMAND = """
import asyncio, os, sys
from pydantic import SecretStr
from sa_tui.handover.clipboard import ToolRoute
os.open(os.ttyname(0), os.O_RDWR)  # a session without a terminal makes this one its own
route = ToolRoute(("sh", "-c", "cat >/dev/tty"), environ=os.environ, is_own=sys.argv[1] == "own")
sys.stderr.write(asyncio.run(route.send(SecretStr("HANDED-OVER"), write=str)).status)
"""


@pytest.mark.parametrize(("whose", "status"), [("own", b"delivered"), ("desktop", b"failed")])
def test_only_the_operators_own_command_may_write_to_the_terminal(
    whose: str, status: bytes
) -> None:
    master, slave = pty.openpty()
    ended = subprocess.run(
        [sys.executable, "-c", OWN_COMMAND, whose],
        stdin=slave,
        stdout=slave,
        stderr=subprocess.PIPE,
        start_new_session=True,
        check=True,
    )
    os.set_blocking(master, False)
    try:
        shown = os.read(master, 100)
    except BlockingIOError:
        shown = b""
    os.close(slave)
    os.close(master)

    assert ended.stderr == status
    assert (b"HANDED-OVER" in shown) == (whose == "own")


async def test_no_route_shows_the_environment(secret: SecretStr) -> None:
    environ = {"KONNECT_TOKEN": secret.get_secret_value(), "PATH": ""}
    routes: list[Route] = [TmuxRoute("b", environ=environ), ToolRoute(("x",), environ=environ)]

    for route in routes:
        shown = repr(ClipboardDestination(route, write=ignore)) + repr(
            await route.send(secret, write=ignore)
        )
        assert secret.get_secret_value() not in shown


OLD_TMUX = """
case "$*" in
  "load-buffer -w "*) cat >/dev/null; echo "tmux: unknown option -- w" >&2; exit 1;;
  "load-buffer -b old -") cat >"$0.buffer";;
  *) exit 1;;
esac
"""


async def test_a_tmux_that_cannot_send_on_still_gets_the_buffer_and_that_is_said(
    tmp_path: Path, secret: SecretStr, environ: dict[str, str]
) -> None:
    (program,) = tool(tmp_path, OLD_TMUX)
    os.rename(program, tmp_path / "tmux")
    route = TmuxRoute("old", environ={"PATH": f"{tmp_path}:{environ['PATH']}"})

    delivery = await route.send(secret, write=ignore)

    assert (tmp_path / "tmux.buffer").read_text() == secret.get_secret_value()
    assert delivery.status == "delivered"
    assert "not sent on to the terminal: that needs tmux 3.2" in delivery.message
