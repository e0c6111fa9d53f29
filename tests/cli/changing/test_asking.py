"""Who is asked, and what a signal leaves behind."""

from __future__ import annotations

import asyncio
import io
import json
import os
import pty
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from sa_tui.cli import main
from sa_tui.cli.streams import ClosedStream
from sa_tui.demo.konnect import Fault
from tests.cli.changing.answered import run_json, writes
from tests.cli.conftest import Ended
from tests.cli.line import Line

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.demo.faults import FaultKind
    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command

EDIT = ("account", "edit", "probe", "--description", "new")
DELETE = ("account", "delete", "probe")


class Terminal(io.StringIO):
    """A terminal on which somebody has typed this."""

    def isatty(self) -> bool:
        return True


def on_terminal(command: Command, typed: str, *line: str) -> Ended:
    out, err = io.StringIO(), Terminal()
    env = replace(
        command.env, environ=command.environ, stdin=Terminal(typed), stdout=out, stderr=err
    )
    return Ended(main(line, env=env), out.getvalue(), err.getvalue())


# A terminal


@pytest.mark.parametrize("typed", ["y\n", "Y\n", "yes\n"])
def test_on_a_terminal_the_effect_is_shown_and_a_yes_sends(
    signed_in: Command, fake: FakeKonnect, typed: str
) -> None:
    ended = on_terminal(signed_in, typed, *EDIT)

    assert ended.code == 0
    assert "EFFECT\nNobody gains or loses access.\n" in ended.err
    assert "Send 1 change? [y/N] " in ended.err
    assert ended.out == ""
    assert len(writes(fake)) == 1


@pytest.mark.parametrize("typed", ["", "\n", "n\n", "probe\n"])
def test_anything_else_sends_nothing(signed_in: Command, fake: FakeKonnect, typed: str) -> None:
    ended = on_terminal(signed_in, typed, *EDIT)

    assert (ended.code, writes(fake)) == (7, [])
    assert "Nothing was sent." in ended.err


def test_what_reaches_far_is_typed(signed_in: Command, fake: FakeKonnect) -> None:
    for typed in ("y\n", "prob\n", "\n"):
        refused = on_terminal(signed_in, typed, *DELETE)
        assert (refused.code, writes(fake)) == (7, [])
        assert "To send, type probe: " in refused.err
        assert "That is not probe. Nothing was sent." in refused.err

    assert on_terminal(signed_in, "probe\n", *DELETE).code == 0


def test_nobody_is_asked_about_what_is_so_already(signed_in: Command, fake: FakeKonnect) -> None:
    ended = on_terminal(signed_in, "", "team", "join", "crew", "probe")

    assert (ended.code, writes(fake)) == (8, [])
    assert "[y/N]" not in ended.err


def test_a_token_is_revoked_after_a_question(signed_in: Command, fake: FakeKonnect) -> None:
    line = ("token", "revoke", "probe", "ci")

    refused = on_terminal(signed_in, "n\n", *line)
    assert (refused.code, writes(fake)) == (7, [])
    assert "last used never" in refused.err
    assert on_terminal(signed_in, "y\n", *line).code == 0
    assert fake.tokens_of(fake.account_named("probe")["id"]) == []


def test_ctrl_c_at_the_question_ends_at_once_and_sends_nothing() -> None:
    argv = [sys.executable, "-m", "sa_tui", "--demo", "account", "edit", "ci-eu-deployer"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [*argv, "--description", "x"])
    told = b""
    with suppress(OSError):  # the other end is closed
        while data := os.read(terminal, 4096):
            told += data
            if told.endswith(b"[y/N] "):
                os.write(terminal, b"\x03")
    _, status = os.waitpid(pid, 0)

    assert os.waitstatus_to_exitcode(status) == 130, told
    assert b"Interrupted." in told
    assert b"Done." not in told


def test_what_became_of_it_has_to_be_writable_as_json(
    signed_in: Command, fake: FakeKonnect
) -> None:
    err = io.StringIO()
    env = replace(signed_in.env, environ=signed_in.environ, stdout=ClosedStream(), stderr=err)

    assert main([*EDIT, "--yes", "-o", "json"], env=env) == 2
    assert "Nothing was sent: standard output cannot be written: it is closed." in err.getvalue()
    assert fake.received == []


class BrokenPipe(io.StringIO):
    """Standard output whose reader has gone."""

    def write(self, text: str, /) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("output", ["table", "json"])
@pytest.mark.parametrize(("fault", "code"), [(None, 0), ("403", 4), ("500", 10)])
def test_a_reader_that_is_gone_changes_no_exit_code(
    signed_in: Command, fake: FakeKonnect, output: str, fault: FaultKind | None, code: int
) -> None:
    if fault is not None:
        fake.inject(Fault(fault, method="POST"))
    env = replace(
        signed_in.env, environ=signed_in.environ, stdout=BrokenPipe(), stderr=io.StringIO()
    )

    assert main(["account", "create", "fresh", "--yes", "-o", output], env=env) == code


# Signals

SEVERAL = ("account", "create", "a", "b", "c", "--yes")


@pytest.fixture
def line(signed_in: Command, fake: FakeKonnect) -> Line:
    line = Line(fake.transport(), lambda: signed_in.signals)
    signed_in.env = replace(signed_in.env, transport=line)
    return line


@pytest.mark.parametrize("moment", ["before", "after"])
def test_after_a_signal_the_answer_is_told_and_the_rest_is_kept(
    signed_in: Command, fake: FakeKonnect, line: Line, state: Path, moment: str
) -> None:
    setattr(line, moment, 1)

    code, answer = run_json(signed_in, *SEVERAL)

    assert code == 143
    assert [one["status"] for one in answer["outcomes"]] == ["done", "unsent", "unsent"]
    assert [made["name"] for made in answer["made"]] == ["a"]
    assert len(writes(fake)) == 1
    (begun, *notes) = map(json.loads, (state / "batches.jsonl").read_text().splitlines())
    assert len(begun["changes"]) == 3
    assert "ended" not in [note["event"] for note in notes]


def test_what_is_never_sent_is_told_and_made_by_the_same_command(
    signed_in: Command, fake: FakeKonnect, line: Line
) -> None:
    line.before = 1

    ended = signed_in(*SEVERAL)
    assert ended.code == 143
    assert "2 changes never sent. Start sa-tui, which asks about them, or run the same" in ended.err

    code, answer = run_json(signed_in, *SEVERAL)
    assert code == 0
    assert [change["title"] for change in answer["already"]] == ["Create system account a"]
    assert [row["name"] for row in fake.organisation.accounts.rows][-3:] == ["a", "b", "c"]


def test_a_single_change_ends_as_its_answer_says(
    signed_in: Command, fake: FakeKonnect, line: Line
) -> None:
    line.before = 1

    ended = signed_in(*EDIT, "--yes")

    assert ended.code == 0
    assert "Describe system account probe as 'new': Done." in ended.err


def test_a_second_signal_stops_waiting_and_says_that_it_is_not_known(
    signed_in: Command, fake: FakeKonnect, line: Line
) -> None:
    line.before = 2

    code, answer = run_json(signed_in, *SEVERAL)

    assert code == 143
    assert [one["status"] for one in answer["outcomes"]] == ["unknown", "unsent", "unsent"]
    assert "The second signal ended the wait." in answer["outcomes"][0]["message"]


def test_a_signal_before_anything_is_sent_sends_nothing(
    signed_in: Command, fake: FakeKonnect
) -> None:
    class Reading(Line):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            signed_in.signals.take(signal.SIGINT)
            await asyncio.sleep(0)
            return await self.inner.handle_async_request(request)

    transport = Reading(fake.transport(), lambda: signed_in.signals)
    signed_in.env = replace(signed_in.env, transport=transport)

    ended = signed_in(*SEVERAL)

    assert (ended.code, writes(fake)) == (130, [])
