"""Sends the changes of a command, and says what became of each; a signal lets none be forgotten.

The rule it keeps: a change is never abandoned without a message. What a signal kept from being sent
is kept as a batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.base.words import plural
from sa_tui.cli.interruption import UnansweredError, answered
from sa_tui.org.changes.batch import Batch
from sa_tui.org.changes.change import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.org.changes.change import Change


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of the changes; `unsent` are those that a signal kept from being sent."""

    outcomes: tuple[Outcome, ...]
    unsent: tuple[Change, ...] = ()
    is_cut_short: bool = False


async def send(command: ChangeCommand, changes: Sequence[Change]) -> Sent:
    """Sends the changes one after the other; after a signal, waits for the one under way."""
    env, outcomes = command.env, list[Outcome]()
    if not changes:
        return Sent(outcomes=())
    batch = Batch(
        command.org,
        changes,
        batches=command.records.batches,
        profile=command.profile.name,
        base_url=command.profile.base_url,
        sleep=env.sleep,
        on_problem=env.tell,
    )

    def tell(outcome: Outcome) -> None:
        outcomes.append(outcome)
        env.tell(f"{outcome.change.title}: {outcome.message}")

    try:
        await answered(
            batch.carry_out(on_outcome=tell),
            env=env,
            on_signal=lambda: batch.stop(leaving=True),
        )
    except UnansweredError as error:
        if len(outcomes) + len(batch.unsent) < len(changes):
            message = f"Whether it was done is unknown. {error}"
            tell(Outcome(change=changes[len(outcomes)], status="unknown", message=message))
            return _cut_short(command, outcomes, batch)
    if batch.unsent:
        return _cut_short(command, outcomes, batch)
    return Sent(outcomes=tuple(outcomes))


def _cut_short(command: ChangeCommand, outcomes: Sequence[Outcome], batch: Batch) -> Sent:
    """What became of them when a signal came; says how to go on."""
    if batch.unsent:
        kept = " Start sa-tui, which asks about them, or" if batch.kept_count else " To go on,"
        command.env.tell(
            f"{plural(len(batch.unsent), 'change')} never sent.{kept} run the same command again: "
            "what is done is left out."
        )
    return Sent(outcomes=tuple(outcomes), unsent=batch.unsent, is_cut_short=True)
