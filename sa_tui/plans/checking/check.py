"""What of a saved plan is still to be done, what is done, and what has moved meanwhile.

The rule it keeps: a change is sent only if Konnect has what the plan says that it was. Anything
else is a reason to plan again, and then nothing is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.plans.checking import accounts, roles, teams
from sa_tui.plans.checking.now import MovedError, Now
from sa_tui.plans.saved import SavedPlanError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sa_tui.org.changes.change import Change, VerbName
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.plans.checking.now import Found
    from sa_tui.plans.saved import SavedChange, SavedPlan

_VERBS: Mapping[VerbName, Callable[[SavedChange, Now], Found]] = MappingProxyType(
    {
        "create-account": accounts.create,
        "rename-account": accounts.edit,
        "describe-account": accounts.edit,
        "delete-account": accounts.delete,
        "rename-token": accounts.rename_token,
        "revoke-token": accounts.revoke_token,
        "give-role": roles.give,
        "take-role": roles.take,
        "create-team": teams.create,
        "edit-team": teams.edit,
        "delete-team": teams.delete,
        "join-team": teams.join,
        "leave-team": teams.leave,
    }
)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The changes that are still to be sent, those that are so already, and why neither is so."""

    changes: tuple[Change, ...]
    already: tuple[Change, ...]
    moved: tuple[str, ...]

    @property
    def why_not(self) -> str:
        """Why nothing of it can be sent, in sentences; empty if nothing has moved."""
        if not self.moved:
            return ""
        reasons = " ".join(map(one_line, dict.fromkeys(self.moved)))
        return f"the organisation is not as it was planned. {reasons} Plan again."


def why_not_here(plan: SavedPlan, snapshot: Snapshot) -> str:
    """Why a plan is not for this organisation, in a sentence; empty if it is."""
    there = snapshot.organization.value
    if there is not None and there.id == plan.organization_id:
        return ""
    if there is None or plan.organization_id is None:
        return "It is not known which organisation this is, or which one the plan is for."
    name = one_line(plan.organization_name or "another organisation")
    return f"The plan is for {name} ({one_line(plan.organization_id)}), not for this one."


def check(plan: SavedPlan, snapshot: Snapshot) -> Checked:
    """What became of a plan meanwhile. Raises SavedPlanError if it is not understood.

    What its changes touch has to be read before; what was not read counts as moved.
    """
    now = Now(plan, snapshot)
    changes: list[Change] = []
    already: list[Change] = []
    moved: list[str] = []
    for number, saved in enumerate(plan.changes, 1):
        try:
            change, done = _VERBS[saved.verb](saved, now)
        except MovedError as error:
            moved.append(error.reason)
            continue
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise SavedPlanError(f"change {number} is not understood: {error}") from None
        if not done:
            _refuse_another(saved, change, number)
        (already if done else changes).append(change)
    return Checked(changes=tuple(changes), already=tuple(already), moved=tuple(moved))


def _refuse_another(saved: SavedChange, change: Change, number: int) -> None:
    """Raises SavedPlanError if the file has another request than the change makes."""
    request = change.request
    is_same = (saved.method, saved.body) == (request.method, dict(request.body or {}))
    # What is made meanwhile has an id in place of what stood for it.
    has_new_ids = any(new.value is not None for new in change.needs)
    if not has_new_ids and not (is_same and saved.path == request.path):
        raise SavedPlanError(f"change {number} has another request than its verb makes")
