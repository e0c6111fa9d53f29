"""The tokens that were issued long ago and may still live, for whoever finds one somewhere.

One line for each, taken from the journal once its hand-over is long over: the journal, which every
command reads, stays short. There is a fingerprint of each secret, and never a secret.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, get_args

from sa_tui.records.handover import End, Handover, begun
from sa_tui.records.lines import RecordFile, moment_in, text_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sa_tui.base.wire import JsonObject

FILE_NAME = "issued.jsonl"


class IssuedTokens:
    """The issued tokens in one file. Methods raise JournalError when it cannot be kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = RecordFile(path, title="record of issued tokens")

    @property
    def notices(self) -> tuple[str, ...]:
        """What the operator should know of the file: lines that cannot be read."""
        return self._file.damage

    def keep(self, handovers: Sequence[Handover], *, oldest: datetime) -> None:
        """Adds hand-overs that are over, and drops tokens whose life ended before `oldest`."""
        with self._file.locked():
            known = self.read()
            needless = {id for id, handover in known.items() if handover.is_needless(oldest)}
            self._file.drop(needless)
            new = [_record(each) for each in handovers if each.entry.id not in known]
            if new:
                self._file.append(*new)

    def read(self) -> Mapping[str, Handover]:
        """Every token of the file, by the id of its hand-over."""
        entries = self._file.entries("issued", begin=_issued, follow=lambda entry, _: entry)
        return {id: handover for id, handover in entries.items() if handover is not None}


def _record(handover: Handover) -> JsonObject:
    entry, label = handover.entry, handover.entry.label
    expires_at = label.expires_at and label.expires_at.isoformat()
    return {
        "event": "issued",
        "id": entry.id,
        "at": entry.intended_at.isoformat(),
        "host": entry.host,
        "pid": entry.pid,
        "started": entry.started,
        "destination": entry.destination,
        "profile": entry.profile,
        "label": asdict(label) | {"expires_at": expires_at},
        "fingerprint": handover.fingerprint,
        "end": handover.end,
        "ended_at": handover.ended_at and handover.ended_at.isoformat(),
    }


def _issued(record: JsonObject) -> Handover:
    end = record["end"]
    if end not in get_args(End):
        raise ValueError("this is no end")
    return replace(
        begun(record),
        fingerprint=text_in(record, "fingerprint"),
        end=end,
        ended_at=moment_in(record, "ended_at"),
    )
