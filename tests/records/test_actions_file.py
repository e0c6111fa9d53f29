"""The record of changes is private, holds no secret, and does not grow for ever."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.records.actions_file import ActionsFile
from sa_tui.records.journal import JournalError

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "spat_" + "Ab3" * 12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "actions.jsonl"


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_records_follow_each_other_one_a_line(path: Path) -> None:
    file = ActionsFile(path, run="jump/1")
    file.append({"number": 1, "title": "Rename a\nto b"})
    file.append({"number": 2, "title": "Löschen"})

    assert _records(path) == [
        {"run": "jump/1", "number": 1, "title": "Rename a\nto b"},
        {"run": "jump/1", "number": 2, "title": "Löschen"},
    ]


def test_the_file_and_its_directory_are_the_owner_s_alone(path: Path) -> None:
    ActionsFile(path, run="jump/1").append({"number": 1})

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_was_open_to_others_is_closed(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    path.write_text("")
    path.chmod(0o644)

    ActionsFile(path, run="jump/1").append({"number": 1})

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_looks_like_a_token_is_not_written(path: Path) -> None:
    ActionsFile(path, run="jump/1").append({"message": f"no such token {TOKEN}"})

    assert TOKEN not in path.read_text()
    assert _records(path)[0]["message"] == "no such token spat_…"


def test_a_full_file_becomes_the_one_before_and_both_stay_bounded(path: Path) -> None:
    file = ActionsFile(path, run="jump/1", max_bytes=400)
    for number in range(100):
        file.append({"number": number, "title": "x" * 40})
        assert path.stat().st_size <= 400

    numbers = [each["number"] for each in (*_records(file.path_before), *_records(path))]
    assert numbers == list(range(numbers[0], 100))
    assert len(numbers) > 4
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "actions.jsonl",
        "actions.jsonl.1",
        "actions.lock",
    ]
    assert stat.S_IMODE(file.path_before.stat().st_mode) == 0o600


def test_a_line_torn_by_a_crash_takes_no_other_with_it(path: Path) -> None:
    file = ActionsFile(path, run="jump/1")
    file.append({"number": 1})
    with path.open("a") as torn:
        torn.write('{"run": "jum')

    file.append({"number": 2})

    lines = path.read_text().splitlines()
    assert json.loads(lines[0])["number"] == 1
    assert json.loads(lines[2])["number"] == 2


def test_a_symbolic_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(JournalError, match="symbolic link"):
        ActionsFile(path, run="jump/1").append({"number": 1})

    assert not (tmp_path / "elsewhere").exists()


def test_two_runs_write_into_one_file(path: Path) -> None:
    first, second = ActionsFile(path, run="jump/1"), ActionsFile(path, run="jump/2")
    first.append({"number": 1})
    second.append({"number": 1})
    first.append({"number": 2})

    assert [(each["run"], each["number"]) for each in _records(path)] == [
        ("jump/1", 1),
        ("jump/2", 1),
        ("jump/1", 2),
    ]


def test_what_looks_like_a_token_is_left_out_also_deep_inside_and_cannot_be_sent(
    path: Path,
) -> None:
    file = ActionsFile(path, run="jump/1")
    undo = {"title": "x", "verb": "rename-token", "ids": {}, "body": {"name": TOKEN}}
    file.append({"number": 1, "fields": [{"name": "name", "before": TOKEN}], "undo": undo})

    assert TOKEN not in path.read_text()
    assert _records(path)[0]["undo"] is None


def test_of_earlier_runs_the_last_record_of_each_change_is_given(path: Path) -> None:
    at = "2026-11-23T12:00:00+00:00"
    for run, number, outcome in (("a", 1, "unknown"), ("b", 1, "done"), ("a", 1, "done")):
        file = ActionsFile(path, run=run)
        file.append({"number": number, "outcome": outcome, "at": at})

    earlier = ActionsFile(path, run="b").earlier()
    assert [(record["run"], record["outcome"]) for record in earlier] == [("a", "done")]
