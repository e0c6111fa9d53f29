"""Operations on teams, their roles, their users and their system accounts."""

from __future__ import annotations

from sa_tui.konnect.address import v3
from sa_tui.konnect.calls import Calls, OnPage
from sa_tui.konnect.models import AssignedRole, Listing, SystemAccount, Team, User


class TeamCalls(Calls):
    """Reads teams."""

    async def list_teams(self, *, on_page: OnPage[Team] | None = None) -> Listing[Team]:
        """All teams; names are not unique. Konnect: list-teams."""
        return await self.read_list(Team, v3("teams"), on_page=on_page)

    async def get_team(self, team_id: str) -> Team:
        """One team. Konnect: get-team."""
        return await self.read_row(Team, v3("teams", team_id))

    async def list_team_roles(
        self, team_id: str, *, on_page: OnPage[AssignedRole] | None = None
    ) -> Listing[AssignedRole]:
        """The roles of a team. Konnect: list-team-roles."""
        return await self._read_roles(v3("teams", team_id, "assigned-roles"), on_page=on_page)

    async def list_team_users(
        self, team_id: str, *, on_page: OnPage[User] | None = None
    ) -> Listing[User]:
        """The people of a team. Konnect: list-team-users."""
        return await self.read_list(User, v3("teams", team_id, "users"), on_page=on_page)

    async def list_team_accounts(
        self, team_id: str, *, on_page: OnPage[SystemAccount] | None = None
    ) -> Listing[SystemAccount]:
        """The system accounts of a team. Konnect: get-teams-teamId-system-accounts."""
        path = v3("teams", team_id, "system-accounts")
        return await self.read_list(SystemAccount, path, on_page=on_page)
