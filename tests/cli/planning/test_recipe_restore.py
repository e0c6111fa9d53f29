"""The quarterly restore check does what the README says, as it is written there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.recipes import ROOT, add_profile, environ_in
from tests.served import serve

README = (ROOT / "README.md").read_text()
RECIPE = re.search(
    r"### A restore check every quarter.*?```bash\n(.*?)```", README, flags=re.DOTALL
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "snapshots").mkdir()
    return environ_in(tmp_path)


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
        add_profile(tmp_path, server)
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
