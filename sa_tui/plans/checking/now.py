"""The organisation as it is now, beside a plan that was made of it earlier.

The rule it keeps: what neither is as the plan found it nor as the plan wants it has moved.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.org.changes.new_ids import NewId, new_id_of
from sa_tui.org.changes.sending import differences
from sa_tui.plans.saved import SavedPlanError

if TYPE_CHECKING:
    from sa_tui.konnect.models import SystemAccount, Team
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.plans.saved import SavedChange, SavedPlan

    # A change as it would be sent now, and whether it is so already.
    Found = tuple[Change, bool]


@dataclass(frozen=True)
class MovedError(Exception):
    """A sentence that says what is another now than the plan found it."""

    reason: str


@dataclass
class Now:
    """A plan and the present; `new_ids` are what the changes before make."""

    plan: SavedPlan
    snapshot: Snapshot
    _: KW_ONLY
    new_ids: dict[str, NewId] = field(default_factory=dict)

    def account(self, saved: SavedChange) -> SystemAccount:
        """The account of a change. Raises MovedError if it is gone or has another name."""
        account = self.snapshot.account(saved.ids["account_id"])
        if account is None:
            raise MovedError(f"System account {one_line(saved.subject)} is gone.")
        self.refuse_renamed(account.id, account.name, saved.subject)
        return account

    def team(self, saved: SavedChange, name: str = "") -> Team:
        """The team of a change, whose `name` may be known. Raises MovedError."""
        team = self.snapshot.team(saved.ids["team_id"])
        if team is None:
            raise MovedError(f"Team {one_line(name or saved.ids['team_id'])} is gone.")
        if name:
            self.refuse_renamed(team.id, team.name, name)
        return team

    def refuse_renamed(self, id: str, name: str, planned_name: str) -> None:
        """Raises MovedError if it has neither the planned name nor one that this plan changes."""
        names: set[str | None] = {planned_name}
        for other in self.plan.changes:
            is_it = id in (other.ids.get("account_id"), other.ids.get("team_id"))
            if is_it and other.verb in ("rename-account", "edit-team"):
                for one in other.fields:
                    names |= {one.before, one.after} if one.name == "name" else set()
        if name not in names:
            raise MovedError(f"{one_line(planned_name)} is called {one_line(name)} now.")

    def made(self, placeholder: str) -> NewId:
        """The id that an earlier change makes. Raises SavedPlanError if none does."""
        if placeholder not in self.new_ids:
            what = new_id_of(placeholder).describe()
            raise SavedPlanError(f"it needs {what}, which no change before it makes")
        return self.new_ids[placeholder]

    def unless_moved(self, change: Change, saved: SavedChange) -> Change:
        """A change that destroys something, if that is what was shown. Raises MovedError."""
        now = dict(change.sight)
        if isinstance(members := now.get("system accounts"), dict):
            leaving = {
                other.ids.get("account_id")
                for other in self.plan.changes
                if other.verb == "delete-account" or _leaves(other, saved)
            }
            now["system accounts"] = {k: name for k, name in members.items() if k not in leaving}
        if texts := differences(saved.seen, now):
            raise MovedError(f"{change.title}: {'; '.join(texts)}.")
        return replace(change, sight={key: now[key] for key in now if key in saved.seen})


def is_so(what: str, now: str | None, *, before: str | None, after: str | None) -> bool:
    """Whether a value is as it is wanted. Raises MovedError if it is neither that nor as before."""
    if now == after:
        return True
    if now != before:
        raise MovedError(f"{one_line(what)} is {one_line(now or 'empty')} now.")
    return False


def _leaves(other: SavedChange, saved: SavedChange) -> bool:
    return other.verb == "leave-team" and other.ids.get("team_id") == saved.ids.get("team_id")
