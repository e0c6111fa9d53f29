"""A user without a home directory, as in a container: what needs none works, the rest says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from .homeless import UNKNOWN_USER, can_be_unknown, without_files

if TYPE_CHECKING:
    from pathlib import Path

SA_TUI = (sys.executable, "-m", "sa_tui")
SENTENCE = "set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME."


pytestmark = pytest.mark.skipif(not can_be_unknown(), reason="no user namespaces here")


def homeless(*argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs `sa-tui` as a user that has no home directory."""
    return subprocess.run(
        [*UNKNOWN_USER, *SA_TUI, *argv],
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize(
    "line",
    [
        "--version",
        "completion bash",
        "info",
        "--demo accounts --quick",
        "--demo token issue ci-eu-deployer --name ci --lifetime 1d --stdout",
    ],
)
def test_what_needs_no_home_works_without_one(line: str) -> None:
    run = homeless(*line.split())

    assert run.returncode == 0
    assert run.stdout
    assert "Traceback" not in run.stderr


def test_paths_that_are_nowhere_are_told_as_none() -> None:
    paths = json.loads(homeless("info", "-o", "json").stdout)["paths"]

    assert [paths[name] for name in ("profiles", "journal", "rotations", "changes")] == [None] * 4
    assert not paths["profiles_exist"]


@pytest.mark.parametrize("line", ["accounts", "profiles list", "token revoke a b --yes"])
def test_what_needs_a_home_says_how_to_give_it_one(line: str, tmp_path: Path) -> None:
    run = homeless(*line.split())

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.rstrip().endswith(SENTENCE)


def test_a_change_without_a_place_for_its_journal_is_refused(tmp_path: Path) -> None:
    environ = {"KONNECT_TOKEN": "kpat_x", "XDG_CONFIG_HOME": str(tmp_path)}

    run = homeless("token", "revoke", "a", "b", "--yes", **environ)

    assert run.returncode == 2
    assert SENTENCE in run.stderr


def test_the_two_variables_do_instead_of_a_home(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "c"), "XDG_STATE_HOME": str(tmp_path / "s")}

    run = homeless("profiles", "add", "p", "--env", "TOKEN", "--no-test", **environ)

    assert run.returncode == 0
    assert (tmp_path / "c/sa-tui/profiles.toml").exists()
    assert not (tmp_path / "~").exists()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("accounts --quick", 0),
        ("token list ci-eu-deployer", 0),
        ("token issue ci-eu-deployer --name ci --lifetime 1d --stdout --dry-run", 0),
        ("token issue ci-eu-deployer --name ci --lifetime 1d --stdout", 2),
    ],
)
def test_the_demo_works_where_no_file_can_be_written(line: str, code: int) -> None:
    run = subprocess.run(
        [*SA_TUI, "--demo", *line.split()],
        env={"PATH": os.environ["PATH"], "TMPDIR": "/nowhere"},
        capture_output=True,
        text=True,
        timeout=30,
        preexec_fn=without_files,
    )

    assert run.returncode == code
    assert "Traceback" not in run.stderr
    assert bool(run.stdout) == (code == 0)
