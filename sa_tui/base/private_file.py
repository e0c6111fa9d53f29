"""Files of lines for the program's own state: private, whole after a crash, locked by one writer.

Directories have mode 0700 and files 0600. What a function has written is on the disk. A process
that was stopped keeps its locks, so none is waited for long: whoever did would stand still as well,
perhaps with a secret on the screen that nobody else has.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_DIRECTORY_MODE = 0o700
FILE_MODE = 0o600

PATIENCE_SECONDS = 2.0
"""How long a lock is waited for: far longer than any sa-tui that runs holds one."""

_RETRY_SECONDS = 0.01
# What file systems without locks say, network file systems among them.
_NO_LOCKS = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EBADF})


class HeldError(OSError):
    """Another process has held the lock all the while."""

    def __init__(self) -> None:
        super().__init__(
            errno.EAGAIN,
            "another sa-tui holds its lock and does not go on; bring that one back (fg) or end it",
        )


def read_lines(path: Path) -> list[bytes]:
    """The lines of the file, none when there is no file."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return []
    with open(handle, "rb") as file:
        return file.read().splitlines()


def append_line(path: Path, line: bytes) -> None:
    """Adds one line, wholly or not at all."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(path, flags, FILE_MODE)
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
        _sync_directory_of(path)


def replace_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Puts these lines in place of the file's, at once."""
    replacement = path.with_suffix(".new")
    with open(replacement, "wb", opener=private_opener) as file:
        file.writelines(line + b"\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    os.replace(replacement, path)
    _sync_directory_of(path)


def make_private(path: Path) -> tuple[str, ...]:
    """Makes the directory, closes it and the file to others; says what had to be mended."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a symbolic link")
    make_private_directory(path.parent)
    repairs = []
    for place, mode in ((path.parent, _DIRECTORY_MODE), (path, FILE_MODE)):
        with contextlib.suppress(FileNotFoundError):
            found_mode = stat.S_IMODE(place.stat().st_mode)
            if found_mode & ~mode:
                place.chmod(mode)
                repairs.append(f"{place} had mode {found_mode:04o}; it is {mode:04o} now.")
    return tuple(repairs)


def make_private_directory(path: Path) -> None:
    """Makes the directory and those above it that are missing, each for its owner alone.

    Those that are there stay as they are. Raises OSError.
    """
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    for directory in reversed(missing):
        with contextlib.suppress(FileExistsError):  # somebody else was quicker
            os.mkdir(directory, _DIRECTORY_MODE)


def take_lock(
    handle: int,
    *,
    patience_seconds: float = PATIENCE_SECONDS,
    flock: Callable[[int, int], None] = fcntl.flock,
) -> bool:
    """Takes the lock on an open file until it is closed; False on a file system that has none.

    Raises HeldError when another process holds it for longer than `patience_seconds`.
    """
    end = time.monotonic() + patience_seconds
    while True:
        try:
            flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise HeldError from None
            time.sleep(_RETRY_SECONDS)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return False
            raise
        else:
            return True


def private_opener(path: str, flags: int) -> int:
    """Opens for `open`: for the owner alone, and no symbolic link."""
    return os.open(path, flags | os.O_NOFOLLOW, FILE_MODE)


@contextlib.contextmanager
def opened_directory(path: Path) -> Iterator[int]:
    """A handle of the directory: what is checked, locked and written to is one and the same."""
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield directory
    finally:
        os.close(directory)


def sync_directory(directory: int) -> None:
    """Waits until the disk has the names in an open directory, where the file system can tell."""
    try:
        os.fsync(directory)
    except OSError as error:
        # Some network file systems cannot; the file itself is on the disk by now.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise


def _sync_directory_of(path: Path) -> None:
    with opened_directory(path.parent) as directory:
        sync_directory(directory)
