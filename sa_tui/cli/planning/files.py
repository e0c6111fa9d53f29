"""Reads the files that a command names, before anything is asked of Konnect.

The rule it keeps: nothing that is larger than a wished state can be is read to its end.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.cli.changing.names import STDIN
from sa_tui.cli.exits import UsageError
from sa_tui.org.saved.model import FORMAT
from sa_tui.plans.errors import FileError
from sa_tui.plans.form import read_wished
from sa_tui.plans.tree import LARGEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from sa_tui.plans.wished import Wished

STANDARD_INPUT = "standard input"

_SNAPSHOT = f'"format":"{FORMAT}"'.encode()


def read_files(names: Iterable[str], stdin: TextIO) -> list[tuple[str, bytes]]:
    """The name and the content of each file; `-` is standard input. Raises UsageError."""
    names = list(names)
    if names.count(STDIN) > 1:
        raise UsageError("Standard input can be read only once: give - once.")
    return [
        (STANDARD_INPUT, _standard_input(stdin)) if name == STDIN else (name, _file(name))
        for name in names
    ]


def wished_in(files: Sequence[tuple[str, bytes]]) -> Wished:
    """What these files wish for. Raises UsageError that names the file and the line."""
    try:
        return read_wished(files)
    except FileError as error:
        if snapshot := next((name for name, content in files if _SNAPSHOT in content), None):
            raise UsageError(
                f"{one_line(snapshot)} is a snapshot: sa-tui restore --to FILE compares with it."
            ) from None
        raise UsageError(str(error)) from None


def _file(name: str) -> bytes:
    try:
        with open(name, "rb") as file:
            return file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{one_line(name, limit=None)} cannot be read: {reason}.") from None


def _standard_input(stdin: TextIO) -> bytes:
    try:
        if stdin is sys.stdin:
            return stdin.buffer.read(LARGEST_BYTES + 1)
        return stdin.read(LARGEST_BYTES + 1).encode()
    except (OSError, ValueError) as error:  # closed
        raise UsageError(f"Standard input cannot be read: {error}") from error
