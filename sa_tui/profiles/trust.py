"""Whether a file may decide what is run and where a token goes: nobody else may have written it."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from sa_tui.profiles.errors import ProfileError

if TYPE_CHECKING:
    import os
    from pathlib import Path

_ROOT = 0
_MOST_LINKS = 40
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def refuse_foreign(path: Path, status: os.stat_result, *, caller: int, because: str) -> None:
    """Raises ProfileError unless the caller or root alone can have written the open file.

    `status` is of the open file, which may be what a link at `path` leads to. `because` says what
    the file could do.
    """
    if status.st_uid not in (caller, _ROOT):
        raise ProfileError(
            f"This file belongs to user id {status.st_uid}, and you are {caller}: {because}.",
            path=path,
            mend=f"If it is meant, make it yours: chown {caller} {path}",
        )
    if status.st_mode & _OTHERS_WRITE:
        others = "Everyone on this machine" if status.st_mode & stat.S_IWOTH else "Its whole group"
        raise ProfileError(
            f"{others} may change this file (mode {_mode(status)}): {because}.",
            path=path,
            mend=f"Look whether it says what you wrote, then run: chmod go-w {path}",
        )
    for directory in dict.fromkeys((path.parent, path.resolve().parent)):
        _refuse_directory(directory, caller=caller, because=because)


def _refuse_directory(directory: Path, *, caller: int, because: str) -> None:
    status = directory.stat()
    if status.st_uid not in (caller, _ROOT):
        raise ProfileError(
            f"This directory belongs to user id {status.st_uid}, who may replace the files in it: "
            f"{because}.",
            path=directory,
            mend="Keep the file in a directory of your own.",
        )
    # In a sticky one, such as /tmp, nobody can replace the file of another.
    if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
        raise ProfileError(
            f"Everyone on this machine may replace the files in this directory "
            f"(mode {_mode(status)}): {because}.",
            path=directory,
            mend=f"Look whether they are yours, then run: chmod o-w {directory}",
        )


def is_of_root_alone(path: Path) -> bool:
    """Whether nobody but root can have put there, or changed, what the path leads to.

    This is how containers mount secrets: perhaps through links, in directories of root's.
    """
    steps = _steps(path)
    for step in steps:
        try:
            status = step.lstat()
        except OSError:
            return False
        if status.st_uid != _ROOT:
            return False
        is_open = bool(status.st_mode & _OTHERS_WRITE) and not stat.S_ISLNK(status.st_mode)
        is_sticky_directory = stat.S_ISDIR(status.st_mode) and bool(status.st_mode & stat.S_ISVTX)
        if is_open and not is_sticky_directory:
            return False
    return bool(steps)


def _steps(path: Path) -> list[Path]:
    """Every directory, link and file on the way to what the path leads to; none for a circle."""
    here = type(path)("/")
    steps, links, names = [here], 0, list(reversed(path.parts[1:]))
    while names and links <= _MOST_LINKS:
        name = names.pop()
        if name == "..":
            here = here.parent
            continue
        step = here / name
        steps.append(step)
        if not step.is_symlink():
            here = step
            continue
        links += 1
        target = step.readlink()
        here = type(path)("/") if target.is_absolute() else here
        names += [part for part in reversed(target.parts) if part != "/"]
    return [] if names else steps


def _mode(status: os.stat_result) -> str:
    return f"{stat.S_IMODE(status.st_mode):04o}"
