"""Files of records and their lock: held by a process that was stopped, and not to be had at all."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.base.private_file import take_lock
from sa_tui.records.journal import Journal, JournalError
from sa_tui.records.rotations import Rotations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sa_tui.base.label import Label

HOLDER = """
import fcntl, sys, time
lock = open(sys.argv[1], "ab")
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""
A_MOMENT_SECONDS = 0.05


def now() -> datetime:
    return datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "handover.jsonl"


@pytest.fixture
def start(path: Path) -> Callable[..., Journal]:
    def open_journal(**options: Any) -> Journal:
        return Journal(path, now=now, pid=2**22 + 1, host="bastion", **options)

    return open_journal


@pytest.fixture
def hold() -> Iterator[Callable[[Path], None]]:
    """Has another process take the lock of a file and stops that process."""
    holders: list[subprocess.Popen[bytes]] = []

    def take(path: Path) -> None:
        argv = [sys.executable, "-c", HOLDER, str(path.with_suffix(".lock"))]
        holders.append(subprocess.Popen(argv, stdout=subprocess.PIPE))
        assert holders[-1].stdout is not None
        assert holders[-1].stdout.readline() == b"held\n"
        os.kill(holders[-1].pid, signal.SIGSTOP)

    yield take
    for holder in holders:
        holder.kill()
        holder.communicate()


def intend(journal: Journal, label: Label) -> str:
    return journal.intend(label, destination="file /x", profile="prod")


def test_a_stopped_process_that_holds_the_lock_is_named_after_a_while(
    start: Callable[..., Journal], path: Path, label: Label, hold: Callable[[Path], None]
) -> None:
    journal = start(patience_seconds=A_MOMENT_SECONDS)
    intend(journal, label)
    hold(path)
    began = time.monotonic()

    with pytest.raises(JournalError, match="another sa-tui holds its lock") as raised:
        intend(journal, label)

    assert time.monotonic() - began < 20 * A_MOMENT_SECONDS
    assert "Without it no token is created." in str(raised.value)


def test_reading_waits_for_no_lock(
    start: Callable[..., Journal], path: Path, label: Label, hold: Callable[[Path], None]
) -> None:
    intend(start(), label)
    rotations = path.with_name("rotations.jsonl")
    writer = Rotations(rotations, now=now)
    id = writer.begin(
        base_url=label.base_url,
        account_id="a",
        account_name="ci",
        old_id="t-1",
        old_name="gha-3",
    )
    writer.issued(id, token_id="t-2", name="gha-4")
    hold(path)
    hold(rotations)
    began = time.monotonic()

    assert len(start().unfinished()) == 1
    reader = Rotations(rotations, now=now)
    assert len(reader.in_progress(base_url=label.base_url, account_id="a")) == 1
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_told_and_keeps_the_journal(
    start: Callable[..., Journal], path: Path, label: Label, code: int
) -> None:
    def flock(handle: int, operation: int) -> None:
        raise OSError(code, os.strerror(code))

    journal = start(take_lock=partial(take_lock, flock=flock))
    intend(journal, label)

    assert len(start().unfinished()) == 1
    assert journal.notices == (
        f"{path.parent} has a file system without locks: run one sa-tui at a time there.",
    )


def test_what_is_written_is_read_where_nothing_can_be_written(
    start: Callable[..., Journal], label: Label
) -> None:
    def flock(handle: int, operation: int) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    intend(start(), label)
    journal = start(take_lock=partial(take_lock, flock=flock))

    assert [each.label.token_name for each in journal.unfinished()] == [label.token_name]
    assert ["(Read-only file system)" in notice for notice in journal.notices] == [True]
    with pytest.raises(JournalError, match="Read-only file system"):
        intend(journal, label)


def test_what_is_finished_and_cannot_be_dropped_hides_nothing(
    start: Callable[..., Journal], path: Path, label: Label
) -> None:
    writer = start()
    writer.revoked(intend(writer, label))
    left = intend(writer, label)
    path.write_text(path.read_text().replace("2026-", "2025-"))  # finished long ago
    path.with_suffix(".new").mkdir()  # in the way of what is to replace the file
    journal = start()

    assert [each.id for each in journal.unfinished()] == [left]
    assert ["cannot be kept" in notice for notice in journal.notices] == [True]


def test_what_goes_wrong_with_a_lock_otherwise_is_told(
    start: Callable[..., Journal], label: Label
) -> None:
    def flock(handle: int, operation: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(JournalError, match=r"\(Input/output error\): make room there"):
        intend(start(take_lock=partial(take_lock, flock=flock)), label)
