"""The wished state of the README is planned and applied as it is written there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.cli.exits import Exit

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect

    from ..conftest import Command

README = (Path(__file__).parents[3] / "README.md").read_text()


def test_the_files_of_the_readme_come_true(
    signed_in: Command, fake: FakeKonnect, tmp_path: Path
) -> None:
    block = re.search(r"### Accounts and teams as files.*?```yaml\n(.*?)```", README, re.DOTALL)
    assert block is not None
    path = tmp_path / "org.yaml"
    path.write_text(block[1])

    ended = signed_in("apply", str(path), "--yes")

    assert ended.code == Exit.DONE, ended.err
    account, team = fake.account_named("ci-trains"), fake.team_named("Release Trains")
    assert (account["description"], team["labels"]) == (
        "Drives the release trains",
        {"env": "prod"},
    )
    assert [role["role_name"] for role in fake.roles_of(team["id"])] == ["Deployer"]
    teams = fake.organisation.account_teams.teams(account["id"])
    assert set(teams) == {team["id"], fake.team_named("Customs EU")["id"]}
    assert signed_in("apply", str(path), "--yes", "--prune").code == Exit.ALREADY
