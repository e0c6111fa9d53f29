"""Rotations in progress: a real file, one rotation for a token, and nothing kept that is over."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.records.journal import JournalError
from sa_tui.records.rotations import FILE_NAME, RESERVED_FOR, AlreadyRotatingError, Rotations

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pydantic import SecretStr

BASE_URL = "https://global.api.konghq.com"


class Time:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / FILE_NAME


@pytest.fixture
def start(path: Path, time: Time) -> Callable[[], Rotations]:
    """Opens the file the way a run of the program does."""
    return lambda: Rotations(path, now=time)


def begin(rotations: Rotations, old_id: str = "t-1", **changes: Any) -> str:
    about = {"base_url": BASE_URL, "account_id": "a-1", "account_name": "ci", "old_name": "gha-3"}
    return rotations.begin(**(about | {"old_id": old_id} | changes))


def shown(rotations: Rotations) -> list[str]:
    return [each.old_id for each in rotations.in_progress(base_url=BASE_URL, account_id="a-1")]


def test_a_rotation_is_known_to_the_next_run(start: Callable[[], Rotations], time: Time) -> None:
    first = start()
    id = begin(first, idle_for=timedelta(hours=2))
    first.issued(id, token_id="t-2", name="gha-4")
    time.now += timedelta(minutes=1)
    first.handed_over(id)
    first.verified(id)

    (rotation,) = start().in_progress(base_url=BASE_URL, account_id="a-1")

    assert (rotation.old_name, rotation.new_name, rotation.new_id) == ("gha-3", "gha-4", "t-2")
    assert rotation.idle_for == timedelta(hours=2)
    assert rotation.handed_over_at == rotation.verified_at == time.now


def test_another_run_cannot_begin_a_second_one(start: Callable[[], Rotations]) -> None:
    begin(start())

    with pytest.raises(AlreadyRotatingError, match="gha-3 is being replaced"):
        begin(start())
    begin(start(), "t-9")


def test_a_rotation_without_a_successor_lapses(start: Callable[[], Rotations], time: Time) -> None:
    begin(start())
    time.now += RESERVED_FOR

    begin(start())
    assert shown(start()) == []


def test_one_with_a_successor_never_lapses(start: Callable[[], Rotations], time: Time) -> None:
    rotations = start()
    rotations.issued(begin(rotations), token_id="t-2", name="gha-4")
    time.now += timedelta(days=400)

    assert shown(start()) == ["t-1"]
    with pytest.raises(AlreadyRotatingError):
        begin(start())


def test_what_is_over_is_dropped(start: Callable[[], Rotations], path: Path) -> None:
    rotations = start()
    for number in range(30):
        id = begin(rotations, f"t-{number}")
        rotations.issued(id, token_id=f"n-{number}", name="gha-4")
        rotations.end(id, "retired")

    assert shown(start()) == []
    assert len(path.read_text().splitlines()) <= 6


def test_a_damaged_line_is_counted_and_kept(start: Callable[[], Rotations], path: Path) -> None:
    rotations = start()
    rotations.issued(begin(rotations), token_id="t-2", name="gha-4")
    with path.open("a") as file:
        file.write('{"event": "begun", "id"\n')

    again = start()

    assert shown(again) == ["t-1"]
    assert [notice.split(" of ")[0] for notice in again.notices] == ["1 line"]
    rotations.end(begin(again, "t-3"), "failed")
    begin(again, "t-4")
    assert '{"event": "begun", "id"\n' in path.read_text()


def test_the_file_is_for_its_owner_alone(start: Callable[[], Rotations], path: Path) -> None:
    begin(start())

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_secret_is_refused(start: Callable[[], Rotations], path: Path, secret: SecretStr) -> None:
    with pytest.raises(JournalError):
        begin(start(), old_name=secret.get_secret_value())

    assert not path.exists() or secret.get_secret_value() not in path.read_text()


def test_a_full_disk_is_told_and_tears_no_line(
    start: Callable[[], Rotations],
    path: Path,
    no_file_beyond: Callable[[int], AbstractContextManager[None]],
) -> None:
    rotations = start()
    begin(rotations)
    size = path.stat().st_size

    with no_file_beyond(size + 20), pytest.raises(JournalError, match="make room"):
        begin(rotations, "t-2")

    assert [json.loads(line)["old_id"] for line in path.read_text().splitlines()] == ["t-1"]
