"""The exit codes one by one, for every command that can end in them; JSON says the same."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from sa_tui.cli.exits import Exit
from sa_tui.demo.faults import FaultKind
from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.demo.seed import build_organisation

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from .conftest import Command, Ended

ISSUE = ("token", "issue", "probe", "--name", "new", "--lifetime", "30d")
ROTATE = ("token", "rotate", "probe", "ci")
FALSE = ("--exec", sys.executable, "-c", "raise SystemExit(1)")
TRUE = ("--exec", sys.executable, "-c", "import sys; sys.stdin.read()")
REVOKE = ("token", "revoke", "probe", "ci", "--yes")
RETIRE = ("token", "retire", "probe", "ci")
READING = [
    ("accounts",),
    ("accounts", "--quick"),
    ("tokens", "probe"),
    ("token", "list", "probe"),
    ("account", "list"),
    ("account", "show", "probe"),
    ("role", "list", "probe"),
    ("who", "is:armed"),
    ("who", "is:armed", "--people"),
    ("access", "probe"),
    ("matrix",),
    ("accounts", "is:armed"),
    ("tokens",),
    ("tokens", "is:armed"),
    ("why", "probe", "is:armed"),
    ("compare", "probe", "organization-admin"),
    ("entity", "prod-eu"),
    ("entities",),
    ("profiles", "test"),
]
CHANGING = [
    (*ISSUE, *TRUE),
    (*ROTATE, *TRUE),
    REVOKE,
    (*RETIRE, "--force"),
    ("account", "edit", "probe", "--name", "other", "--yes"),
    ("role", "give", "probe", "--type=cp", "--role=Viewer", "--entity=*", "--region=eu", "--yes"),
    ("team", "create", "fresh", "--yes"),
]
OFFLINE = [("profiles", "list"), ("info",)]
LOGIN = "/v3/organizations/me"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the journals are kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def fake(now: datetime) -> FakeKonnect:
    """A few accounts, and the one that the commands are about."""
    fake = FakeKonnect(build_organisation(now, accounts=2), clock=lambda: now)
    used = (now - timedelta(days=2)).isoformat().replace("+00:00", "Z")
    fake.add_token(fake.add_account("probe"), "ci", last_used_at=used)
    return fake


def json_of(command: Command, line: tuple[str, ...]) -> Ended:
    """Runs a command with `-o json`, which stands before the program that gets a token."""
    at = line.index("--exec") if "--exec" in line else len(line)
    return command(*line[:at], "-o", "json", *line[at:])


def assert_ends(command: Command, line: tuple[str, ...], code: Exit) -> None:
    ended = json_of(command, line)
    answer = json.loads(ended.out)

    assert ended.code == code, ended.err
    assert answer["complete"] == (code == Exit.DONE)
    assert bool(answer["incomplete"]) == (code == Exit.INCOMPLETE)
    if code in (Exit.DONE, Exit.INCOMPLETE):
        assert answer["error"] is None
    else:
        error = answer["error"]
        assert (error["code"], error["exit_code"]) == (code.name.lower(), code)
        assert error["message"]


@pytest.mark.parametrize("line", [*READING, *CHANGING, *OFFLINE], ids=" ".join)
def test_what_is_done_and_complete_ends_in_0(signed_in: Command, line: tuple[str, ...]) -> None:
    assert_ends(signed_in, line, Exit.DONE)


@pytest.mark.parametrize("line", [*READING, *CHANGING], ids=" ".join)
def test_what_cannot_be_begun_ends_in_2_and_sends_nothing(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    assert_ends(signed_in, ("--profile", "nobody", *line), Exit.USAGE)
    assert fake.received == []


@pytest.mark.parametrize(
    "line",
    [
        ("access",),
        ("entity",),
        ("token", "issue", "probe"),
        ("matrix", "--by", "moon"),
        ("nonsense",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("option", [("-o", "json"), ("-ojson",), ("--output=json",)])
def test_a_command_line_that_cannot_be_parsed_ends_in_2(
    command: Command, line: tuple[str, ...], option: tuple[str, ...]
) -> None:
    ended = command(*line, *option)

    assert ended.code == 2
    assert ended.err.splitlines()[1].startswith("usage: sa-tui")
    assert ended.json["error"]["code"] == "usage"
    assert ended.json["error"]["message"]
    assert command(*line).out == ""
    assert command(*line, *option, "--stdout").out == ""
    assert command(*line, "--exec", "jq", *option).out == ""


def test_a_port_that_is_taken_ends_in_2(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        assert_ends(command, ("demo", "serve", "--port", port), Exit.USAGE)


@pytest.mark.parametrize("line", CHANGING, ids=" ".join)
def test_a_change_in_a_read_only_profile_ends_in_7(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    assert_ends(signed_in, ("--read-only", *line), Exit.UNSAFE)
    assert {each.method for each in fake.received} == {"GET"}


@pytest.mark.parametrize("line", [each for each in READING if each != ("profiles", "test")])
@pytest.mark.parametrize("kind", ["503", "malformed"])
def test_an_answer_that_is_not_whole_ends_in_3(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...], kind: FaultKind
) -> None:
    fake.inject(Fault(kind, path=LOGIN, times=None))

    assert_ends(signed_in, line, Exit.INCOMPLETE)


def test_a_profile_whose_person_cannot_be_read_ends_in_3(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("503", path="/v3/users/me", times=None))

    assert_ends(signed_in, ("profiles", "test"), Exit.INCOMPLETE)


@pytest.mark.parametrize(
    "line",
    [("who", "is:armed"), ("access", "Ines Castellanos"), ("matrix",)],
    ids=" ".join,
)
def test_a_part_that_is_refused_ends_in_3_and_not_in_4(
    command: Command, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    token = {"id": "spat", "name": "spat", "expires_at": "2027-01-01T00:00:00Z"}
    account = fake.add_account("machine")
    fake.add_role(account, "Admin", entity_type_name="Identity")
    command.environ["KONNECT_TOKEN"] = fake.organisation.issue_token(account, token)

    ended = command(*line, "--people", "-o", "json")

    # Tokens of people are refused to whoever is no person.
    assert ended.code == 3, ended.err
    assert {each["status"] for each in ended.json["incomplete"]} == {403}


@pytest.mark.parametrize("line", [*READING, *CHANGING], ids=" ".join)
def test_a_token_that_konnect_does_not_know_ends_in_4(
    command: Command, line: tuple[str, ...]
) -> None:
    command.environ["KONNECT_TOKEN"] = "kpat_nobody"

    assert_ends(command, line, Exit.REFUSED)


@pytest.mark.parametrize("line", [*READING[:-1], *CHANGING], ids=" ".join)
def test_a_token_that_may_read_nothing_ends_in_4(
    command: Command, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    token = {"id": "spat", "name": "spat", "expires_at": "2027-01-01T00:00:00Z"}
    account = fake.add_account("machine")
    command.environ["KONNECT_TOKEN"] = fake.organisation.issue_token(account, token)

    assert_ends(command, line, Exit.REFUSED)


@pytest.mark.parametrize("line", [*READING, *CHANGING], ids=" ".join)
@pytest.mark.parametrize("kind", ["503", "cut-before"])
def test_a_konnect_that_answers_nothing_ends_in_5(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...], kind: FaultKind
) -> None:
    fake.inject(Fault(kind, times=None))

    assert_ends(signed_in, line, Exit.UNREACHABLE)


@pytest.mark.parametrize("line", [REVOKE, (*RETIRE, "--force")], ids=" ".join)
def test_a_change_that_konnect_fails_at_ends_in_10(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    fake.inject(Fault("500", method="DELETE", times=None))

    assert_ends(signed_in, line, Exit.UNKNOWN)


@pytest.mark.parametrize("line", [(*ISSUE, *FALSE), (*ROTATE, *FALSE)], ids=["issue", "rotate"])
def test_a_token_that_was_not_delivered_ends_in_6_and_is_named(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    assert_ends(signed_in, line, Exit.UNDELIVERED)

    (left,) = json_of(signed_in, line).json["error"]["access_tokens"]
    assert left["system_account_id"] == fake.account_named("probe")["id"]
    assert left["revoked"] is True


@pytest.mark.parametrize("line", [(*ISSUE, *TRUE), (*ROTATE, *TRUE)], ids=["issue", "rotate"])
def test_a_token_whose_answer_was_lost_ends_in_6_and_is_named(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    fake.inject(Fault("cut-after", method="POST"))

    ended = json_of(signed_in, line)

    assert ended.code == 6
    (left,) = ended.json["error"]["access_tokens"]
    (found,) = [each for each in fake.tokens_of(left["system_account_id"]) if each["name"] != "ci"]
    assert (left["id"], left["name"], left["revoked"]) == (found["id"], found["name"], False)


def test_a_token_that_is_not_known_to_be_idle_ends_in_7(signed_in: Command) -> None:
    assert_ends(signed_in, RETIRE, Exit.UNSAFE)

    assert "No rotation of ci is known" in json_of(signed_in, RETIRE).json["error"]["message"]


@pytest.mark.parametrize("line", [*READING, *CHANGING], ids=" ".join)
def test_a_fault_of_the_program_ends_in_70(signed_in: Command, line: tuple[str, ...]) -> None:
    def now() -> datetime:
        raise LookupError("a fault")

    signed_in.env = replace(signed_in.env, now=now)

    assert_ends(signed_in, line, Exit.BROKEN)


class FaultyLine(httpx.AsyncBaseTransport):
    """Meets a fault of ours as the answer to a change arrives."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if request.method != "GET":
            raise LookupError("a fault")
        return response


@pytest.mark.parametrize("line", CHANGING, ids=" ".join)
def test_a_fault_after_a_change_was_sent_says_that_it_may_have_been_made(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...]
) -> None:
    signed_in.env = replace(signed_in.env, transport=FaultyLine(fake.transport()))

    ended = json_of(signed_in, line)

    assert ended.code == 70
    assert len([each for each in fake.received if each.method != "GET"]) == 1
    assert "Whether the change was made is unknown" in ended.err
    assert "Whether the change was made is unknown" in ended.json["error"]["message"]


def test_a_token_that_is_gone_already_is_told_as_retired(
    signed_in: Command, fake: FakeKonnect
) -> None:
    json_of(signed_in, (*ROTATE, *TRUE))
    account = fake.account_named("probe")["id"]
    (old,) = [each for each in fake.tokens_of(account) if each["name"] == "ci"]
    fake.organisation.remove_token(account, old["id"])

    answer = json_of(signed_in, RETIRE).json

    assert (answer["status"], answer["access_token"]["id"]) == ("gone", old["id"])
    assert answer["error"] is None


def test_a_successor_that_is_not_proven_ends_in_3(signed_in: Command, fake: FakeKonnect) -> None:
    fake.inject(Fault("503", path=LOGIN, times=None))

    ended = json_of(signed_in, (*ROTATE, *TRUE))

    assert ended.code == 3
    assert ended.json["access_token"]["name"] == "ci-2"
    assert "proof" in {each["what"] for each in ended.json["incomplete"]}


@pytest.mark.parametrize("line", [*READING, *CHANGING], ids=" ".join)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_a_signal_ends_ends_in_128_and_its_number(
    signed_in: Command, fake: FakeKonnect, line: tuple[str, ...], number: signal.Signals
) -> None:
    class Reading(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            signed_in.signals.take(number)
            await asyncio.sleep(0)
            return await fake.transport().handle_async_request(request)

    signed_in.env = replace(signed_in.env, transport=Reading())

    assert_ends(signed_in, line, Exit(128 + number))
