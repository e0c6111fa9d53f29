"""Opens the picker of memberships, from any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.ui.kit import guards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.konnect.models import Team
    from sa_tui.ui.kit.host import Host


def pick_teams(host: Host, account_ids: Sequence[str], *, notes: Sequence[str] = ()) -> None:
    """Opens the picker of the teams that an account, or several together, join or leave.

    `notes` stand above the picker of several and above its review.
    """
    from sa_tui.ui.teams.picker import MembershipDialog
    from sa_tui.ui.teams.pickers import TeamsOfAccounts

    targets = [Target(account_id=account_id) for account_id in account_ids]
    if guards.is_refused(host, verbs.CHANGE_TEAMS, targets):
        return
    listed = (host.snapshot.account(account_id) for account_id in account_ids)
    accounts = tuple(account for account in listed if account is not None)
    if accounts:
        host.push_screen(MembershipDialog(TeamsOfAccounts(accounts, notes=notes)))


def pick_accounts(host: Host, team_id: str) -> None:
    """Opens the picker of the system accounts that belong to a team."""
    from sa_tui.ui.teams.picker import MembershipDialog
    from sa_tui.ui.teams.pickers import AccountsOfTeam

    if (team := _changeable_team(host, team_id)) is not None:
        host.push_screen(MembershipDialog(AccountsOfTeam(team)))


def pick_people(host: Host, team_id: str) -> None:
    """Opens the picker of the people who belong to a team."""
    from sa_tui.ui.teams.picker import MembershipDialog
    from sa_tui.ui.teams.pickers import PeopleOfTeam

    if (team := _changeable_team(host, team_id)) is not None:
        host.push_screen(MembershipDialog(PeopleOfTeam(team)))


def _changeable_team(host: Host, team_id: str) -> Team | None:
    """The team, or None after saying why its members cannot be changed."""
    if guards.is_refused(host, verbs.CHANGE_MEMBERS, [Target(team_id=team_id)]):
        return None
    return host.snapshot.team(team_id)
