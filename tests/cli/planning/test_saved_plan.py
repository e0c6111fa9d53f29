"""A saved plan is sent exactly, once, to its own organisation, and only if nothing has moved."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sa_tui.cli.exits import Exit
from sa_tui.cli.schemas.commands import schema_of
from sa_tui.cli.schemas.planning import schema_of_plan_file
from sa_tui.demo.konnect import FakeKonnect, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..conftest import Command, Ended

ROLE = "{role_name: Viewer, entity_name: prod-eu, entity_type_name: cp, entity_region: eu}"
WISH = f"""
organization:
  teams:
    - {{ref: bots, name: New Bots, description: Of plans., labels: {{env: test}}, roles: [{ROLE}]}}
    - {{name: Analysts, description: Other., labels: {{env: new}}, roles: [{ROLE}]}}
  system-accounts:
    - name: new
      description: made
      roles: [{ROLE}]
      teams: [bots, Release Bots]
    - name: bot
      description: new words
      roles: [{ROLE}]
      teams: [Analysts]
"""


@pytest.fixture
def bot(fake: FakeKonnect) -> str:
    """An account with a role and a team that the wish takes away."""
    id = fake.add_account("bot", description="old words")
    fake.add_role(id, "Admin", entity_region="eu", entity_type_name="APIs")
    fake.join(fake.team_named("Release Bots")["id"], id)
    fake.add_account("gone-1")
    fake.add_team("Analysts", description="Some.")
    return id


@pytest.fixture
def plan(bot: str, signed_in: Command, tmp_path: Path) -> str:
    """A saved plan with nearly every verb."""
    (tmp_path / "wish.yaml").write_text(WISH)
    path = tmp_path / "plan.json"
    scope = ("--prune", "--scope", "named", "--scope", "accounts=gone-*")
    ended = signed_in("plan", str(tmp_path / "wish.yaml"), *scope, "-o", str(path))
    assert ended.code == Exit.DONE, ended.err
    return str(path)


def apply(command: Command, plan: str, *argv: str) -> Ended:
    count = len(json.loads(Path(plan).read_text())["changes"])
    return command("apply", plan, "--yes", "--confirm", str(count), "-o", "json", *argv)


def valid(ended: Ended) -> Any:
    Draft202012Validator(schema_of("apply")).validate(ended.json)
    return ended.json


def writes(fake: FakeKonnect) -> list[str]:
    return [f"{call.method} {call.path}" for call in fake.received if call.method != "GET"]


def test_a_plan_is_kept_in_a_private_file_and_nothing_is_sent(plan: str, fake: FakeKonnect) -> None:
    record = json.loads(Path(plan).read_text())

    assert stat.S_IMODE(Path(plan).stat().st_mode) == 0o600
    Draft202012Validator(schema_of_plan_file()).validate(record)
    verbs = {change["verb"] for change in record["changes"]}
    assert verbs == {
        *("create-account", "create-team", "describe-account", "edit-team", "give-role"),
        *("join-team", "leave-team", "take-role", "delete-account"),
    }
    assert writes(fake) == []


def test_it_is_sent_exactly_and_is_done_the_second_time(
    plan: str, bot: str, signed_in: Command, fake: FakeKonnect
) -> None:
    first = apply(signed_in, plan)
    count = len(writes(fake))
    again = apply(signed_in, plan)

    assert (first.code, again.code) == (Exit.DONE, Exit.ALREADY), (first.err, again.err)
    planned = json.loads(Path(plan).read_text())["changes"]
    assert len(valid(first)["outcomes"]) == len(planned) == count
    assert len(valid(again)["already"]) == len(planned)
    assert len(writes(fake)) == count
    account, team = fake.account_named("new"), fake.team_named("New Bots")
    assert fake.organisation.account_teams.has(team["id"], account["id"])
    assert fake.account_named("bot")["description"] == "new words"
    assert [role["role_name"] for role in fake.roles_of(bot)] == ["Viewer"]
    assert "gone-1" not in fake.organisation.account_ids


@pytest.mark.parametrize("kind", ["500", "429", "cut-after", "403"])
@pytest.mark.parametrize(
    "path",
    [
        "/v3/teams",
        "/v3/system-accounts",
        "/v3/teams/*/assigned-roles",
        "/v3/teams/*/system-accounts",
    ],
)
def test_what_a_fault_left_is_sent_by_the_same_plan(
    kind: Any, path: str, plan: str, signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault(kind, method="POST", path=path))
    apply(signed_in, plan)

    again = apply(signed_in, plan)

    assert again.code in (Exit.DONE, Exit.ALREADY), again.err
    assert signed_in("plan", plan).code == Exit.ALREADY
    names = [row["name"] for row in (*fake.organisation.accounts, *fake.organisation.teams)]
    assert (names.count("new"), names.count("New Bots")) == (1, 1)


def test_it_is_shown_again_by_plan(plan: str, signed_in: Command, fake: FakeKonnect) -> None:
    ended = signed_in("plan", plan)

    assert (ended.code, writes(fake)) == (Exit.DONE, [])
    assert "Planned 2026-03-02T09:30" in ended.out


def _describe(fake: FakeKonnect) -> None:
    fake.account_named("bot")["description"] = "of somebody"


def _rename(fake: FakeKonnect) -> None:
    fake.organisation.rename_account(fake.account_named("bot"), "robot")


def _delete(fake: FakeKonnect) -> None:
    fake.organisation.remove_account(fake.account_named("bot")["id"])


def _give_again(fake: FakeKonnect) -> None:
    id = fake.account_named("bot")["id"]
    for role in fake.roles_of(id):
        fake.organisation.remove_role(id, role["id"])
    fake.add_role(id, "Admin", entity_region="eu", entity_type_name="APIs")


def _take_name(fake: FakeKonnect) -> None:
    fake.add_account("new", description="of somebody else")


def _take_team_name(fake: FakeKonnect) -> None:
    fake.add_team("New Bots")


def _use(fake: FakeKonnect) -> None:
    fake.add_token(fake.account_named("gone-1")["id"], "ci")


def _widen(fake: FakeKonnect) -> None:
    fake.add_role(fake.team_named("Analysts")["id"], "Admin")


def _label(fake: FakeKonnect) -> None:
    fake.team_named("Analysts")["labels"] = {"env": "theirs"}


def _rename_team(fake: FakeKonnect) -> None:
    fake.team_named("Analysts")["name"] = "Others"


def _delete_team(fake: FakeKonnect) -> None:
    fake.organisation.remove_team(fake.team_named("Analysts")["id"])


@pytest.mark.parametrize(
    ("move", "reason"),
    [
        (_describe, "The description of bot is of somebody now."),
        (_rename, "bot is called robot now."),
        (_delete, "System account bot is gone."),
        (_give_again, "was removed from bot and given again."),
        (_take_name, "There is an account new by now: "),
        (_take_team_name, "There is a team New Bots by now: "),
        (_use, "Delete system account gone-1: its tokens changed: ci was added."),
        (_widen, "Team Analysts gives Admin on Control Planes all (all regions) as well now."),
        (_label, "The label env of Analysts is theirs now."),
        (_rename_team, "Analysts is called Others now."),
        (_delete_team, "Team Analysts is gone."),
    ],
)
def test_nothing_is_sent_when_the_organisation_has_moved(
    move: Callable[[FakeKonnect], None],
    reason: str,
    plan: str,
    signed_in: Command,
    fake: FakeKonnect,
) -> None:
    move(fake)

    ended = apply(signed_in, plan)

    assert (ended.code, writes(fake)) == (Exit.CONFLICT, [])
    assert reason in ended.err
    assert ended.json["error"]["code"] == "conflict"


def test_what_somebody_else_did_meanwhile_is_not_done_again(
    plan: str, bot: str, signed_in: Command, fake: FakeKonnect
) -> None:
    fake.organisation.remove_account(fake.account_named("gone-1")["id"])
    fake.account_named("bot")["description"] = "new words"
    fake.join(fake.team_named("Analysts")["id"], bot)
    for role in fake.roles_of(bot):
        fake.organisation.remove_role(bot, role["id"])

    ended = apply(signed_in, plan)

    assert ended.code == Exit.DONE, ended.err
    assert len(valid(ended)["already"]) == 4


@pytest.mark.parametrize("id", ["00000000-0000-0000-0000-000000000000", None])
def test_another_organisation_is_refused(
    id: str | None, plan: str, signed_in: Command, fake: FakeKonnect
) -> None:
    record = json.loads(Path(plan).read_text())
    record["organization"]["id"] = id
    Path(plan).write_text(json.dumps(record))

    ended = apply(signed_in, plan)

    assert (ended.code, writes(fake)) == (Exit.UNSAFE, [])


def _edited(record: Any, number: int, **changes: Any) -> Any:
    record["changes"][number] |= changes
    return record


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda r: r | {"version": 2}, Exit.USAGE),
        (lambda r: r | {"changes": None}, Exit.USAGE),
        (lambda r: r | {"organization": None}, Exit.USAGE),
        (lambda r: _edited(r, 0, verb="erase"), Exit.USAGE),
        (lambda r: _edited(r, 0, ids=None), Exit.USAGE),
        (lambda r: _edited(r, 0, ids={"x": "y"}), Exit.USAGE),
        (lambda r: _edited(r, 0, request={}), Exit.USAGE),
        (lambda r: _edited(r, 0, fields=[1]), Exit.USAGE),
        (lambda r: _edited(r, 0, fields=[]), Exit.CONFLICT),
        (lambda r: _edited(r, 0, seen=[1]), Exit.USAGE),
        (lambda r: _edited(r, 0, ids={}), Exit.USAGE),
        (lambda r: _edited(r, 0, ids={"team_id": "x"}), Exit.CONFLICT),
        (lambda r: _edited(r, 2, request=r["changes"][3]["request"]), Exit.USAGE),
        (
            lambda r: _edited(
                r, 0, request=r["changes"][0]["request"] | {"path": "/v3/system-accounts/x"}
            ),
            Exit.USAGE,
        ),
        (lambda r: r | {"changes": r["changes"][:2] + r["changes"][4:]}, Exit.USAGE),
        (lambda r: r | {"changes": ["x"]}, Exit.USAGE),
    ],
)
def test_a_file_that_somebody_changed_is_not_sent(
    edit: Callable[[Any], Any], code: Exit, plan: str, signed_in: Command, fake: FakeKonnect
) -> None:
    record = json.loads(Path(plan).read_text())
    Path(plan).write_text(json.dumps(edit(record)))

    ended = signed_in("apply", plan, "--yes", "--confirm", "11")

    assert (ended.code, writes(fake)) == (code, []), ended.err


@pytest.mark.parametrize(
    "text", ['{"sa-tui-plan"', '{"schema": "sa-tui-plan"}', '{"a": "sa-tui-plan"}']
)
def test_what_is_no_plan_is_refused_before_anything_is_asked(
    text: str, signed_in: Command, fake: FakeKonnect, tmp_path: Path
) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)

    ended = signed_in("apply", str(path), "--yes")

    assert (ended.code, fake.received) == (Exit.USAGE, [])
    assert "cannot be applied" in ended.err


def test_a_plan_is_applied_alone_and_overwrites_nothing(
    plan: str, signed_in: Command, tmp_path: Path
) -> None:
    wish = str(tmp_path / "wish.yaml")
    before = Path(plan).read_text()

    assert "apply it alone" in signed_in("apply", plan, wish, "--yes").err
    assert "goes without --prune" in signed_in("apply", plan, "--yes", "--prune").err
    assert f"{plan} exists" in signed_in("plan", wish, "-o", plan).err
    assert Path(plan).read_text() == before


def test_a_value_that_looks_like_a_token_is_saved_nowhere(
    signed_in: Command, tmp_path: Path
) -> None:
    (tmp_path / "wish.yaml").write_text(
        f"organization: {{system-accounts: [{{name: new, description: spat_{'a1B2' * 12}}}]}}"
    )

    ended = signed_in("plan", str(tmp_path / "wish.yaml"), "-o", str(tmp_path / "plan.json"))

    assert ended.code == Exit.USAGE
    assert not (tmp_path / "plan.json").exists()


def test_a_renamed_account_keeps_the_rest_of_its_plan(
    signed_in: Command, fake: FakeKonnect, bot: str, tmp_path: Path
) -> None:
    """A restore renames and takes away: later changes know the new name."""
    snapshot = str(tmp_path / "then.json")
    assert signed_in("snapshot", "-o", snapshot).code == Exit.DONE
    fake.organisation.rename_account(fake.account_named("bot"), "renamed")
    fake.join(fake.team_named("Analysts")["id"], bot)
    fake.add_role(bot, "Viewer")

    ended = signed_in("restore", "--to", snapshot, "--yes")

    assert ended.code == Exit.DONE, ended.err
    assert fake.account_named("bot")["id"] == bot
    assert signed_in("restore", "--to", snapshot, "--dry-run").code == Exit.ALREADY


def test_the_schema_of_the_file_is_printed(signed_in: Command) -> None:
    ended = signed_in("schema", "plan", "file")

    assert ended.json == schema_of_plan_file()
    Draft202012Validator.check_schema(ended.json)
