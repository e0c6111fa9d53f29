"""Checks whether a stream can be written to, before something is sent."""

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
    """Replaces a stream that the caller closed: writing to it fails, as it would there."""

    def write(self, text: str, /) -> int:
        """Raises OSError."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def occupy_closed_streams() -> None:
    """Opens those of the first three descriptors that the caller closed onto /dev/null.

    Otherwise the next file or socket would get such a number, and standard output or error would
    go there.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number: this one


def why_unwritable(stream: TextIO) -> str | None:
    """Why a stream cannot be written to, as the system says it, or None; writes nothing."""
    if isinstance(stream, ClosedStream) or stream.closed:
        return "it is closed"
    try:
        descriptor = stream.fileno()
    except OSError:  # a stream in memory
        return None
    try:
        return _why_unwritable(descriptor)
    except OSError as error:
        return error.strerror or str(error)


def _why_unwritable(descriptor: int) -> str | None:
    status = os.fstat(descriptor)
    if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        return "it is only open for reading"
    if stat.S_ISCHR(status.st_mode) and _is_full_device(status):
        return os.strerror(errno.ENOSPC)
    if stat.S_ISREG(status.st_mode):
        disk = os.fstatvfs(descriptor)
        is_full = disk.f_bavail * disk.f_frsize < _ROOM_BYTES
        return os.strerror(errno.ENOSPC) if is_full else None
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    if any(event & (select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0)):
        return os.strerror(errno.EPIPE)
    return None


def _is_full_device(status: os.stat_result) -> bool:
    try:
        return os.stat(_FULL_DEVICE).st_rdev == status.st_rdev
    except OSError:
        return False
