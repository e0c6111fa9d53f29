"""Operations on teams, their roles, their users and their system accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.konnect.address import v3
from sa_tui.konnect.models import AssignedRole, Listing, SystemAccount, Team, User

if TYPE_CHECKING:
    from sa_tui.konnect.calls import Calls, OnPage


class TeamCalls:
    """Reads teams."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def list(self, *, on_page: OnPage[Team] | None = None) -> Listing[Team]:
        """All teams; names are not unique. Konnect: list-teams."""
        return await self._calls.read_list(Team, v3("teams"), on_page=on_page)

    async def get(self, team_id: str) -> Team:
        """One team. Konnect: get-team."""
        return await self._calls.read_row(Team, v3("teams", team_id))

    async def roles(
        self, team_id: str, *, on_page: OnPage[AssignedRole] | None = None
    ) -> Listing[AssignedRole]:
        """The roles of a team. Konnect: list-team-roles."""
        return await self._calls.read_roles(v3("teams", team_id, "assigned-roles"), on_page=on_page)

    async def users(self, team_id: str, *, on_page: OnPage[User] | None = None) -> Listing[User]:
        """The people of a team. Konnect: list-team-users."""
        return await self._calls.read_list(User, v3("teams", team_id, "users"), on_page=on_page)

    async def accounts(
        self, team_id: str, *, on_page: OnPage[SystemAccount] | None = None
    ) -> Listing[SystemAccount]:
        """The system accounts of a team. Konnect: get-teams-teamId-system-accounts."""
        path = v3("teams", team_id, "system-accounts")
        return await self._calls.read_list(SystemAccount, path, on_page=on_page)
