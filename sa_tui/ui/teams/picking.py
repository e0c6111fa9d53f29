"""Opens the picker of memberships, from any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.ui.kit import guards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.ui.kit.host import Host


def pick_teams(host: Host, account_id: str) -> None:
    """Opens the picker of the teams that an account belongs to."""
    from sa_tui.ui.teams.picker import MembershipDialog
    from sa_tui.ui.teams.pickers import TeamsOfAccount

    if guards.is_refused(host, verbs.CHANGE_TEAMS, [Target(account_id=account_id)]):
        return
    if (account := host.snapshot.account(account_id)) is not None:
        host.push_screen(MembershipDialog(TeamsOfAccount(account)))


def pick_teams_of_many(host: Host, account_ids: Sequence[str]) -> None:
    """Opens the picker of the teams that several accounts join or leave together."""
    from sa_tui.ui.teams.picker import MembershipDialog
    from sa_tui.ui.teams.pickers import TeamsOfAccounts

    targets = [Target(account_id=key) for key in account_ids]
    if guards.is_refused(host, verbs.CHANGE_TEAMS, targets):
        return
    accounts = [account for key in account_ids if (account := host.snapshot.account(key))]
    if accounts:
        host.push_screen(MembershipDialog(TeamsOfAccounts(tuple(accounts))))


def pick_accounts(host: Host, team_id: str) -> None:
    """Opens the picker of the system accounts that belong to a team."""
    from sa_tui.ui.teams.picker import MembershipDialog
    from sa_tui.ui.teams.pickers import AccountsOfTeam

    if guards.is_refused(host, verbs.CHANGE_MEMBERS, [Target(team_id=team_id)]):
        return
    if (team := host.snapshot.team(team_id)) is not None:
        host.push_screen(MembershipDialog(AccountsOfTeam(team)))


def pick_people(host: Host, team_id: str) -> None:
    """Opens the picker of the people who belong to a team."""
    from sa_tui.ui.teams.picker import MembershipDialog
    from sa_tui.ui.teams.pickers import PeopleOfTeam

    if guards.is_refused(host, verbs.CHANGE_MEMBERS, [Target(team_id=team_id)]):
        return
    if (team := host.snapshot.team(team_id)) is not None:
        host.push_screen(MembershipDialog(PeopleOfTeam(team)))
