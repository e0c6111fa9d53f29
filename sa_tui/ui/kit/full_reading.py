"""Reads the whole organisation on request, in the fewest calls; the reading can be stopped."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

from textual.worker import WorkerCancelled, WorkerFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from textual.worker import Worker, WorkType

    from sa_tui.access.query.language import Query
    from sa_tui.org.reading.calls import Progress
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.access_cache import AccessCache
    from sa_tui.ui.kit.visible_reader import VisibleReader

T = TypeVar("T")

READING = "reading"
STEPS = 100
"""A reading shows its progress at most this many times: each time sends a line."""
_BAR_CELLS = 20


class ReadingHost(Protocol):
    """What a reading needs of the application: its organisation, and a line for progress."""

    progress: str

    @property
    def snapshot(self) -> Snapshot: ...

    @property
    def org(self) -> Org | None: ...

    def run_worker(
        self, work: WorkType[T], name: str | None = ..., group: str = ..., *, exclusive: bool = ...
    ) -> Worker[T]: ...


class FullReading:
    """Reads the whole organisation in the fewest calls and shows its progress.

    When it is stopped, what was read stays. `is_stopped` is True from the moment that the operator
    stops a reading until the next one is asked for.
    """

    def __init__(
        self,
        host: ReadingHost,
        cache: AccessCache,
        visible: VisibleReader,
        *,
        monotonic: Callable[[], float],
    ) -> None:
        self._host = host
        self._cache = cache
        self._visible = visible
        self._monotonic = monotonic
        self._worker: Worker[None] | None = None
        self._workers: list[Worker[None]] = []
        self._shown_calls = 0
        self._query: Query | None = None
        self._number = 0
        self._is_read = False
        self.is_stopped = False

    def count_people(self, *, with_people: bool) -> None:
        """Counts people in, or leaves them out, and reads those that were not read yet."""
        self._cache.count_people(with_people=with_people)
        self.read()

    async def forget(self) -> None:
        """Forgets the organisation, which is left; returns when no reading asks it any more."""
        self.outdate()
        for worker in self._workers:
            worker.cancel()
            with suppress(WorkerCancelled, WorkerFailed):
                await worker.wait()
        self._workers.clear()
        self._query = None

    def outdate(self) -> None:
        """Declares what was read old: `ensure` reads it again."""
        self.stop()
        self._is_read = self.is_stopped = False

    # Reading

    @property
    def is_reading(self) -> bool:
        """Whether the organisation is being read now."""
        return self._worker is not None

    def ensure(self, query: Query | None = None) -> None:
        """Reads everything, unless it was or is being read or the operator stopped that.

        For a query it also reads the lists of names that the query needs.
        """
        self._query = query or self._query
        if self._host.snapshot.accounts.is_reading or self.is_reading or self.is_stopped:
            return
        if not self._is_read or self._unnamed():
            self._start()

    def read(self) -> None:
        """Reads what was not read yet of all accounts, of teams, and of people if they count."""
        self._is_read = False
        self._start()

    def _start(self) -> None:
        self.is_stopped = False
        if self._worker is not None:
            self._worker.cancel()
        if self._host.org is not None:
            self._number += 1
            self._worker = self._begin(self._read(self._host.org, self._number))

    def _unnamed(self) -> tuple[tuple[str, str], ...]:
        """The lists of names that the query needs and nothing has asked Konnect for yet."""
        org = self._host.org
        if org is None or self._query is None:
            return ()
        needed, asked_for = self._cache.current.lists_for(self._query), org.offer.asked_for
        return tuple(pair for pair in needed if pair not in asked_for)

    def read_some(self, subject_ids: Iterable[str]) -> None:
        """Reads what was not read yet of these accounts, teams or people alone."""
        if self._host.org is not None and not self.is_reading:
            self._begin(self._read_some(self._host.org, tuple(subject_ids)))

    def _begin(self, reading: Coroutine[object, object, None]) -> Worker[None]:
        worker = self._host.run_worker(reading, group=READING)
        self._workers = [*(old for old in self._workers if not old.is_finished), worker]
        return worker

    async def _read_some(self, org: Org, subject_ids: tuple[str, ...]) -> None:
        from sa_tui.org.reading.everything import read_organisation
        from sa_tui.org.reading.naming import read_entity_names

        for subject_id in subject_ids:
            await read_organisation(org, only=subject_id, with_people=self._cache.with_people)
        await read_entity_names(org)

    def stop(self) -> bool:
        """Stops reading for good and keeps what was read; False when nothing was being read."""
        was_stopped, self.is_stopped = self.is_stopped, True  # or `pause` lets it begin again
        if not self.pause():
            self.is_stopped = was_stopped
            return False
        return True

    def hold(self) -> bool:
        """Prevents the reading that follows the list of accounts; False when none would follow."""
        would_begin = self._host.snapshot.accounts.is_reading and not self.is_stopped
        self.is_stopped = self.is_stopped or would_begin
        return would_begin

    def pause(self) -> bool:
        """Stops reading until `ensure` is called; False when nothing was being read."""
        if self._worker is None:
            return False
        self._worker.cancel()
        self._worker = None
        self._number += 1
        self._host.progress = ""
        return True

    async def _read(self, org: Org, number: int) -> None:
        from sa_tui.org.reading.everything import read_organisation
        from sa_tui.org.reading.naming import read_entity_names

        self._shown_calls = 0
        self._host.progress = "Reading the organisation…"
        try:
            if not self._is_read:
                # What the rows on the screen have asked for must not be asked a second time.
                await self._visible.done()
                await read_organisation(
                    org,
                    with_people=self._cache.with_people,
                    on_progress=self._show_progress,
                    monotonic=self._monotonic,
                )
            self._host.progress = "Reading names…"
            await read_entity_names(org)
            self._is_read = True
            if self._unnamed():
                await org.read_offer()  # it lists the regions to look in
            while unnamed := self._unnamed():  # another query may have been typed meanwhile
                await org.read_entities(unnamed)
        finally:
            if number == self._number:  # else the next reading shows its own progress
                self._worker = None  # first: pages look at it when `progress` changes
                self._host.progress = ""

    def _show_progress(self, progress: Progress) -> None:
        if progress.done - self._shown_calls >= progress.planned // STEPS:
            self._shown_calls = progress.done
            self._host.progress = progress_line(progress)


def progress_line(progress: Progress) -> str:
    """The progress of a reading: a bar, the calls, and how long the rest will take."""
    filled = _BAR_CELLS * progress.done // max(1, progress.planned)
    bar = "━" * filled + "─" * (_BAR_CELLS - filled)
    seconds_left = progress.seconds_left
    time = "" if seconds_left is None else f" · about {seconds_left:,.0f} s left"
    return f"Reading {bar} {progress.done:,} of {progress.planned:,} calls{time}"
