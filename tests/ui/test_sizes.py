"""Every size of terminal, and terminals without colour."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from typing import Any

import pytest
from rich.cells import cell_len
from textual.strip import Strip


async def resize(driver, width: int, height: int) -> None:
    await driver.resize(width, height)
    await driver.settle()


def strips(driver: Any) -> list[Strip]:
    drawn: list[Strip] = driver.app.screen._compositor.render_strips()
    return drawn


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (119, 30), (120, 30), (160, 45), (250, 70)])
async def test_every_screen_fills_every_size_exactly(running, size):
    width, height = size
    async with running(size) as driver:
        for keys in ((), ("question_mark",), ("escape", "ctrl+p"), ("escape", "enter"), ("colon",)):
            await driver.press(*keys)
            assert [cell_len(strip.text) for strip in strips(driver)] == [width] * height


@pytest.mark.whole
async def test_at_sixty_by_sixteen_everything_needed_is_there(running):
    async with running((60, 16)) as driver:
        assert "Meridian Freight" in driver.text
        assert "LIVE" in driver.text
        assert "EXPIRES" in driver.text
        assert "44 system accounts" in driver.text
        await driver.press("down", "down", "down", "enter")
        assert "api-publisher-ci" in driver.text
        assert "Access tokens · 1" in driver.text
        await driver.press("tab", "tab")
        assert "Teams · 0" in driver.text


@pytest.mark.parametrize("size", [(60, 16), (60, 23), (60, 24)])
@pytest.mark.parametrize("keys", [("D",), ("X", "f2")])
async def test_what_is_typed_to_confirm_is_seen_at_every_size(running, size, keys):
    async with running(size) as driver:
        await driver.press("slash")
        await driver.paste("terraform-prod")
        await driver.press("enter", *keys)
        await driver.paste("typed in here")
        assert "> typed in here" in driver.text
        assert "To send, type" in driver.text
        assert driver.text.splitlines()[-1].lstrip().startswith("f2 Requests")


async def test_the_line_that_asks_for_the_name_is_seen_at_sixty_by_sixteen(running):
    async with running((60, 16)) as driver:
        await driver.issue()
        await driver.press("enter")
        await driver.paste("typed in here")
        assert "typed in here" in driver.text
        assert "To leave, type the account's name" in driver.text
        await driver.press("enter")
        assert "typed in here" in driver.text
        assert "That is not the account's name" in driver.text


async def test_the_line_that_asks_for_the_name_stays_when_the_terminal_shrinks(running):
    async with running() as driver:
        await driver.issue()
        await driver.press("enter")
        await driver.paste("typed in here")
        await resize(driver, 60, 16)
        assert "typed in here" in driver.text


async def test_a_field_stays_when_the_terminal_shrinks(running):
    async with running() as driver:
        await driver.open_form()
        await driver.choose("file")
        await driver.fill("~/typed-in-here")
        await resize(driver, 60, 16)
        assert "typed-in-here" in driver.text


@pytest.mark.whole
async def test_growing_and_shrinking_keeps_the_cursor_in_view(running):
    async with running() as driver:
        await driver.press("end", "up", "up")
        for size in ((160, 45), (80, 24), (60, 16), (120, 20), (80, 24)):
            await resize(driver, *size)
            assert "tmp-load-test" in driver.text


@pytest.mark.whole
@pytest.mark.parametrize("size", [(59, 24), (80, 15), (20, 5), (1, 1)])
async def test_a_terminal_that_is_too_small_takes_no_key(running, fake, size):
    async with running() as driver:
        await resize(driver, *size)
        fake.received.clear()
        await driver.press("r", "i", "enter", "q", "colon", "ctrl+p", "escape", "question_mark")
        assert fake.received == []
        await resize(driver, 80, 24)
        assert "44 system accounts" in driver.text
        assert "ci-eu-deployer" in driver.text


async def test_a_terminal_that_is_too_small_says_what_it_needs(running):
    async with running() as driver:
        await resize(driver, 50, 14)
        assert "needs 60x16" in driver.text
        assert "Ctrl+Q leaves" in driver.text


async def test_a_terminal_that_is_too_small_can_be_left(running):
    async with running() as driver:
        await resize(driver, 50, 14)
        await driver.hit("ctrl+q")
        await driver.turn()
        assert driver.app.return_code == 0


@pytest.mark.whole
async def test_an_application_that_starts_too_small_opens_once_there_is_room(running):
    async with running((50, 14)) as driver:
        assert "needs 60x16" in driver.text
        await resize(driver, 80, 24)
        assert "44 system accounts" in driver.text


@pytest.mark.whole
async def test_a_screen_that_was_open_is_there_again(running):
    async with running() as driver:
        await driver.press("down", "down", "down", "enter")
        await resize(driver, 50, 14)
        await resize(driver, 40, 14)
        await resize(driver, 80, 24)
        assert "api-publisher-ci" in driver.text
        await driver.press("escape")
        assert "44 system accounts" in driver.text


@pytest.mark.whole
async def test_what_comes_up_over_a_small_terminal_leaves_no_blocker_behind(running):
    async with running() as driver:
        await resize(driver, 50, 14)
        driver.app.action_help()
        await driver.settle()
        await resize(driver, 80, 24)
        await driver.press("escape")
        assert "44 system accounts" in driver.text
        assert "too small" not in driver.text


# Colours


def written(command: list[str], environ: dict[str, str], until: str) -> str:
    """What a program writes to a terminal of 80x24 until this text is there; it is then ended."""
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.execvpe(command[0], command, environ)
    output = b""
    try:
        while until not in output.decode(errors="replace") and select.select([fd], [], [], 20)[0]:
            output += os.read(fd, 65536)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)
    return output.decode(errors="replace")


@pytest.mark.parametrize("asked", [True, False])
def test_where_no_colour_is_wanted_none_is_sent_and_the_cursor_still_shows(tmp_path, asked):
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    environ |= {"TERM": "xterm-256color", **({"NO_COLOR": "1"} if asked else {})}
    command = [sys.executable, "-m", "sa_tui", "--demo"]
    output = written(command, environ, until="38 system accounts")
    assert "ci-eu-deployer" in output
    codes = {code for found in re.findall(r"\x1b\[([0-9;]*)m", output) for code in found.split(";")}
    is_coloured = bool(codes & {"38", "48", *map(str, [*range(30, 38), *range(90, 98)])})
    assert is_coloured != asked
    reversed_row = re.search(r"\x1b\[([0-9]+;)*7(;[0-9]+)*m[^\x1b]*addon-manager", output)
    assert bool(reversed_row) == asked


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "textual-light", "nord"])
async def test_other_themes_draw_every_screen(running, theme):
    async with running() as driver:
        await driver.press("colon")
        await driver.paste(f"theme {theme}")
        await driver.press("enter")
        assert driver.app.theme == theme
        for keys in (("down",), ("enter",), ("question_mark",)):
            await driver.press(*keys)
            assert len(strips(driver)) == 24


async def test_an_unknown_theme_is_answered_with_those_there_are(running):
    async with running() as driver:
        await driver.press("colon")
        await driver.paste("theme neon")
        await driver.press("enter")
        assert "There is no theme neon. There are: ansi-dark" in driver.words
