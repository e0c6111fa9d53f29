"""The README's commands do what it says of them, and its profiles are read."""

from __future__ import annotations

import contextlib
import re
import shlex
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sa_tui.base.destination import NamedDestination
from sa_tui.cli.arguments.parser import build_parser
from sa_tui.cli.connections import demo_profile
from sa_tui.cli.exits import Exit
from sa_tui.profiles.destinations import destination_from_mapping
from sa_tui.profiles.mapping import settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sa_tui.demo.konnect import FakeKonnect

    from .conftest import Command

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)
PROSE = re.sub(r"^```.*?^```$", "", README, flags=re.DOTALL | re.MULTILINE)
SHELL = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
SET_UP = [line for line in SHELL if line.startswith("python3 -m venv")]
LOSES_AN_ANSWER = "sa-tui --demo --fault 'cut-after:POST:*/access-tokens:1'"

NOT_RUN = {
    "sa-tui --demo": "opens the application; tests/ui and tests/benchmarks/bench_start.py do",
    "sa-tui demo serve": "listens until it is ended; test_cli_socket.py does it on a free port",
    LOSES_AN_ANSWER: "opens the application; below a token is issued so",
}
"""Commands that only have to be understood, each with the reason."""

OTHERS = {
    "pipx install .": "needs pipx, and a network",
    "uv tool install --compile-bytecode .": "needs uv, and a network",
    "uvx --from . sa-tui --demo": "needs uv, and a network",
    "pytest -m complete": "walks every page in every way, which takes long",
    "python screenshots/make.py": "tests/ui/test_pictures.py draws the same",
}
"""Commands of other programs, each with the reason why it is not run."""

EXITS = {
    "sa-tui token retire": Exit.UNSAFE,  # nothing has been rotated here
    "sa-tui restore": Exit.ALREADY,  # nothing is to be restored
    "sa-tui audit explain": Exit.DONE,
    "sa-tui audit rules": Exit.DONE,
    "sa-tui audit": Exit.FINDINGS,
}
"""What ends otherwise than in 0; the first that a command begins with."""


def commands() -> Iterator[str]:
    """Every command of ours in the README, in blocks and in sentences, without what follows it."""
    for line in (*SHELL, *re.findall(r"`(sa-tui\s[^`]+)`", PROSE)):
        for command in re.findall(r"sa-tui\s.+?(?=\s\||\)| +#|$)", " ".join(line.split())):
            first, *others = re.split(r"\|(?=\w)", command)  # `profiles list|test|remove`
            yield first
            yield from (f"{first.rpartition(' ')[0]} {other}" for other in others)


def argv_of(command: str) -> list[str]:
    """Its arguments, about an account that there is."""
    return shlex.split(command.replace("ACCOUNT", "ci-eu-deployer"))[1:]


@pytest.fixture
def home(
    tmp_path: Path, signed_in: Command, fake: FakeKonnect, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Where the commands run: with a token in the environment, and programs that take a secret."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "bin").mkdir()
    for name in ("gh", "vault"):
        program = tmp_path / "bin" / name
        program.write_text("#!/bin/sh\ncat >/dev/null\n")
        program.chmod(0o755)
    (tmp_path / "queries.txt").write_text("# who may\ncan:mint\n")
    (tmp_path / "minters.txt").write_text("konnect-orchestrator\ntoken-minter\n")
    signed_in.environ |= {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "HOME": str(tmp_path)}
    with contextlib.chdir(tmp_path):
        yield tmp_path


@pytest.mark.parametrize("line", sorted(set(commands())))
def test_a_command_of_the_readme_ends_as_it_says(
    line: str, home: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    if any(line == name or line.startswith(f"{name} --port") for name in NOT_RUN):
        build_parser().parse_args(argv_of(line))
        return
    if line.startswith("sa-tui token") and " issue " not in line:
        fake.add_token(fake.account_named("ci-eu-deployer")["id"], "ci")
    if line.startswith("sa-tui rotate"):
        (rotations,) = (text for kind, text in BLOCKS if kind == "toml" and "[rotations." in text)
        (home / "config").mkdir()
        (home / "config" / "rotations.toml").write_text(rotations)
    if line.startswith("sa-tui undo"):
        assert signed_in("account", "create", "undone", "--yes").code == 0
        assert signed_in("account", "edit", "undone", "--name", "again", "--yes").code == 0
    if line in {"sa-tui profiles test", "sa-tui profiles remove"}:
        assert signed_in("profiles", "add", "prod", "--env", "KONNECT_TOKEN").code == 0
        line += " prod"

    if "org.json" in line and "snapshot" not in line:
        assert signed_in("snapshot", "-o", "org.json").code == 0
    if "org.yaml" in line and "export" not in line:
        (home / "org.yaml").write_text(next(text for _, text in BLOCKS if "ci-trains" in text))

    ended = signed_in(*argv_of(line))

    assert ended.code == next((EXITS[name] for name in EXITS if line.startswith(name)), 0), (
        ended.err
    )


def test_every_line_for_a_shell_sets_up_or_is_a_command_of_ours() -> None:
    assert [line for line in SHELL if line not in SET_UP and "sa-tui " not in line] == []


def test_the_set_up_is_what_is_run_before_a_change_lands() -> None:
    run = (ROOT / ".ci" / "run").read_text().splitlines()

    to_look_at, to_test = SET_UP
    assert to_test in run
    assert f"{to_look_at} accounts >/dev/null" in run  # where no terminal is


def test_every_command_of_another_program_is_known() -> None:
    programs = r"pipx?|uvx?|python3?|pytest"
    texts = (" ".join(text.split()) for text in re.findall(r"`([^`]+)`", PROSE))

    assert {text for text in texts if re.match(rf"({programs}) ", text)} == OTHERS.keys()


def test_the_fault_of_the_readme_loses_the_answer_of_the_next_token(
    home: Path, command: Command
) -> None:
    assert LOSES_AN_ANSWER in set(commands())
    issuing = ("token", "issue", "ci-eu-deployer", "--name", "ci", "--lifetime", "1d", "--stdout")

    ended = command(*argv_of(LOSES_AN_ANSWER), *issuing)

    assert (ended.code, ended.out) == (Exit.UNDELIVERED, "")


def test_the_profiles_of_the_readme_are_read_with_each_source(
    directory: Path, command: Command
) -> None:
    text, *_ = (text for kind, text in BLOCKS if kind == "toml")
    chosen = 'token = { env = "KONNECT_TOKEN" }'
    others = re.findall(r"^#( or)? +(\{.*?\})", text, flags=re.MULTILINE)
    assert len(others) == 3
    directory.mkdir()
    for source in (chosen, *(f"token = {other}" for _, other in others)):
        path = directory / "profiles.toml"
        path.write_text(text.replace(chosen, source))
        path.chmod(0o600)

        ended = command("profiles", "list", "-o", "json")

        assert ended.code == 0, ended.err
        assert [profile["name"] for profile in ended.json["profiles"]] == ["prod", "staging"]


def test_the_readme_names_every_key_of_a_profile() -> None:
    text, *_ = (text for kind, text in BLOCKS if kind == "toml")
    further = PROSE.partition("Further keys: ")[2].partition(". ")[0]
    keys = {*re.findall(r"^(\w+) +=", text, flags=re.MULTILINE), *re.findall(r"`(\w+)`", further)}

    assert keys - {"default", "token"} == settings_of(demo_profile()).keys()


def test_the_destination_of_the_readme_names_every_key() -> None:
    _, text, *_ = (text for kind, text in BLOCKS if kind == "toml")
    (table,) = tomllib.loads(text)["destinations"].values()

    destination = destination_from_mapping("vault", table)

    assert destination.verify[:3] == ("vault", "kv", "get")
    known = {field.name for field in fields(NamedDestination)} - {"name", "problem"}
    assert known <= set(re.findall(r"\w+", text))
