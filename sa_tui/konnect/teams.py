"""Operations on teams, their roles and their members, people and machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.konnect.calls import Calls, OnPage, v3
from sa_tui.konnect.models import AssignedRole, Listing, SystemAccount, Team, User

if TYPE_CHECKING:
    from collections.abc import Mapping


class TeamCalls(Calls):
    """What can be asked of and done to teams."""

    async def list_teams(self, *, on_page: OnPage[Team] | None = None) -> Listing[Team]:
        """All teams; names are not unique. Konnect: list-teams."""
        return await self.read_list(Team, v3("teams"), on_page=on_page)

    async def create_team(
        self, name: str, *, description: str = "", labels: Mapping[str, str] | None = None
    ) -> Team:
        """A new team; some plans refuse it with Forbidden. Konnect: create-team."""
        body: dict[str, object] = {"name": name}
        if description:
            body["description"] = description
        if labels:
            body["labels"] = dict(labels)
        return await self._create(Team, v3("teams"), body)

    async def get_team(self, team_id: str) -> Team:
        """One team. Konnect: get-team."""
        return await self.read_row(Team, v3("teams", team_id))

    async def update_team(
        self,
        team_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        labels: Mapping[str, str | None] | None = None,
    ) -> Team:
        """The changed team; a label set to None is removed. Konnect: update-team."""
        body = {
            "name": name,
            "description": description,
            "labels": None if labels is None else dict(labels),
        }
        return await self._update(Team, v3("teams", team_id), body)

    async def delete_team(self, team_id: str) -> None:
        """Deletes a team that is not predefined. Konnect: delete-team."""
        await self._delete(v3("teams", team_id))

    async def list_team_roles(
        self, team_id: str, *, on_page: OnPage[AssignedRole] | None = None
    ) -> Listing[AssignedRole]:
        """The roles of a team. Konnect: list-team-roles."""
        return await self._read_roles(v3("teams", team_id, "assigned-roles"), on_page=on_page)

    async def assign_team_role(
        self,
        team_id: str,
        *,
        role_name: str,
        entity_type_name: str,
        entity_id: str,
        entity_region: str,
    ) -> AssignedRole:
        """The new assignment; Conflict when it is held already. Konnect: teams-assign-role."""
        return await self._assign_role(
            v3("teams", team_id, "assigned-roles"),
            role_name=role_name,
            entity_type_name=entity_type_name,
            entity_id=entity_id,
            entity_region=entity_region,
        )

    async def get_team_role(self, team_id: str, role_id: str) -> AssignedRole:
        """One assignment. Konnect: get-team-role."""
        return await self.read_row(AssignedRole, v3("teams", team_id, "assigned-roles", role_id))

    async def remove_team_role(self, team_id: str, role_id: str) -> None:
        """Takes a role away. Konnect: teams-remove-role."""
        await self._delete(v3("teams", team_id, "assigned-roles", role_id))

    async def list_team_users(
        self, team_id: str, *, on_page: OnPage[User] | None = None
    ) -> Listing[User]:
        """The people of a team. Konnect: list-team-users."""
        return await self.read_list(User, v3("teams", team_id, "users"), on_page=on_page)

    async def add_user_to_team(self, team_id: str, user_id: str) -> None:
        """Makes a person a member. Konnect: add-user-to-team."""
        await self._add(v3("teams", team_id, "users"), user_id)

    async def remove_user_from_team(self, team_id: str, user_id: str) -> None:
        """Ends a person's membership. Konnect: remove-user-from-team."""
        await self._delete(v3("teams", team_id, "users", user_id))

    async def list_team_accounts(
        self, team_id: str, *, on_page: OnPage[SystemAccount] | None = None
    ) -> Listing[SystemAccount]:
        """The system accounts of a team. Konnect: get-teams-teamId-system-accounts."""
        path = v3("teams", team_id, "system-accounts")
        return await self.read_list(SystemAccount, path, on_page=on_page)

    async def add_account_to_team(self, team_id: str, account_id: str) -> None:
        """Makes a system account a member. Konnect: post-teams-teamId-system-accounts."""
        await self._add(v3("teams", team_id, "system-accounts"), account_id)

    async def remove_account_from_team(self, team_id: str, account_id: str) -> None:
        """Ends its membership. Konnect: delete-teams-teamId-system-accounts-accountId."""
        await self._delete(v3("teams", team_id, "system-accounts", account_id))
