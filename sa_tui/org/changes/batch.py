"""Several changes that are sent one after the other: they can be stopped, and none is forgotten.

They are written to a file before the first is sent. They are removed from it when all are answered,
or when the operator stops them and stays to see which of them were not sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.org.logged import planned
from sa_tui.records.lines import JournalError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sa_tui.org.changes.change import Change, Outcome
    from sa_tui.org.store import Org
    from sa_tui.records.batches import Batches


class Batch:
    """The changes of one confirmation, until the last answer.

    `on_problem` is told why the file cannot be kept: the changes are sent all the same.
    """

    def __init__(
        self,
        org: Org,
        changes: Sequence[Change],
        *,
        batches: Batches,
        profile: str,
        base_url: str,
        sleep: Callable[[float], Awaitable[None]],
        on_problem: Callable[[str], object],
    ) -> None:
        self._org = org
        self._changes = tuple(changes)
        self._batches = batches
        self._profile = profile
        self._base_url = base_url
        self._sleep = sleep
        self._on_problem = on_problem
        self._batch_id: str | None = None
        self._is_stopped = False
        self._is_leaving = False
        self._sent_count = 0

    @property
    def kept_count(self) -> int:
        """How many changes the next start will ask about."""
        return len(self.unsent) if self._batch_id is not None else 0

    @property
    def unsent(self) -> tuple[Change, ...]:
        """The changes that were not sent until now."""
        return self._changes[self._sent_count :]

    def stop(self, *, leaving: bool = False) -> None:
        """Sends nothing after the change under way; `leaving` keeps the rest for the next start."""
        self._is_stopped = True
        self._is_leaving = self._is_leaving or leaving

    async def carry_out(
        self,
        *,
        on_outcome: Callable[[Outcome], None],
        on_end: Callable[[], None] = lambda: None,
    ) -> tuple[Outcome, ...]:
        """Sends the changes, and returns what became of each that was sent.

        `on_end` is called after the last answer.
        """
        self._begin()
        numbers = iter(range(len(self._changes)))

        def answered(outcome: Outcome) -> None:
            number, new = next(numbers), outcome.change.makes
            made = (new.value if new is not None else None) or ""
            self._record(lambda batch_id: self._batches.answered(batch_id, number, made=made))
            on_outcome(outcome)

        try:
            outcomes = await self._org.carry_out(
                self._changes, on_outcome=answered, sleep=self._sleep, may_send=self._may_send
            )
            if not self._is_leaving or not self.unsent:
                self._record(self._batches.end)
                self._batch_id = None
        finally:
            on_end()
        return outcomes

    def _begin(self) -> None:
        """Records what will be sent, unless it is a single change: that is sent or it is not."""
        if len(self._changes) < 2:
            return
        organization = self._org.snapshot.organization.value
        try:
            self._batch_id = self._batches.begin(
                [planned(change) for change in self._changes],
                profile=self._profile,
                base_url=self._base_url,
                organization_id=organization.id if organization else None,
            )
        except JournalError as error:
            self._on_problem(str(error))

    def _may_send(self, number: int) -> bool:
        if self._is_stopped:
            return False
        self._sent_count = number + 1
        self._record(lambda batch_id: self._batches.sending(batch_id, number))
        return True

    def _record(self, record: Callable[[str], None]) -> None:
        if self._batch_id is None:
            return
        try:
            record(self._batch_id)
        except JournalError as error:
            self._on_problem(str(error))
