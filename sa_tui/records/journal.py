"""What was begun and not yet acknowledged, on disk before it happens; it never holds a secret.

One JSON object a line in a file of mode 0600. Each record is on the disk when its method returns,
so a crash, a stalled terminal or a lost answer leaves a trace that the next start can follow.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sa_tui.base.private_file import PATIENCE_SECONDS, HeldError, take_lock
from sa_tui.base.secrets import redact
from sa_tui.records.handover import Handover, Unfinished, begun, intended, with_event, with_record
from sa_tui.records.issued import FILE_NAME as ISSUED_FILE
from sa_tui.records.issued import IssuedTokens
from sa_tui.records.lines import JournalError, RecordFile, is_of, is_running, started

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sa_tui.base.label import Label
    from sa_tui.base.wire import JsonObject

__all__ = ["FILE_NAME", "Handover", "Journal", "JournalError", "Unfinished", "default_directory"]

FILE_NAME = "handover.jsonl"
KEPT_FOR = timedelta(days=90)
"""How long what is finished stays in the file, for the page of hand-overs.

A token whose secret was seen goes to the file of `issued` then, until as long after its life.
"""


def default_directory() -> Path:
    """The user's directory for state, where the journal is kept."""
    import platformdirs

    return platformdirs.user_state_path("sa-tui")


class Journal:
    """The journal in one file, shared by every sa-tui of this user.

    The first use makes the directory, closes the file to others (`repairs` says what had to be
    mended) and moves what was finished long ago to `issued`. Methods raise JournalError when the
    file cannot be kept; what only reads it raises that when it cannot be read.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime],
        pid: int,
        host: str,
        patience_seconds: float = PATIENCE_SECONDS,
        take_lock: Callable[..., bool] = take_lock,
    ) -> None:
        self.path = path
        self._file = RecordFile(
            path,
            title="journal",
            need="Without it no token is created.",
            patience_seconds=patience_seconds,
            take_lock=take_lock,
        )
        self._issued = IssuedTokens(path.with_name(ISSUED_FILE))
        self._now = now
        self.pid = pid
        self.host = host
        self._is_open = False
        self._troubles: tuple[str, ...] = ()
        self._seen: tuple[int, ...] | None = None
        self._known: Mapping[str, Handover | None] = {}

    @property
    def repairs(self) -> tuple[str, ...]:
        """What had to be mended about the file, and what its directory cannot do."""
        return self._file.repairs

    @property
    def notices(self) -> tuple[str, ...]:
        """What the operator should know of the file: repairs, troubles and unreadable lines."""
        return (*self.repairs, *self._troubles, *self._file.damage, *self._issued.notices)

    def intend(
        self, label: Label, *, destination: str, profile: str, at: datetime | None = None
    ) -> str:
        """Records that a token is about to be created and returns the id of the record.

        `at` is the moment by the clock that will date the token, if that is another.

        When this returns, the record is on the disk; only then may the request be sent.
        """
        id = secrets.token_hex(8)
        expires_at = label.expires_at and label.expires_at.isoformat()
        self._append(
            {"event": "intended", "id": id, "at": (at or self._now()).isoformat()}
            | {"host": self.host, "pid": self.pid, "started": started(self.pid)}
            | {"destination": redact(destination), "profile": profile}
            | {"label": asdict(label) | {"expires_at": expires_at}}
        )
        return id

    def minted(self, id: str, token_id: str, *, fingerprint: str | None = None) -> None:
        """Records that Konnect has created the token, and the fingerprint of its secret."""
        known = {} if fingerprint is None else {"fingerprint": fingerprint}
        self._note(id, "minted", token_id=token_id, **known)

    def delivered(self, id: str, message: str = "") -> None:
        """Records what the hand-over reported; the operator has not acknowledged it yet."""
        self._note(id, "delivered", message=redact(message))

    def acknowledged(self, id: str) -> None:
        """Records that the operator has the token; the entry is finished."""
        self._note(id, "acknowledged")

    def revoked(self, id: str) -> None:
        """Records that the token was deleted; the entry is finished."""
        self._note(id, "revoked")

    def failed(self, id: str, reason: str) -> None:
        """Records that no token came to be; the entry is finished."""
        self._note(id, "failed", reason=redact(reason))

    def put_off(self, id: str) -> None:
        """Records that the operator put off the question what becomes of the token."""
        self._note(id, "put off")

    def history(
        self, *, base_url: str | None = None, organization_id: str | None = None
    ) -> tuple[Handover, ...]:
        """Every hand-over that the file still has, oldest first; filtered as `unfinished`."""
        self._open()
        return tuple(
            handover
            if handover.end is not None
            else replace(handover, is_under_way=self._is_alive(handover.entry))
            for handover in self._read_all().values()
            if handover is not None
            and is_of(
                handover.entry.label.base_url,
                handover.entry.label.organization_id,
                asked_url=base_url,
                asked_id=organization_id,
            )
        )

    def by_fingerprint(self) -> Mapping[str, Handover]:
        """Every token of every organisation whose secret was seen, by its fingerprint."""
        self._open()
        known = (*self._issued.read().values(), *self._read_all().values())
        return {
            handover.fingerprint: handover
            for handover in known
            if handover is not None and handover.fingerprint is not None
        }

    def _is_alive(self, entry: Unfinished) -> bool:
        return entry.host == self.host and is_running(entry.pid, entry.started)

    def unfinished(
        self, *, base_url: str | None = None, organization_id: str | None = None
    ) -> tuple[Unfinished, ...]:
        """What nobody acknowledged, oldest first, for one Konnect and one organisation.

        What a process that is still alive on this host began is not left over, this process's own
        included. An entry that knows its organisation belongs to that one, whatever address the
        profile has by now; one that does not belongs to every organisation of its Konnect.
        """
        self._open()
        return tuple(
            entry
            for entry in self._read().values()
            if entry is not None
            and not self._is_alive(entry)
            and is_of(
                entry.label.base_url,
                entry.label.organization_id,
                asked_url=base_url,
                asked_id=organization_id,
            )
        )

    def _open(self) -> None:
        """Makes the file private and drops what is long over, unless others are busy with it.

        A full or read-only disk hinders that, and must not hide what is written there.
        """
        if self._is_open:
            return
        self._troubles = ()
        try:
            with self._file.locked(patience_seconds=0):
                self._compact()
        except JournalError as error:
            if not isinstance(error.__cause__, HeldError):
                self._troubles = (str(error),)

    def _note(self, id: str, event: str, **facts: str) -> None:
        self._append({"event": event, "id": id, "at": self._now().isoformat(), **facts})

    def _append(self, record: JsonObject) -> None:
        with self._file.locked():
            if not self._is_open:
                self._compact()
            self._file.append(record)

    def _compact(self) -> None:
        """Drops what is long over; tokens that may still live are kept in `issued` before."""
        oldest = self._now() - KEPT_FOR
        over = {
            id: handover
            for id, handover in self._read_all().items()
            if handover is not None and handover.ended_before(oldest)
        }
        living = [handover for handover in over.values() if not handover.is_needless(oldest)]
        try:
            if living:
                self._issued.keep(living, oldest=oldest)
        except JournalError:  # they stay where they are
            over = {id: handover for id, handover in over.items() if handover not in living}
        self._file.drop(over.keys())
        self._is_open = True

    def _read(self) -> dict[str, Unfinished | None]:
        return self._file.entries("intended", begin=intended, follow=with_record)

    def _read_all(self) -> Mapping[str, Handover | None]:
        """Every hand-over in the file, which is read again only when it has changed."""
        try:
            status = self.path.stat()
        except OSError:  # reading it says why
            seen = None
        else:
            seen = (status.st_ino, status.st_size, status.st_mtime_ns)
        if seen is None or seen != self._seen:
            known = self._file.entries("intended", begin=begun, follow=with_event)
            self._known, self._seen = known, seen
        return self._known
