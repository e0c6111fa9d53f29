"""What became of the roles that a saved plan gives and removes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.konnect.models import AssignedRole
from sa_tui.org.changes.change import once_made
from sa_tui.org.changes.new_ids import is_placeholder
from sa_tui.org.changes.roles import (
    RoleOwner,
    RoleRequest,
    assign_role,
    owner_of_new,
    remove_role,
    role_words,
)
from sa_tui.plans.checking.now import MovedError, Now

if TYPE_CHECKING:
    from sa_tui.konnect.models import Listing
    from sa_tui.org.changes.change import Change
    from sa_tui.org.changes.new_ids import NewId
    from sa_tui.org.snapshot import Part
    from sa_tui.plans.checking.now import Found
    from sa_tui.plans.saved import SavedChange


def give(saved: SavedChange, now: Now) -> Found:
    """A role that is held is given already."""
    request = RoleRequest(**saved.body)
    if (entity := now.snapshot.entity(request.entity_id)) is not None:
        request = replace(request, entity_name=entity.name)
    ((kind, owner_id),) = saved.ids.items()
    if not is_placeholder(owner_id):
        owner = _owner(saved, now)
        return assign_role(owner, request), _is_held(request, kind, owner.id, now)
    new = now.made(owner_id)
    done = new.value is not None and _is_held(request, kind, new.value, now)
    return once_made([new], partial(_give_to_new, new, request)), done


def take(saved: SavedChange, now: Now) -> Found:
    """A role that is gone was removed already, unless it was given again."""
    owner = _owner(saved, now)
    kind = "account_id" if owner.kind == "account" else "team_id"
    part = _roles(kind, owner.id, now)
    row = next((row for row in part.rows if row.id == saved.ids["role_id"]), None)
    if row is not None:
        entity = now.snapshot.entity(row.entity_id or "")
        change = remove_role(owner, row, entity_name=entity.name if entity is not None else "")
        return now.unless_moved(change, saved), False
    if not part.is_whole:
        raise MovedError(f"Which roles {one_line(owner.name)} holds is not known.")
    words = str(saved.seen.get("words"))
    if words in map(role_words, part.rows):
        what = f"{one_line(words)} was removed from {one_line(owner.name)}"
        raise MovedError(f"{what} and given again.")
    return remove_role(owner, AssignedRole(id=saved.ids["role_id"])), True


def _owner(saved: SavedChange, now: Now) -> RoleOwner:
    if "account_id" in saved.ids:
        account = now.account(saved)
        return RoleOwner(kind="account", id=account.id, name=account.name)
    team = now.team(saved)
    if saved.subject not in team.names:
        now.refuse_renamed(team.id, team.name, saved.subject)
    return RoleOwner(kind="team", id=team.id, name=team.name)


def _roles(kind: str, owner_id: str, now: Now) -> Part[Listing[AssignedRole]]:
    if kind == "account_id":
        return now.snapshot.details_of(owner_id).roles
    return now.snapshot.team_details_of(owner_id).roles


def _is_held(request: RoleRequest, kind: str, owner_id: str, now: Now) -> bool:
    return any(map(request.is_written_in, _roles(kind, owner_id, now).rows))


def _give_to_new(new: NewId, request: RoleRequest) -> Change:
    return assign_role(owner_of_new(new), request)
