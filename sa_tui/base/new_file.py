"""A new file for its owner alone: whole and on the disk, or not there at all.

Nothing that exists is overwritten, and no symbolic link is followed.
"""

from __future__ import annotations

import errno
import os
import stat

from sa_tui.base.private_file import FILE_MODE, sync_directory


class PartialFileError(Exception):
    """Writing failed after the file had been made; says what is left of it."""


def write_new(name: str, content: bytes, *, directory: int) -> None:
    """Makes the file in an open directory and waits until the disk has it.

    Raises OSError or ValueError when nothing was made, PartialFileError when writing failed.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(name, flags, FILE_MODE, dir_fd=directory)
    try:
        try:
            _fill(handle, content)
        finally:
            os.close(handle)
        sync_directory(directory)
    except OSError as error:
        raise PartialFileError(f"{error.strerror}. {_remove(name, directory)}") from None


def _fill(handle: int, content: bytes) -> None:
    os.fchmod(handle, FILE_MODE)
    if stat.S_IMODE(os.fstat(handle).st_mode) != FILE_MODE:
        raise OSError(errno.EPERM, "the file system cannot keep a file private")
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]
    os.fsync(handle)


def _remove(name: str, directory: int) -> str:
    try:
        os.unlink(name, dir_fd=directory)
    except OSError:
        return "A partial file is left there: remove it"
    return "The partial file was removed"
