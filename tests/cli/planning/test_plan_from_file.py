"""A plan against a snapshot is the plan against what it was read from, and Konnect is not asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sa_tui.cli.exits import Exit
from sa_tui.cli.schemas.commands import schema_of
from sa_tui.demo.konnect import FakeKonnect

from ..conftest import Command

ROLE = "{role_name: Viewer, entity_name: prod-eu, entity_type_name: cp, entity_region: eu}"
WISH = f"""
organization:
  system-accounts:
    - {{name: new, roles: [{ROLE}], teams: [Release Bots]}}
    - {{name: ci-eu-deployer, description: other, roles: []}}
"""


@pytest.fixture
def file(signed_in: Command, tmp_path: Path) -> str:
    path = tmp_path / "org.json"
    assert signed_in("snapshot", "-o", str(path)).code == Exit.DONE
    return str(path)


@pytest.fixture
def wish(tmp_path: Path) -> str:
    path = tmp_path / "wish.yaml"
    path.write_text(WISH)
    return str(path)


def test_it_is_the_plan_against_konnect(
    file: str, wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    live = signed_in("plan", wish, "--prune", "-o", "json").json
    count = len(fake.received)

    ended = signed_in("plan", wish, "--prune", "--from", file, "-o", "json")

    Draft202012Validator(schema_of("plan")).validate(ended.json)
    assert (ended.code, len(fake.received)) == (Exit.DONE, count)
    assert ended.json["unchanged"] == live["unchanged"]
    names = ("verb", "title", "ids", "fields", "level")
    assert [[change[name] for name in names] for change in ended.json["preview"]["changes"]] == [
        [change[name] for name in names] for change in live["preview"]["changes"]
    ]
    assert ended.json["source"]["file"] == file


def test_it_is_kept_and_applied_where_it_still_holds(
    file: str, wish: str, signed_in: Command, fake: FakeKonnect, tmp_path: Path
) -> None:
    plan = str(tmp_path / "plan.json")
    assert signed_in("plan", wish, "--from", file, "-o", plan).code == Exit.DONE
    assert json.loads(Path(plan).read_text())["schema"] == "sa-tui-plan"

    ended = signed_in("apply", plan, "--yes")

    assert ended.code == Exit.DONE, ended.err
    assert fake.account_named("ci-eu-deployer")["description"] == "other"


def test_what_a_guard_refuses_is_refused_here_too(
    file: str, signed_in: Command, tmp_path: Path
) -> None:
    (tmp_path / "x.yaml").write_text(
        f"organization: {{system-accounts: [{{name: mesh-zone-eu-1, roles: [{ROLE}]}}]}}"
    )

    ended = signed_in("plan", str(tmp_path / "x.yaml"), "--from", file)

    assert ended.code == Exit.UNSAFE
    assert "Konnect manages mesh-zone-eu-1" in ended.err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("plan", "{wish}", "--from", "{file}", "--demo"), "exclude each other"),
        (("apply", "{wish}", "--from", "{file}", "--yes"), "is for what only reads"),
        (("restore", "--to", "{file}", "--from", "{file}", "--yes"), "is for what only reads"),
        (("plan", "{wish}", "--from", "{wish}"), "wish.yaml: "),
    ],
)
def test_what_needs_konnect_takes_no_file(
    argv: tuple[str, ...],
    message: str,
    file: str,
    wish: str,
    signed_in: Command,
    fake: FakeKonnect,
) -> None:
    count = len(fake.received)

    ended = signed_in(*(word.format(file=file, wish=wish) for word in argv))

    assert (ended.code, len(fake.received)) == (Exit.USAGE, count)
    assert message in ended.err
