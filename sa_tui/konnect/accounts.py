"""Operations on system accounts, their access tokens, roles and teams."""

from __future__ import annotations

from datetime import UTC, datetime

from sa_tui.konnect.calls import Calls, OnPage, v3
from sa_tui.konnect.models import (
    AccessToken,
    AssignedRole,
    IssuedToken,
    Listing,
    SystemAccount,
    Team,
)


class AccountCalls(Calls):
    """What can be asked of and done to system accounts."""

    async def list_system_accounts(
        self, *, name_contains: str | None = None, on_page: OnPage[SystemAccount] | None = None
    ) -> Listing[SystemAccount]:
        """All system accounts. Konnect: get-system-accounts."""
        params = {"filter[name][contains]": name_contains} if name_contains else None
        return await self.read_list(
            SystemAccount, v3("system-accounts"), params=params, on_page=on_page
        )

    async def create_system_account(self, name: str, *, description: str = "") -> SystemAccount:
        """A new system account; Conflict when the name is taken. Konnect: post-system-accounts."""
        body = {"name": name, "description": description}
        return await self._create(SystemAccount, v3("system-accounts"), body)

    async def get_system_account(self, account_id: str) -> SystemAccount:
        """One system account. Konnect: get-system-accounts-id."""
        return await self.read_row(SystemAccount, v3("system-accounts", account_id))

    async def update_system_account(
        self, account_id: str, *, name: str | None = None, description: str | None = None
    ) -> SystemAccount:
        """The changed account; None leaves as it is. Konnect: patch-system-accounts-id."""
        body = {"name": name, "description": description}
        return await self._update(SystemAccount, v3("system-accounts", account_id), body)

    async def delete_system_account(self, account_id: str) -> None:
        """Deletes an account that is not managed. Konnect: delete-system-accounts-id."""
        await self._delete(v3("system-accounts", account_id))

    async def list_access_tokens(
        self,
        account_id: str,
        *,
        name: str | None = None,
        on_page: OnPage[AccessToken] | None = None,
    ) -> Listing[AccessToken]:
        """An account's access tokens, or those of exactly this name.

        Konnect: get-system-account-id-access-tokens.
        """
        return await self.read_list(
            AccessToken,
            v3("system-accounts", account_id, "access-tokens"),
            params={"filter[name][eq]": name} if name is not None else None,
            on_page=on_page,
        )

    async def create_access_token(
        self, account_id: str, *, name: str, expires_at: datetime
    ) -> IssuedToken:
        """A new access token with its secret, which is never shown again.

        `expires_at` is aware and at most 365 days ahead; Konnect keeps whole seconds. An error
        with `outcome_unknown` means that the token may exist although nobody has its secret.
        Konnect: post-system-accounts-id-access-tokens.
        """
        if expires_at.tzinfo is None:
            raise ValueError("expires_at must be aware")
        answer = await self._http.send(
            "POST",
            v3("system-accounts", account_id, "access-tokens"),
            body={
                "name": name,
                "expires_at": expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
        )
        return answer.read(IssuedToken.from_wire)

    async def get_access_token(self, account_id: str, token_id: str) -> AccessToken:
        """One access token. Konnect: get-system-accounts-id-access-tokens-id."""
        return await self.read_row(
            AccessToken, v3("system-accounts", account_id, "access-tokens", token_id)
        )

    async def update_access_token(
        self, account_id: str, token_id: str, *, name: str
    ) -> AccessToken:
        """The renamed token; its expiry never changes.

        Konnect: patch-system-accounts-id-access-tokens-id.
        """
        path = v3("system-accounts", account_id, "access-tokens", token_id)
        return await self._update(AccessToken, path, {"name": name})

    async def delete_access_token(self, account_id: str, token_id: str) -> None:
        """Revokes a token for good. Konnect: delete-system-accounts-id-access-tokens-id."""
        await self._delete(v3("system-accounts", account_id, "access-tokens", token_id))

    async def list_account_roles(
        self, account_id: str, *, on_page: OnPage[AssignedRole] | None = None
    ) -> Listing[AssignedRole]:
        """The roles an account holds itself, not through teams.

        Konnect: get-system-accounts-accountId-assigned-roles.
        """
        path = v3("system-accounts", account_id, "assigned-roles")
        return await self._read_roles(path, on_page=on_page)

    async def assign_account_role(
        self,
        account_id: str,
        *,
        role_name: str,
        entity_type_name: str,
        entity_id: str,
        entity_region: str,
    ) -> AssignedRole:
        """The new assignment; Conflict when it is held already.

        Konnect: post-system-accounts-accountId-assigned-roles.
        """
        return await self._assign_role(
            v3("system-accounts", account_id, "assigned-roles"),
            role_name=role_name,
            entity_type_name=entity_type_name,
            entity_id=entity_id,
            entity_region=entity_region,
        )

    async def get_account_role(self, account_id: str, role_id: str) -> AssignedRole:
        """One assignment. Konnect: get-system-account-role."""
        path = v3("system-accounts", account_id, "assigned-roles", role_id)
        return await self.read_row(AssignedRole, path)

    async def remove_account_role(self, account_id: str, role_id: str) -> None:
        """Takes a role away. Konnect: delete-system-accounts-accountId-assigned-roles-roleId."""
        await self._delete(v3("system-accounts", account_id, "assigned-roles", role_id))

    async def list_account_teams(
        self, account_id: str, *, on_page: OnPage[Team] | None = None
    ) -> Listing[Team]:
        """The teams an account belongs to. Konnect: get-system-accounts-accountId-teams."""
        return await self.read_list(
            Team, v3("system-accounts", account_id, "teams"), on_page=on_page
        )
