"""Files of lines for the program's own state: private, and whole after a crash.

Directories have mode 0700 and files 0600. What a method has written is on the disk.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import TYPE_CHECKING

from sa_tui.base.directories import OWNER_ONLY, make_private_directory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FILE_MODE = 0o600


def read_lines(path: Path) -> list[bytes]:
    """Return the lines of the file, none when there is no file."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return []
    with open(handle, "rb") as file:
        return file.read().splitlines()


def append_line(path: Path, line: bytes) -> None:
    """Add one line, wholly or not at all."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(path, flags, _FILE_MODE)
    try:
        size = os.lseek(handle, 0, os.SEEK_END)
        # A line torn by a crash must not take this one with it.
        is_torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        content = b"\n" * is_torn + line + b"\n"
        try:
            if os.write(handle, content) != len(content):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
    if size == 0:
        _sync_directory(path.parent)


def replace_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Put these lines in place of the file's, at once."""
    replacement = path.with_suffix(".new")
    with open(replacement, "wb", opener=private_opener) as file:
        file.writelines(line + b"\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    os.replace(replacement, path)
    _sync_directory(path.parent)


def make_private(path: Path) -> tuple[str, ...]:
    """Make the directory, close it and the file to others; say what had to be mended."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a symbolic link")
    make_private_directory(path.parent)
    repairs = []
    for place, mode in ((path.parent, OWNER_ONLY), (path, _FILE_MODE)):
        with contextlib.suppress(FileNotFoundError):
            found = stat.S_IMODE(place.stat().st_mode)
            if found & ~mode:
                place.chmod(mode)
                repairs.append(f"{place} had mode {found:04o}; it is {mode:04o} now.")
    return tuple(repairs)


def private_opener(path: str, flags: int) -> int:
    """Open for `open`: for the owner alone, and no symbolic link."""
    return os.open(path, flags | os.O_NOFOLLOW, _FILE_MODE)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
