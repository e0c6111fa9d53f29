"""Directories are for their owner alone, those above them too, and need not know how to sync."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sa_tui.base.private_file import (
    append_line,
    make_private_directory,
    replace_lines,
    sync_directory,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each umask in turn."""
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_what_is_missing_is_made_private_and_what_is_there_stays(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private_directory(tmp_path / ".local" / "state" / "sa-tui")
    made = [tmp_path / ".local", tmp_path / ".local/state", tmp_path / ".local/state/sa-tui"]
    assert [mode(each) for each in made] == [0o700] * 3
    assert mode(tmp_path) == 0o755
    make_private_directory(made[-1])


def test_a_file_in_the_way_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        make_private_directory(tmp_path / "file" / "sub")


def test_a_link_that_leads_nowhere_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    make_private_directory(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()


def test_a_file_system_that_cannot_sync_a_directory_stops_nothing() -> None:
    reading, writing = os.pipe()  # as such a directory, a pipe answers EINVAL
    sync_directory(reading)
    os.close(reading)
    os.close(writing)
    with pytest.raises(OSError, match="Bad file descriptor"):
        sync_directory(reading)


def test_a_line_is_on_the_disk_when_it_is_added() -> None:
    with pytest.raises(OSError, match="Invalid argument"):  # what /dev/null answers to fsync
        append_line(Path("/dev/null"), b"{}")


def test_lines_are_on_the_disk_before_they_take_the_place_of_others(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"before\n")
    os.mkfifo(path.with_suffix(".new"))  # what a pipe answers to fsync stops it
    reading = os.open(path.with_suffix(".new"), os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(OSError, match="Invalid argument"):
        replace_lines(path, [b"after"])
    os.close(reading)
    assert path.read_bytes() == b"before\n"
