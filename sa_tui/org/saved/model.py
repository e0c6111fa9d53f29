"""A snapshot with what has to be known of it later: when, by whom, and from where it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.org.snapshot import Snapshot

FORMAT = "sa-tui snapshot"
VERSION = 1
"""Within a version no field changes its meaning, and none is removed."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A snapshot and its origin.

    `taken_at` is by Konnect's clock, at the end of the reading: tokens are judged by it.
    `is_complete` is whether everything that was asked for could be read.
    """

    snapshot: Snapshot
    taken_at: datetime
    profile: str
    base_url: str
    program_version: str
    is_complete: bool


class SavedError(Exception):
    """A file that cannot be read as a snapshot; says where in it, and what is wrong there."""

    def __init__(self, message: str, *, place: str = "") -> None:
        self.message = message
        self.place = place
        super().__init__(f"{place}: {message}" if place else message)

    def within(self, place: str) -> SavedError:
        """The same error, seen from further out."""
        join = "" if not self.place or self.place.startswith("[") else "."
        return SavedError(self.message, place=f"{place}{join}{self.place}")
