"""The session with one organisation: opening it, reading, and writing what no screen can cancel."""

from __future__ import annotations

import asyncio
from functools import cached_property, partial
from math import ceil
from typing import TYPE_CHECKING

from rich.text import Text
from textual import events
from textual.reactive import reactive

from sa_tui.api.errors import KonnectError
from sa_tui.handover.journal import JournalError
from sa_tui.org.snapshot import Snapshot
from sa_tui.profiles.errors import ProfileError
from sa_tui.ui import terminal, theme
from sa_tui.ui.copies import Copies
from sa_tui.ui.format import plural
from sa_tui.ui.frugal import ROOT_DEPTH, FrugalApp
from sa_tui.ui.insight import Insight

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence
    from datetime import datetime

    from textual.timer import Timer
    from textual.worker import Worker

    from sa_tui.handover.journal import Journal
    from sa_tui.handover.rotations import Rotations
    from sa_tui.org.changes import Change, Outcome
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.ui.wiring import Wiring

WRITES = "writes"
QUESTIONS = "questions"
DETAILS = "details"


class Session(FrugalApp):
    """An application with an organisation.

    `snapshot` is the organisation's current one, assigned by a single callback; `status` the
    newest thing to tell the operator, gone with the next key; `problem` why there is no
    organisation; `wait` what Konnect makes us wait for; `progress` how far the reading of the whole
    organisation has come, empty while there is none.
    """

    # Without `repaint=False` each new value would send the whole screen again.
    snapshot: reactive[Snapshot] = reactive(Snapshot, init=False, repaint=False)
    status: reactive[Text | None] = reactive(None, init=False, repaint=False)
    problem: reactive[str] = reactive("", init=False, repaint=False)
    wait: reactive[str] = reactive("", init=False, repaint=False)
    progress: reactive[str] = reactive("", init=False, repaint=False)

    def __init__(self, wiring: Wiring) -> None:
        super().__init__(is_colourless=theme.is_colourless(wiring.environ))
        self.wiring = wiring
        self.profile: Profile | None = wiring.first
        self.org: Org | None = None
        self.copies = Copies(self)
        self.insight = Insight(self)
        self._visible: tuple[str, ...] = ()
        self._visible_lock = asyncio.Lock()
        self._reading_visible: Worker[None] | None = None
        self._tick: Timer | None = None
        self._wait_until = 0.0
        self._wait_reason = ""
        theme.dress(self, wiring.environ)

    @property
    def is_read_only(self) -> bool:
        """Whether the profile that is open refuses changes."""
        return self.profile is None or self.profile.read_only

    @property
    def journal(self) -> Journal:
        """The journal of hand-overs."""
        return self.wiring.journal

    @cached_property
    def rotations(self) -> Rotations:
        """The rotations in progress, kept beside the journal."""
        from sa_tui.handover.rotations import FILE_NAME, Rotations

        return Rotations(self.journal.path.with_name(FILE_NAME), now=self.now)

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        return self.wiring.now()

    # Opening an organisation

    def open_profile(self, profile: Profile) -> None:
        """Leaves the organisation that is open and opens this profile's."""
        self.run_worker(self._open(profile), group="load", exclusive=True)

    async def _open(self, profile: Profile) -> None:
        await self._written()
        await self._close()
        while len(self.screen_stack) > ROOT_DEPTH:
            self.pop_screen()
        self.cover(self.size)
        self.profile, self.problem, self.snapshot = profile, "", Snapshot()
        self.wiring.actions.begin(profile.name)
        try:
            self.org = await self.connect(profile, on_change=self._mirror)
        except (ProfileError, KonnectError) as error:
            self.problem = str(error)
            return
        await self.org.load()
        self._look_after_leftovers(self.org, profile)

    async def _close(self) -> None:
        """Leaves the organisation that is open, when nothing asks it any more."""
        self.workers.cancel_group(self, QUESTIONS)
        # Else the organisation that is left would publish once more, under the new one's name.
        self.workers.cancel_group(self, DETAILS)
        left, self.org = self.org, None  # so that nobody begins to read it again
        await self.insight.forget()
        if left is not None:
            await left.aclose()

    def _look_after_leftovers(self, org: Org, profile: Profile) -> None:
        organization = org.snapshot.organization.value
        if organization is None:
            return
        try:
            leftovers = self.journal.unfinished(
                base_url=profile.base_url, organization_id=organization.id
            )
        except JournalError as error:
            self.say(str(error), is_error=True)
            return
        if self.journal.notices:
            self.say(" ".join(self.journal.notices), is_error=True)
        if leftovers and profile.read_only:
            count = plural(len(leftovers), "token")
            self.say(f"{count} of an earlier run not acknowledged: open it without read-only.")
        elif leftovers:
            from sa_tui.ui.flows import recover

            # No write: leaving need not wait for an answer that the next start asks for again.
            asking = recover(self, leftovers, org=org, base_url=profile.base_url)
            self.run_worker(asking, group=QUESTIONS)

    async def connect(self, profile: Profile, *, on_change: Callable[[Snapshot], None]) -> Org:
        """An organisation of its own for this profile. Raises ProfileError or KonnectError."""
        return await self.wiring.connect(
            profile,
            on_change=on_change,
            on_wait=self._must_wait,
            aside=partial(terminal.aside, self),
        )

    def _mirror(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def _must_wait(self, seconds: float, reason: str) -> None:
        self._wait_until = self.wiring.monotonic() + seconds
        self._wait_reason = reason
        self._count_down()

    def _count_down(self) -> None:
        left_seconds = ceil(self._wait_until - self.wiring.monotonic())
        self.wait = f"{self._wait_reason}: {left_seconds} s" if left_seconds > 0 else ""
        if self._tick is not None:  # another request has begun to wait meanwhile
            self._tick.stop()
        self._tick = self.set_timer(1, self._count_down) if left_seconds > 0 else None

    # Reading and writing

    def load(self, account_ids: Iterable[str] = ()) -> None:
        """Reads the organisation again, and the details of these accounts."""
        self.insight.outdate()
        if self.org is not None:
            self.run_worker(self.org.refresh(account_ids), group="load", exclusive=True)
        elif self.profile is not None:
            self.open_profile(self.profile)

    def read_details(
        self, account_ids: Iterable[str], *, again: bool = False
    ) -> Worker[None] | None:
        """Reads what these accounts hold, where it was not read yet, or `again`.

        None when there is no organisation to read.
        """
        if self.org is None:
            return None
        return self.run_worker(self.org.read_details(account_ids, again=again), group=DETAILS)

    def read_visible(self, account_ids: Iterable[str]) -> None:
        """Reads what the accounts on the screen hold; the last to ask is served next.

        Scrolling through thousands thus never asks for what has gone by already.
        """
        self._visible = tuple(account_ids)
        if self.insight.is_reading:  # they are on their way
            return
        if self._reading_visible is None or self._reading_visible.is_finished:
            self._reading_visible = self.run_worker(self._read_visible(), group=DETAILS)

    async def _read_visible(self) -> None:
        async with self._visible_lock:
            while self._visible and self.org is not None:
                wanted, self._visible = self._visible, ()
                await self.org.read_details(wanted)

    async def visible_read(self) -> None:
        """Waits until what was asked for the rows on the screen is there."""
        async with self._visible_lock:
            pass  # whoever read them is done

    def write(self, title: str, writing: Coroutine[object, object, None]) -> None:
        """Makes a change that no screen can cancel and that leaving waits for.

        `title` names it in a report of what went wrong.
        """
        self.run_worker(self._reported(title, writing), name=title, group=WRITES)

    async def _reported(self, title: str, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except (KonnectError, ProfileError, OSError) as error:
            self.say(f"{title}: {error}", is_error=True)

    async def _written(self) -> None:
        writes = [worker for worker in self.workers if worker.group == WRITES]
        if writes:  # with none named it would wait for every worker
            await self.workers.wait_for_complete(writes)

    def say(self, text: str, *, is_error: bool = False) -> None:
        """Shows one line until the next key."""
        self.status = Text(text, style="bold red" if is_error else "bold")

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self.status = None
        await super().on_event(event)

    def carry_out(
        self,
        changes: Sequence[Change],
        *,
        on_outcome: Callable[[Outcome], None],
        on_end: Callable[[], None],
    ) -> None:
        """Sends changes in the application's care; `on_end` is called after the last."""
        if self.org is not None:
            work = self._carry_out(self.org, changes, on_outcome=on_outcome, on_end=on_end)
            self.write("Changes", work)

    async def _carry_out(
        self,
        org: Org,
        changes: Sequence[Change],
        *,
        on_outcome: Callable[[Outcome], None],
        on_end: Callable[[], None],
    ) -> None:
        try:
            await org.carry_out(changes, on_outcome=on_outcome, sleep=self.wiring.sleep)
        finally:
            on_end()

    async def _leave(self) -> None:
        await self._written()
        await self.copies.forget_all()
        await self._close()
        self.exit(0)
