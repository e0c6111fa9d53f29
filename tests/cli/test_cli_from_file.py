"""A snapshot file answers every reading command as Konnect did, and says its source and age."""

from __future__ import annotations

import json
import os
import shlex
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sa_tui.demo.faults import parse_fault
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation

if TYPE_CHECKING:
    from datetime import datetime

    from .conftest import Command, Ended

QUESTIONS = (
    "accounts",
    "accounts --quick",
    "tokens ci-prod-deployer",
    "token list ci-prod-deployer",
    "who role:Admin",
    "who 'type:cp entity:prod*'",
    "who is:armed",
    "who -is:armed",
    "who role:Amdin",
    "who can:mint --people",
    "who is:person --people",
    "access ci-prod-deployer",
    "access ci-prod-deployer --people",
    "access amara.okafor@meridianfreight.example --people",
    "matrix",
    "matrix --by role --type cp",
    "matrix --by region --people",
    "accounts 'role:Admin type:cp'",
    "tokens 'expires:<30d'",
    "why ci-prod-deployer 'role:Deployer type:cp'",
    "entity prod-eu --type cp",
    "entities type:cp",
    "compare ci-prod-deployer 'Platform Engineering'",
)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps what is written down inside the test's directory."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "org.json"


@pytest.fixture
def taken(signed_in: Command, file: Path) -> Ended:
    """The whole organisation in a file; the network is gone from then on."""
    return signed_in("snapshot", "-o", str(file), "--people")


def told(answer: Any) -> Any:
    """What an answer says, without its source and the moments of its reading."""
    return {name: value for name, value in answer.items() if name not in ("source", "read_at")}


@pytest.mark.parametrize("line", QUESTIONS)
def test_a_file_answers_as_konnect_did(
    line: str, signed_in: Command, taken: Ended, file: Path
) -> None:
    live = signed_in(*shlex.split(line), "-o", "json")
    signed_in.env = replace(signed_in.env, transport=None)

    from_file = signed_in(*shlex.split(line), "-o", "json", "--from", str(file))

    assert from_file.code == live.code
    assert told(from_file.json) == told(live.json)
    assert from_file.json["read_at"] is not None


@pytest.mark.parametrize("seed", range(2, 6))
def test_other_organisations_answer_from_a_file_as_konnect_did(
    seed: int, signed_in: Command, file: Path, now: datetime
) -> None:
    fake = FakeKonnect(build_organisation(now, seed=seed, accounts=25, odd=True), clock=lambda: now)
    signed_in.env = replace(signed_in.env, transport=fake.transport())
    signed_in.environ["KONNECT_TOKEN"] = fake.operator_token
    assert signed_in("snapshot", "-o", str(file), "--people").code in (0, 3)

    for line in ("who entity:* --people", "who can:mint", "matrix --by region", "accounts"):
        live = signed_in(*line.split(), "-o", "json")
        from_file = signed_in(*line.split(), "-o", "json", "--from", str(file))
        assert (from_file.code, told(from_file.json)) == (live.code, told(live.json))


@pytest.mark.parametrize("output", ["table", "csv", "md"])
@pytest.mark.parametrize("line", ["accounts", "who role:Admin", "access ci-prod-deployer"])
def test_every_format_of_a_file_is_that_of_konnect(
    line: str, output: str, signed_in: Command, taken: Ended, file: Path
) -> None:
    live = signed_in(*shlex.split(line), "-o", output)

    assert signed_in("--from", str(file), *shlex.split(line), "-o", output).out == live.out


def test_a_snapshot_is_private_canonical_and_as_its_schema_says(
    signed_in: Command, taken: Ended, file: Path, fake: FakeKonnect, tmp_path: Path
) -> None:
    assert (taken.code, taken.out) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert signed_in("snapshot", "-o", str(tmp_path / "again.json"), "--people").code == 0
    assert (tmp_path / "again.json").read_bytes() == file.read_bytes()
    assert fake.operator_token not in file.read_text()
    record = json.loads(file.read_text())
    written = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert file.read_text() == f"{written}\n"
    schema = signed_in("schema", "snapshot").json
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(record)


def test_a_snapshot_without_people_has_none(signed_in: Command, file: Path) -> None:
    assert signed_in("snapshot", "-o", str(file)).code == 0
    record = json.loads(file.read_text())

    assert "users" not in record
    assert record["user_details"] == []
    assert not any("users" in team for team in record["team_details"])
    asked = signed_in("who", "is:person", "--people", "--from", str(file), "-o", "json")
    assert asked.code == 3
    assert {problem["what"] for problem in asked.json["incomplete"]} == {"users"}


def test_an_answer_says_its_file_and_how_old_it_is(
    signed_in: Command, taken: Ended, file: Path, now: datetime
) -> None:
    signed_in.env = replace(signed_in.env, now=lambda: now + timedelta(days=3))

    ended = signed_in("who", "role:Admin", "--from", str(file), "-o", "json")

    assert ended.json["source"] == {
        "file": str(file),
        "taken_at": "2026-03-02T09:30:00Z",
        "age_seconds": 3 * 86_400,
    }
    assert f"from {file}, taken 3 d ago (2026-03-02 09:30 UTC)" in ended.err
    assert signed_in("who", "role:Admin", "-o", "json").json["source"] is None


def test_tokens_are_judged_by_the_time_of_the_snapshot(
    signed_in: Command, taken: Ended, file: Path, now: datetime
) -> None:
    before = signed_in("tokens", "ci-prod-deployer", "--from", str(file), "-o", "json").json
    signed_in.env = replace(signed_in.env, now=lambda: now + timedelta(days=4000))

    later = signed_in("tokens", "ci-prod-deployer", "--from", str(file), "-o", "json").json

    assert later["access_tokens"] == before["access_tokens"]


@pytest.mark.parametrize(
    ("fault", "question"),
    [
        ("403:GET:*/access-tokens", "who is:armed"),
        ("500:GET:*/access-tokens", "accounts"),
        ("503:GET:*/assigned-roles", "who role:Admin"),
        ("403:GET:/v3/teams", "matrix"),
        ("malformed:GET:/v3/organizations/me", "accounts --quick"),
        ("cut-before:GET:*/control-planes", "who entity:prod*"),
    ],
)
def test_what_could_not_be_read_is_in_the_file_with_its_reason(
    fault: str, question: str, signed_in: Command, fake: FakeKonnect, file: Path
) -> None:
    fake.inject(parse_fault(f"{fault}:*"))
    live = signed_in(*shlex.split(question), "-o", "json")

    taken = signed_in("snapshot", "-o", str(file))

    assert taken.code == 3
    assert "INCOMPLETE" in taken.err
    assert json.loads(file.read_text())["complete"] is False
    fake.clear_faults()
    from_file = signed_in(*shlex.split(question), "-o", "json", "--from", str(file))
    assert from_file.code == live.code
    assert without_traces(from_file.json) == without_traces(live.json)


def without_traces(answer: Any) -> Any:
    """The answer with its problems, without what differs from request to request."""
    problems = [problem | {"trace": ""} for problem in answer["incomplete"]]
    return told(answer) | {"incomplete": problems}


def test_nothing_is_kept_without_a_list_of_accounts(
    signed_in: Command, fake: FakeKonnect, file: Path
) -> None:
    fake.inject(parse_fault("403:GET:/v3/system-accounts:*"))

    assert signed_in("snapshot", "-o", str(file)).code == 4
    assert not file.exists()


def test_no_file_is_overwritten_and_konnect_is_not_asked_in_vain(
    signed_in: Command, fake: FakeKonnect, file: Path
) -> None:
    file.write_text("mine")
    asked = len(fake.received)

    ended = signed_in("snapshot", "-o", str(file))

    assert ended.code == 2
    assert "org-2.json is free" in ended.err
    assert file.read_text() == "mine"
    assert signed_in("snapshot", "-o", "/nowhere/org.json").code == 2
    assert len(fake.received) == asked


@pytest.mark.parametrize(
    "line",
    [
        "token issue ci --name n --lifetime 1d --to-file t",
        "token revoke ci t --yes",
        "profiles test",
        "snapshot -o other.json",
    ],
)
def test_what_needs_konnect_takes_no_file(
    line: str, signed_in: Command, taken: Ended, file: Path, fake: FakeKonnect
) -> None:
    asked = len(fake.received)

    ended = signed_in("--from", str(file), *shlex.split(line))

    assert (ended.code, len(fake.received)) == (2, asked)
    assert "--from FILE is for what only reads" in ended.err


@pytest.mark.parametrize("other", ["--demo", "--profile=prod"])
def test_a_file_is_no_profile(other: str, signed_in: Command, taken: Ended, file: Path) -> None:
    ended = signed_in("accounts", "--from", str(file), other)

    assert ended.code == 2
    assert "exclude each other" in ended.err


def test_a_bad_file_is_an_error_in_json_as_well(signed_in: Command, file: Path) -> None:
    file.write_text('{"format":"sa-tui snapshot","version":2}')

    ended = signed_in("accounts", "--from", str(file), "-o", "json")

    assert ended.code == 2
    assert ended.json["error"]["message"] == (
        f"{file}: It is a snapshot of version 2, and 1 can be read."
    )


def test_a_pipe_is_refused_at_once(signed_in: Command, file: Path) -> None:
    os.mkfifo(file)

    assert signed_in("accounts", "--from", str(file)).code == 2


def test_a_file_of_a_time_to_come_is_said(signed_in: Command, taken: Ended, file: Path) -> None:
    assert taken.code == 0
    record = json.loads(file.read_text())
    record["taken_at"] = "2099-01-01T00:00:00Z"
    later = file.with_name("later.json")
    later.write_text(json.dumps(record))

    asked = "tokens", "ci-prod-deployer", "-o", "json"
    (warning,) = signed_in(*asked, "--from", str(later)).json["warnings"]

    assert "still to come" in str(warning)
    assert signed_in(*asked, "--from", str(file)).json["warnings"] == []
