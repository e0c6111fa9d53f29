"""Makes directories that nobody else can look into, whatever the umask is."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OWNER_ONLY = 0o700


def make_private_directory(path: Path) -> None:
    """Makes the directory and those above it that are missing, each for its owner alone.

    Those that are there stay as they are. Raises OSError.
    """
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    for each in reversed(missing):
        with suppress(FileExistsError):  # somebody else was quicker
            os.mkdir(each, OWNER_ONLY)
