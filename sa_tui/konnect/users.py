"""Operations on people, their roles, their teams and their personal access tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.konnect.address import v3
from sa_tui.konnect.models import AssignedRole, Listing, PersonalAccessToken, Team, User

if TYPE_CHECKING:
    from sa_tui.konnect.calls import Calls, OnPage


class UserCalls:
    """Reads people."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def list(self, *, on_page: OnPage[User] | None = None) -> Listing[User]:
        """All people of the organisation. Konnect: list-users."""
        return await self._calls.read_list(User, v3("users"), on_page=on_page)

    async def get(self, user_id: str) -> User:
        """One person. Konnect: get-user."""
        return await self._calls.read_row(User, v3("users", user_id))

    async def teams(self, user_id: str, *, on_page: OnPage[Team] | None = None) -> Listing[Team]:
        """The teams of a person. Konnect: list-user-teams."""
        return await self._calls.read_list(Team, v3("users", user_id, "teams"), on_page=on_page)

    async def tokens(
        self, user_id: str, *, on_page: OnPage[PersonalAccessToken] | None = None
    ) -> Listing[PersonalAccessToken]:
        """A person's access tokens, at most ten; a system account's token may not ask for them.

        Konnect: list-users-personal-access-tokens.
        """
        path = v3("users", user_id, "access-tokens")
        return await self._calls.read_unpaged(PersonalAccessToken, path, on_page=on_page)

    async def roles(
        self, user_id: str, *, on_page: OnPage[AssignedRole] | None = None
    ) -> Listing[AssignedRole]:
        """The roles a person holds directly. Konnect: list-user-roles."""
        return await self._calls.read_roles(v3("users", user_id, "assigned-roles"), on_page=on_page)
