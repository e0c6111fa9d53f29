"""What is remembered of the profile that is open: what was typed, saved by a name, and visited.

The rule it keeps: a file that cannot be kept is told once and stops nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.ui.kit.history import History

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from sa_tui.access.jumps import JumpList
    from sa_tui.records.typed import QueriesFile, TypedFile, TypedKind


class Memory:
    """The memory of one profile at a time; of none before the first is opened."""

    def __init__(
        self, directory: Path, *, now: Callable[[], datetime], warn: Callable[[str], None]
    ) -> None:
        self._directory = directory
        self._now = now
        self._warn = warn
        self._has_warned = False
        self._profile = ""
        self.queries = History()
        self.commands = History()
        self.saved: Mapping[str, str] = {}
        self._jumps: JumpList | None = None

    @property
    def jumps(self) -> JumpList:
        """What can be gone to by its name, and what was gone to; not kept between starts."""
        if self._jumps is None:
            from sa_tui.access.jumps import JumpList  # late: it would slow the start

            self._jumps = JumpList()
        return self._jumps

    def open(self, profile: str) -> None:
        """Remembers what was typed and saved for a profile, and forgets the one before."""
        from sa_tui.records.lines import JournalError

        self._profile, self._jumps = profile, None
        try:
            texts = self._typed.texts
            self.queries = History(texts(profile, "query"), keep=partial(self._keep, "query"))
            self.commands = History(texts(profile, "command"), keep=partial(self._keep, "command"))
        except JournalError as error:
            self.queries, self.commands = History(), History()
            self._warn(str(error))
        self.saved = {}
        try:
            self._read_saved()
        except JournalError as error:
            self._warn(str(error))

    def save(self, name: str, query: str) -> None:
        """Saves a query by a name. Raises JournalError."""
        self._queries.save(self._profile, name, query, at=self._now())
        self._read_saved()

    def forget(self, name: str) -> None:
        """Forgets the query of this name. Raises JournalError."""
        self._queries.forget(self._profile, name)
        self._read_saved()

    def _read_saved(self) -> None:
        file = self._queries
        self.saved = file.of(self._profile)
        for notice in file.notices:
            self._warn(notice)

    def _keep(self, kind: TypedKind, text: str) -> None:
        from sa_tui.records.lines import JournalError

        try:
            self._typed.add(self._profile, kind, text, at=self._now())
        except JournalError as error:
            if not self._has_warned:
                self._warn(str(error))
            self._has_warned = True

    @property
    def _typed(self) -> TypedFile:
        from sa_tui.records.typed import TYPED_FILE_NAME, TypedFile

        return TypedFile(self._directory / TYPED_FILE_NAME)

    @property
    def _queries(self) -> QueriesFile:
        from sa_tui.records.typed import QUERIES_FILE_NAME, QueriesFile

        return QueriesFile(self._directory / QUERIES_FILE_NAME)
