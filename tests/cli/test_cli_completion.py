"""The completion scripts offer the names of what an argument takes, in the shells themselves."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from argparse import SUPPRESS
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sa_tui.cli.arguments.parser import build_parser
from sa_tui.cli.completion_names import complete_names

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

    from sa_tui.demo.konnect import FakeKonnect

    from .conftest import Command

SHELLS = [
    pytest.param(name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"no {name}"))
    for name in ("bash", "zsh", "fish")
]
ODD = ["ci-prod", "ci \"odd\" $(touch x) `touch y` 'q'", "ci-\\n"]

_ZSH_DRIVER = """
# What the completion would add, instead of adding it.
compadd() {{ local -a given; if [[ $1 == -a ]]; then given=("${{(@P)2}}"); print -l -- $given; fi }}
LBUFFER={line}
_sa_tui_names {kind}
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A `sa-tui` that prints names, and notes what it was asked."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "sa-tui"
    names = "\\n".join(name.replace("\\", "\\\\") for name in ODD)
    program.write_text(
        f'#!/bin/bash\nprintf "%s\\n" "$@" > "$ASKED"\nprintf \'%b\\n\' {shlex.quote(names)}\n'
    )
    program.chmod(0o755)
    return program


def run(shell: str, script: str, program: Path) -> list[str]:
    options = {"bash": ("--norc",), "zsh": ("-f",), "fish": ("--no-config",)}[shell]
    environ = {
        "HOME": str(program.parent),
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "ASKED": str(program.parent / "asked"),
        "LC_ALL": "C.UTF-8",
    }
    ran = subprocess.run(
        [shell, *options, "-c", script],
        env=environ,
        cwd=program.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ran.stderr == ""
    return ran.stdout.splitlines()


def completed(shell: str, line: str, kind: str, program: Path, command: Command) -> list[str]:
    """What a shell offers at the end of a line, as it would stand on the line."""
    script = command("completion", shell).out
    path = program.parent / "script"
    path.write_text(script)
    words = shlex.split(line) + [""] * line.endswith(" ")
    if shell == "bash":
        given = " ".join(map(shlex.quote, words))
        ask = f"COMP_WORDS=({given}); COMP_CWORD={len(words) - 1}; _shtab_sa_tui"
        return run(shell, f"source {path}\n{ask}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"", program)
    if shell == "zsh":
        driver = _ZSH_DRIVER.format(line=shlex.quote(line), kind=kind)
        return run(shell, f"source {path}\n{driver}", program)
    offered = run(shell, f"source {path}; complete -C {shlex.quote(line)}", program)
    return [each.split("\t")[0] for each in offered]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("sa-tui access ", ["__complete", "accounts", "access"]),
        ("sa-tui token revoke ", ["__complete", "accounts", "revoke"]),
        ("sa-tui token revoke ci-prod ", ["__complete", "tokens", "ci-prod"]),
        ("sa-tui token revoke --yes ci-prod ", ["__complete", "tokens", "ci-prod"]),
        ("sa-tui compare ", ["__complete", "members", "compare"]),
        ("sa-tui profiles remove ", ["__complete", "profiles", "remove"]),
        ("sa-tui --profile ", ["__complete", "profiles", ""]),
        (
            "sa-tui --from org.json access ",
            ["--from", "org.json", "__complete", "accounts", "access"],
        ),
        ("sa-tui account delete one ", ["__complete", "accounts", "one"]),
        ("sa-tui role give --team ", ["__complete", "teams", "give"]),
        ("sa-tui team join ", ["__complete", "teams", "join"]),
        ("sa-tui team join Platform ", ["__complete", "accounts", "Platform"]),
        (
            "sa-tui --profile prod access ",
            ["--profile", "prod", "__complete", "accounts", "access"],
        ),
    ],
)
def test_a_shell_asks_for_the_names_that_the_argument_takes(
    shell: str, line: str, asked: list[str], program: Path, command: Command
) -> None:
    offered = completed(shell, line, asked[-2], program, command)

    assert (program.parent / "asked").read_text().splitlines() == asked
    assert any("ci-prod" in each for each in offered)


@pytest.mark.parametrize("shell", SHELLS)
def test_an_odd_name_is_one_word_and_runs_nothing(
    shell: str, program: Path, command: Command
) -> None:
    offered = completed(shell, "sa-tui access ", "accounts", program, command)

    assert len([each for each in offered if "odd" in each]) == 1
    if shell == "bash":
        (word,) = [each for each in offered if "odd" in each]
        assert run("bash", f"printf '%s\\n' {word}", program) == [ODD[1]]
    assert not (program.parent / "x").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_without_a_snapshot_nothing_is_offered_and_nothing_is_said(
    shell: str, program: Path, command: Command
) -> None:
    program.write_text("#!/bin/sh\necho no snapshot >&2\nexit 2\n")

    offered = completed(shell, "sa-tui access ", "accounts", program, command)

    assert [each for each in offered if each and "/" not in each] in ([], ["bin"])


def test_bash_offers_what_begins_as_it_is_typed(program: Path, command: Command) -> None:
    program.write_text("#!/bin/sh\nprintf 'Platform Team\\nother\\n'\n")

    assert completed("bash", "sa-tui team show Plat", "teams", program, command) == [
        "Platform\\ Team"
    ]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_names_of_a_snapshot_are_offered(
    shell: str, program: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    root = Path(__file__).parents[2]
    program.write_text(f'#!/bin/sh\nPYTHONPATH={root} exec {sys.executable} -m sa_tui "$@"\n')
    fake.add_account("two words")
    file = program.parent / "org.json"
    assert signed_in("snapshot", "-o", str(file)).code == 0

    accounts = completed(shell, f"sa-tui --from {file} access ", "accounts", program, signed_in)
    line = f"sa-tui --from {file} token revoke ci-prod-deployer "
    tokens = completed(shell, line, "tokens", program, signed_in)

    assert {"ci-prod-deployer", "two\\ words" if shell == "bash" else "two words"} <= set(accounts)
    assert [name for name in tokens if name.startswith("gha")] == ["gha-prod-2", "gha-prod-3"]


def arguments(parser: ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    for action in parser._actions:
        if isinstance(action.choices, dict):
            for name, command in action.choices.items():
                yield from arguments(command, (*words, name))
        elif action.help != SUPPRESS:
            yield " ".join((*words, str(action.metavar))), action


def test_every_argument_that_is_a_file_an_account_a_team_or_a_token_is_completed() -> None:
    parser = build_parser()
    complete_names(parser)

    unknown = {
        name
        for name, action in arguments(parser)
        if name.rpartition(" ")[2] in ("ACCOUNT", "TEAM", "TOKEN", "FILE", "PATH", "DIR")
        and not hasattr(action, "complete")
    }

    assert unknown == set()
