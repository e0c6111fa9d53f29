"""A restore gives back what a snapshot has, in its own organisation only, and no token."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sa_tui.cli.exits import Exit
from sa_tui.cli.schemas.commands import schema_of
from sa_tui.demo.konnect import FakeKonnect, Fault

from ..conftest import Command, Ended

NAME = "ci-eu-deployer"


@pytest.fixture
def saved(signed_in: Command, tmp_path: Path) -> str:
    path = tmp_path / "then.json"
    assert signed_in("snapshot", "-o", str(path)).code == Exit.DONE
    return str(path)


@pytest.fixture
def changed(saved: str, fake: FakeKonnect) -> str:
    """The snapshot, after an account lost a role and got another, and a new one was made."""
    id = fake.account_named(NAME)["id"]
    fake.organisation.remove_role(id, fake.roles_of(id)[0]["id"])
    fake.add_role(id, "Admin")
    new_id = fake.add_account("since")
    fake.add_role(new_id, "Viewer")
    return saved


def writes(fake: FakeKonnect) -> list[str]:
    return [call.method for call in fake.received if call.method != "GET"]


def valid(ended: Ended) -> Any:
    Draft202012Validator(schema_of("restore")).validate(ended.json)
    return ended.json


def test_what_is_as_it_was_needs_no_restore(
    saved: str, signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("restore", "--to", saved, "--dry-run", "-o", "json")

    record = valid(ended)
    assert (ended.code, record["preview"]["changes"], writes(fake)) == (Exit.ALREADY, [], [])


def test_a_restore_is_one_change_that_is_reviewed_and_sent(
    changed: str, signed_in: Command, fake: FakeKonnect
) -> None:
    shown = signed_in("restore", "--to", changed, "--dry-run")
    sent = signed_in("restore", "--to", changed, "--yes", "-o", "json")

    assert (shown.code, sent.code) == (Exit.DONE, Exit.DONE), sent.err
    assert len(valid(sent)["outcomes"]) == 3
    assert "Remove role" in shown.out
    assert fake.roles_of(fake.account_named("since")["id"]) == []
    assert signed_in("restore", "--to", changed, "--dry-run").code == Exit.ALREADY


def test_what_was_made_since_is_deleted_only_when_that_is_said(
    changed: str, signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("restore", "--to", changed, "--prune", "--yes", "--confirm", "3")

    assert ended.code == Exit.DONE, ended.err
    assert "since" not in fake.organisation.account_ids


def test_one_account_is_restored_alone(changed: str, signed_in: Command, fake: FakeKonnect) -> None:
    ended = signed_in("restore", "--to", changed, "--account", NAME, "--yes")

    assert ended.code == Exit.DONE
    assert "Admin" not in [
        role["role_name"] for role in fake.roles_of(fake.account_named(NAME)["id"])
    ]
    assert len(fake.roles_of(fake.account_named("since")["id"])) == 1


def test_an_account_that_comes_back_has_no_token_and_that_is_said(
    saved: str, signed_in: Command, fake: FakeKonnect
) -> None:
    fake.organisation.remove_account(fake.account_named(NAME)["id"])

    ended = signed_in("restore", "--to", saved, "--account", NAME, "--yes")

    assert ended.code == Exit.DONE
    assert f"{NAME} had " in ended.err
    assert "none comes back, issue new ones" in ended.err
    assert fake.tokens_of(fake.account_named(NAME)["id"]) == []


def test_a_snapshot_of_another_organisation_restores_nothing(
    saved: str, signed_in: Command, fake: FakeKonnect
) -> None:
    record = json.loads(Path(saved).read_text())
    fake.organisation.record["id"] = "00000000-0000-0000-0000-000000000000"
    fake.add_role(fake.account_named(NAME)["id"], "Admin")

    ended = signed_in("restore", "--to", saved, "--yes")

    assert record["format"] == "sa-tui snapshot"
    assert (ended.code, writes(fake)) == (Exit.UNSAFE, [])
    assert "The snapshot is of Meridian Freight (" in ended.err


def test_nothing_is_restored_where_the_organisation_is_not_known(
    changed: str, signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500", method="GET", path="/v3/organizations/me", times=None))

    ended = signed_in("restore", "--to", changed, "--yes")

    assert (ended.code, writes(fake)) == (Exit.UNSAFE, [])


@pytest.mark.parametrize("content", ["", "{}", "[" * 9000, "x"])
def test_what_is_no_snapshot_is_refused_before_anything_is_asked(
    content: str, signed_in: Command, fake: FakeKonnect, tmp_path: Path
) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)

    ended = signed_in("restore", "--to", str(path), "--yes")

    assert (ended.code, fake.received) == (Exit.USAGE, [])
    assert str(path) in ended.err


@pytest.mark.parametrize(
    ("argv", "code", "message"),
    [
        (("--account", "ci-eu-deploy"), Exit.USAGE, "Did you mean"),
        (("--account", "mesh-zone-eu-1"), Exit.UNSAFE, "Konnect manages this account"),
        (("--account", NAME, "--prune"), Exit.USAGE, "goes without --account"),
    ],
)
def test_what_cannot_be_restored_is_said(
    argv: tuple[str, ...],
    code: Exit,
    message: str,
    saved: str,
    signed_in: Command,
    fake: FakeKonnect,
) -> None:
    ended = signed_in("restore", "--to", saved, "--yes", *argv)

    assert (ended.code, writes(fake)) == (code, [])
    assert message in ended.err


def test_an_incomplete_snapshot_takes_nothing_that_it_does_not_know(
    signed_in: Command, fake: FakeKonnect, tmp_path: Path
) -> None:
    id = fake.account_named(NAME)["id"]
    fake.inject(
        Fault("403", method="GET", path=f"/v3/system-accounts/{id}/assigned-roles", times=None)
    )
    path = tmp_path / "then.json"
    assert signed_in("snapshot", "-o", str(path)).code == Exit.INCOMPLETE
    fake.clear_faults()

    ended = signed_in("restore", "--to", str(path), "--dry-run", "--account", NAME)

    assert ended.code == Exit.ALREADY
    assert writes(fake) == []
