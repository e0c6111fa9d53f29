"""An export goes to stdout, a file or a directory; nothing is overwritten or left unsaid."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from sa_tui.cli.exits import Exit
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.demo.seed import build_organisation

from ..conftest import NOW, Command


@pytest.fixture
def emptied(signed_in: Command) -> tuple[Command, FakeKonnect]:
    """A command in an organisation with the same entities, and nothing that can be created."""
    fake = FakeKonnect(build_organisation(NOW), clock=lambda: NOW)
    for account in list(fake.organisation.accounts):
        if not account["konnect_managed"]:
            fake.organisation.remove_account(account["id"])
    for team in list(fake.organisation.teams):
        if not team["system_team"]:
            fake.organisation.remove_team(team["id"])
    environ = {**signed_in.environ, "KONNECT_TOKEN": fake.operator_token}
    return Command(replace(signed_in.env, transport=fake.transport()), environ), fake


def without_old_roles(fake: FakeKonnect) -> None:
    """Removes what Konnect gives nobody any more."""
    for owner in (*fake.organisation.accounts, *fake.organisation.teams):
        for role in fake.roles_of(owner["id"]):
            if role["entity_type_name"] == "Control Plane Groups":
                fake.organisation.remove_role(owner["id"], role["id"])


def test_an_export_that_is_applied_elsewhere_is_exported_there_to_the_letter(
    signed_in: Command, fake: FakeKonnect, emptied: tuple[Command, FakeKonnect], tmp_path: Path
) -> None:
    without_old_roles(fake)
    there, _ = emptied
    path = tmp_path / "organization.yaml"
    assert signed_in("export", "-o", str(path)).code == Exit.DONE

    applied = there(
        "apply", str(path), "--yes", "--confirm", count_of(there("plan", str(path)).out)
    )

    assert applied.code == Exit.DONE, applied.err
    assert there("export").out == path.read_text()
    assert there("plan", str(path)).code == Exit.ALREADY


def count_of(preview: str) -> str:
    return preview.split()[1].replace(",", "")


def test_a_snapshot_is_exported_as_what_it_was_read_from(
    signed_in: Command, fake: FakeKonnect, tmp_path: Path
) -> None:
    file = tmp_path / "org.json"
    assert signed_in("snapshot", "-o", str(file)).code == Exit.DONE
    live = signed_in("export")
    count = len(fake.received)

    ended = signed_in("export", "--from", str(file))

    assert (ended.code, ended.out) == (Exit.DONE, live.out)
    assert len(fake.received) == count


@pytest.mark.parametrize("is_there", [True, False])
def test_a_directory_gets_every_file(is_there: bool, signed_in: Command, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    ended = signed_in("export", "--terraform", "-o", str(tmp_path / "out") + "/" * (not is_there))

    assert ended.code == Exit.DONE
    files = sorted((tmp_path / "out").iterdir())
    assert [file.name for file in files] == ["konnect.tf", "konnect_access.tf", "organization.yaml"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_terraform_goes_to_one_file_or_to_standard_output(
    signed_in: Command, tmp_path: Path
) -> None:
    assert signed_in("export", "--terraform", "-o", str(tmp_path / "all.tf")).code == Exit.DONE

    text = (tmp_path / "all.tf").read_text()
    assert text == signed_in("export", "--terraform").out
    assert 'resource "konnect_team_role"' in text
    assert "import {" in text


def test_kongctl_gets_no_key_that_it_does_not_know(signed_in: Command) -> None:
    accounts = yaml.safe_load(signed_in("export", "--kongctl").out)["organization"][
        "system-accounts"
    ]

    assert not any("description" in account for account in accounts)


def test_nothing_is_overwritten_and_nothing_asked(
    signed_in: Command, fake: FakeKonnect, tmp_path: Path
) -> None:
    path = tmp_path / "organization.yaml"
    path.write_text("mine")

    for target in (str(path), str(tmp_path)):
        ended = signed_in("export", "-o", target)

        assert (ended.code, fake.received, path.read_text()) == (Exit.USAGE, [], "mine")
        assert "organization-2.yaml is free" in ended.err


def test_a_place_that_cannot_be_is_named(signed_in: Command, tmp_path: Path) -> None:
    ended = signed_in("export", "-o", str(tmp_path / "missing" / "x.yaml"))

    assert ended.code == Exit.USAGE
    assert "does not exist" in ended.err


@pytest.mark.parametrize(
    "path",
    [
        "/v3/teams/*/assigned-roles",
        "/v3/teams/*/system-accounts",
        "/v3/system-accounts/*/assigned-roles",
    ],
)
def test_what_could_not_be_read_is_said_and_never_pruned(
    path: str, signed_in: Command, fake: FakeKonnect, tmp_path: Path
) -> None:
    fake.inject(Fault("403", method="GET", path=path, times=None))
    file = tmp_path / "organization.yaml"

    ended = signed_in("export", "-o", str(file))

    assert ended.code == Exit.INCOMPLETE
    assert "INCOMPLETE: The " in ended.err
    assert "# INCOMPLETE." in file.read_text()
    fake.clear_faults()
    planned = signed_in("plan", str(file), "--prune")
    assert planned.code == Exit.ALREADY, planned.out


def test_without_a_list_of_accounts_there_is_no_export(
    signed_in: Command, fake: FakeKonnect, tmp_path: Path
) -> None:
    fake.inject(Fault("403", method="GET", path="/v3/system-accounts", times=None))

    ended = signed_in("export", "-o", str(tmp_path / "x.yaml"))

    assert ended.code == Exit.REFUSED
    assert not (tmp_path / "x.yaml").exists()
