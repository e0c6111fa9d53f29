"""What a new file holds is on the disk before anybody is told that it is written."""

from __future__ import annotations

import os

import pytest

from sa_tui.base.new_file import _fill


def test_the_content_is_on_the_disk_when_it_is_written() -> None:
    reading, writing = os.pipe()
    with pytest.raises(OSError, match="Invalid argument"):  # what a pipe answers to fsync
        _fill(writing, b"token")
    assert os.read(reading, 9) == b"token"
    os.close(reading)
    os.close(writing)
