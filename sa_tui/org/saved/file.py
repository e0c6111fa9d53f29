"""Opens a snapshot file, and makes a new one for its owner alone.

The rule it keeps: what is read is a regular file under the very name that was given, and no larger
than can be held.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from sa_tui.org.saved.model import SavedError
from sa_tui.org.saved.reading import read_content

if TYPE_CHECKING:
    from pathlib import Path

    from sa_tui.org.saved.model import Saved

MOST_BYTES = 512 * 1024 * 1024


def read_file(path: Path) -> Saved:
    """The snapshot in a file. Raises SavedError."""
    try:
        # A pipe would wait for its writer.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise SavedError("It is a symbolic link: name the file itself") from None
        raise SavedError(f"It cannot be read: {error.strerror}") from None
    except ValueError:
        raise SavedError("That is not the name of a file") from None
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise SavedError("It is not a regular file")
        if about.st_size > MOST_BYTES:
            raise SavedError(f"It is larger than {MOST_BYTES // 2**20} MB")
        with open(handle, "rb", closefd=False) as file:
            content = file.read()
    except OSError as error:
        raise SavedError(f"It cannot be read: {error.strerror}") from None
    finally:
        os.close(handle)
    return read_content(content)
