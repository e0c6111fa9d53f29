"""The quarterly restore check does what the README says, as it is written there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.served import serve

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()
RECIPE = re.search(
    r"### A restore check every quarter.*?```bash\n(.*?)```", README, flags=re.DOTALL
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment in which `sa-tui` is this one."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "sa-tui"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m sa_tui "$@"\n')
    program.chmod(0o755)
    (tmp_path / "snapshots").mkdir()
    return {
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


def profile(server: dict[str, Any], environ: dict[str, str]) -> None:
    home = Path(environ["HOME"])
    (home / "token").touch(mode=0o600)
    (home / "token").write_text(server["token"])
    (home / ".config" / "sa-tui").mkdir(parents=True)
    (home / ".config" / "sa-tui" / "profiles.toml").write_text(
        f'[profiles.demo]\nbase_url = "{server["base_url"]}"\n'
        f'regional_url = "{server["regional_url"]}"\ntoken = {{ file = "{home / "token"}" }}\n'
    )


def test_the_recipe_says_what_is_different_and_keeps_a_new_snapshot(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    assert RECIPE is not None
    directory = tmp_path / "snapshots"

    def run(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-euc", script],
            cwd=directory,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    for server in serve():
        profile(server, environ)
        assert run("sa-tui snapshot -o 2026-01-01.json").returncode == 0

        same = run(RECIPE[1])
        assert (same.returncode, same.stdout) == (0, "as in ./2026-01-01.json\n"), same.stderr
        (today,) = (path for path in directory.glob("*.json") if path.name != "2026-01-01.json")
        today.unlink()
        give = "sa-tui role give ci-eu-deployer --role Viewer --type cp --entity prod-us --yes"
        given = run(give)
        assert given.returncode == 0, given.stderr

        different = run(RECIPE[1])

        assert different.returncode == 0, different.stderr
        assert different.stdout == "different since ./2026-01-01.json: see difference.txt\n"
        assert "Viewer on Control Planes prod-us" in (directory / "difference.txt").read_text()
        assert today.exists()
        restored = run("sa-tui restore --to 2026-01-01.json --yes")
        assert restored.returncode == 0, restored.stderr
        assert run("sa-tui restore --to 2026-01-01.json --dry-run").returncode == 8
