"""Records that every sa-tui of this user shares: one JSON object a line, private, on the disk.

A record that was written is on the disk. Reading takes no lock and never waits; a line that cannot
be read ends nothing, is counted and stays where it is. No record ever holds a secret.
"""

from __future__ import annotations

import contextlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sa_tui.base.address import normal_address
from sa_tui.base.private_file import (
    PATIENCE_SECONDS,
    HeldError,
    append_line,
    make_private,
    private_opener,
    read_lines,
    replace_lines,
    take_lock,
)
from sa_tui.base.secrets import is_secret_inside

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from sa_tui.base.wire import JsonObject

Entry = TypeVar("Entry")

DAMAGE = (ValueError, LookupError, TypeError, ArithmeticError, RecursionError)
"""What a line from a damaged file, or from another program, can raise where it is understood."""

_WITHOUT_LOCKS = "has a file system without locks: run one sa-tui at a time there"


class JournalError(Exception):
    """A file of records cannot be kept; says where, why and what to do."""


class RecordFile:
    """The records in one file; `title` and `need` say in a message what it is and is needed for.

    `repairs` says what had to be mended about the file, and that its directory knows no locks;
    `damage` is a sentence on the lines that could not be read, or none.
    Methods raise JournalError when the file cannot be kept.
    """

    def __init__(
        self,
        path: Path,
        *,
        title: str,
        need: str = "",
        patience_seconds: float = PATIENCE_SECONDS,
        take_lock: Callable[..., bool] = take_lock,
    ) -> None:
        self.path = path
        self.repairs: tuple[str, ...] = ()
        self.damage: tuple[str, ...] = ()
        self._title = title
        self._need = need
        self._patience_seconds = patience_seconds
        self._take_lock = take_lock

    def lines(self) -> list[bytes]:
        """The lines as they are; none when there is no file."""
        try:
            return read_lines(self.path)
        except OSError as error:
            raise self.unusable(error) from error

    def entries(
        self,
        first_event: str,
        *,
        begin: Callable[[JsonObject], Entry],
        follow: Callable[[Entry, JsonObject], Entry | None],
    ) -> dict[str, Entry | None]:
        """What the records of each id add up to, in order; None is what is over.

        `begin` and `follow` may raise what DAMAGE lists. `damage` then counts that line.
        """
        entries: dict[str, Entry | None] = {}
        damaged = 0
        for line in self.lines():
            try:
                record = _decoded(line)
                id = record["id"]
                if record["event"] == first_event:
                    entries[id] = begin(record)
                elif (entry := entries.get(id)) is not None:
                    entries[id] = follow(entry, record)
            except DAMAGE:
                damaged += 1
        self.damage = _damage_notice(damaged, self.path)
        return entries

    @contextlib.contextmanager
    def locked(self, *, patience_seconds: float | None = None) -> Iterator[None]:
        """Keeps every other sa-tui from writing; makes the file private first."""
        seconds = self._patience_seconds if patience_seconds is None else patience_seconds
        try:
            self._note(make_private(self.path))
            with open(self.path.with_suffix(".lock"), "ab", opener=private_opener) as lock:
                if not self._take_lock(lock.fileno(), patience_seconds=seconds):
                    self._note((f"{self.path.parent} {_WITHOUT_LOCKS}.",))
                yield
        except OSError as error:
            raise self.unusable(error) from error

    def append(self, *records: Mapping[str, object]) -> None:
        """Adds records in one step; for whoever holds the lock."""
        lines = "\n".join(map(json.dumps, records))
        if is_secret_inside(lines):
            raise JournalError(f"The {self._title} refused a record that seems to hold a token.")
        append_line(self.path, lines.encode())

    def note(self, id: str, event: str, *, at: datetime, **facts: str | int) -> None:
        """Takes the lock and adds what happened to the entry of this id."""
        with self.locked():
            self.append({"event": event, "id": id, "at": at.isoformat(), **facts})

    def drop(self, ids: Collection[str]) -> None:
        """Drops the records of these ids and keeps every other line; for who holds the lock."""
        if ids:
            replace_lines(self.path, [line for line in self.lines() if _id(line) not in ids])

    def unusable(self, error: OSError) -> JournalError:
        """The error of a file that cannot be kept, in words."""
        what = f"The {self._title} {self.path} cannot be kept ({error.strerror})"
        if isinstance(error, HeldError):
            return JournalError(f"{what}. {self._need}".rstrip())
        return JournalError(
            f"{what}: make room there, mend its permissions, or set XDG_STATE_HOME to a "
            f"directory of yours. {self._need}".rstrip()
        )

    def _note(self, repairs: tuple[str, ...]) -> None:
        self.repairs += tuple(repair for repair in repairs if repair not in self.repairs)


def _decoded(line: bytes) -> JsonObject:
    """The record of a line. Raises one of DAMAGE."""
    record = json.loads(line)
    if not isinstance(record, dict) or not isinstance(record["id"], str):
        raise TypeError("this is no record")
    return record


def text_in(record: Mapping[str, object], key: str) -> str:
    """The text under a key. Raises one of DAMAGE."""
    if not isinstance(text := record[key], str):
        raise TypeError(f"{key} is not a text")
    return text


def moment_in(record: Mapping[str, object], key: str) -> datetime:
    """The moment under a key, in UTC. Raises one of DAMAGE."""
    return datetime.fromisoformat(text_in(record, key)).astimezone(UTC)


def is_of(
    base_url: str, organization_id: str | None, *, asked_url: str | None, asked_id: str | None
) -> bool:
    """Whether a record concerns the organisation asked about, or any of that Konnect.

    A record that knows its organisation belongs to that one, whatever address it has by now.
    """
    if organization_id is not None and asked_id is not None:
        return organization_id == asked_id
    return asked_url is None or normal_address(asked_url) == normal_address(base_url)


def started(pid: int) -> str | None:
    """When a living process started, where /proc tells: its id may belong to another by now."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    state, moment = fields[0], fields[19]
    return None if state in "ZX" else moment


def is_running(pid: int, since: str | None) -> bool:
    """Whether the process that wrote a record is still there; `since` is what `started` said."""
    if since is not None:
        return started(pid) == since
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _damage_notice(count: int, path: Path) -> tuple[str, ...]:
    """A sentence on the lines of a file that cannot be read, or none."""
    lines = "1 line" if count == 1 else f"{count} lines"
    notice = (
        f"{lines} of {path} cannot be read and stayed there: see what they say, and delete them."
    )
    return (notice,) if count else ()


def _id(line: bytes) -> str | None:
    try:
        return text_in(_decoded(line), "id")
    except DAMAGE:
        return None
