"""A change that was planned, made anew from its request and from what Konnect says now.

What it concerns is read again: a name that is shown and typed is never old news.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sa_tui.konnect.errors import KonnectError, Unreadable
from sa_tui.org.changes import accounts, roles, teams

if TYPE_CHECKING:
    from sa_tui.konnect.client import KonnectClient
    from sa_tui.org.changes.change import Change
    from sa_tui.records.batches import Planned

_PATH = re.compile(
    r"/v3/(?P<kind>system-accounts|teams)"
    r"(?:/(?P<id>[^/]+)(?:/(?P<of>[a-z-]+)(?:/(?P<part>[^/]+))?)?)?"
)


async def rebuild(planned: Planned, client: KonnectClient) -> Change:
    """The same change, for what is there now.

    Raises KonnectError when what it concerns is gone or cannot be read, Unreadable for a request
    that is none of ours.
    """
    found = _PATH.fullmatch(planned.path)
    body = dict(planned.body or {})
    if found is None:
        raise _not_ours(planned)
    try:
        if found["id"] is None:
            return _creation(planned, found["kind"], body)
        if found["kind"] == "system-accounts":
            return await _of_account(planned, found, body, client)
        return await _of_team(planned, found, body, client)
    except (KeyError, TypeError) as error:
        raise _not_ours(planned) from error


def _creation(planned: Planned, kind: str, body: dict[str, Any]) -> Change:
    if planned.method != "POST":
        raise _not_ours(planned)
    described = body.get("description", "")
    if kind == "teams":
        labels = body.get("labels", {})
        return teams.create_team(body["name"], description=described, labels=labels)
    return accounts.create_account(body["name"], description=described)


async def _of_account(
    planned: Planned, found: re.Match[str], body: dict[str, Any], client: KonnectClient
) -> Change:
    account = await client.get_system_account(found["id"])
    if found["of"] == "assigned-roles":
        holder = roles.Holder(kind="account", id=account.id, name=account.name)
        return await _of_role(planned, found["part"], body, holder, client)
    if found["of"] == "access-tokens" and found["part"] is not None:
        token = await client.get_access_token(account.id, found["part"])
        if planned.method == "DELETE":
            return accounts.revoke_token(account, token)
        return accounts.rename_token(account, token, name=body["name"])
    if found["of"] is None and planned.method == "DELETE":
        return accounts.delete_account(account)
    if found["of"] is None and planned.method == "PATCH" and "name" in body:
        return accounts.rename_account(account, name=body["name"])
    if found["of"] is None and planned.method == "PATCH":
        return accounts.describe_account(account, description=body["description"])
    raise _not_ours(planned)


async def _of_team(
    planned: Planned, found: re.Match[str], body: dict[str, Any], client: KonnectClient
) -> Change:
    team = await client.get_team(found["id"])
    if found["of"] == "assigned-roles":
        holder = roles.Holder(kind="team", id=team.id, name=team.name)
        return await _of_role(planned, found["part"], body, holder, client)
    if found["of"] in ("system-accounts", "users"):
        id = found["part"] or body["id"]
        member = await _member(found["of"], id, client)
        if planned.method == "DELETE":
            return teams.leave_team(member, team)
        return teams.join_team(member, team)
    if found["of"] is None and planned.method == "DELETE":
        return teams.delete_team(team)
    if found["of"] is None and planned.method == "PATCH":
        return teams.update_team(team, **body)
    raise _not_ours(planned)


async def _member(collection: str, id: str, client: KonnectClient) -> teams.Member:
    if collection == "system-accounts":
        account = await client.get_system_account(id)
        return teams.Member(kind="account", id=account.id, name=account.name)
    user = await client.get_user(id)
    return teams.Member(kind="user", id=user.id, name=user.email)


async def _of_role(
    planned: Planned,
    role_id: str | None,
    body: dict[str, Any],
    holder: roles.Holder,
    client: KonnectClient,
) -> Change:
    if planned.method == "POST":
        return roles.assign_role(holder, roles.Grant(**body))
    for role in (await holder.roles(client)).rows:
        if role.id == role_id:
            return roles.remove_role(holder, role)
    raise KonnectError(
        f"{holder.describe()} does not hold this role any more", advice="Nothing is left to do"
    )


def _not_ours(planned: Planned) -> Unreadable:
    return Unreadable(f"{planned.method} {planned.path} is no change that can be made again")
