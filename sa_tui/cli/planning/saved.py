"""Sends a plan that was saved: exactly what it says, and nothing if the organisation has moved.

The rule it keeps: a plan is of one organisation. What of it is done is not sent again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.cli.changing.command import Wanted
from sa_tui.cli.exits import Exit, StoppedError, UsageError
from sa_tui.plans.checking.check import why_not_here
from sa_tui.plans.reading import checked_in
from sa_tui.plans.saved import SavedPlan, SavedPlanError, is_saved_plan, read_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.plans.checking.check import Checked


def saved_plan_in(files: Sequence[tuple[str, bytes]]) -> SavedPlan | None:
    """The saved plan that these files are; None if they are wishes. Raises UsageError."""
    names = [name for name, content in files if is_saved_plan(content)]
    if not names:
        return None
    if len(files) > 1:
        raise UsageError(f"{one_line(names[0])} is a saved plan: apply it alone.")
    ((name, content),) = files
    try:
        return read_plan(content)
    except SavedPlanError as error:
        raise UsageError(f"{one_line(name)} cannot be applied: {error}.") from None


async def wanted_again(command: ChangeCommand, plan: SavedPlan) -> Wanted:
    """The changes of the plan that are still to be sent.

    Raises StoppedError for another organisation, or one that has moved, UsageError for a plan that
    is not understood.
    """
    _refuse_other(command, plan)
    checked = await _checked(command, plan)
    return Wanted(
        changes=checked.changes,
        already=checked.already,
        notes=(plan.origin,),
        more={"unchanged": []},
    )


async def _checked(command: ChangeCommand, plan: SavedPlan) -> Checked:
    try:
        checked = await checked_in(command.org, plan)
    except SavedPlanError as error:
        raise UsageError(f"The plan cannot be applied: {error}.") from None
    if checked.moved:
        raise StoppedError(f"Nothing was sent: {checked.why_not}", code=Exit.CONFLICT)
    return checked


def _refuse_other(command: ChangeCommand, plan: SavedPlan) -> None:
    if reason := why_not_here(plan, command.snapshot):
        raise StoppedError(f"Nothing was sent. {reason}", code=Exit.UNSAFE)
