"""Saves an answer in a new file for its owner alone; the reason of a failure says what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from sa_tui.base.new_file import PartialFileError, write_new
from sa_tui.base.private_file import FILE_MODE, opened_directory


class NotSavedError(Exception):
    """Nothing was saved; `free` is a path that can be taken where the one asked for is not free."""

    def __init__(self, message: str, *, free: Path | None = None) -> None:
        self.free = free
        super().__init__(message)


def save(path: Path, text: str) -> str:
    """Makes the file and waits until the disk has it; returns its place and size in words.

    A leading `~` is the home directory. Raises NotSavedError.
    """
    content = text.encode(errors="backslashreplace")  # a name may hold half a character
    try:
        target = Path(os.path.abspath(path.expanduser()))
        with opened_directory(target.parent) as directory:
            write_new(target.name or ".", content, directory=directory)
    except PartialFileError as error:
        raise NotSavedError(f"Writing {path} failed: {error}.") from None
    except FileExistsError:
        if target.is_dir():
            raise NotSavedError(f"{path} is a directory: add a file name.") from None
        free = free_path(path)
        raise NotSavedError(
            f"{path} exists, and nothing is overwritten: {free.name} is free.", free=free
        ) from None
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: there is no such home
        raise NotSavedError(_explain(path, error)) from None
    return f"{target} (mode {FILE_MODE:04o}, {len(content):,} bytes)"


def free_path(path: Path) -> Path:
    """The path itself, or the first with a number before its ending at which nothing is."""
    candidate, number = path, 1
    while os.path.lexists(candidate.expanduser()):
        number += 1
        candidate = path.with_stem(f"{path.stem}-{number}")
    return candidate


def _explain(path: Path, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    parent = path.parent if path.parent != Path() else Path("the working directory")
    match getattr(error, "errno", None):
        case errno.ENOENT:
            return f"{parent} does not exist: make it, or choose another place."
        case errno.ENOTDIR:
            return f"{parent} is not a directory: choose another place."
    return f"{path} could not be made: {reason}. Choose another place."
