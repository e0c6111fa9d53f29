"""Keeps a second run away while one is at work: a lease that its holder renews, and that runs out.

A lock of the system would stay for as long as a stopped process lives. A lease is over when its
time is, when its process is gone, or when it cannot be understood.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sa_tui.base.private_file import replace_lines
from sa_tui.base.times import utc
from sa_tui.records.lines import DAMAGE, RecordFile, is_running, moment_in, started, text_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LASTS = timedelta(minutes=15)
"""How long a lease lasts without being renewed: longer than any step of a run."""


class LeaseTakenError(Exception):
    """Another run is at work, or has taken over; says which."""


@dataclass
class Lease:
    """The lease in one file; `now` is this machine's clock, as it is for every other run here.

    Methods raise JournalError when the file cannot be kept.
    """

    path: Path
    now: Callable[[], datetime]
    pid: int
    host: str
    _id: str = field(default_factory=lambda: secrets.token_hex(8))

    def __post_init__(self) -> None:
        self._file = RecordFile(
            self.path, title="lock of rotations", need="Without it no run begins."
        )

    def take(self) -> None:
        """Takes or renews the lease. Raises LeaseTakenError while another run has it."""
        with self._file.locked():
            holder = self._holder()
            if holder is not None and holder["id"] != self._id:
                raise LeaseTakenError(
                    f"Another run is at work: process {holder['pid']} on {holder['host']}, "
                    f"at the latest until {utc(moment_in(holder, 'until'))}."
                )
            record = {"id": self._id, "host": self.host, "pid": self.pid}
            record |= {"started": started(self.pid), "until": (self.now() + LASTS).isoformat()}
            self._write([json.dumps(record).encode()])

    def give_back(self) -> None:
        """Ends the lease, unless another run has it by now."""
        with self._file.locked():
            holder = self._holder()
            if holder is not None and holder["id"] == self._id:
                self._write([])

    def _write(self, lines: list[bytes]) -> None:
        try:
            replace_lines(self.path, lines)
        except OSError as error:
            raise self._file.unusable(error) from error

    def _holder(self) -> dict[str, object] | None:
        """Who has the lease; None if nobody has."""
        for line in self._file.lines():
            try:
                record = json.loads(line)
                text_in(record, "id")
                host, until = text_in(record, "host"), moment_in(record, "until")
                is_here = host == self.host
                # One that lasts longer than any was taken by a clock that was wrong.
                is_over = not self.now() < until <= self.now() + LASTS
                if is_over or (is_here and not is_running(int(record["pid"]), record["started"])):
                    continue
            except DAMAGE:
                continue
            return dict(record)
        return None
