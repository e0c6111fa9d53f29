"""Reads the whole organisation on request, in the fewest calls; it can be stopped."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

from textual.worker import WorkerCancelled, WorkerFailed

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from textual.worker import Worker, WorkType

    from sa_tui.access.query.language import Query
    from sa_tui.org.reading.calls import Progress
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.dependencies import Dependencies
    from sa_tui.ui.kit.access_cache import AccessCache

T = TypeVar("T")

READING = "reading"
STEPS = 100
"""As often as that a reading tells how far it has come, at most: each time costs a line."""
_BAR_CELLS = 20


class Opened(Protocol):
    """What it needs of the application that has an organisation open."""

    progress: str

    @property
    def snapshot(self) -> Snapshot: ...

    @property
    def org(self) -> Org | None: ...

    @property
    def dependencies(self) -> Dependencies: ...

    async def visible_read(self) -> None: ...

    def run_worker(
        self, work: WorkType[T], name: str | None = ..., group: str = ..., *, exclusive: bool = ...
    ) -> Worker[T]: ...


class FullReading:
    """Reads the whole organisation in the fewest calls, tells how far that has come.

    It can be stopped; what was read by then stays. `is_stopped` is True from the moment that the
    operator stopped a reading until the next is asked for.
    """

    def __init__(self, app: Opened, cache: AccessCache) -> None:
        self._app = app
        self._cache = cache
        self._worker: Worker[None] | None = None
        self._workers: list[Worker[None]] = []
        self._told = 0
        self._asked: Query | None = None
        self._readings = 0
        self._is_read = False
        self.is_stopped = False

    def count_people(self, *, with_people: bool) -> None:
        """Counts people in, or leaves them out; those that were not read yet are then read."""
        self._cache.count_people(with_people=with_people)
        self.read()

    async def forget(self) -> None:
        """The organisation is left; returns when nothing asks it any more."""
        self.outdate()
        for worker in self._workers:
            worker.cancel()
            with suppress(WorkerCancelled, WorkerFailed):
                await worker.wait()
        self._workers.clear()
        self._asked = None

    def outdate(self) -> None:
        """What was read is old; whoever needs it has it read again."""
        self.stop()
        self._is_read = self.is_stopped = False

    # Reading

    @property
    def is_reading(self) -> bool:
        """Whether the organisation is being read now."""
        return self._worker is not None

    def ensure(self, query: Query | None = None) -> None:
        """Has everything read, unless it was, is being, or the operator stopped it.

        With a query, also every list of names that it leaves open.
        """
        self._asked = query or self._asked
        if self._app.snapshot.accounts.is_reading or self.is_reading or self.is_stopped:
            return
        if not self._is_read or self._unnamed():
            self._start()

    def read(self) -> None:
        """Reads what was not read yet of every account, of the teams, and of people if asked."""
        self._is_read = False
        self._start()

    def _start(self) -> None:
        self.is_stopped = False
        if self._worker is not None:
            self._worker.cancel()
        if self._app.org is not None:
            self._readings += 1
            self._worker = self._begin(self._read(self._app.org, self._readings))

    def _unnamed(self) -> tuple[tuple[str, str], ...]:
        """The lists of names that the query needs and nobody has asked for yet."""
        org = self._app.org
        if org is None or self._asked is None:
            return ()
        known = org.entities_asked_for
        return tuple(
            pair for pair in self._cache.current.lists_for(self._asked) if pair not in known
        )

    def read_some(self, subject_ids: Iterable[str]) -> None:
        """Reads what was not read yet of these alone."""
        if self._app.org is not None and not self.is_reading:
            self._begin(self._read_some(self._app.org, tuple(subject_ids)))

    def _begin(self, reading: Coroutine[object, object, None]) -> Worker[None]:
        worker = self._app.run_worker(reading, group=READING)
        self._workers = [each for each in self._workers if not each.is_finished]
        self._workers.append(worker)
        return worker

    async def _read_some(self, org: Org, subject_ids: tuple[str, ...]) -> None:
        from sa_tui.org.reading.everything import read_entity_names, read_organisation

        for subject_id in subject_ids:
            await read_organisation(org, only=subject_id, with_people=self._cache.with_people)
        await read_entity_names(org)

    def stop(self) -> bool:
        """Stops reading for good and keeps what was read; False when nothing was being read."""
        was_stopped, self.is_stopped = self.is_stopped, True  # else it would begin again at once
        if not self.pause():
            self.is_stopped = was_stopped
            return False
        return True

    def hold(self) -> bool:
        """Does not begin when the list of accounts has come; False when it would not have begun."""
        is_coming = self._app.snapshot.accounts.is_reading and not self.is_stopped
        self.is_stopped = self.is_stopped or is_coming
        return is_coming

    def pause(self) -> bool:
        """Stops reading until somebody needs it; False when nothing was being read."""
        if self._worker is None:
            return False
        self._worker.cancel()
        self._worker = None
        self._readings += 1
        self._app.progress = ""
        return True

    async def _read(self, org: Org, number: int) -> None:
        from sa_tui.org.reading.everything import read_entity_names, read_organisation

        self._told = 0
        self._app.progress = "Reading the organisation…"
        try:
            if not self._is_read:
                # What was read before the screen changed must not be asked for a second time.
                await self._app.visible_read()
                await read_organisation(
                    org,
                    with_people=self._cache.with_people,
                    on_progress=self._tell,
                    monotonic=self._app.dependencies.monotonic,
                )
            self._app.progress = "Reading names…"
            await read_entity_names(org)
            self._is_read = True
            if self._unnamed():
                await org.read_offer()  # which regions there are to look in
            while unnamed := self._unnamed():  # another query may have been typed meanwhile
                await org.read_entities(unnamed)
        finally:
            if number == self._readings:  # else the next reading has begun to tell
                self._worker = None  # before those who are told look whether it goes on
                self._app.progress = ""

    def _tell(self, progress: Progress) -> None:
        if progress.done - self._told >= progress.planned // STEPS:
            self._told = progress.done
            self._app.progress = progress_line(progress)


def progress_line(progress: Progress) -> str:
    """How far a reading has come: a bar, the calls, and how long the rest will take."""
    filled = _BAR_CELLS * progress.done // max(1, progress.planned)
    bar = "━" * filled + "─" * (_BAR_CELLS - filled)
    left = progress.seconds_left
    time = "" if left is None else f" · about {left:,.0f} s left"
    return f"Reading {bar} {progress.done:,} of {progress.planned:,} calls{time}"
