"""Operations on people, their roles, their teams and their personal access tokens."""

from __future__ import annotations

from sa_tui.konnect.calls import Calls, OnPage, v3
from sa_tui.konnect.models import AssignedRole, Listing, PersonalAccessToken, Team, User


class UserCalls(Calls):
    """What can be asked of and done to people."""

    async def list_users(self, *, on_page: OnPage[User] | None = None) -> Listing[User]:
        """All people of the organisation. Konnect: list-users."""
        return await self.read_list(User, v3("users"), on_page=on_page)

    async def get_user(self, user_id: str) -> User:
        """One person. Konnect: get-user."""
        return await self.read_row(User, v3("users", user_id))

    async def update_user(
        self, user_id: str, *, full_name: str | None = None, preferred_name: str | None = None
    ) -> User:
        """The changed person; None leaves as it is. Konnect: update-user."""
        body = {"full_name": full_name, "preferred_name": preferred_name}
        return await self._update(User, v3("users", user_id), body)

    async def delete_user(self, user_id: str) -> None:
        """Removes a person from the organisation. Konnect: delete-user."""
        await self._delete(v3("users", user_id))

    async def list_user_teams(
        self, user_id: str, *, on_page: OnPage[Team] | None = None
    ) -> Listing[Team]:
        """The teams a person belongs to. Konnect: list-user-teams."""
        return await self.read_list(Team, v3("users", user_id, "teams"), on_page=on_page)

    async def list_user_tokens(
        self, user_id: str, *, on_page: OnPage[PersonalAccessToken] | None = None
    ) -> Listing[PersonalAccessToken]:
        """A person's access tokens, at most ten; a system account's token may not ask for them.

        Konnect: list-users-personal-access-tokens.
        """
        path = v3("users", user_id, "access-tokens")
        return await self._read_unpaged(PersonalAccessToken, path, on_page=on_page)

    async def list_user_roles(
        self, user_id: str, *, on_page: OnPage[AssignedRole] | None = None
    ) -> Listing[AssignedRole]:
        """The roles a person holds directly. Konnect: list-user-roles."""
        return await self._read_roles(v3("users", user_id, "assigned-roles"), on_page=on_page)

    async def assign_user_role(
        self,
        user_id: str,
        *,
        role_name: str,
        entity_type_name: str,
        entity_id: str,
        entity_region: str,
    ) -> AssignedRole:
        """The new assignment; Conflict when it is held already. Konnect: users-assign-role."""
        return await self._assign_role(
            v3("users", user_id, "assigned-roles"),
            role_name=role_name,
            entity_type_name=entity_type_name,
            entity_id=entity_id,
            entity_region=entity_region,
        )

    async def get_user_role(self, user_id: str, role_id: str) -> AssignedRole:
        """One assignment. Konnect: get-user-role."""
        return await self.read_row(AssignedRole, v3("users", user_id, "assigned-roles", role_id))

    async def remove_user_role(self, user_id: str, role_id: str) -> None:
        """Takes a role away. Konnect: users-remove-role."""
        await self._delete(v3("users", user_id, "assigned-roles", role_id))
