"""An answer in a file: new, private, whole, and never in place of something else."""

from __future__ import annotations

import os
import resource
import signal
import stat
from pathlib import Path

import pytest

from sa_tui.answers.saving import NotSavedError, free_path, save


def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    said = save(tmp_path / "who.csv", "a,b\n")

    assert (tmp_path / "who.csv").read_text() == "a,b\n"
    assert stat.S_IMODE((tmp_path / "who.csv").stat().st_mode) == 0o600
    assert said == f"{tmp_path}/who.csv (mode 0600, 4 bytes)"


def test_nothing_is_overwritten_and_a_free_name_is_given(tmp_path: Path) -> None:
    for name in ("who.csv", "who-2.csv"):
        (tmp_path / name).write_text("before")

    with pytest.raises(NotSavedError, match=r"who-3\.csv is free") as caught:
        save(tmp_path / "who.csv", "after")

    assert caught.value.free == tmp_path / "who-3.csv"
    assert (tmp_path / "who.csv").read_text() == "before"


@pytest.mark.parametrize("is_dangling", [True, False])
def test_no_link_is_followed(tmp_path: Path, is_dangling: bool) -> None:
    aim = tmp_path / "aim"
    if not is_dangling:
        aim.write_text("before")
    (tmp_path / "who.csv").symlink_to(aim)

    with pytest.raises(NotSavedError, match="exists"):
        save(tmp_path / "who.csv", "after")

    assert (aim.exists(), free_path(tmp_path / "who.csv").name) == (not is_dangling, "who-2.csv")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nowhere/who.csv", "nowhere does not exist: make it"),
        ("file/who.csv", "file is not a directory"),
        ("directory", "is a directory: add a file name"),
        ("directory/", "is a directory: add a file name"),
        ("a\0b", "could not be made"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_path_that_cannot_be_has_a_reason(tmp_path: Path, path: str, reason: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "directory").mkdir()

    with pytest.raises(NotSavedError, match=reason) as caught:
        save(tmp_path / path, "text")

    assert caught.value.free is None


def test_a_home_that_nobody_has_is_a_reason() -> None:
    with pytest.raises(NotSavedError, match="could not be made"):
        save(Path("~nobody-has-this-name/who.csv"), "text")


def test_without_room_no_part_of_a_file_is_left(tmp_path: Path) -> None:
    path = tmp_path / "who.csv"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        with pytest.raises(NotSavedError, match=r"File too large. The partial file was removed"):
            save(path, "x" * 5_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)

    assert os.listdir(tmp_path) == []


def test_half_a_character_is_written_as_an_escape(tmp_path: Path) -> None:
    save(tmp_path / "who.csv", "a\ud800b")

    assert (tmp_path / "who.csv").read_text() == "a\\ud800b"
