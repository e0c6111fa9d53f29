"""A wish goes through the real command line to the demo: it is planned, sent, and sent again."""

from __future__ import annotations

import asyncio
import io
import json
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml
from jsonschema import Draft202012Validator

from sa_tui.cli import main
from sa_tui.cli.exits import Exit
from sa_tui.cli.schemas.commands import schema_of
from sa_tui.cli.streams import ClosedStream
from sa_tui.demo.konnect import FakeKonnect, Fault

if TYPE_CHECKING:
    from pathlib import Path

    from ..conftest import Command, Ended

ROLE = "{role_name: Viewer, entity_name: prod-eu, entity_type_name: cp, entity_region: eu}"
WISH = f"""
organization:
  teams:
    - {{ref: bots, name: New Bots, description: Of plans., labels: {{env: test}}, roles: [{ROLE}]}}
  system-accounts:
    - name: new
      description: made
      roles: [{ROLE}]
      teams: [bots, Release Bots]
"""


@pytest.fixture
def wish(tmp_path: Path) -> str:
    path = tmp_path / "wish.yaml"
    path.write_text(WISH)
    return str(path)


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "other.yaml"
    path.write_text(text)
    return str(path)


def writes(fake: FakeKonnect) -> list[str]:
    return [f"{call.method} {call.path}" for call in fake.received if call.method != "GET"]


def bodies(fake: FakeKonnect) -> list[Any]:
    return [call.body for call in fake.received if call.method != "GET"]


def is_all_there(fake: FakeKonnect) -> bool:
    account, team = fake.account_named("new"), fake.team_named("New Bots")
    teams = fake.organisation.account_teams.teams(account["id"])
    roles = (fake.roles_of(account["id"]), fake.roles_of(team["id"]))
    return len(teams) == 2 and all(len(held) == 1 for held in roles)


def valid(ended: Ended, command: str = "apply") -> Any:
    """The JSON, as its schema says."""
    Draft202012Validator(schema_of(command)).validate(ended.json)
    return ended.json


# Planning


def test_a_plan_shows_what_would_be_sent_and_sends_nothing(
    wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("plan", wish)

    assert ended.code == Exit.DONE
    assert "Create system account  + name new · description made" in ended.out
    assert "Join team · new · 2" in ended.out
    assert "EFFECT" in ended.out
    assert "/v3/teams/new%3Ateam%3ANew%20Bots/assigned-roles" in ended.out
    assert writes(fake) == []


def test_the_json_of_a_plan_says_what_is_so_already(
    tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    text = "organization: {system-accounts: [{name: ci-eu-deployer, teams: [Release Bots]}]}"

    ended = signed_in("plan", written(tmp_path, text), "-o", "json")

    record = valid(ended, "plan")
    assert (ended.code, record["complete"], record["dry_run"]) == (Exit.ALREADY, True, True)
    assert [row["what"] for row in record["unchanged"]] == [
        "system account ci-eu-deployer",
        "member of team Release Bots",
    ]


def test_a_wish_is_read_from_standard_input(signed_in: Command, fake: FakeKonnect) -> None:
    signed_in.env = replace(signed_in.env, stdin=io.StringIO(WISH))

    assert signed_in("apply", "-", "--yes").code == Exit.DONE
    assert is_all_there(fake)


def test_what_is_wrong_in_a_file_is_named_before_anything_is_asked(
    tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    path = written(tmp_path, "organization:\n  teams:\n  - nmae: x\n")

    ended = signed_in("plan", path)

    assert ended.code == Exit.USAGE
    assert f"{path}:3: nmae is unknown in a team. Did you mean name?" in ended.err
    assert fake.received == []


@pytest.mark.parametrize("name", ["missing.yaml", "", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_named(name: str, signed_in: Command) -> None:
    ended = signed_in("plan", name)

    assert ended.code == Exit.USAGE
    assert "cannot be read" in ended.err


def test_every_name_that_stands_for_nothing_is_told_with_what_there_is(
    tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    roles = f"{ROLE.replace('prod-eu', 'prod-ue')}, {ROLE.replace('prod-eu', 'x')}"
    text = f"organization: {{system-accounts: [{{name: new, roles: [{roles}]}}]}}"

    ended = signed_in("apply", written(tmp_path, text), "--yes")

    assert ended.code == Exit.USAGE
    assert "there is no prod-ue among the Control Planes in eu. Did you mean prod-eu?" in ended.err
    assert "there is no x among the Control Planes in eu." in ended.err
    assert writes(fake) == []


# Applying


def test_a_wish_comes_true_and_is_so_the_second_time(
    wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    first = signed_in("apply", wish, "--yes", "-o", "json")

    made = valid(first)["made"]
    assert first.code == Exit.DONE
    assert is_all_there(fake)
    assert {row["id"] for row in made} == {
        fake.account_named("new")["id"],
        fake.team_named("New Bots")["id"],
    }
    count = len(writes(fake))
    again = signed_in("apply", wish, "--yes", "-o", "json")
    assert (again.code, len(writes(fake))) == (Exit.ALREADY, count)
    assert len(valid(again)["unchanged"]) == 6


def test_each_request_has_the_ids_that_the_ones_before_it_made(
    wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    signed_in("apply", wish, "--yes")

    account_id, team_id = fake.account_named("new")["id"], fake.team_named("New Bots")["id"]
    release_id = fake.team_named("Release Bots")["id"]
    assert writes(fake) == [
        "POST /v3/teams",
        "POST /v3/system-accounts",
        f"POST /v3/teams/{team_id}/assigned-roles",
        f"POST /v3/system-accounts/{account_id}/assigned-roles",
        f"POST /v3/teams/{team_id}/system-accounts",
        f"POST /v3/teams/{release_id}/system-accounts",
    ]
    assert bodies(fake)[4:] == [{"id": account_id}] * 2


def test_nothing_is_sent_without_a_yes_where_nobody_can_be_asked(
    wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("apply", wish)

    assert (ended.code, fake.received) == (Exit.USAGE, [])


def test_a_dry_run_sends_nothing(wish: str, signed_in: Command, fake: FakeKonnect) -> None:
    ended = signed_in("apply", wish, "--dry-run", "-o", "json")

    assert (ended.code, writes(fake)) == (Exit.DONE, [])
    assert len(valid(ended)["preview"]["changes"]) == 6


def test_a_read_only_profile_plans_and_does_not_apply(
    wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    assert signed_in("plan", wish, "--read-only").code == Exit.DONE

    ended = signed_in("apply", wish, "--yes", "--read-only")

    assert (ended.code, writes(fake)) == (Exit.UNSAFE, [])
    assert "read-only" in ended.err


@pytest.mark.parametrize("name", ["mesh-zone-eu-1"])
def test_what_konnect_manages_is_refused(
    name: str, tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    text = f"organization: {{system-accounts: [{{name: {name}, roles: [{ROLE}]}}]}}"

    ended = signed_in("apply", written(tmp_path, text), "--yes")

    assert (ended.code, writes(fake)) == (Exit.UNSAFE, [])
    assert f"Konnect manages {name} for a mesh zone" in ended.err


def test_a_predefined_team_is_refused(
    tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    text = f"organization: {{teams: [{{name: portal-admin, roles: [{ROLE}]}}]}}"

    ended = signed_in("apply", written(tmp_path, text), "--yes")

    assert (ended.code, writes(fake)) == (Exit.UNSAFE, [])
    assert "is a predefined team" in ended.err


def test_what_has_far_reaching_effects_needs_its_number(
    tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    fake.add_account("old-1")
    fake.add_account("old-2")
    argv = ("apply", written(tmp_path, ""), "--yes", "--prune", "--scope", "accounts=old-*")

    refused = signed_in(*argv)
    done = signed_in(*argv, "--confirm", "2")

    assert (refused.code, done.code) == (Exit.UNSAFE, Exit.DONE)
    assert "add --confirm 2" in refused.err
    assert "old-1" not in fake.organisation.account_ids


def test_a_team_of_a_pattern_is_deleted_with_its_name(
    tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    fake.add_team("old crew")
    argv = ("apply", written(tmp_path, ""), "--yes", "--prune", "--scope", "teams=old*")

    refused = signed_in(*argv)
    done = signed_in(*argv, "--confirm", "old crew")

    assert (refused.code, done.code) == (Exit.UNSAFE, Exit.DONE), done.err
    assert "old crew" not in [row["name"] for row in fake.organisation.teams]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("--scope", "accounts=x"), "add --prune"),
        (("--prune", "--scope", "x"), "x is not a scope"),
    ],
)
def test_a_scope_that_cannot_be_is_refused(
    argv: tuple[str, ...], message: str, wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("plan", wish, *argv)

    assert (ended.code, fake.received) == (Exit.USAGE, [])
    assert message in ended.err


def test_pruning_takes_away_what_the_file_does_not_have(
    tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    id = fake.account_named("ci-eu-deployer")["id"]
    text = f"organization: {{system-accounts: [{{name: ci-eu-deployer, roles: [{ROLE}]}}]}}"

    ended = signed_in("apply", written(tmp_path, text), "--yes", "--prune")

    assert ended.code == Exit.DONE, ended.err
    assert [role["role_name"] for role in fake.roles_of(id)] == ["Viewer"]
    assert fake.organisation.account_teams.teams(id)  # the file says nothing of its teams


# Faults


@pytest.mark.parametrize(
    ("kind", "path", "code"),
    [
        ("403", "/v3/teams", Exit.PARTLY),
        ("404", "/v3/system-accounts/*/assigned-roles", Exit.PARTLY),
        ("409", "/v3/system-accounts", Exit.PARTLY),
        ("500", "/v3/system-accounts", Exit.UNKNOWN),
        ("cut-before", "/v3/system-accounts", Exit.UNKNOWN),
    ],
)
def test_after_a_fault_the_rest_is_done_by_the_same_command(
    kind: str, path: str, code: Exit, wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault(kind, method="POST", path=path))  # type: ignore[arg-type]

    first = signed_in("apply", wish, "--yes", "-o", "json")
    again = signed_in("apply", wish, "--yes", "-o", "json")

    assert (first.code, again.code) == (code, Exit.DONE), first.err
    assert valid(first)["error"] is not None
    assert is_all_there(fake)
    assert not any("new%3A" in path for path in writes(fake))
    names = [row["name"] for row in (*fake.organisation.accounts, *fake.organisation.teams)]
    assert (names.count("new"), names.count("New Bots")) == (1, 1)


@pytest.mark.parametrize("path", ["/v3/system-accounts", "/v3/teams", "/v3/teams/*/assigned-roles"])
def test_a_lost_answer_makes_nothing_twice(
    path: str, wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("cut-after", method="POST", path=path))

    ended = signed_in("apply", wish, "--yes")

    assert ended.code == Exit.DONE
    assert is_all_there(fake)
    assert len(writes(fake)) == 6


def test_a_limit_is_waited_for(wish: str, signed_in: Command, fake: FakeKonnect) -> None:
    fake.inject(Fault("429", method="POST", path="/v3/teams"))

    assert signed_in("apply", wish, "--yes").code == Exit.DONE
    assert is_all_there(fake)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v3/system-accounts", Exit.REFUSED),
        ("/v3/teams", Exit.UNREACHABLE),
        ("*/control-planes", Exit.UNREACHABLE),
    ],
)
def test_nothing_is_created_when_a_list_cannot_be_read(
    path: str, code: Exit, wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("403", method="GET", path=path, times=None))

    ended = signed_in("apply", wish, "--yes")

    assert (ended.code, writes(fake)) == (code, []), ended.err


def test_of_what_could_not_be_read_nothing_is_taken_and_the_answer_is_incomplete(
    tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    id = fake.account_named("ci-eu-deployer")["id"]
    path = f"/v3/system-accounts/{id}/assigned-roles"
    fake.inject(Fault("403", method="GET", path=path, times=None))
    text = "organization: {system-accounts: [{name: ci-eu-deployer, description: x, roles: []}]}"

    ended = signed_in("apply", written(tmp_path, text), "--yes", "--prune", "-o", "json")

    record = valid(ended)
    assert (ended.code, record["complete"], record["error"]) == (Exit.INCOMPLETE, False, None)
    assert record["incomplete"][0]["subject"]["name"] == "ci-eu-deployer"
    assert writes(fake) == [f"PATCH /v3/system-accounts/{id}"]
    assert "INCOMPLETE: roles of ci-eu-deployer" in ended.err


def test_a_value_that_looks_like_a_token_is_warned_of_and_not_shown(
    tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    secret = f"spat_{'a1B2' * 12}"
    text = f"organization: {{system-accounts: [{{name: new, description: {secret}}}]}}"

    ended = signed_in("plan", written(tmp_path, text))

    assert "looks like a token" in ended.out
    assert secret not in ended.out + ended.err


def test_a_closed_standard_output_is_refused_before_anything_is_sent(
    wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    env = replace(signed_in.env, environ=signed_in.environ, stdout=ClosedStream())

    code = main(("apply", wish, "--yes", "-o", "json"), env=env)

    assert code == Exit.USAGE
    assert fake.received == []


def test_the_log_has_what_was_applied(wish: str, signed_in: Command, state: Path) -> None:
    signed_in("apply", wish, "--yes")

    log = "".join(path.read_text() for path in state.rglob("actions.jsonl"))
    titles = [json.loads(line)["title"] for line in log.splitlines()]
    assert "Create system account new" in titles


# Signals


class Interrupting(httpx.AsyncBaseTransport):
    """Takes a signal while the change of this number, from 1, is on its way."""

    def __init__(self, fake: FakeKonnect, command: Command, *, at: int) -> None:
        self._inner = fake.transport()
        self._command = command
        self._left = at

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            self._left -= 1
            if self._left == 0:
                self._command.signals.take(signal.SIGTERM)
                await asyncio.sleep(0)
        return await self._inner.handle_async_request(request)


@pytest.mark.parametrize("at", range(1, 6))
def test_after_a_signal_the_same_command_does_the_rest(
    at: int, wish: str, signed_in: Command, fake: FakeKonnect
) -> None:
    env = signed_in.env
    signed_in.env = replace(env, transport=Interrupting(fake, signed_in, at=at))

    first = signed_in("apply", wish, "--yes", "-o", "json")
    signed_in.env = env
    again = signed_in("apply", wish, "--yes")

    assert (first.code, again.code) == (143, Exit.DONE), first.err
    statuses = [one["status"] for one in valid(first)["outcomes"]]
    assert statuses == ["done"] * at + ["unsent"] * (6 - at)
    assert is_all_there(fake)
    assert len(writes(fake)) == 6


def test_what_was_not_sent_is_kept_with_the_ids_that_were_made(
    wish: str, signed_in: Command, fake: FakeKonnect, state: Path
) -> None:
    signed_in.env = replace(signed_in.env, transport=Interrupting(fake, signed_in, at=2))

    signed_in("apply", wish, "--yes")

    (path,) = state.rglob("batches.jsonl")
    made = {fake.team_named("New Bots")["id"], fake.account_named("new")["id"]}
    events = [json.loads(line) for line in path.read_text().splitlines()]
    assert {event["made"] for event in events if event.get("made")} == made


def test_a_snapshot_in_place_of_a_wish_is_told_with_the_command_for_it(
    tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    path = str(tmp_path / "org.json")
    assert signed_in("snapshot", "-o", path).code in (Exit.DONE, Exit.INCOMPLETE)

    ended = signed_in("apply", path, "--yes")

    assert (ended.code, writes(fake)) == (Exit.USAGE, [])
    assert f"{path} is a snapshot: sa-tui restore --to" in ended.err


@pytest.mark.parametrize("text", ["", "organization: {teams: []}"])
def test_files_that_wish_for_nothing_are_told(
    text: str, tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("apply", written(tmp_path, text), "--yes")

    assert (ended.code, writes(fake)) == (Exit.ALREADY, [])
    assert "The files name no system account and no team." in ended.err


# Names


@pytest.mark.parametrize("team", ["New", "Release Bots"])
@pytest.mark.parametrize("label", ["konnect-env: a", "_env: a", "env: a b", "env: ''"])
def test_a_label_that_konnect_refuses_is_an_error_of_its_line_and_nothing_is_sent(
    team: str, label: str, tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    text = f"organization:\n  teams:\n    - {{name: {team}, labels: {{{label}}}}}\n"
    path = written(tmp_path, text)

    ended = signed_in("apply", path, "--yes")

    assert (ended.code, writes(fake)) == (Exit.USAGE, []), ended.err
    assert f"{path}:3: The " in ended.err
    assert "cannot be used" in ended.err


@pytest.mark.parametrize(
    "name", ["a\\nb", "\\e[31mred", "\\u202eright", "=cmd()", "[/x]", "ci bot", "Ünïcödé"]
)
def test_an_odd_name_is_shown_safely_and_sent_as_it_is(
    name: str, tmp_path: Path, signed_in: Command, fake: FakeKonnect
) -> None:
    text = f'organization: {{system-accounts: [{{name: "{name}", description: "{name}"}}]}}'
    path = written(tmp_path, text)

    shown = signed_in("plan", path)
    sent = signed_in("apply", path, "--yes")

    assert (shown.code, sent.code) == (Exit.DONE, Exit.DONE), sent.err
    assert fake.account_named(yaml.safe_load(f'"{name}"'))["description"]
    for line in (*shown.out.splitlines(), *shown.err.splitlines(), *sent.err.splitlines()):
        assert line.isprintable()
    assert signed_in("apply", path, "--yes").code == Exit.ALREADY
