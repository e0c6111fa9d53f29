"""The session with one organisation: opens it, reads it, and makes changes that no page cancels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events

from sa_tui.base.times import ago
from sa_tui.base.words import plural
from sa_tui.konnect.errors import KonnectError
from sa_tui.org.snapshot import Snapshot
from sa_tui.profiles.errors import ProfileError
from sa_tui.records.records import Records
from sa_tui.ui.kit import terminal, theme
from sa_tui.ui.kit.access_cache import AccessCache
from sa_tui.ui.kit.copies import Copies
from sa_tui.ui.kit.export_choice import ExportChoice
from sa_tui.ui.kit.full_reading import FullReading
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.memory import Memory
from sa_tui.ui.kit.visible_reader import VisibleReader
from sa_tui.ui.kit.wait_clock import WaitClock
from sa_tui.ui.kit.workers import DETAILS, LOAD, OPENING, QUESTIONS, WRITES
from sa_tui.ui.navigation import Navigation
from sa_tui.ui.opening import OpenOrganisation
from sa_tui.ui.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence
    from datetime import datetime

    from textual.binding import BindingType
    from textual.worker import Worker

    from sa_tui.access.effects.values import Consequences
    from sa_tui.org.changes.batch import Batch
    from sa_tui.org.changes.change import Change, Outcome
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.ui.dependencies import Dependencies
    from sa_tui.ui.kit.host import Changes


class Session(Telling):
    """An application with one organisation at a time; `Host` documents its members."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(
            Means.BACK,
            "stop_waiting",
            "Stop waiting",
            name="stop-waiting",
            only="escape",
            in_footer=False,
            priority=True,
        )
    ]

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__(dependencies)
        self.dependencies = dependencies
        self.records = Records(dependencies.journal, now=self.now)
        self.profile: Profile | None = dependencies.first
        self._opener = OpenOrganisation(
            self.connect, publish=self._show_snapshot, before_close=self._forget
        )
        self.copies = Copies(dependencies.monotonic)
        self._batch: Batch | None = None
        self.access = AccessCache(self)
        self._visible = VisibleReader(
            lambda: self.org, begin=lambda work: self.run_worker(work, group=DETAILS)
        )
        self.reading = FullReading(
            self, self.access, self._visible, monotonic=dependencies.monotonic
        )
        self.memory = Memory(dependencies.journal.path.parent, now=dependencies.now, warn=self.warn)
        self.navigation = Navigation(self)
        self.export_choice = ExportChoice()
        self._has_asked = False
        self.waits = WaitClock(
            self._show_wait,
            now=dependencies.now,
            monotonic=dependencies.monotonic,
            set_timer=self.set_timer,
        )
        self._has_warned_of_clock = False
        theme.apply_theme(self, dependencies.environ)

    @property
    def org(self) -> Org | None:
        return self._opener.org

    @property
    def is_read_only(self) -> bool:
        return self.profile is None or self.profile.read_only

    def now(self) -> datetime:
        return self.dependencies.now() if self.org is None else self.org.now()

    @property
    def file_age(self) -> str:
        source = self.dependencies.source
        return "" if source is None else ago(source.taken_at, self.dependencies.now())

    @property
    def by_whose_clock(self) -> str:
        is_unsure = self.org is not None and not self.org.knows_clock
        return " by this machine's clock: Konnect's is not known" if is_unsure else ""

    # Opening an organisation

    def open_profile(self, profile: Profile) -> None:
        self._replace_work(partial(self._open, profile), OPENING)

    def _replace_work(self, work: Callable[[], Coroutine[None, None, None]], group: str) -> None:
        """Runs this in place of what the group runs now.

        `work` is no coroutine: one that is replaced at once would never be awaited.
        """
        _: Worker[None] = self.run_worker(work, group=group, exclusive=True)

    async def _open(self, profile: Profile) -> None:
        await self._wait_for_writes()
        await self._close()
        await self.navigation.start_over(is_elsewhere=profile != self.profile)
        self.cover(self.size)
        self.profile, self.problem, self.snapshot = profile, "", Snapshot()
        self.dependencies.actions.begin(profile.name)
        self.memory.open(profile.name)
        try:
            org = await self._opener.open(profile)
        except (ProfileError, KonnectError) as error:
            self.problem = str(error)
            return
        org.reader.on_fault = self.report
        self._has_asked = bool(self.file_age)  # a file cannot settle what was left
        if org.notices:
            self.warn(" ".join(org.notices))
        self._read(org.load)

    def _read(self, read: Callable[[], Coroutine[object, object, None]]) -> None:
        """Reads the organisation in place of a reading under way.

        The first reading that ends after an opening asks about what an earlier run left.
        """
        self._replace_work(partial(self._read_and_ask, read), LOAD)

    async def _read_and_ask(self, read: Callable[[], Coroutine[object, object, None]]) -> None:
        await read()
        if not self._has_asked and self.org is not None and self.profile is not None:
            from sa_tui.ui.leftovers import ask_about_leftovers

            self._has_asked = ask_about_leftovers(self, self.org, self.profile)

    async def _close(self) -> None:
        """Cancels what still reads the organisation that is open, and leaves it."""
        for group in (LOAD, QUESTIONS, DETAILS):
            self.workers.cancel_group(self, group)
        await self._opener.leave()

    async def _forget(self) -> None:
        await self.reading.forget()
        self.access.forget()

    async def connect(self, profile: Profile, *, on_change: Callable[[Snapshot], None]) -> Org:
        return await self.dependencies.connect(
            profile,
            on_change=on_change,
            on_wait=self._waits,
            aside=partial(terminal.aside, self),
        )

    def _waits(self, seconds: float, reason: str) -> None:
        self.waits.begin(seconds, reason, can_end=self.org is not None)

    def _show_wait(self, text: str) -> None:
        self.wait = text

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.dependencies.actions.take_place(snapshot)
        difference = self.org.clock_difference if self.org is not None else ""
        if difference and not self._has_warned_of_clock:
            self.warn(difference)
        self._has_warned_of_clock = bool(difference)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop_waiting":  # where no wait can be ended, Esc has its usual meaning
            return self.waits.can_be_ended
        return super().check_action(action, parameters)

    def action_stop_waiting(self) -> None:
        """Lets the requests that wait for Konnect fail; later requests wait as they have to."""
        if self.org is not None:
            self.org.stop_waiting()
            self.waits.begin(0.0, "")
            self.say("Waiting was stopped. r asks again.")

    # Reading and writing

    def load(self, account_ids: Iterable[str] = ()) -> None:
        self.reading.outdate()
        if self.org is not None and self.profile is not None and self.snapshot.is_signed_out:
            self.open_profile(self.profile)  # its source may have another token by now
        elif self.org is not None:
            self._read(partial(self.org.refresh, tuple(account_ids)))
        elif self.profile is not None and not any(
            worker.group == OPENING and not worker.is_finished for worker in self.workers
        ):
            self.open_profile(self.profile)

    def read_details(
        self, account_ids: Iterable[str], *, again: bool = False
    ) -> Worker[None] | None:
        if self.org is None:
            return None
        return self.run_worker(self.org.read_details(account_ids, again=again), group=DETAILS)

    def read_visible(self, account_ids: Iterable[str]) -> None:
        self._visible.ask(account_ids, is_held=self.reading.is_reading)

    def write(
        self,
        title: str,
        writing: Coroutine[object, object, object],
        *,
        on_failure: Callable[[], None] = lambda: None,
    ) -> None:
        self.run_worker(self._write(title, writing, on_failure), name=title, group=WRITES)

    async def _write(
        self, title: str, writing: Coroutine[object, object, object], on_failure: Callable[[], None]
    ) -> None:
        try:
            await writing
        except (KonnectError, ProfileError, OSError) as error:
            self.say(f"{title}: {error}", is_error=True)
            on_failure()
        except Exception as error:  # noqa: BLE001 - reported
            self.report(error, doing=title)
            on_failure()

    async def _wait_for_writes(self) -> None:
        writes = [worker for worker in self.workers if worker.group == WRITES]
        if writes:  # an empty list would wait for every worker
            await self.workers.wait_for_complete(writes)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self.complaint = ""
            self.status = None
            self._tell("key")
        await super().on_event(event)

    def review(
        self,
        title: str,
        changes: Changes,
        *,
        notes: Sequence[str] = (),
        then: Callable[[tuple[Outcome, ...] | None], None] | None = None,
    ) -> None:
        from sa_tui.ui.kit.review import ReviewDialog

        self.push_screen(ReviewDialog(title, changes, notes=notes), then)

    def consequences(self, changes: Sequence[Change]) -> Consequences:
        from sa_tui.access.effects.consequences import consequences

        return consequences(changes, snapshot=self.snapshot, now=self.now())

    def carry_out(
        self,
        changes: Sequence[Change],
        *,
        on_outcome: Callable[[Outcome], None],
        on_end: Callable[[], None],
    ) -> None:
        if self.org is not None and self.profile is not None:
            from sa_tui.ui.sending import batch_of

            self._batch = batch_of(self, self.org, self.profile, changes)
            self.write("Changes", self._batch.carry_out(on_outcome=on_outcome, on_end=on_end))

    def stop_sending(self, *, leaving: bool = False) -> None:
        if self._batch is not None:
            self._batch.stop(leaving=leaving)

    async def _leave(self) -> None:
        await self._wait_for_writes()
        await self._close()
        self.exit(0, message=self.farewell() or None)

    def farewell(self) -> str:
        """What the operator has to know when the application ends."""
        sentences = [self.copies.remaining()]
        if self._batch is not None and (unsent := self._batch.kept_count):
            sentences.append(f"{plural(unsent, 'change')} not sent: the next start asks.")
        return " ".join(filter(None, sentences))
