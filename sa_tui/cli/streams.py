"""Whether a stream can take what is to be written, found out before it matters."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import select
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

_ROOM_BYTES = 4_096
_FULL_DEVICE = "/dev/full"


class ClosedStream(io.StringIO):
    """Stands for a stream that the caller closed: writing to it fails, as it would there."""

    def write(self, text: str, /) -> int:
        """Raises OSError."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def occupy_closed_streams() -> None:
    """Opens what the caller closed of the first three descriptors, onto nothing.

    Else the next file or socket would get such a number, and what is meant for standard output or
    error would go there.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one


def why_unwritable(stream: TextIO) -> str | None:
    """Why nothing can be written to a stream, as the system says it, or None; writes nothing."""
    if isinstance(stream, ClosedStream) or stream.closed:
        return "it is closed"
    try:
        descriptor = stream.fileno()
    except OSError:  # kept in memory
        return None
    try:
        return _why_unwritable(descriptor)
    except OSError as error:
        return error.strerror or str(error)


def _why_unwritable(descriptor: int) -> str | None:
    found = os.fstat(descriptor)
    if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        return "it is open for reading alone"
    if stat.S_ISCHR(found.st_mode) and _is_full_device(found):
        return os.strerror(errno.ENOSPC)
    if stat.S_ISREG(found.st_mode):
        disk = os.fstatvfs(descriptor)
        is_full = disk.f_bavail * disk.f_frsize < _ROOM_BYTES
        return os.strerror(errno.ENOSPC) if is_full else None
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    if any(event & (select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0)):
        return os.strerror(errno.EPIPE)
    return None


def _is_full_device(found: os.stat_result) -> bool:
    try:
        return os.stat(_FULL_DEVICE).st_rdev == found.st_rdev
    except OSError:
        return False
