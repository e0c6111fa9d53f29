"""The manual page is made from the parser, tells everything once, and roff finds no fault in it."""

from __future__ import annotations

import re
import shutil
import subprocess
from argparse import SUPPRESS
from typing import TYPE_CHECKING

import pytest

from sa_tui.cli.arguments.parser import build_parser
from sa_tui.cli.commands import COMMANDS
from sa_tui.cli.exits import MEANINGS

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

    from .conftest import Command

needs_groff = pytest.mark.skipif(shutil.which("groff") is None, reason="no groff here")


def every_parser(parser: ArgumentParser) -> Iterator[ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action.choices, dict):
            for command in action.choices.values():
                yield from every_parser(command)


@pytest.fixture(scope="module")
def printed(request: pytest.FixtureRequest) -> str:
    from sa_tui.cli.man import page

    return "".join(f"{line}\n" for line in page())


@pytest.fixture(scope="module")
def shown(printed: str) -> str:
    """The page as a terminal of 80 columns shows it, without its faces."""
    argv = ["groff", "-man", "-Tutf8", "-ww", "-P-c", "-rLL=300n"]
    run = subprocess.run(argv, input=printed, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return re.sub(".\b", "", run.stdout)


def test_it_is_printed_as_it_is(command: Command, printed: str) -> None:
    ended = command("man")

    assert (ended.code, ended.out, ended.err) == (0, printed, "")
    assert printed.startswith(".TH SA\\-TUI 1 ")
    assert printed.isascii()
    assert ".B \\-\\-profile NAME\n" in printed  # a bare - may be shown as another dash


@needs_groff
def test_every_command_and_every_option_is_in_it(shown: str) -> None:
    for parser in every_parser(build_parser()):
        for action in parser._actions:
            for option in action.option_strings if action.help != SUPPRESS else ():
                assert option in shown or option in {"-h", "--help"}, option
    lines = {" ".join(line.split()) for line in shown.splitlines()}
    for command in COMMANDS:
        assert any(line == command.name or line.startswith(f"{command.name} ") for line in lines)


@needs_groff
def test_what_all_commands_have_is_told_once(shown: str) -> None:
    assert len(re.findall(r"^ +--profile NAME", shown, flags=re.MULTILINE)) == 1
    assert shown.count("With -o json, a value that is not known is null") == 1


@needs_groff
def test_the_exit_codes_and_the_environment_are_in_it(shown: str) -> None:
    words = " ".join(shown.split())
    for code, meaning in MEANINGS.items():
        assert f"{code.value} {meaning}" in words
    assert "SA_TUI_CONFIG" in words


@needs_groff
def test_nothing_is_lost_between_the_help_and_the_page(shown: str) -> None:
    """Dots, quotes and backslashes at the beginning of a line are roff's own."""
    words = set(shown.split())
    for parser in every_parser(build_parser()):
        for word in (parser.epilog or "").split():
            assert word in words or parser.prog == "sa-tui", (parser.prog, word)


@pytest.mark.skipif(shutil.which("man") is None, reason="no man here")
def test_man_takes_it(printed: str) -> None:
    environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
    run = subprocess.run(
        ["man", "--warnings", "-l", "-"],
        input=printed,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.returncode, run.stderr) == (0, "")
