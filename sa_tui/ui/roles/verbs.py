"""Giving roles, from any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.ui.kit import guards

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.org.changes.roles import RoleOwner
    from sa_tui.ui.kit.host import Host


def team_role_owner(host: Host, team_id: str) -> RoleOwner | None:
    """The team as an owner of roles; None when Konnect does not list it."""
    from sa_tui.org.changes.roles import RoleOwner

    team = host.snapshot.team(team_id)
    return RoleOwner(kind="team", id=team_id, name=team.title) if team else None


def account_role_owner(host: Host, account_id: str) -> RoleOwner | None:
    """The account as an owner of roles; None when Konnect does not list it."""
    from sa_tui.org.changes.roles import RoleOwner

    account = host.snapshot.account(account_id)
    return RoleOwner(kind="account", id=account_id, name=account.name) if account else None


def assign_to_accounts(
    host: Host, account_ids: Iterable[str], *, notes: Sequence[str] = ()
) -> None:
    """Opens the form for these accounts, unless one of them can be given no roles."""
    targets = [Target(account_id=account_id) for account_id in account_ids]
    if not guards.is_refused(host, verbs.GIVE_ROLES, targets):
        owners = (account_role_owner(host, target.account_id or "") for target in targets)
        _open_form(host, [owner for owner in owners if owner is not None], notes)


def assign_to_teams(host: Host, team_ids: Iterable[str], *, notes: Sequence[str] = ()) -> None:
    """Opens the form for these teams, unless one of them can be given no roles."""
    targets = [Target(team_id=team_id) for team_id in team_ids]
    if not guards.is_refused(host, verbs.GIVE_ROLES, targets):
        owners = (team_role_owner(host, target.team_id or "") for target in targets)
        _open_form(host, [owner for owner in owners if owner is not None], notes)


def _open_form(host: Host, owners: Sequence[RoleOwner], notes: Sequence[str]) -> None:
    from sa_tui.ui.roles.form import RoleForm

    host.push_screen(RoleForm(owners, notes=notes))
