"""What a command loads: the ones without the application never pay for it, nor for its peril."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

RUN = "import sys; from sa_tui.cli import main; code = main(sys.argv[1:])"
REPORT = "print(code, *sys.modules, file=sys.stderr)"
HEAVY = {
    "asyncio", "httpx", "keyring", "platformdirs", "pydantic", "rich", "shtab", "textual",
    "tomlkit", "uvicorn", "yaml",
}  # fmt: skip


def loaded_by(program: str, *argv: str, home: Path) -> tuple[str, set[str]]:
    """The exit code of a program, and the names of all modules in it when it ended."""
    environ = {"HOME": str(home), "PATH": os.environ["PATH"], "SA_TUI_CONFIG": str(home)}
    run = subprocess.run(
        [sys.executable, "-c", program, *argv],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    code, *modules = run.stderr.splitlines()[-1].split()
    return code, {name.split(".")[0] for name in modules}


@pytest.mark.parametrize(
    "line",
    [
        "--demo accounts",
        "--demo accounts -o json",
        "--demo tokens ci-prod-deployer",
        "--demo audit --exit-zero",
        "--demo profiles test",
        "--demo account create ci-new --yes",
        "--demo role give ci-eu-deployer --role Viewer --type cp --entity prod-au --yes",
        "--demo team list --quick",
        "--demo export",
        "--demo export --terraform",
        "log",
        "--demo metrics",
        "--demo whose README.md",
        "man",
        "profiles list",
        "profiles add p --env TOKEN --no-test",
        "completion bash",
        "info",
    ],
)
def test_a_headless_command_loads_no_textual(line: str, tmp_path: Path) -> None:
    code, modules = loaded_by(f"{RUN}; {REPORT}", *line.split(), home=tmp_path)

    assert code == "0"
    assert "textual" not in modules


def test_a_plan_loads_no_textual_and_from_a_file_no_client(tmp_path: Path) -> None:
    (tmp_path / "wish.yaml").write_text(
        "organization: {system-accounts: [{name: ci-eu-deployer, description: x}]}"
    )
    wish, file = str(tmp_path / "wish.yaml"), str(tmp_path / "org.json")
    loaded_by(f"{RUN}; {REPORT}", "--demo", "snapshot", "-o", file, home=tmp_path)

    live, modules = loaded_by(f"{RUN}; {REPORT}", "--demo", "plan", wish, home=tmp_path)
    kept, others = loaded_by(f"{RUN}; {REPORT}", "plan", wish, "--from", file, home=tmp_path)

    assert (live, kept) == ("0", "0")
    assert "textual" not in modules | others
    assert not others & {"httpx", "pydantic", "rich"}


def test_a_difference_of_two_files_loads_no_client_and_no_textual(tmp_path: Path) -> None:
    file = str(tmp_path / "org.json")
    loaded_by(f"{RUN}; {REPORT}", "--demo", "snapshot", "-o", file, home=tmp_path)

    code, modules = loaded_by(f"{RUN}; {REPORT}", "diff", file, file, home=tmp_path)

    assert code == "0"
    assert not modules & {"textual", "httpx", "pydantic", "rich"}


def test_an_unattended_rotation_loads_no_textual(tmp_path: Path) -> None:
    entry = 'account = "ci-eu-deployer"\nto = "vault"\nlifetime = "90d"\nbefore = "14d"\n'
    (tmp_path / "rotations.toml").write_text(f"[rotations.eu]\n{entry}")

    line = ("--demo", "rotate", "--due", "--dry-run")
    code, modules = loaded_by(f"{RUN}; {REPORT}", *line, home=tmp_path)

    assert code == "0"
    assert "textual" not in modules


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_load_nothing_heavy(option: str, tmp_path: Path) -> None:
    code, modules = loaded_by(f"{RUN}; {REPORT}", option, home=tmp_path)

    assert code == "0"
    assert not modules & HEAVY


@pytest.mark.parametrize(
    "line", ["who role:Admin", "accounts", "tokens ci-prod-deployer", "access ci-prod-deployer"]
)
def test_an_answer_from_a_file_loads_no_client_and_nothing_heavy(line: str, tmp_path: Path) -> None:
    file = str(tmp_path / "org.json")
    loaded_by(f"{RUN}; {REPORT}", "--demo", "snapshot", "-o", file, home=tmp_path)

    code, modules = loaded_by(
        f"{RUN}; {REPORT}", *line.split(), "--from", file, "-o", "csv", home=tmp_path
    )

    assert code == "0"
    assert not modules & HEAVY


def test_opening_the_demo_loads_no_client_and_no_models_before_the_first_paint(
    tmp_path: Path,
) -> None:
    until_the_first_paint = """
import sys
from sa_tui.cli.application import ProfileChoice
from sa_tui.cli.arguments.parser import build_parser
from sa_tui.cli.environment import Environment
import sa_tui.ui.app
choice = ProfileChoice(options=build_parser().parse_args(["--demo"]), env=Environment.real())
choice.first(), choice.konnect.connect
code = 0
"""

    _, modules = loaded_by(f"{until_the_first_paint}\n{REPORT}", home=tmp_path)

    assert "textual" in modules
    assert not modules & {"httpx", "pydantic", "uvicorn", "tomlkit", "yaml", "keyring"}


def test_what_changes_mean_is_known_without_the_interface_and_the_client(tmp_path: Path) -> None:
    weighing = "import sys, sa_tui.access.effects.consequences, sa_tui.answers.preview; code = 0"

    _, modules = loaded_by(f"{weighing}\n{REPORT}", home=tmp_path)

    assert "sa_tui" in modules
    assert not modules & {"rich", "textual", "httpx", "pydantic"}
