"""The recipe for a token that leaked does what the README says, as it is written there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.recipes import ROOT, add_profile, environ_in
from tests.served import serve

README = (ROOT / "README.md").read_text()
RECIPE = re.search(r"### A token that leaked.*?```bash\n(.*?)```", README, flags=re.DOTALL)
NEEDED = ("bash", "git", "jq")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    names = {"GIT_AUTHOR_NAME": "a", "GIT_COMMITTER_NAME": "a"}
    addresses = {"GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_EMAIL": "a@example.com"}
    return environ_in(tmp_path) | names | addresses


@pytest.mark.skipif(any(shutil.which(name) is None for name in NEEDED), reason="needs jq and git")
def test_the_recipe_finds_and_revokes_what_is_in_the_history(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    assert RECIPE is not None
    repository = tmp_path / "repository"
    repository.mkdir()

    def run(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euc", script],
            cwd=repository,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    for server in serve():
        add_profile(tmp_path, server)
        issue = "sa-tui token issue ci-eu-deployer --name {} --lifetime 30d --to-file {}.env"
        made = run(
            f"git init -q . && {issue.format('a', 'a')} && {issue.format('b', 'b')}\n"
            "git add . && git commit -qm oops && git rm -q a.env && git commit -qm hidden"
        )
        assert made.returncode == 0, made.stderr

        ran = run(RECIPE[1])

        assert ran.returncode == 0, ran.stdout + ran.stderr
        answer = json.loads((repository / "leak.json").read_text())
        names = {each["access_token"]["name"] for each in answer["found_tokens"]}
        assert names == {"a", "b"}
        assert ran.stdout.count("token revoke") == 2
        assert "2 tokens found: 2 dead" in ran.stderr
        left = run("sa-tui tokens ci-eu-deployer -o json").stdout
        assert not names & {each["name"] for each in json.loads(left)["access_tokens"]}
