"""Giving and taking roles, from whichever page: look first, then review, then send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.ui.format import plural
from sa_tui.ui.session import DETAILS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from sa_tui.api.models import AssignedRole
    from sa_tui.org.role_changes import Holder
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.app import SaTui


def account_holder(app: SaTui, account_id: str) -> Holder | None:
    """The account as somebody who holds roles; None when Konnect does not list it."""
    from sa_tui.org.role_changes import Holder

    account = app.snapshot.account(account_id)
    return Holder(kind="account", id=account_id, name=account.name) if account else None


def why_fixed(app: SaTui, holder: Holder | None) -> str:
    """Why roles can neither be given to nor taken from the holder; empty when they can."""
    if app.is_read_only:
        return "This profile is read-only: nothing can be changed here."
    if holder is None:
        return "There is nobody here to hold roles."
    if holder.kind == "account":
        account = app.snapshot.account(holder.id)
        if account is not None and account.konnect_managed:
            return "Konnect manages this account for a mesh zone: its roles are not for people."
        return ""
    team = app.snapshot.team(holder.id)
    is_predefined = team is not None and team.system_team
    return "This team is Konnect's own: its roles cannot be changed." if is_predefined else ""


def assign_roles(app: SaTui, holder: Holder) -> None:
    """Opens the form that gives roles, or says why there can be none."""
    from sa_tui.ui.dialogs.role_form import RoleForm

    if reason := why_fixed(app, holder):
        app.say(reason, is_error=True)
    else:
        app.push_screen(RoleForm(holder))


def remove_roles(app: SaTui, holder: Holder, roles: Sequence[AssignedRole]) -> None:
    """Reviews taking these roles away, with the access that remains."""
    from sa_tui.org.entities import Sight, look_up
    from sa_tui.org.role_changes import remove_role
    from sa_tui.ui.role_previews import before_removing

    if reason := why_fixed(app, holder):
        app.say(reason, is_error=True)
        return
    if not roles or app.org is None:
        return

    def preview(snapshot: Snapshot) -> Text:
        return before_removing(snapshot, holder, roles)

    seen = [look_up(role, app.snapshot) for role in roles]
    changes = [
        remove_role(holder, role, entity_name=each.name if each.sight is Sight.NAMED else "")
        for role, each in zip(roles, seen, strict=True)
    ]
    app.run_worker(read_held(app.org, holder), group=DETAILS)
    title = f"Take {plural(len(roles), 'role')} from {holder.describe()}?"
    app.review(title, changes, preview=preview)


async def read_held(org: Org, holder: Holder) -> None:
    """Reads again what the holder holds, directly and through its teams."""
    if holder.kind == "team":
        await org.read_team_details([holder.id], again=True)
        return
    await org.read_details([holder.id], again=True)
    teams = org.snapshot.details_of(holder.id).teams.value
    if teams is not None:
        await org.read_team_details([team.id for team in teams.rows], again=True)
