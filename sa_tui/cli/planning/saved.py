"""Sends a plan that was saved: exactly what it says, and nothing if the organisation has moved.

The rule it keeps: a plan is of one organisation. What of it is done is not sent again.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sa_tui.access.effects.guards import read_for_guards
from sa_tui.base.text import one_line
from sa_tui.cli.changing.command import Wanted
from sa_tui.cli.exits import Exit, StoppedError, UsageError
from sa_tui.konnect.models import AssignedRole
from sa_tui.org.changes.new_ids import is_placeholder
from sa_tui.org.reading.entities import unread_listings
from sa_tui.org.reading.naming import read_lists
from sa_tui.plans.checking.check import check
from sa_tui.plans.saved import SavedPlan, SavedPlanError, is_saved_plan, read_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.cli.changing.command import ChangeCommand
    from sa_tui.org.changes.change import VerbName
    from sa_tui.org.store import Org
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
    await _read(command.org, plan)
    checked = _checked(command, plan)
    ends = [change for change in checked.changes if change.request.method == "DELETE"]
    if ends:
        await read_for_guards(ends, command.org)
        checked = _checked(command, plan)
    operator = f" by {one_line(plan.operator)}" if plan.operator else ""
    note = f"Planned {one_line(plan.written_at)}{operator}."
    return Wanted(
        changes=checked.changes,
        already=checked.already,
        notes=(note,),
        more={"unchanged": []},
    )


def _checked(command: ChangeCommand, plan: SavedPlan) -> Checked:
    try:
        checked = check(plan, command.snapshot)
    except SavedPlanError as error:
        raise UsageError(f"The plan cannot be applied: {error}.") from None
    if checked.moved:
        reasons = " ".join(dict.fromkeys(map(one_line, checked.moved)))
        raise StoppedError(
            f"Nothing was sent: the organisation is not as it was planned. {reasons} Plan again.",
            code=Exit.CONFLICT,
        )
    return checked


def _refuse_other(command: ChangeCommand, plan: SavedPlan) -> None:
    there = command.snapshot.organization.value
    if there is not None and there.id == plan.organization_id:
        return
    if there is None or plan.organization_id is None:
        reason = "Which organisation this is, or which the plan is for, is not known"
    else:
        name = one_line(plan.organization_name or "another organisation")
        reason = f"The plan is for {name} ({one_line(plan.organization_id)}), not for this one"
    raise StoppedError(f"Nothing was sent. {reason}.", code=Exit.UNSAFE)


async def _read(org: Org, plan: SavedPlan) -> None:
    """Reads what the plan touches, and what is made already of what it makes."""
    ids = [id for saved in plan.changes for id in saved.ids.items()]
    names = _new_names(plan, "create-account")
    accounts = {id for kind, id in ids if kind == "account_id" and not is_placeholder(id)}
    accounts |= {row.id for row in org.snapshot.accounts.rows if row.name in names}
    reading = [org.read_teams(), org.read_offer()]
    if any(kind == "user_id" for kind, _ in ids):
        reading.append(org.read_people())
    await asyncio.gather(*reading)
    names = _new_names(plan, "create-team")
    teams = {id for kind, id in ids if kind == "team_id"}
    team_ids = [row.id for row in org.snapshot.teams.rows if row.id in teams or row.name in names]
    listed = [id for id in sorted(accounts) if org.snapshot.account(id) is not None]
    await asyncio.gather(org.read_details(listed), org.read_team_details(team_ids))
    roles = [
        AssignedRole(id=f"planned-{number}", **saved.body)
        for number, saved in enumerate(plan.changes)
        if saved.verb == "give-role" and _is_role(saved.body)
    ]
    for id in listed:
        roles += org.snapshot.details_of(id).roles.rows
    await read_lists(org, unread_listings(roles, org.snapshot), roles)


def _new_names(plan: SavedPlan, verb: VerbName) -> set[str]:
    """The names of what is created, as far as they are texts."""
    values = (saved.body.get("name") for saved in plan.changes if saved.verb == verb)
    return {value for value in values if isinstance(value, str)}


def _is_role(body: object) -> bool:
    """Whether this is the body of a role; any other is refused when it is compared."""
    fields = {"role_name", "entity_type_name", "entity_id", "entity_region"}
    return isinstance(body, dict) and body.keys() == fields and all(map(_is_text, body.values()))


def _is_text(value: object) -> bool:
    return isinstance(value, str)
