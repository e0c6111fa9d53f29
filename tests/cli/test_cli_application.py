"""The application opens where it can be shown without harm, and is refused with words elsewhere."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import termios
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.cli.application import is_unused, refuse_bad_terminal, refuse_debugging
from sa_tui.cli.exits import UsageError

from .homeless import UNKNOWN_USER, can_be_unknown, without_files

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.cli.environment import Environment

    from .conftest import Command

SA_TUI = (sys.executable, "-m", "sa_tui")


class Stream(io.StringIO):
    """A stream that says what it is told to say of itself."""

    def __init__(self, encoding: str = "utf-8", *, is_terminal: bool = True) -> None:
        super().__init__()
        self._encoding = encoding
        self._is_terminal = is_terminal

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.fixture
def terminal(command: Command) -> Environment:
    """An environment whose streams are a good terminal."""
    environ = {"TERM": "xterm-256color"}
    return replace(command.env, environ=environ, stdin=Stream(), stdout=Stream(), stderr=Stream())


def test_a_good_terminal_is_accepted(terminal: Environment) -> None:
    refuse_bad_terminal(terminal)


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
def test_a_stream_that_is_no_terminal_is_refused(terminal: Environment, name: str) -> None:
    streams: dict[str, Any] = {name: Stream(is_terminal=False)}
    env = replace(terminal, **streams)

    with pytest.raises(UsageError, match=r"needs a terminal.*sa-tui accounts"):
        refuse_bad_terminal(env)


def test_a_dumb_terminal_is_refused(terminal: Environment) -> None:
    with pytest.raises(UsageError, match=r"TERM=dumb.*sa-tui accounts"):
        refuse_bad_terminal(replace(terminal, environ={"TERM": "dumb"}))


@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-1"])
def test_an_encoding_that_lacks_characters_is_refused_with_the_mend(
    terminal: Environment, encoding: str
) -> None:
    with pytest.raises(UsageError, match=r"UTF-8.*LC_ALL=C\.UTF-8"):
        refuse_bad_terminal(replace(terminal, stdout=Stream(encoding)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TEXTUAL_LOG", "textual.log"),
        ("TEXTUAL_SCREENSHOT", "1"),
        ("TEXTUAL_SCREENSHOT_LOCATION", "."),
        ("TEXTUAL", "debug,devtools"),
        ("TEXTUAL", " DevTools"),
        ("TEXTUAL", "debug,\tdevtools\n"),
        ("TEXTUAL_DEBUG", "1"),
    ],
)
def test_what_would_write_the_screen_somewhere_is_refused(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"{name}.*--unsafe-debug"):
        refuse_debugging({"TERM": "xterm", name: value})


@pytest.mark.parametrize("name", ["TEXTUAL_THEME", "TEXTUAL_ANIMATIONS", "TEXTUAL_DEBUG"])
def test_harmless_settings_of_textual_are_left_alone(name: str) -> None:
    refuse_debugging({name: "x", "TEXTUAL": "debug"})


def test_a_refusal_ends_in_2(command: Command) -> None:
    ended = command("--demo")

    assert ended.code == 2
    assert "needs a terminal" in ended.err


def test_the_demo_opens_in_a_terminal_and_leaves_nothing_behind(tmp_path: Path) -> None:
    seen, code = run_in_terminal("--demo", until=b"Meridian Freight", then=b"q", home=tmp_path)

    assert b"Meridian Freight" in seen
    assert code == 0
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.skipif(not can_be_unknown(), reason="no user namespaces here")
def test_the_demo_opens_without_a_home_directory_and_without_a_file() -> None:
    seen, code = run_in_terminal(
        "--demo", until=b"Meridian Freight", then=b"q", home=None, preexec_fn=without_files
    )

    assert b"Meridian Freight" in seen
    assert code == 0


def run_in_terminal(
    *argv: str, until: bytes, then: bytes, home: Path | None, preexec_fn: Any = None
) -> tuple[bytes, int]:
    """Runs the program on a pty, types once something was shown, and waits for its end.

    Without a home it is run by a user that is in no list of users.
    """
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    environ = {"TERM": "xterm-256color", "PATH": os.environ["PATH"], "PYTHONUTF8": "1"}
    environ |= {"HOME": str(home), "TMPDIR": str(home)} if home is not None else {}
    run = subprocess.Popen(
        [*(() if home is not None else UNKNOWN_USER), *SA_TUI, *argv],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environ,
        close_fds=True,
        preexec_fn=preexec_fn,
    )
    os.close(theirs)
    seen, typed = b"", False
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:  # how Linux says that nobody holds the other end any more
            read = b""
        if not read:
            break
        seen += read
        if until in seen and not typed:
            os.write(ours, then)
            typed = True
    os.close(ours)
    return seen, run.wait(timeout=20)


@pytest.mark.parametrize(
    ("names", "is_first"), [((), True), (("actions.jsonl",), False), (None, True)]
)
def test_a_first_start_is_one_without_files_of_an_earlier_one(
    tmp_path: Path, names: tuple[str, ...] | None, is_first: bool
) -> None:
    directory = tmp_path / "state"
    if names is not None:
        directory.mkdir()
    for name in names or ():
        (directory / name).touch()
    assert is_unused(directory) == is_first
