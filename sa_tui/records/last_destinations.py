"""Where each profile last sent a secret, so that the same place is one key away; never a secret.

It is a convenience: a file that cannot be read or written costs nothing but that.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from sa_tui.base.private_file import replace_lines
from sa_tui.base.secrets import is_secret_inside
from sa_tui.records.lines import DAMAGE, JournalError, RecordFile, text_in

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "destinations.jsonl"


@dataclass(frozen=True)
class LastDestination:
    """The name of a destination, and its path or command where that was typed anew."""

    name: str
    _: KW_ONLY
    text: str = ""
    format: str = ""


class LastDestinations:
    """The last destinations in one file that every sa-tui of this user shares."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = RecordFile(path, title="record of destinations")

    def of(self, profile: str) -> LastDestination | None:
        """The last destination of this profile; None when there is none, or it cannot be read."""
        return self._read().get(profile)

    def remember(self, profile: str, last: LastDestination) -> None:
        """Notes the destination on the disk, unless its text seems to hold a secret."""
        known = self._read()
        if known.get(profile) == last or is_secret_inside(last.text):
            return
        with suppress(JournalError), self._file.locked(patience_seconds=0):
            known = self._read() | {profile: last}
            lines = [
                {"profile": name, "name": each.name, "text": each.text, "format": each.format}
                for name, each in known.items()
            ]
            replace_lines(self.path, [json.dumps(line).encode() for line in lines])

    def _read(self) -> dict[str, LastDestination]:
        known: dict[str, LastDestination] = {}
        with suppress(JournalError):
            for line in self._file.lines():
                with suppress(*DAMAGE):
                    record = json.loads(line)
                    known[text_in(record, "profile")] = LastDestination(
                        text_in(record, "name"),
                        text=text_in(record, "text"),
                        format=text_in(record, "format"),
                    )
        return known
