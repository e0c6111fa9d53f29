"""Internal errors: the operator sees one line, and a file keeps the trace for a bug report.

A trace has places and messages, never values of variables, and nothing that looks like a secret.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from sa_tui.base.private_file import make_private, replace_lines
from sa_tui.base.secrets import redact
from sa_tui.base.text import without_escapes

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

FILE_NAME = "internal-errors.txt"
MOST_KEPT = 20
"""The number of different errors that are kept; the first one of the next run replaces them."""


def trace_of(error: BaseException) -> str:
    """The traceback and message of an error, redacted."""
    return redact(without_escapes("".join(traceback.format_exception(error))))


class Failures:
    """Keeps the traces of this run in a private file."""

    def __init__(self, path: Path, *, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now
        self.traces: dict[str, str] = {}

    def keep(self, error: BaseException, *, doing: str = "") -> str:
        """Keeps the trace of an error, once; returns what to tell the operator."""
        trace, name = trace_of(error), type(error).__name__
        notice = f"sa-tui met an internal error{f' ({doing})' if doing else ''}: {name}."
        if trace not in self.traces and len(self.traces) < MOST_KEPT:
            self.traces[trace] = f"{self._now():%Y-%m-%d %H:%M:%S} UTC {doing}".rstrip()
            try:
                make_private(self._path)
                replace_lines(self._path, self._lines())
            except OSError as problem:
                return f"{notice} Its trace could not be kept in {self._path}: {problem.strerror}."
        return f"{notice} Its trace is kept in {self._path}."

    def _lines(self) -> list[bytes]:
        texts = [f"{heading}\n{trace}" for trace, heading in self.traces.items()]
        return "\n".join(texts).encode(errors="replace").splitlines()
