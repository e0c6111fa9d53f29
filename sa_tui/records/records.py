"""The records of secrets and changes, each in a file beside the journal; opened at first use."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sa_tui.records.batches import Batches
    from sa_tui.records.journal import Journal
    from sa_tui.records.rotations import Rotations


class Records:
    """The journal of hand-overs, and what is kept beside it; `now` dates what is written."""

    def __init__(self, journal: Journal, *, now: Callable[[], datetime]) -> None:
        self.journal = journal
        self._now = now

    def path(self, name: str) -> Path:
        """The file of this name beside the journal."""
        return self.journal.path.with_name(name)

    @cached_property
    def rotations(self) -> Rotations:
        """The rotations in progress."""
        from sa_tui.records.rotations import FILE_NAME, Rotations

        return Rotations(self.path(FILE_NAME), now=self._now)

    @cached_property
    def batches(self) -> Batches:
        """The changes that are being sent."""
        from sa_tui.records.batches import FILE_NAME, Batches

        journal = self.journal
        path = self.path(FILE_NAME)
        return Batches(path, now=self._now, pid=journal.pid, host=journal.host)
