"""What a machine reads is as its schema says, by a validator that is not ours."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

import sa_tui
from sa_tui.access.subjects import Subject
from sa_tui.answers.problems import problems_of
from sa_tui.cli.arguments.parser import build_parser
from sa_tui.cli.exits import Exit
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.demo.seed import build_organisation
from sa_tui.konnect.models import Listing, Organization
from sa_tui.org.snapshot import Details, Part, Snapshot

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator
    from datetime import datetime

    from .conftest import Command, Ended

HOSTILE = "=cmd|' /C calc'!A0 [/x]\x1b[31m\u202e\"\n,;\u0085?"
FIRST = (
    *("schema_version", "program", "command", "profile", "organization", "read_at"),
    *("complete", "incomplete", "warnings", "error"),
)
LAST = ["profile", "organization_id", "organization_name", "read_at", "complete"]


@pytest.fixture
def fake(now: datetime) -> FakeKonnect:
    """A small organisation: all that is told of many is told of few."""
    return FakeKonnect(build_organisation(now, accounts=5), clock=lambda: now)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the journals are kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def schemas() -> dict[str, Any]:
    """The schemas as they are printed."""
    from sa_tui.cli import main
    from sa_tui.cli.environment import Environment

    out = io.StringIO()
    env = Environment(
        environ={}, home=Path(), stdin=io.StringIO(), stdout=out, stderr=io.StringIO()
    )
    assert main(["schema"], env=env) == 0
    printed: dict[str, Any] = json.loads(out.getvalue())
    return printed


@pytest.fixture
def check(schemas: dict[str, Any]) -> Any:
    """Takes an answer that is as the schema of its command says, or an error that is."""

    def checked(ended: Ended) -> Any:
        answer = json.loads(ended.out)
        name = "error" if answer["error"] else answer["command"]
        Draft202012Validator(schemas[name]).validate(answer)
        assert tuple(answer)[: len(FIRST)] == FIRST
        assert answer["complete"] == (ended.code == 0)
        assert (ended.code == 3) == bool(answer["incomplete"])
        assert (ended.code in (0, 3)) == (answer["error"] is None)
        if answer["error"]:
            assert answer["error"]["exit_code"] == ended.code
            assert answer["error"]["code"] == Exit(ended.code).name.lower()
        return answer

    return checked


@pytest.fixture
def probe(fake: FakeKonnect, now: datetime) -> str:
    """An account with hostile names all around, and with something of everything."""
    account = fake.add_account(HOSTILE, description=HOSTILE)
    fake.add_token(account, "ci", last_used_at=stamp(now - timedelta(days=2)))
    fake.add_token(account, HOSTILE, expires_at="some day")
    team = fake.add_team(HOSTILE)
    fake.join(team, account)
    fake.add_role(team, "Viewer")
    fake.add_role(account, "Viewer")
    fake.add_role(account, HOSTILE, entity_type_name=HOSTILE, entity_region=HOSTILE)
    fake.add_role(account, "Admin", entity_region=None)
    return account


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def lines_of(account: str, tmp_path: Path) -> dict[str, tuple[str, ...]]:
    """A line for each command that writes JSON, and for each way that it may take."""
    issue = ("token", "issue", account, "--name", "new", "--lifetime", "30d", "--to-file")
    queries = tmp_path / "queries"
    queries.write_text("role:Viewer\n# none\nname:nobody-at-all\n")
    queries.with_name("none").write_text("")
    rotate = ("token", "rotate", account, "ci", "--to-file", str(tmp_path / "rotated"))
    return {
        "accounts": ("accounts",),
        "quick": ("accounts", "--quick"),
        "accounts that match": ("accounts", "role:Viewer OR is:armed"),
        "tokens": ("tokens", account),
        "tokens of all accounts": ("tokens",),
        "tokens that match": ("tokens", "expires:<400d role:*"),
        "token list": ("token", "list", account),
        "who": ("who", "role:Viewer"),
        "who of accounts": ("who", "is:armed"),
        "who with people": ("who", "name:* is:person OR role:Admin", "--people"),
        "who queries": ("who", "-f", str(queries)),
        "who as expected": ("who", "name:nobody", "--expect", str(queries.with_name("none"))),
        "who with a warning": ("who", "role:Amdin"),
        "access": ("access", account),
        "matrix": ("matrix",),
        "matrix with people": ("matrix", "--people"),
        "matrix of roles": ("matrix", "--by", "role"),
        "matrix of regions": ("matrix", "--by", "region"),
        "why": ("why", account, "role:Viewer"),
        "why by a token": ("why", account, "used:<7d is:armed"),
        "why not": ("why", account, "role:Admin type:portal used:never"),
        "why of people": ("why", account, "is:person", "--people"),
        "compare": ("compare", account, "Platform Engineering"),
        "compare what differs": ("compare", "organization-admin", account, "--only-differences"),
        "entity": ("entity", "prod-eu"),
        "entity with people": ("entity", "prod-eu", "--type", "cp", "--region", "eu", "--people"),
        "entities": ("entities",),
        "entities of a type": ("entities", "type:cp prod", "--people"),
        "profiles list": ("profiles", "list"),
        "profiles test": ("profiles", "test"),
        "info": ("info",),
        "issue dry": (*issue, str(tmp_path / "dry"), "--dry-run"),
        "issue": (*issue, str(tmp_path / "new")),
        "rotate dry": (*rotate, "--dry-run"),
        "rotate": rotate,
        "retire dry": ("token", "retire", account, "ci", "--dry-run"),
        "retire": ("token", "retire", account, "ci", "--force"),
        "revoke dry": ("token", "revoke", account, "new", "--dry-run"),
        "revoke": ("token", "revoke", account, "new", "--yes"),
    }


def commands_of(parser: ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[str]:
    """The commands of a parser that write JSON."""
    for action in parser._actions:
        formats = action.choices or str(action.metavar).split("|")
        if action.dest == "output" and "json" in formats:
            yield " ".join(words)
        if isinstance(action.choices, dict):
            for name, each in action.choices.items():
                yield from commands_of(each, (*words, name))


def nodes(schema: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside a schema."""
    if isinstance(schema, dict):
        yield path, schema
        for name, each in schema.get("properties", {}).items():
            yield from nodes(each, f"{path}.{name}")
        for key in ("items", "additionalProperties"):
            yield from nodes(schema.get(key), f"{path}[]")


# The schemas themselves


def test_every_command_that_writes_json_has_a_schema(schemas: dict[str, Any]) -> None:
    others = {
        "error",
        "tokens of all accounts",
        "token revoke of several",
        "who queries",
        "rotate event",
        "rotate receipt",
    }
    others |= {"audit explain", "audit rules"}
    assert sorted(commands_of(build_parser())) == sorted(set(schemas) - others)


def test_every_schema_is_one_closed_and_described(schemas: dict[str, Any]) -> None:
    for command, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        for path, node in nodes(schema):
            assert node.get("description"), f"{command}{path}"
            if "properties" in node:
                assert node["additionalProperties"] is False, f"{command}{path}"
                assert node["required"] == list(node["properties"]), f"{command}{path}"


def promises(schema: dict[str, Any]) -> Iterator[str]:
    """What a schema promises, a line each: a field and its type, or one of its values."""
    for path, node in nodes(schema):
        kinds = node.get("type", [])
        yield f"{path} {'|'.join([kinds] if isinstance(kinds, str) else kinds)}".rstrip()
        yield from (f"{path} = {value}" for value in node.get("enum", ()) if value is not None)


def test_nothing_that_version_1_promised_goes_away(schemas: dict[str, Any]) -> None:
    promised = Path(__file__).with_name("version-1.txt").read_text().splitlines()

    kept = {f"{name}{each}" for name, schema in schemas.items() for each in promises(schema)}

    assert {schema["properties"]["schema_version"]["const"] for schema in schemas.values()} == {1}
    assert [each for each in promised if each not in kept] == []


def test_a_schema_is_printed_by_the_words_of_its_command(
    command: Command, schemas: dict[str, Any]
) -> None:
    assert command("schema", "token", "list").json == schemas["token list"]
    refused = command("schema", "frobnicate")
    assert (refused.code, refused.out) == (2, "")


# Answers


def test_every_answer_is_as_its_schema_says(
    signed_in: Command, probe: str, tmp_path: Path, check: Any
) -> None:
    for name, line in lines_of(probe, tmp_path).items():
        answer = check(signed_in(*line, "-o", "json"))
        assert answer["error"] is None, name
        assert answer["program"] == {"name": "sa-tui", "version": sa_tui.__version__}
        if name not in ("profiles list", "info"):
            assert answer["profile"] == "KONNECT_TOKEN"
            assert answer["organization"]["name"] == "Meridian Freight"
            assert answer["read_at"].endswith("Z")


def test_names_are_in_json_as_konnect_sent_them(
    signed_in: Command, probe: str, tmp_path: Path
) -> None:
    lines = lines_of(probe, tmp_path)
    told = {name: signed_in(*lines[name], "-o", "json") for name in ("accounts", "access", "who")}

    accounts = {each["id"]: each for each in told["accounts"].json["system_accounts"]}
    assert (accounts[probe]["name"], accounts[probe]["description"]) == (HOSTILE, HOSTILE)
    grants = told["access"].json["grants"]
    assert {HOSTILE} <= {each["role_name"] for each in grants}
    assert {HOSTILE, None} == {each["team_name"] for each in grants}
    assert HOSTILE in {each["subject_name"] for each in told["who"].json["matches"]}
    # A terminal that shows it is not commanded by it.
    assert not any(sign in each.out for each in told.values() for sign in "\x1b\u202e\u0085")


def test_every_answer_of_an_empty_organisation_is_as_its_schema_says(
    command: Command, tmp_path: Path, check: Any
) -> None:
    for name, line in lines_of("nobody", tmp_path).items():
        ended = command("--demo", "--accounts", "0", *line, "-o", "json")
        is_about_one = "nobody" in line
        assert ended.code == (2 if is_about_one else 0), name
        check(ended)


def test_every_answer_that_is_not_whole_is_as_its_schema_says(
    signed_in: Command, fake: FakeKonnect, probe: str, tmp_path: Path, check: Any
) -> None:
    for path in ("assigned-roles", "teams", "access-tokens"):
        fake.inject(Fault("503", method="GET", path=f"/v3/system-accounts/*/{path}", times=None))
    fake.inject(Fault("503", method="GET", path="/v3/users/*", times=None))
    fake.inject(Fault("malformed", path="/v3/organizations/me", times=None))
    lines = lines_of(probe, tmp_path)

    for name in ("accounts", "who", "who with people", "access", "matrix", "matrix with people"):
        answer = check(signed_in(*lines[name], "-o", "json"))
        assert answer["error"] is None, name
        assert (answer["organization"], answer["complete"]) == (None, False)
        assert "organization" in {each["what"] for each in answer["incomplete"]}


def test_every_error_is_as_its_schema_says(
    command: Command, probe: str, tmp_path: Path, check: Any
) -> None:
    offline = {"profiles list", "info"}
    command.environ["KONNECT_TOKEN"] = "kpat_nobody"
    for name, line in lines_of(probe, tmp_path).items():
        if name not in offline:
            answer = check(command(*line, "-o", "json"))
            assert (answer["error"]["code"], answer["error"]["status"]) == ("refused", 401), name
            assert answer["profile"] == "KONNECT_TOKEN"
            assert "kpat_nobody" not in json.dumps(answer)


def test_a_read_only_run_is_refused_in_json(
    signed_in: Command, probe: str, tmp_path: Path, check: Any
) -> None:
    lines = lines_of(probe, tmp_path)
    for name in ("issue", "rotate", "retire"):
        answer = check(signed_in("--read-only", *lines[name], "-o", "json"))
        assert answer["error"]["exit_code"] == 7, name


def test_an_error_never_goes_where_the_secret_is_to_go(signed_in: Command, probe: str) -> None:
    line = ("token", "issue", probe, "--name", "ci", "--lifetime", "30d", "--stdout")

    ended = signed_in(*line, "-o", "json")

    assert (ended.code, ended.out) == (2, "")


def test_a_program_at_fault_says_so_in_json_without_its_secrets(
    command: Command, check: Any
) -> None:
    def now() -> datetime:
        raise LookupError("spat_0123456789abcdef0123")

    command.env = replace(command.env, now=now)

    answer = check(command("--demo", "accounts", "-o", "json"))

    assert answer["error"]["exit_code"] == 70
    assert "LookupError" in answer["error"]["message"]
    assert "spat_0123456789abcdef0123" not in json.dumps(answer)


# What makes an answer incomplete


def test_a_predefined_team_that_nobody_documents_makes_the_answer_incomplete(
    signed_in: Command, fake: FakeKonnect, check: Any
) -> None:
    team = fake.add_team("Galaxy Admin", system_team=True)
    fake.join(team, fake.add_account("probe"))

    for line in (("access", "probe"), ("who", "can:mint"), ("matrix",)):
        ended = signed_in(*line, "-o", "json")
        (missing,) = check(ended)["incomplete"]
        assert ended.code == 3
        assert (missing["what"], missing["subject"]["id"]) == ("implied_roles", team)
        assert "INCOMPLETE: roles beyond those listed of team Galaxy Admin" in ended.err


def test_whatever_makes_access_incomplete_is_told() -> None:
    subject = Subject(id="a", name="probe", missing=("the moon was not read.",))
    whole: Part[Listing[Any]] = Part(value=Listing(()))
    snapshot = Snapshot(
        organization=Part(value=Organization(id="o")),
        accounts=whole,
        details={"a": Details(tokens=whole, roles=whole, teams=whole)},
    )

    (missing,) = problems_of(snapshot, [subject])

    assert missing.what == "access"
    assert missing.record()["reason"] == "the moon was not read."
    assert missing.record()["subject"]["id"] == "a"


def test_a_term_that_tells_nothing_is_warned_of_in_the_answer(
    signed_in: Command, check: Any
) -> None:
    answer = check(signed_in("who", "role:Amdin is:person", "-o", "json"))

    assert [each["term"] for each in answer["warnings"]] == ["role:Amdin", "is:person"]
    assert "Did you mean Admin" in answer["warnings"][0]["message"]


def test_a_person_is_told_with_address_and_whether_they_can_sign_in(
    signed_in: Command, check: Any
) -> None:
    rows = check(signed_in("who", "is:person", "--people", "-o", "json"))["matches"]
    told = {row["subject_name"]: (row["email"], row["active"], row["armed"]) for row in rows}

    assert told["Amara Okafor"] == ("amara.okafor@meridianfreight.example", True, True)
    sam = "sam.ortega@meridianfreight.example"
    assert told[sam] == (sam, False, False)


# CSV


def table(ended: Ended) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ended.out)))


@pytest.mark.parametrize(
    "line",
    [("accounts",), ("tokens", "probe"), ("who", "name:probe"), ("access", "probe"), ("matrix",)],
)
def test_every_row_of_csv_says_where_it_comes_from(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    account = fake.add_account("probe")
    fake.add_token(account, "ci")
    fake.add_role(account, "Viewer")

    rows = table(signed_in(*line, "-o", "csv"))

    assert rows
    for row in rows:
        assert list(row)[list(row).index("profile") :][:5] == LAST
        assert row["profile"] == "KONNECT_TOKEN"
        assert row["organization_name"] == "Meridian Freight"
        assert row["read_at"].endswith("Z")
        assert row["complete"] == "yes"


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (
            "accounts",
            (
                "id name description konnect_managed created_at live_tokens tokens next_expires_at"
                " last_used_at assigned_roles teams"
            ),
        ),
        (
            "tokens probe",
            (
                "system_account_id system_account_name id name created_at expires_at last_used_at"
                " state"
            ),
        ),
        (
            "access probe",
            (
                "subject_type subject_id subject_name email active role_name entity_type_name"
                " entity_id entity_name entity_region tier via team_id team_name system_team"
                " implied assigned_role_id reaches_nothing needed spare same_as covered_by remains"
            ),
        ),
        (
            "matrix --by region",
            (
                "subject_type subject_id subject_name email active armed live_tokens last_used_at"
                " * us eu au me in sg"
            ),
        ),
    ],
)
def test_csv_has_the_same_columns_in_the_same_order_every_time(
    signed_in: Command, fake: FakeKonnect, line: str, fields: str
) -> None:
    fake.add_account("probe")

    header = signed_in(*line.split(), "-o", "csv").out.splitlines()[0].split(",")

    assert header[: header.index("complete") + 1] == [*fields.split(), "unknown", *LAST]


def test_csv_tells_what_is_not_known_from_what_there_is_not(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("probe")
    fake.add_token(account, "?", expires_at="some day", last_used_at=None)
    fake.inject(Fault("malformed", path="/v3/organizations/me", times=None))

    (row,) = table(signed_in("tokens", "probe", "-o", "csv"))

    assert (row["expires_at"], row["last_used_at"], row["name"]) == ("?", "", "?")
    assert (row["organization_id"], row["complete"]) == ("?", "no")
    assert row["unknown"] == "expires_at; state; organization_id; organization_name"


def test_access_as_csv_says_whose_it_is(signed_in: Command, fake: FakeKonnect) -> None:
    account = fake.add_account("probe")
    fake.add_role(account, "Viewer")

    (row,) = table(signed_in("access", "probe", "-o", "csv"))

    assert (row["subject_id"], row["subject_name"]) == (account, "probe")


@pytest.mark.parametrize("by", ["type", "role", "region"])
def test_the_columns_of_the_matrix_do_not_come_and_go(command: Command, by: str) -> None:
    line = ("--demo", "matrix", "--by", by, "-o", "csv")
    with_nobody = command("--accounts", "0", *line).out.splitlines()[0].split(",")
    with_many = command(*line).out.splitlines()[0].split(",")

    # What only this organisation tells of comes at the very end.
    assert with_many[: len(with_nobody)] == with_nobody
    assert not any("applicationauthstrategie" in each for each in with_many)
    if by == "type":
        assert "application_auth_strategies" in with_nobody


def test_all_columns_are_shown_where_they_are_asked_for(signed_in: Command) -> None:
    few = signed_in("accounts").out.splitlines()[0]
    every = signed_in("accounts", "--all-columns").out.splitlines()[0]

    assert "NEXT EXPIRES AT" not in few
    titles = ("ID", "CREATED AT", "LIVE TOKENS", "TOKENS", "NEXT EXPIRES AT", "ASSIGNED ROLES")
    assert all(title in every for title in titles)
