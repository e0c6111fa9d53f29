"""The tmux route against a real server, with a terminal attached that records what reaches it."""

from __future__ import annotations

import base64
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from sa_tui.handover.clipboard import EscapeRoute
from sa_tui.handover.tmux import TmuxRoute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pydantic import SecretStr

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

PATIENCE_SECONDS = 10


class Tmux:
    """A tmux server on a socket of its own, and the terminal outside of it."""

    def __init__(self, directory: Path, environ: dict[str, str]) -> None:
        self._own = {**environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        self._socket = str(directory / "s")
        self("new-session", "-d", "-x", "80", "-y", "24", "cat")
        self.environ = {
            **self._own,
            "TMUX": self("display-message", "-p", "#{socket_path},#{pid},0"),
        }
        self._screen, terminal = pty.openpty()
        self._client = subprocess.Popen(
            ["tmux", "-S", self._socket, "attach"],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=self._own,
            start_new_session=True,
        )
        os.close(terminal)
        self.seen_until(b"\x1b[?1049h")

    def __call__(self, *arguments: str) -> str:
        command = ["tmux", "-S", self._socket, "-f", "/dev/null", *arguments]
        ended = subprocess.run(command, env=self._own, capture_output=True, text=True, check=True)
        return ended.stdout.strip()

    def seen_until(self, mark: bytes) -> bytes:
        """Return what the outer terminal receives, up to a chunk that holds the mark."""
        seen = b""
        while mark not in seen:
            if not select.select([self._screen], [], [], PATIENCE_SECONDS)[0]:
                pytest.fail(f"{mark!r} never reached the terminal: {seen[-200:]!r}")
            seen += os.read(self._screen, 65_536)
        return seen

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for what tmux does by itself."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            assert time.monotonic() < end
            select.select([self._screen], [], [], 0.05)

    def close(self) -> None:
        self("kill-server")
        while True:
            try:
                if not os.read(self._screen, 65_536):
                    break
            except OSError:  # Linux reports the end of a terminal this way
                break
        os.close(self._screen)
        self._client.wait()


@pytest.fixture
def tmux(tmp_path: Path, environ: dict[str, str]) -> Iterator[Tmux]:
    server = Tmux(tmp_path, environ)
    yield server
    server.close()


KILLED = """
import asyncio, json, os, signal, sys
from pydantic import SecretStr
from sa_tui.handover.clipboard import EscapeRoute
from sa_tui.handover.tmux import TmuxRoute

environ, secret = json.loads(sys.stdin.read())
route = TmuxRoute("sa-tui-test", environ=environ, keep_seconds=3)
sent = asyncio.run(route.send(SecretStr(secret), write=print))
print(sent.status, flush=True)
os.kill(os.getpid(), int(sys.argv[1]))
"""


@pytest.fixture
def route(tmux: Tmux) -> TmuxRoute:
    return TmuxRoute("sa-tui-test", environ=tmux.environ)


def refuse(text: str) -> None:
    pytest.fail(f"nothing may be written past tmux, but this was: {text!r}")


@pytest.mark.parametrize("setting", ["on", "external", "off"])
async def test_the_text_is_in_the_buffer_and_reaches_the_terminal_whatever_set_clipboard_says(
    tmux: Tmux, route: TmuxRoute, secret: SecretStr, setting: str
) -> None:
    tmux("set-option", "-s", "set-clipboard", setting)

    delivery = await route.send(secret, write=refuse)

    assert delivery.status == "delivered"
    assert delivery.message == (
        "In tmux buffer sa-tui-test (confirmed), and sent on to the terminal (cannot be confirmed)."
    )
    assert tmux("show-buffer", "-b", "sa-tui-test") == secret.get_secret_value()
    tmux.seen_until(base64.b64encode(secret.get_secret_value().encode()))


async def test_after_clearing_no_buffer_holds_the_token(
    tmux: Tmux, route: TmuxRoute, secret: SecretStr
) -> None:
    await route.send(secret, write=refuse)

    cleared = await route.clear(write=refuse)

    assert tmux("list-buffers") == ""
    assert cleared.status == "delivered"
    assert "the terminal's own clipboard may still hold the token" in cleared.message


async def test_overwriting_sends_a_blank_on_to_the_terminal_and_leaves_no_buffer(
    tmux: Tmux, route: TmuxRoute, secret: SecretStr
) -> None:
    await route.send(secret, write=refuse)

    cleared = await route.clear(write=refuse, overwrite=True)

    tmux.seen_until(base64.b64encode(b" "))
    assert tmux("list-buffers") == ""
    assert "no way to know whether it worked" in cleared.message


def processes() -> str:
    """The arguments of everything that runs."""
    listed = subprocess.run(["ps", "-wweo", "args"], capture_output=True, text=True, check=True)
    return listed.stdout


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGQUIT, signal.SIGABRT])
def test_tmux_deletes_the_copy_at_its_time_however_the_program_ended(
    tmux: Tmux, secret: SecretStr, number: int
) -> None:
    tmux("set-buffer", "-b", "sa-tui-tests-of-the-operator", "notes")
    value = secret.get_secret_value()

    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(int(number))],
        input=json.dumps([tmux.environ, value]),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (-number, "delivered\n")
    (buffer, _) = tmux("list-buffers", "-F", "#{buffer_name}").splitlines()
    assert tmux("show-buffer", "-b", buffer) == value
    tmux.until(lambda: value not in tmux("list-buffers", "-F", "#{buffer_sample}"))
    assert tmux("list-buffers", "-F", "#{buffer_name}") == "sa-tui-tests-of-the-operator"


async def test_no_secret_is_in_an_argument_of_what_deletes_it(
    tmux: Tmux, secret: SecretStr
) -> None:
    route = TmuxRoute("sa-tui-test", environ=tmux.environ, keep_seconds=60)

    delivery = await route.send(secret, write=refuse)

    assert "for 60 s (confirmed)" in delivery.message
    buffer = tmux("list-buffers", "-F", "#{buffer_name}")
    tmux.until(lambda: f"delete-buffer -b {buffer}" in processes())
    assert secret.get_secret_value() not in processes()


async def test_each_copy_has_a_buffer_and_a_time_of_its_own(tmux: Tmux, secret: SecretStr) -> None:
    tmux("set-buffer", "-b", "sa-tui-test2", "notes")
    route = TmuxRoute("sa-tui-test", environ=tmux.environ, keep_seconds=60)
    first = await route.send(secret, write=refuse)
    second = await route.send(secret, write=refuse)
    assert first.message != second.message
    assert len(tmux("list-buffers").splitlines()) == 3

    await route.clear(write=refuse)

    assert tmux("list-buffers", "-F", "#{buffer_name}") == "sa-tui-test2"


async def test_past_a_tmux_that_answers_nothing_is_sent_to_the_terminal(tmux: Tmux) -> None:
    route = EscapeRoute("terminal", is_in_screen=False, tmux=TmuxRoute("b", environ=tmux.environ))

    assert "tmux answers" in str(await route.check())


async def test_clearing_touches_no_buffer_of_the_operators(
    tmux: Tmux, route: TmuxRoute, secret: SecretStr
) -> None:
    tmux("set-buffer", "-b", "mine", "notes")
    await route.send(secret, write=refuse)

    await route.clear(write=refuse)

    assert tmux("list-buffers", "-F", "#{buffer_name}") == "mine"


async def test_a_buffer_that_is_gone_already_counts_as_cleared(route: TmuxRoute) -> None:
    assert (await route.clear(write=refuse)).status == "delivered"


async def test_a_server_that_answers_passes_the_check(tmux: Tmux, route: TmuxRoute) -> None:
    assert await route.check() is None
    assert tmux("list-buffers") == ""


async def test_a_server_that_has_gone_away_is_found_out_and_nothing_is_claimed(
    tmp_path: Path, environ: dict[str, str], secret: SecretStr
) -> None:
    route = TmuxRoute("b", environ={**environ, "TMUX": f"{tmp_path}/gone,1,0"})

    assert "failed with exit code 1" in str(await route.check())
    assert (await route.send(secret, write=refuse)).status == "failed"
    cleared = await route.clear(write=refuse)
    assert cleared.status == "failed"
    assert "may still hold the token" in cleared.message
