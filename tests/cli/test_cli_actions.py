"""What a command changes is written down: what was sent, what came back, and never a secret."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sa_tui.demo.konnect import FakeKonnect, Fault
from sa_tui.records.actions_file import FILE_NAME

if TYPE_CHECKING:
    from .conftest import Command

ACCOUNT = "probe"
ISSUE = ("token", "issue", ACCOUNT, "--name", "ci", "--lifetime", "30d", "--stdout")
REVOKE = ("token", "revoke", ACCOUNT, "old", "--yes")
SECRET = re.compile(r"[sk]pat_\w{20,}")

Record = dict[str, Any]
Records = Callable[[], list[Record]]


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the journals are kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "sa-tui"


@pytest.fixture(autouse=True)
def account_id(fake: FakeKonnect) -> str:
    return fake.add_account(ACCOUNT)


@pytest.fixture(autouse=True)
def old_id(fake: FakeKonnect, account_id: str) -> str:
    return fake.add_token(account_id, "old")


@pytest.fixture
def records(state: Path) -> Records:
    """What was written down; of each request the last that is known of it."""

    def read() -> list[Record]:
        lines = (state / FILE_NAME).read_text().splitlines()
        # Each command is a run of its own and counts from one.
        told = [json.loads(line) for line in lines]
        return list({(each["title"], each["number"]): each for each in told}.values())

    return read


def _told(records: Records) -> list[tuple[str, int | None, str]]:
    return [(each["method"], each["status"], each["outcome"]) for each in records()]


# What is written


def test_an_issued_token_is_written_down_for_its_owner_alone(
    signed_in: Command, state: Path, records: Records, account_id: str
) -> None:
    assert signed_in(*ISSUE).code == 0

    (issued,) = records()
    assert issued["title"] == f"Issue token ci for {ACCOUNT}"
    assert issued["path"] == f"/v3/system-accounts/{account_id}/access-tokens"
    assert (issued["method"], issued["status"], issued["outcome"]) == ("POST", 201, "done")
    assert issued["at"] == "2026-03-02T09:30:00+00:00"
    assert issued["profile"] == "KONNECT_TOKEN"
    assert stat.S_IMODE((state / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


def test_each_change_of_a_rotation_and_of_its_end_is_written_down(
    signed_in: Command, records: Records, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    signed_in("token", "rotate", ACCOUNT, "old", "--to-file", str(new))
    signed_in("token", "retire", ACCOUNT, "old", "--force")
    signed_in("token", "revoke", ACCOUNT, "old-2", "--yes")

    assert [(each["title"], each["outcome"], each["message"]) for each in records()] == [
        (f"Issue token old-2 for {ACCOUNT}", "done", f"Written to {new} (mode 0600, 55 bytes)."),
        (f"Revoke token old of {ACCOUNT}", "done", "Done."),
        (f"Revoke token old-2 of {ACCOUNT}", "done", "Done."),
    ]


@pytest.mark.parametrize(
    ("kind", "told", "words"),
    [
        ("500", ("POST", 500, "failed"), "most likely none was created"),
        ("cut-before", ("POST", None, "failed"), "most likely none was created"),
        ("cut-after", ("POST", None, "done"), "its secret was in the lost answer"),
        ("malformed", ("POST", 201, "done"), "its secret was in the lost answer"),
    ],
)
def test_what_was_found_out_of_a_lost_answer_is_written_down(
    signed_in: Command, fake: FakeKonnect, records: Records, kind: Any, told: Any, words: str
) -> None:
    fake.inject(Fault(kind, method="POST"))

    assert signed_in(*ISSUE).code == (6 if told[2] == "done" else 5)

    assert _told(records) == [told]
    assert words in records()[0]["message"]


def test_a_token_that_nobody_can_look_for_is_written_down_as_unknown(
    signed_in: Command, fake: FakeKonnect, records: Records, command: Command
) -> None:
    class Failing(httpx.AsyncBaseTransport):
        """Loses the answer to the change, and from then on every other."""

        inner = fake.transport()

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "POST":
                fake.inject(Fault("500", times=None))
            return await self.inner.handle_async_request(request)

    command.env = replace(command.env, transport=Failing())

    assert signed_in(*ISSUE).code == 5

    assert _told(records) == [("POST", 500, "unknown")]
    assert "Whether the token exists is unknown." in records()[0]["message"]


def test_a_failure_is_written_down_with_its_trace_id(
    signed_in: Command, fake: FakeKonnect, records: Records
) -> None:
    fake.inject(Fault("500", method="DELETE"))

    ended = signed_in(*REVOKE)

    (revoked,) = records()
    assert (revoked["status"], revoked["outcome"]) == (500, "unknown")
    assert revoked["trace"]
    assert revoked["trace"] in ended.err


def test_a_token_that_was_not_delivered_is_written_down_with_its_end(
    signed_in: Command, records: Records
) -> None:
    tell = "import sys; sys.exit(sys.stdin.read())"

    ended = signed_in(*ISSUE[:-1], "--exec", sys.executable, "-c", tell)

    assert ended.code == 6
    assert _told(records) == [("POST", 201, "done"), ("DELETE", 204, "done")]


@pytest.mark.parametrize(
    ("times", "code", "told", "words"),
    [(1, 0, "done", "Done."), (2, 143, "unknown", "Interrupted before the answer came")],
)
def test_an_interrupted_change_is_written_down_as_far_as_it_is_known(
    signed_in: Command,
    fake: FakeKonnect,
    records: Records,
    command: Command,
    times: int,
    code: int,
    told: str,
    words: str,
) -> None:
    class Interrupted(httpx.AsyncBaseTransport):
        """Is left by the operator while the change is on its way."""

        inner = fake.transport()

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "DELETE":
                for _ in range(times):
                    command.signals.take(signal.SIGTERM)
                    for _ in range(5):
                        await asyncio.sleep(0)
            return await self.inner.handle_async_request(request)

    command.env = replace(command.env, transport=Interrupted())

    ended = signed_in(*REVOKE)

    assert ended.code == code
    assert "Interrupted: waiting for the answer." in ended.err
    assert ("whether it was done is unknown" in ended.err) == (told == "unknown")
    assert _told(records) == [("DELETE", 204 if times == 1 else None, told)]
    assert words in records()[0]["message"]


def test_what_is_refused_before_anything_is_sent_is_told_and_not_written_down(
    signed_in: Command, fake: FakeKonnect, state: Path
) -> None:
    ended = signed_in("--read-only", *ISSUE)

    assert ended.code == 7
    assert "Nothing was sent." in ended.err
    assert {each.method for each in fake.received} == {"GET"}
    assert not (state / FILE_NAME).exists()


def test_it_is_said_where_changes_are_written_down(signed_in: Command, state: Path) -> None:
    assert signed_in("info", "-o", "json").json["paths"]["changes"] == str(state / FILE_NAME)


# What is not


@pytest.mark.parametrize("kind", [None, "429", "500", "cut-after", "malformed"])
def test_no_secret_is_written_down(
    signed_in: Command, fake: FakeKonnect, state: Path, kind: Any
) -> None:
    if kind is not None:
        fake.inject(Fault(kind, method="POST"))

    signed_in(*ISSUE)

    kept = (state / FILE_NAME).read_text()
    assert f"Issue token ci for {ACCOUNT}" in kept
    assert not SECRET.search(kept)
    assert fake.operator_token not in kept


@pytest.mark.parametrize(
    "line",
    [
        ISSUE,
        ("token", "rotate", ACCOUNT, "old", "--stdout"),
        ("token", "retire", ACCOUNT, "old"),
        REVOKE[:-1],
    ],
)
def test_a_dry_run_writes_nothing_down(
    signed_in: Command, state: Path, line: tuple[str, ...]
) -> None:
    assert signed_in(*line, "--dry-run").code == 0

    assert not state.exists()


def test_a_dry_run_ends_no_rotation_whose_old_token_is_gone(
    signed_in: Command, fake: FakeKonnect, state: Path, tmp_path: Path, old_id: str
) -> None:
    signed_in("token", "rotate", ACCOUNT, "old", "--to-file", str(tmp_path / "new"))
    fake.organisation.remove_token(fake.account_named(ACCOUNT)["id"], old_id)
    before = {path: path.read_text() for path in state.iterdir()}

    assert "its rotation is over" in signed_in("token", "retire", ACCOUNT, "old", "--dry-run").err

    assert {path: path.read_text() for path in state.iterdir()} == before


def test_reading_writes_nothing_down(signed_in: Command, state: Path) -> None:
    assert signed_in("token", "list", ACCOUNT).code == 0

    assert not state.exists()


def test_a_record_that_cannot_be_kept_is_told_and_the_change_made_all_the_same(
    signed_in: Command, fake: FakeKonnect, state: Path, account_id: str
) -> None:
    (state / FILE_NAME).mkdir(parents=True)

    ended = signed_in(*REVOKE)

    assert ended.code == 0
    assert "is not written down. The record of changes" in ended.err
    assert fake.tokens_of(account_id) == []
