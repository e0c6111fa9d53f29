"""Operations on system accounts, their access tokens, roles and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.konnect.address import v3
from sa_tui.konnect.models import (
    AccessToken,
    AssignedRole,
    Listing,
    SystemAccount,
    Team,
)

if TYPE_CHECKING:
    from sa_tui.konnect.calls import Calls, OnPage


class AccountCalls:
    """Reads system accounts."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def list(
        self, *, name_contains: str | None = None, on_page: OnPage[SystemAccount] | None = None
    ) -> Listing[SystemAccount]:
        """All system accounts. Konnect: get-system-accounts."""
        params = {"filter[name][contains]": name_contains} if name_contains else None
        return await self._calls.read_list(
            SystemAccount, v3("system-accounts"), params=params, on_page=on_page
        )

    async def get(self, account_id: str) -> SystemAccount:
        """One system account. Konnect: get-system-accounts-id."""
        return await self._calls.read_row(SystemAccount, v3("system-accounts", account_id))

    async def tokens(
        self,
        account_id: str,
        *,
        name: str | None = None,
        on_page: OnPage[AccessToken] | None = None,
    ) -> Listing[AccessToken]:
        """The access tokens of an account, or those with exactly this name.

        Konnect: get-system-account-id-access-tokens.
        """
        return await self._calls.read_list(
            AccessToken,
            v3("system-accounts", account_id, "access-tokens"),
            params={"filter[name][eq]": name} if name is not None else None,
            on_page=on_page,
        )

    async def token(self, account_id: str, token_id: str) -> AccessToken:
        """One access token. Konnect: get-system-accounts-id-access-tokens-id."""
        return await self._calls.read_row(
            AccessToken, v3("system-accounts", account_id, "access-tokens", token_id)
        )

    async def roles(
        self, account_id: str, *, on_page: OnPage[AssignedRole] | None = None
    ) -> Listing[AssignedRole]:
        """The roles that an account holds directly, not through teams.

        Konnect: get-system-accounts-accountId-assigned-roles.
        """
        path = v3("system-accounts", account_id, "assigned-roles")
        return await self._calls.read_roles(path, on_page=on_page)

    async def teams(self, account_id: str, *, on_page: OnPage[Team] | None = None) -> Listing[Team]:
        """The teams of an account. Konnect: get-system-accounts-accountId-teams."""
        return await self._calls.read_list(
            Team, v3("system-accounts", account_id, "teams"), on_page=on_page
        )
