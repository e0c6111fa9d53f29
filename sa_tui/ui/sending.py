"""The changes that are being sent: they can be stopped, and what was never sent is not forgotten.

Several changes are written to a file before the first is sent. They are removed from it when all
are answered, or when the operator stops them and stays to see which of them were not sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.times import utc
from sa_tui.base.words import plural
from sa_tui.konnect.errors import KonnectError
from sa_tui.org.logged import planned
from sa_tui.records.journal import JournalError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sa_tui.org.changes.change import Change, Outcome
    from sa_tui.org.changes.new_ids import NewId
    from sa_tui.org.store import Org
    from sa_tui.records.batches import Unsent
    from sa_tui.ui.kit.host import Host


class Sending:
    """One batch of changes, from the confirmation to the last answer."""

    def __init__(self, host: Host, org: Org, changes: Sequence[Change]) -> None:
        self._host = host
        self._org = org
        self._changes = tuple(changes)
        self._batch_id: str | None = None
        self._is_stopped = False
        self._is_leaving = False
        self._sent_count = 0

    @property
    def unsent_count(self) -> int:
        """How many changes the next start will ask about."""
        return len(self._changes) - self._sent_count if self._batch_id is not None else 0

    def stop(self, *, leaving: bool = False) -> None:
        """Sends nothing after the change under way; `leaving` keeps the rest for the next start."""
        self._is_stopped = True
        self._is_leaving = self._is_leaving or leaving

    async def carry_out(
        self, *, on_outcome: Callable[[Outcome], None], on_end: Callable[[], None]
    ) -> None:
        """Sends the changes; `on_end` is called after the last answer."""
        self._begin()
        numbers = iter(range(len(self._changes)))

        def answered(outcome: Outcome) -> None:
            number, batches = next(numbers), self._host.records.batches
            new = outcome.change.makes
            made = (new.value if new is not None else None) or ""
            self._record(lambda batch_id: batches.answered(batch_id, number, made=made))
            on_outcome(outcome)

        try:
            await self._org.carry_out(
                self._changes,
                on_outcome=answered,
                sleep=self._host.dependencies.sleep,
                may_send=self._may_send,
            )
            if not self._is_leaving or self._sent_count == len(self._changes):
                self._record(self._host.records.batches.end)
                self._batch_id = None
        finally:
            on_end()

    def _begin(self) -> None:
        """Records what will be sent, unless it is a single change: that is sent or it is not."""
        profile, organization = self._host.profile, self._org.snapshot.organization.value
        if len(self._changes) < 2 or profile is None:
            return
        try:
            self._batch_id = self._host.records.batches.begin(
                [planned(change) for change in self._changes],
                profile=profile.name,
                base_url=profile.base_url,
                organization_id=organization.id if organization else None,
            )
        except JournalError as error:  # the changes are sent all the same, and can be stopped
            self._host.say(str(error), is_error=True)

    def _may_send(self, number: int) -> bool:
        if self._is_stopped:
            return False
        self._sent_count = number + 1
        self._record(lambda batch_id: self._host.records.batches.sending(batch_id, number))
        return True

    def _record(self, record: Callable[[str], None]) -> None:
        if self._batch_id is None:
            return
        try:
            record(self._batch_id)
        except JournalError as error:
            self._host.say(str(error), is_error=True)


# What an earlier run never sent


async def offer_unsent(host: Host, batches: Sequence[Unsent], *, org: Org) -> None:
    """Asks about each batch that was cut short; sends nothing that was not reviewed again."""
    from sa_tui.ui.log.unsent import UnsentDialog
    from sa_tui.ui.tokens.issuing import ask

    for batch in batches:
        choice = await ask(host, UnsentDialog(batch, about=_about(batch)))
        if choice == "drop":
            _drop(host, batch)
        elif choice == "look":
            await _review(host, batch, org=org)


async def _review(host: Host, batch: Unsent, *, org: Org) -> None:
    """Builds the changes anew for the present organisation, and reviews those that it allows."""
    from sa_tui.access.effects.guards import pass_again
    from sa_tui.ui.kit.review import ReviewDialog
    from sa_tui.ui.tokens.issuing import ask

    changes, left_out = [], []
    new_ids: dict[str, NewId] = {}
    for plan in batch.never_sent:
        try:
            changes.append(await org.rebuilt(plan, new_ids=new_ids))
        except KonnectError as error:
            left_out.append(f"Left out: {plan.title}. {error}")
    passed = await pass_again(changes, org, is_read_only=host.profile is None)
    left_out += passed.left_out
    if not passed.changes:
        host.say(" ".join(("None of it can be sent any more.", *left_out)), is_error=True)
        _drop(host, batch)
        return
    title = "Send what was never sent?"
    notes = (_about(batch), *left_out)
    if await ask(host, ReviewDialog(title, passed.changes, notes=notes)):
        _drop(host, batch)


def _about(batch: Unsent) -> str:
    sentences = [f"Confirmed {utc(batch.at)}, and cut short."]
    if batch.never_sent:
        sentences.append(f"{plural(len(batch.never_sent), 'change')} never sent.")
    if batch.under_way is not None:
        sentences.append(f"Under way, and perhaps done: {batch.under_way.title}.")
    return " ".join(sentences)


def _drop(host: Host, batch: Unsent) -> None:
    try:
        host.records.batches.end(batch.id)
    except JournalError as error:
        host.say(str(error), is_error=True)
