"""The changes that are being sent, and what an earlier run never sent.

The rule it keeps: what was never sent is offered once more, and reviewed again before it is sent.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.base.times import utc
from sa_tui.base.words import plural
from sa_tui.konnect.errors import KonnectError
from sa_tui.org.changes.batch import Batch
from sa_tui.records.journal import JournalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.org.changes.change import Change
    from sa_tui.org.changes.new_ids import NewId
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.records.batches import Unsent
    from sa_tui.ui.kit.host import Host


def batch_of(host: Host, org: Org, profile: Profile, changes: Sequence[Change]) -> Batch:
    """The changes as one batch, which is kept beside the journal while it is sent."""
    return Batch(
        org,
        changes,
        batches=host.records.batches,
        profile=profile.name,
        base_url=profile.base_url,
        sleep=host.dependencies.sleep,
        on_problem=partial(host.say, is_error=True),
    )


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
