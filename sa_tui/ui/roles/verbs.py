"""Giving roles, from any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.ui.kit import guards
from sa_tui.ui.roles.reviews import target

if TYPE_CHECKING:
    from sa_tui.org.changes.roles import RoleOwner
    from sa_tui.ui.kit.host import Host


def account_role_owner(host: Host, account_id: str) -> RoleOwner | None:
    """The account as an owner of roles; None when Konnect does not list it."""
    from sa_tui.org.changes.roles import RoleOwner

    account = host.snapshot.account(account_id)
    return RoleOwner(kind="account", id=account_id, name=account.name) if account else None


def assign_roles(host: Host, owner: RoleOwner) -> None:
    """Opens the form that gives roles, or says why none can be given."""
    from sa_tui.ui.roles.form import RoleForm

    if not guards.is_refused(host, verbs.GIVE_ROLES, [target(owner)]):
        host.push_screen(RoleForm(owner))
