"""The changes that can be made to system accounts and their access tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.api.calls import v3
from sa_tui.api.errors import KonnectError, NotFound
from sa_tui.base.text import one_line
from sa_tui.org.changes import Change, Level, Request

if TYPE_CHECKING:
    from sa_tui.api.client import KonnectClient
    from sa_tui.api.models import AccessToken, SystemAccount


def create_account(name: str, *, description: str) -> Change:
    """A new system account; one that has the name already is never taken for it.

    Konnect: post-system-accounts.
    """
    known: set[str] = set()

    async def namesakes(client: KonnectClient) -> set[str]:
        listing = await client.list_system_accounts(name_contains=name)
        return {account.id for account in listing.rows if account.name == name}

    async def send(client: KonnectClient) -> None:
        known.update(await namesakes(client))
        await client.create_system_account(name, description=description)

    async def is_so(client: KonnectClient) -> bool:
        return bool(await namesakes(client) - known)

    return Change(
        title=f"Create system account {name}",
        request=Request(
            method="POST",
            path=v3("system-accounts"),
            body={"name": name, "description": description},
        ),
        send=send,
        is_so=is_so,
    )


def rename_account(account: SystemAccount, *, name: str) -> Change:
    """Another name for the account, unless it has another by now.

    Konnect: patch-system-accounts-id.
    """

    async def send(client: KonnectClient) -> Change:
        current = await client.get_system_account(account.id)
        _refuse_if_overtaken("name", shown=account.name, current=current.name, wanted=name)
        renamed = await client.update_system_account(account.id, name=name)
        return rename_account(renamed, name=account.name)

    async def is_so(client: KonnectClient) -> bool:
        return (await client.get_system_account(account.id)).name == name

    return Change(
        title=f"Rename system account {account.name} to {name}",
        request=Request(
            method="PATCH", path=v3("system-accounts", account.id), body={"name": name}
        ),
        send=send,
        is_so=is_so,
        account_ids=(account.id,),
    )


def describe_account(account: SystemAccount, *, description: str) -> Change:
    """Another description for the account, unless it has another by now.

    Konnect: patch-system-accounts-id.
    """

    async def send(client: KonnectClient) -> Change:
        current = (await client.get_system_account(account.id)).description
        _refuse_if_overtaken(
            "description", shown=account.description, current=current, wanted=description
        )
        described = await client.update_system_account(account.id, description=description)
        return describe_account(described, description=account.description)

    async def is_so(client: KonnectClient) -> bool:
        return (await client.get_system_account(account.id)).description == description

    return Change(
        title=f"Describe system account {account.name} as '{one_line(description)}'",
        request=Request(
            method="PATCH",
            path=v3("system-accounts", account.id),
            body={"description": description},
        ),
        send=send,
        is_so=is_so,
        account_ids=(account.id,),
    )


def delete_account(account: SystemAccount) -> Change:
    """The end of the account and of all its tokens. Konnect: delete-system-accounts-id."""

    async def send(client: KonnectClient) -> None:
        await client.delete_system_account(account.id)

    async def is_so(client: KonnectClient) -> bool:
        try:
            await client.get_system_account(account.id)
        except NotFound:
            return True
        return False

    return Change(
        title=f"Delete system account {account.name}",
        request=Request(method="DELETE", path=v3("system-accounts", account.id)),
        send=send,
        is_so=is_so,
        account_ids=(account.id,),
        level="type",
        confirm_text=account.name or account.id,
    )


def rename_token(account: SystemAccount, token: AccessToken, *, name: str) -> Change:
    """Another name for the token, unless it has another by now.

    Konnect: patch-system-accounts-id-access-tokens-id.
    """

    async def send(client: KonnectClient) -> Change:
        current = await client.get_access_token(account.id, token.id)
        _refuse_if_overtaken("name", shown=token.name, current=current.name, wanted=name)
        renamed = await client.update_access_token(account.id, token.id, name=name)
        return rename_token(account, renamed, name=token.name)

    async def is_so(client: KonnectClient) -> bool:
        return (await client.get_access_token(account.id, token.id)).name == name

    return Change(
        title=f"Rename token {token.name} of {account.name} to {name}",
        request=Request(
            method="PATCH",
            path=v3("system-accounts", account.id, "access-tokens", token.id),
            body={"name": name},
        ),
        send=send,
        is_so=is_so,
        account_ids=(account.id,),
    )


def revoke_token(account: SystemAccount, token: AccessToken) -> Change:
    """The end of the token; one that was used asks for its name.

    Konnect: delete-system-accounts-id-access-tokens-id.
    """

    async def send(client: KonnectClient) -> None:
        await client.delete_access_token(account.id, token.id)

    async def is_so(client: KonnectClient) -> bool:
        try:
            await client.get_access_token(account.id, token.id)
        except NotFound:
            return True
        return False

    is_unused = token.last_used_at is None and "last_used_at" not in token.unreadable
    level: Level = "ask" if is_unused else "type"
    return Change(
        title=f"Revoke token {token.name} of {account.name}",
        request=Request(
            method="DELETE",
            path=v3("system-accounts", account.id, "access-tokens", token.id),
        ),
        send=send,
        is_so=is_so,
        account_ids=(account.id,),
        level=level,
        confirm_text=token.name or token.id,
    )


def _refuse_if_overtaken(what: str, *, shown: str, current: str, wanted: str) -> None:
    """Raises KonnectError when somebody else changed meanwhile what is to be replaced."""
    if current not in (shown, wanted):
        raise KonnectError(
            f"Somebody changed the {what} meanwhile: it is '{one_line(current)}' now. "
            "Nothing was sent",
            advice="Refresh, and decide again",
        )
