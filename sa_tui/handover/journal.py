"""What was begun and not yet acknowledged, on disk before it happens; it never holds a secret.

One JSON object a line in a file of mode 0600. Each record is on the disk when its method returns,
so a crash, a stalled terminal or a lost answer leaves a trace that the next start can follow.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import KW_ONLY, asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_tui.base.secrets import is_secret_inside, redact
from sa_tui.handover.delivery import Label
from sa_tui.handover.private_file import (
    append_line,
    locked,
    make_private,
    read_lines,
    replace_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE_NAME = "handover.jsonl"

_FINAL = frozenset({"acknowledged", "revoked", "failed"})


class JournalError(Exception):
    """The journal cannot be kept; says where, why and what to do."""


@dataclass(frozen=True)
class Unfinished:
    """A token that may exist and that nobody has acknowledged.

    `label.token_id` is None when Konnect's answer was never seen: look for the name among the
    account's tokens. `delivery` is what the hand-over reported, if it came that far.
    """

    id: str
    _: KW_ONLY
    label: Label
    destination: str
    profile: str
    intended_at: datetime
    host: str
    pid: int
    delivery: str | None = None


def default_directory() -> Path:
    """The user's directory for state, where the journal is kept."""
    import platformdirs

    return platformdirs.user_state_path("sa-tui")


class Journal:
    """The journal in one file, shared by every sa-tui of this user.

    The first use makes the directory, closes the file to others (`repairs` says what had to be
    mended) and drops what is finished. `damaged` counts the lines that could not be read; they stay
    in the file. Methods raise JournalError when the file cannot be kept.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime], pid: int, host: str) -> None:
        self.path = path
        self.damaged = 0
        self.repairs: tuple[str, ...] = ()
        self._now = now
        self._pid = pid
        self._host = host
        self._is_open = False

    def intend(self, label: Label, *, destination: str, profile: str) -> str:
        """Record that a token is about to be created and return the id of the record.

        When this returns, the record is on the disk; only then may the request be sent.
        """
        id = secrets.token_hex(8)
        expires_at = label.expires_at and label.expires_at.isoformat()
        self._append(
            {"event": "intended", "id": id, "at": self._now().isoformat()}
            | {"host": self._host, "pid": self._pid, "started": _started(self._pid)}
            | {"destination": redact(destination), "profile": profile}
            | {"label": asdict(label) | {"expires_at": expires_at}}
        )
        return id

    def minted(self, id: str, token_id: str) -> None:
        """Record that Konnect has created the token."""
        self._note(id, "minted", token_id=token_id)

    def delivered(self, id: str, message: str = "") -> None:
        """Record what the hand-over reported; the operator has not acknowledged it yet."""
        self._note(id, "delivered", message=redact(message))

    def acknowledged(self, id: str) -> None:
        """Record that the operator has the token; the entry is finished."""
        self._note(id, "acknowledged")

    def revoked(self, id: str) -> None:
        """Record that the token was deleted; the entry is finished."""
        self._note(id, "revoked")

    def failed(self, id: str, reason: str) -> None:
        """Record that no token came to be; the entry is finished."""
        self._note(id, "failed", reason=redact(reason))

    def unfinished(
        self, *, base_url: str | None = None, organization_id: str | None = None
    ) -> tuple[Unfinished, ...]:
        """Return what nobody acknowledged, oldest first, for one Konnect and one organisation.

        What a process that is still alive on this host began is not left over, this process's own
        included. An entry that does not know its organisation matches every one.
        """
        with self._locked():
            entries, self.damaged = _read(self.path)
        return tuple(
            entry.unfinished
            for entry in entries.values()
            if not entry.is_finished
            and not (entry.unfinished.host == self._host and entry.is_alive())
            and base_url in (None, entry.unfinished.label.base_url)
            and (
                organization_id is None
                or entry.unfinished.label.organization_id in (None, organization_id)
            )
        )

    def _note(self, id: str, event: str, **facts: str) -> None:
        self._append({"event": event, "id": id, "at": self._now().isoformat(), **facts})

    def _append(self, record: dict[str, Any]) -> None:
        line = json.dumps(record)
        if is_secret_inside(line):
            raise JournalError("The journal refused a record that seems to hold a token.")
        with self._locked():
            append_line(self.path, line.encode())

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock that every sa-tui takes, since compaction replaces the file."""
        try:
            if not self._is_open:
                self.repairs = make_private(self.path)
            with locked(self.path):
                if not self._is_open:
                    self.damaged = _compact(self.path)
                    self._is_open = True
                yield
        except OSError as error:
            raise JournalError(
                f"The journal {self.path} cannot be kept ({error.strerror}): "
                "make room there or mend its permissions. Without it no token is created."
            ) from error


@dataclass(frozen=True, kw_only=True)
class _Entry:
    unfinished: Unfinished
    started: str | None
    is_finished: bool = False

    def is_alive(self) -> bool:
        pid = self.unfinished.pid
        if self.started is not None:
            return _started(pid) == self.started
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except OSError:
            return True
        return True

    def with_record(self, record: dict[str, Any]) -> _Entry:
        event, begun = record["event"], self.unfinished
        if event == "minted":
            label = replace(begun.label, token_id=record["token_id"])
            return replace(self, unfinished=replace(begun, label=label))
        if event == "delivered":
            return replace(self, unfinished=replace(begun, delivery=record["message"]))
        return replace(self, is_finished=self.is_finished or event in _FINAL)


def _intended(record: dict[str, Any]) -> _Entry:
    label = dict(record["label"])
    if label["expires_at"] is not None:
        label["expires_at"] = datetime.fromisoformat(label["expires_at"])
    unfinished = Unfinished(
        record["id"],
        label=Label(**label),
        destination=record["destination"],
        profile=record["profile"],
        intended_at=datetime.fromisoformat(record["at"]).astimezone(UTC),
        host=record["host"],
        pid=int(record["pid"]),
    )
    return _Entry(unfinished=unfinished, started=record["started"])


def _read(path: Path) -> tuple[dict[str, _Entry], int]:
    """Return the entries by id, in order, and how many lines could not be read."""
    entries: dict[str, _Entry] = {}
    damaged = 0
    for line in read_lines(path):
        try:
            record = json.loads(line)
            if record["event"] == "intended":
                entries[record["id"]] = _intended(record)
            elif record["id"] in entries:
                entries[record["id"]] = entries[record["id"]].with_record(record)
        except (ValueError, LookupError, TypeError):
            damaged += 1
    return entries, damaged


def _compact(path: Path) -> int:
    """Drop the lines of finished entries, keep what cannot be read, and count that."""
    entries, damaged = _read(path)
    finished = {id for id, entry in entries.items() if entry.is_finished}
    if finished:
        replace_lines(path, [line for line in read_lines(path) if _id(line) not in finished])
    return damaged


def _id(line: bytes) -> str | None:
    try:
        id = json.loads(line)["id"]
    except (ValueError, LookupError, TypeError):
        return None
    return id if isinstance(id, str) else None


def _started(pid: int) -> str | None:
    """When a living process started, where /proc tells: its id may belong to another by now."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    state, started = fields[0], fields[19]
    return None if state in "ZX" else started
