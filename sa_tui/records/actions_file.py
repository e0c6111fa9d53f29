"""What was changed in Konnect, kept in a private file; it never holds a secret or grows for ever.

One JSON object a line in a file of mode 0600, in a directory of mode 0700. A full file makes room
by becoming the one before, which takes the place of an older one.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from sa_tui.base.secrets import redact
from sa_tui.records.lines import DAMAGE, RecordFile, moment_in, text_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sa_tui.base.wire import JsonObject

FILE_NAME = "actions.jsonl"
MAX_BYTES = 1_000_000
"""How large the file grows; together with the one before it, twice that."""


def _redacted(value: object) -> object:
    """The value without what looks like a token, however deep in it."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _redacted(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(inner) for inner in value]
    return value


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
        words = {key: _redacted(value) for key, value in record.items()}
        if words.get("undo") != record.get("undo"):
            words["undo"] = None  # what was redacted cannot be sent
        with self._file.locked():
            self._make_room(len(json.dumps({"run": self._run} | words)) + 1)
            self._file.append({"run": self._run} | words)

    def earlier(self) -> list[JsonObject]:
        """The last record of each change of the runs before this one, the newest first.

        Lines that cannot be read are left out. Raises JournalError when the file cannot be read.
        """
        before = RecordFile(self.path_before, title="record of changes")
        records: dict[tuple[str, int], JsonObject] = {}
        for line in (*before.lines(), *self._file.lines()):
            try:
                record = json.loads(line)
                key = (text_in(record, "run"), int(record["number"]))
                moment_in(record, "at")
            except DAMAGE:
                continue
            if key[0] != self._run:
                records[key] = record
        newest_first = reversed(records.values())  # of the same moment, the later line
        return sorted(newest_first, key=lambda record: moment_in(record, "at"), reverse=True)

    def _make_room(self, wanted_bytes: int) -> None:
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return
        if size and size + wanted_bytes > self._max_bytes:
            os.replace(self.path, self.path_before)
