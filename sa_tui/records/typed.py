"""What an operator typed and saved for a profile, kept between starts: queries and commands.

The rule it keeps: nothing that looks like a token is kept, and a line that cannot be read stays in
its file. Both files are beside the journal and not beside `profiles.toml`: that one is written by
hand and often shared, while these name the accounts and entities of an organisation.
"""

from __future__ import annotations

import json
import os
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sa_tui.base.private_file import replace_lines
from sa_tui.base.secrets import redact
from sa_tui.records.lines import DAMAGE, JournalError, RecordFile, text_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from sa_tui.base.wire import JsonObject

TYPED_FILE_NAME = "typed.jsonl"
QUERIES_FILE_NAME = "queries.jsonl"
MAX_BYTES = 200_000
MOST_KEPT = 50
"""Texts of one kind that are kept for a profile."""

LONGEST = 1_000
"""Characters of a text that is kept: a longer one was pasted by mistake."""

TypedKind = Literal["query", "command"]


def may_be_kept(text: str) -> bool:
    """Whether a text is worth keeping, and holds nothing that looks like a token."""
    return bool(text.strip()) and len(text) <= LONGEST and redact(text) == text


class TypedFile:
    """The texts that were typed after `/` and `:`; every sa-tui of this user adds to it."""

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._file = RecordFile(path, title="history of queries and commands")

    def texts(self, profile: str, kind: TypedKind) -> tuple[str, ...]:
        """What was typed for a profile, each text once, the oldest first.

        Raises JournalError when the file cannot be read.
        """
        return tuple(self._read().get((profile, kind), ()))

    def add(self, profile: str, kind: TypedKind, text: str, *, at: datetime) -> None:
        """Adds a text as the newest. Raises JournalError when the file cannot be kept."""
        if not may_be_kept(text):
            return
        with self._file.locked(patience_seconds=0):
            self._make_room()
            record = {"event": kind, "id": profile, "at": at.isoformat(), "text": text}
            self._file.append(record)

    def _make_room(self) -> None:
        """Keeps the newest texts of a full file; as it was it becomes the one before."""
        if not self._path.exists() or self._path.stat().st_size < self._max_bytes:
            return
        kept = self._read()
        os.replace(self._path, self._path.with_name(f"{self._path.name}.1"))
        records = (
            {"event": kind, "id": profile, "text": text}
            for (profile, kind), texts in kept.items()
            for text in texts
        )
        replace_lines(self._path, [json.dumps(record).encode() for record in records])

    def _read(self) -> dict[tuple[str, str], deque[str]]:
        found: dict[tuple[str, str], deque[str]] = {}
        for line in self._file.lines():
            try:
                record = json.loads(line)
                texts = found.setdefault(
                    (text_in(record, "id"), text_in(record, "event")), deque(maxlen=MOST_KEPT)
                )
                text = text_in(record, "text")
            except DAMAGE:
                continue
            if text in texts:
                texts.remove(text)
            texts.append(text)
        return found


@dataclass(frozen=True)
class SavedQuery:
    """A query that was saved by a name for a profile."""

    profile: str
    name: str
    query: str


class QueriesFile:
    """The queries that were saved by a name."""

    def __init__(self, path: Path) -> None:
        self._file = RecordFile(path, title="file of saved queries")

    @property
    def notices(self) -> tuple[str, ...]:
        """What the operator should know of the file: lines that cannot be read."""
        return self._file.damage

    def of(self, profile: str) -> Mapping[str, str]:
        """The queries of a profile by their names. Raises JournalError."""
        saved = self._file.entries("saved", begin=_saved, follow=lambda saved, _: saved)
        return {row.name: row.query for row in saved.values() if row and row.profile == profile}

    def save(self, profile: str, name: str, query: str, *, at: datetime) -> None:
        """Saves a query, in place of one of that name. Raises JournalError."""
        if not (may_be_kept(query) and may_be_kept(name)):
            raise JournalError("It was not saved: it is too long, or seems to hold a token.")
        id = _id(profile, name)
        with self._file.locked():
            self._file.drop({id})
            record = {"event": "saved", "id": id, "at": at.isoformat()}
            self._file.append(record | {"profile": profile, "name": name, "query": query})

    def forget(self, profile: str, name: str) -> None:
        """Drops the query of this name. Raises JournalError."""
        with self._file.locked():
            self._file.drop({_id(profile, name)})


def _id(profile: str, name: str) -> str:
    return f"{profile}\t{name}"


def _saved(record: JsonObject) -> SavedQuery:
    return SavedQuery(
        text_in(record, "profile"), name=text_in(record, "name"), query=text_in(record, "query")
    )
