"""The lock that every sa-tui takes before it changes a file that they share; it never waits long.

A process that was stopped keeps its locks: whoever waited for it without a limit would stand still
as well, perhaps with a secret on the screen that nobody else has.
"""

from __future__ import annotations

import errno
import fcntl
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

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


def take_lock(
    handle: int,
    *,
    patience_seconds: float = PATIENCE_SECONDS,
    flock: Callable[[int, int], None] = fcntl.flock,
) -> bool:
    """Take the lock on an open file until it is closed; False on a file system that has none.

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
