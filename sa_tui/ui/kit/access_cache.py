"""Who can do what in the organisation that is open, computed once for each snapshot."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from textual.worker import Worker

    from sa_tui.access.query.words import Vocabulary
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.org.snapshot import Snapshot


class AccessHost(Protocol):
    """What the cache needs of the application: the snapshot that it shows."""

    @property
    def snapshot(self) -> Snapshot: ...

    def run_worker(
        self, work: Any, name: str | None = ..., group: str = ..., *, exclusive: bool = ...
    ) -> Worker[Any]: ...


class AccessCache:
    """Who can do what, for the snapshot that the application shows.

    `with_people` includes people beside system accounts.
    """

    def __init__(self, host: AccessHost) -> None:
        self._host = host
        self._snapshot: Snapshot | None = None
        self._access: Access | None = None
        self._teams: tuple[Snapshot, dict[str, Subject]] | None = None
        self._words: tuple[Access, Vocabulary] | None = None
        self.with_people = False

    @property
    def current(self) -> Access:
        """Who can do what, as far as the snapshot shows."""
        from sa_tui.access.reader import read_access

        snapshot = self._host.snapshot
        if self._access is None or self._snapshot is not snapshot:
            self._access = read_access(snapshot, before=self._access, with_people=self.with_people)
            self._snapshot = snapshot
        return self._access

    def prepare(self) -> None:
        """Computes `current` and `words` ahead of their use, in steps that delay no key."""
        if self._access is None or self._snapshot is not self._host.snapshot:
            self._host.run_worker(self._prepare(), group="prepare", exclusive=True)

    async def _prepare(self) -> None:
        from sa_tui.access.reader import reading_access

        snapshot, with_people = self._host.snapshot, self.with_people
        steps = reading_access(snapshot, before=self._access, with_people=with_people)
        while snapshot is self._host.snapshot and with_people is self.with_people:
            try:
                next(steps)
            except StopIteration as end:
                self._access, self._snapshot = end.value, snapshot
                await asyncio.sleep(0)
                _ = self.words  # the first query needs them
                return
            await asyncio.sleep(0)

    @property
    def teams(self) -> dict[str, Subject]:
        """The teams by their ids, as subjects of access."""
        from sa_tui.access.reader import team_subjects

        snapshot = self._host.snapshot
        if self._teams is None or self._teams[0] is not snapshot:
            self._teams = (snapshot, {team.id: team for team in team_subjects(snapshot)})
        return self._teams[1]

    @property
    def words(self) -> Vocabulary:
        """The names that a query can use."""
        from sa_tui.access.query.words import read_vocabulary

        access = self.current
        if self._words is None or self._words[0] is not access:
            catalogue = self._host.snapshot.catalogue.value
            self._words = (access, read_vocabulary(access, catalogue))
        return self._words[1]

    def count_people(self, *, with_people: bool) -> None:
        """Counts people in, or leaves them out."""
        self.with_people = with_people
        self._snapshot = self._access = None

    def forget(self) -> None:
        """Forgets the organisation, which is left."""
        self._snapshot = self._access = self._teams = self._words = None
        self.with_people = False
