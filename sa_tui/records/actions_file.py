"""What was changed in Konnect, kept in a private file; it never holds a secret or grows for ever.

One JSON object a line in a file of mode 0600, in a directory of mode 0700. A full file makes room
by becoming the one before, which takes the place of an older one.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from sa_tui.base.secrets import redact
from sa_tui.records.lines import RecordFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "actions.jsonl"
MAX_BYTES = 1_000_000
"""How large the file grows; together with the one before it, twice that."""


class ActionsFile:
    """The changes that every sa-tui of this user has made, in one file.

    `run` tells the runs of the program apart: it is written into every record.
    """

    def __init__(self, path: Path, *, run: str, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self._file = RecordFile(path, title="record of changes")
        self._run = run
        self._max_bytes = max_bytes

    @property
    def path_before(self) -> Path:
        """The file that was full."""
        return self.path.with_name(f"{self.path.name}.1")

    def append(self, record: Mapping[str, object]) -> None:
        """Writes one record to the disk, without what looks like a token.

        Raises JournalError when the file cannot be kept.
        """
        words = {
            key: redact(value) if isinstance(value, str) else value for key, value in record.items()
        }
        with self._file.locked():
            self._make_room(len(json.dumps({"run": self._run} | words)) + 1)
            self._file.append({"run": self._run} | words)

    def _make_room(self, wanted_bytes: int) -> None:
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return
        if size and size + wanted_bytes > self._max_bytes:
            os.replace(self.path, self.path_before)
