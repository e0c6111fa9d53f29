"""A file for everybody to read, whole or as it was before; what another program made stays.

A file of this kind holds no secret: a program of another user reads it.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from sa_tui.base.private_file import opened_directory, sync_directory

if TYPE_CHECKING:
    from pathlib import Path

MODE = 0o644


def write_shared(path: Path, content: bytes, *, begin: bytes) -> None:
    """Makes the file, or replaces one that begins with `begin`, in one step.

    Raises OSError; FileExistsError when something else is there. The file that is written before
    ends in `~`, by which programs that look for files pass it over.
    """
    name = path.name
    temporary = f".{name}.{os.getpid()}~"
    with opened_directory(path.absolute().parent) as folder:
        _refuse_others(name, begin, folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(temporary, flags, MODE, dir_fd=folder)
        try:
            with open(handle, "wb") as file:
                os.fchmod(file.fileno(), MODE)  # whatever the umask is
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            os.unlink(temporary, dir_fd=folder)
            raise
        sync_directory(folder)


def _refuse_others(name: str, begin: bytes, folder: int) -> None:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(name, flags, dir_fd=folder)
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise FileExistsError(errno.EEXIST, "it is a symbolic link") from None
        raise
    with open(handle, "rb", buffering=0) as file:
        is_ours = stat.S_ISREG(os.fstat(handle).st_mode) and file.read(len(begin)) == begin
    if not is_ours:
        raise FileExistsError(errno.EEXIST, "something else is there")
