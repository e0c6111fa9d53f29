"""The changes that can be made to system accounts and their access tokens."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Literal

from sa_tui.base.text import one_line
from sa_tui.konnect import requests
from sa_tui.org.changes.change import Change, FieldChange, Ids, Level, Overtaken, is_gone
from sa_tui.org.changes.new_ids import NewId
from sa_tui.org.changes.roles import role_words
from sa_tui.org.snapshot import UNREAD_DETAILS, Details, Part

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.konnect.client import KonnectClient
    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.org.changes.change import Shown


def create_account(name: str, *, description: str, makes: NewId | None = None) -> Change:
    """Creates a system account; another one with the same name is never taken for it.

    Konnect: post-system-accounts.
    """
    request = requests.create_system_account(name, description=description)
    new = makes or NewId("account", key=name)
    old_ids: set[str] = set()

    async def namesakes(client: KonnectClient) -> set[str]:
        listing = await client.accounts.list(name_contains=name)
        return {account.id for account in listing.rows if account.name == name}

    async def send(client: KonnectClient) -> None:
        old_ids.update(await namesakes(client))
        new.value = (await client.send(request)).id

    async def is_so(client: KonnectClient) -> bool:
        new_ids = await namesakes(client) - old_ids
        if len(new_ids) == 1:  # the answer that would have named it was lost
            new.value = new.value or next(iter(new_ids))
        return bool(new_ids)

    return Change(
        title=f"Create system account {name}",
        verb="create-account",
        fields=(FieldChange("name", after=name), FieldChange("description", after=description)),
        request=request,
        send=send,
        is_so=is_so,
        makes=new,
    )


def rename_account(account: SystemAccount, *, name: str) -> Change:
    """Renames the account, unless somebody else has renamed it.

    Konnect: patch-system-accounts-id.
    """
    request = requests.update_system_account(account.id, name=name)

    async def send(client: KonnectClient) -> Change:
        current = await client.accounts.get(account.id)
        _refuse_if_overtaken("name", shown=account.name, current=current.name, new=name)
        return rename_account(await client.send(request), name=account.name)

    async def is_so(client: KonnectClient) -> bool:
        return (await client.accounts.get(account.id)).name == name

    return Change(
        title=f"Rename system account {account.name} to {name}",
        verb="rename-account",
        ids=Ids(account_id=account.id),
        subject=account.name,
        fields=(FieldChange("name", before=account.name, after=name),),
        request=request,
        send=send,
        is_so=is_so,
    )


def describe_account(account: SystemAccount, *, description: str) -> Change:
    """Changes the description of the account, unless somebody else has changed it.

    Konnect: patch-system-accounts-id.
    """
    request = requests.update_system_account(account.id, description=description)

    async def send(client: KonnectClient) -> Change:
        current = (await client.accounts.get(account.id)).description
        _refuse_if_overtaken(
            "description", shown=account.description, current=current, new=description
        )
        return describe_account(await client.send(request), description=account.description)

    async def is_so(client: KonnectClient) -> bool:
        return (await client.accounts.get(account.id)).description == description

    return Change(
        title=f"Describe system account {account.name} as '{one_line(description)}'",
        verb="describe-account",
        ids=Ids(account_id=account.id),
        subject=account.name,
        fields=(FieldChange("description", before=account.description, after=description),),
        request=request,
        send=send,
        is_so=is_so,
    )


def delete_account(account: SystemAccount, details: Details = UNREAD_DETAILS) -> Change:
    """The end of the account and of all its tokens; `details` are what was shown of it.

    Konnect: delete-system-accounts-id.
    """
    request = requests.delete_system_account(account.id)
    sight = _sight_of(account, details)

    async def look(client: KonnectClient) -> Change:
        now = await client.accounts.get(account.id)
        tokens = await client.accounts.tokens(account.id) if "tokens" in sight else None
        roles = await client.accounts.roles(account.id) if "roles" in sight else None
        teams = await client.accounts.teams(account.id) if "teams" in sight else None
        read = Details(tokens=Part(value=tokens), roles=Part(value=roles), teams=Part(value=teams))
        return delete_account(now, read)

    return Change(
        title=f"Delete system account {account.name}",
        verb="delete-account",
        ids=Ids(account_id=account.id),
        fields=(
            FieldChange("name", before=account.name),
            FieldChange("description", before=account.description),
        ),
        request=request,
        send=lambda client: client.send(request),
        is_so=lambda client: is_gone(client.accounts.get(account.id)),
        level="type",
        confirm_text=account.name or account.id,
        sight=sight,
        look=look,
    )


def _sight_of(account: SystemAccount, details: Details) -> Shown:
    """What is shown of an account that is to be deleted."""
    sight: dict[str, str | dict[str, str]] = {"name": account.name}
    if (tokens := details.tokens.value) is not None:
        sight["tokens"] = {row.id: row.name or row.id for row in tokens.rows}
    if (roles := details.roles.value) is not None:
        sight["roles"] = {row.id: role_words(row) for row in roles.rows}
    if (teams := details.teams.value) is not None:
        sight["teams"] = {row.id: row.name or row.id for row in teams.rows}
    return sight


def rename_token(account: SystemAccount, token: AccessToken, *, name: str) -> Change:
    """Renames the token, unless somebody else has renamed it.

    Konnect: patch-system-accounts-id-access-tokens-id.
    """
    request = requests.update_access_token(account.id, token.id, name=name)

    async def send(client: KonnectClient) -> Change:
        current = await client.accounts.token(account.id, token.id)
        _refuse_if_overtaken("name", shown=token.name, current=current.name, new=name)
        return rename_token(account, await client.send(request), name=token.name)

    async def is_so(client: KonnectClient) -> bool:
        return (await client.accounts.token(account.id, token.id)).name == name

    return Change(
        title=f"Rename token {token.name} of {account.name} to {name}",
        verb="rename-token",
        ids=Ids(account_id=account.id, token_id=token.id),
        subject=account.name,
        fields=(FieldChange("token name", before=token.name, after=name),),
        request=request,
        send=send,
        is_so=is_so,
        confirm_text=account.name or account.id,
    )


def revoke_token(account: SystemAccount, token: AccessToken) -> Change:
    """Revokes the token; for one that was used, its name has to be typed.

    Konnect: delete-system-accounts-id-access-tokens-id.
    """
    request = requests.delete_access_token(account.id, token.id)
    is_unused = token.last_used_at is None and "last_used_at" not in token.unreadable

    async def look(client: KonnectClient) -> Change:
        now = await client.accounts.token(account.id, token.id)
        return revoke_token(account, now)

    level: Level = "ask" if is_unused else "type"
    return Change(
        title=f"Revoke token {token.name} of {account.name}",
        verb="revoke-token",
        ids=Ids(account_id=account.id, token_id=token.id),
        subject=account.name,
        fields=(
            FieldChange("token", before=token.name or token.id),
            FieldChange("expires", before=_day(token, "expires_at")),
            FieldChange("last used", before=_day(token, "last_used_at")),
        ),
        request=request,
        send=lambda client: client.send(request),
        is_so=lambda client: is_gone(client.accounts.token(account.id, token.id)),
        level=level,
        confirm_text=token.name or token.id,
        # The last use changes all the time: only whether the token was used is compared.
        sight={"name": token.name, "state": "never used" if is_unused else "in use"},
        look=look,
    )


def _day(token: AccessToken, name: Literal["expires_at", "last_used_at"]) -> str:
    if name in token.unreadable:
        return "unknown"
    moment: datetime | None = getattr(token, name)
    return "never" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d}"


def _refuse_if_overtaken(what: str, *, shown: str, current: str, new: str) -> None:
    """Raises Overtaken if somebody else has changed the value meanwhile."""
    if current not in (shown, new):
        raise Overtaken(
            f"Somebody changed the {what} meanwhile: it is '{one_line(current)}' now. "
            "Nothing was sent",
            advice="Refresh, and decide again",
        )
