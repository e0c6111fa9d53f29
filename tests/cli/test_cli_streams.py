"""Standard output that takes nothing is found out before a token is made for it."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sa_tui.cli import main
from sa_tui.cli.streams import ClosedStream, why_unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from sa_tui.demo.konnect import FakeKonnect

    from .conftest import Command

ISSUE = ("token", "issue", "probe", "--name", "ci", "--lifetime", "1d")
ROTATE = ("token", "rotate", "probe", "old", "--lifetime", "1d")
REVOKE = ("token", "revoke", "probe", "old", "--yes")

needs_full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


@pytest.fixture(autouse=True)
def account_id(fake: FakeKonnect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    id = fake.add_account("probe")
    fake.add_token(id, "old")
    return id


def full() -> TextIO:
    return open("/dev/full", "w")


def for_reading() -> TextIO:
    return os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")


def without_reader() -> TextIO:
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "w")


@pytest.fixture(
    params=[
        pytest.param(full, marks=needs_full_device),
        for_reading,
        without_reader,
        ClosedStream,
    ]
)
def unwritable(request: pytest.FixtureRequest) -> Iterator[TextIO]:
    stream: TextIO = request.param()
    yield stream
    with suppress(OSError):  # what an answer left in its buffer
        stream.close()


def test_a_stream_that_takes_nothing_is_known_without_writing(unwritable: TextIO) -> None:
    assert why_unwritable(unwritable)


def test_a_stream_that_takes_something_is_left_as_it_is(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    path = tmp_path / "file"
    with os.fdopen(reader), os.fdopen(writer, "w") as pipe, path.open("w") as file:
        file.write("kept")
        file.flush()
        assert [why_unwritable(each) for each in (pipe, file, io.StringIO())] == [None] * 3
    assert path.read_text() == "kept"


@pytest.mark.parametrize(
    "line", [(*ISSUE, "--stdout"), (*ROTATE, "--stdout"), (*REVOKE, "-o", "json")], ids=str
)
def test_nothing_is_sent_for_an_output_that_takes_nothing(
    signed_in: Command, fake: FakeKonnect, unwritable: TextIO, line: tuple[str, ...]
) -> None:
    err = io.StringIO()
    env = replace(signed_in.env, environ=signed_in.environ, stdout=unwritable, stderr=err)

    assert main(line, env=env) == 2

    assert "standard output" in err.getvalue()
    assert {each.method for each in fake.received} <= {"GET"}


class Filling(io.StringIO):
    """Looks like it takes what is written, and does not."""

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("line", [ISSUE, ROTATE], ids=str)
def test_a_token_that_the_output_does_not_take_after_all_is_revoked(
    signed_in: Command, fake: FakeKonnect, account_id: str, line: tuple[str, ...]
) -> None:
    err = io.StringIO()
    environ = signed_in.environ
    env = replace(signed_in.env, environ=environ, stdout=Filling(), stderr=err)

    code = main((*line, "--stdout"), env=env)

    assert [each["name"] for each in fake.tokens_of(account_id)] == ["old"]
    assert "The new token, which nobody has, is revoked." in err.getvalue()
    assert code == 6


def test_narration_that_nobody_can_read_stops_nothing(
    signed_in: Command, fake: FakeKonnect, account_id: str
) -> None:
    environ = signed_in.environ
    env = replace(signed_in.env, environ=environ, stdout=io.StringIO(), stderr=ClosedStream())

    assert main(REVOKE, env=env) == 0
    assert fake.tokens_of(account_id) == []


def test_no_file_takes_the_place_of_a_closed_standard_output() -> None:
    program = """
import os, sys
from sa_tui.cli.environment import Environment
Environment.real()
print(sorted(os.path.realpath(f"/proc/self/fd/{each}") for each in range(3)), file=sys.stderr)
"""
    run = subprocess.run(
        ["sh", "-c", 'exec "$0" -c "$1" <&- >&-', sys.executable, program],
        stderr=subprocess.PIPE,
        text=True,
    )

    assert run.returncode == 0
    assert run.stderr.count("/dev/null") == 2
