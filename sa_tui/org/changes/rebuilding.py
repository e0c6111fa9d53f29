"""Makes a planned change again, from its record and from what Konnect has now.

The rule it keeps: its object is read again, so that a name that is shown and typed is current.
An object that another change of the same plan makes has no id yet: that change comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.konnect.errors import KonnectError, Unreadable
from sa_tui.org.changes import accounts, roles, teams
from sa_tui.org.changes.change import once_made
from sa_tui.org.changes.new_ids import is_placeholder, new_id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.base.wire import JsonObject
    from sa_tui.konnect.client import KonnectClient
    from sa_tui.org.changes.change import Change
    from sa_tui.org.changes.new_ids import NewId
    from sa_tui.records.batches import Planned


async def rebuild(
    planned: Planned, client: KonnectClient, *, new_ids: dict[str, NewId] | None = None
) -> Change:
    """The planned change for what exists now.

    `new_ids` are what the changes before it make, by what stands for them; it gets those of this
    one. Raises KonnectError if its object is gone or cannot be read, Unreadable if the record is
    not understood.
    """
    body, ids = dict(planned.body or {}), planned.ids
    made = {} if new_ids is None else new_ids
    try:
        if planned.makes:
            made[planned.makes] = new_id_of(planned.makes)
        if pending := {name: _made(id, made) for name, id in ids.items() if is_placeholder(id)}:
            return await _pending(planned, pending, client)
        match planned.verb:
            case "create-account":
                return accounts.create_account(**body, makes=made.get(planned.makes))
            case "create-team":
                body = {"description": "", "labels": {}} | body
                return teams.create_team(**body, makes=made.get(planned.makes))
            case "give-role":
                return roles.assign_role(await _owner(ids, client), roles.RoleRequest(**body))
            case "take-role":
                return await _removal(await _owner(ids, client), ids["role_id"], client)
            case "edit-team" | "delete-team" | "join-team" | "leave-team":
                return await _of_team(planned.verb, ids, body, client)
            case _:
                return await _of_account(planned.verb, ids, body, client)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(
            "the record of this change cannot be understood", advice="Make the change again"
        ) from error


def _made(placeholder: str, new_ids: Mapping[str, NewId]) -> NewId:
    if placeholder in new_ids:
        return new_ids[placeholder]
    raise KonnectError(
        f"it needs {new_id_of(placeholder).describe()}, which no change before it makes",
        advice="Plan it again",
    )


async def _pending(planned: Planned, pending: Mapping[str, NewId], client: KonnectClient) -> Change:
    """A change of something that an earlier change makes."""
    ids, needs = planned.ids, tuple(pending.values())
    if planned.verb == "give-role":
        (new,) = needs
        request = roles.RoleRequest(**(planned.body or {}))
        return once_made(needs, lambda: roles.assign_role(roles.owner_of_new(new), request))
    if planned.verb != "join-team":
        raise KeyError(planned.verb)
    if "team_id" not in pending:
        team = await client.teams.get(ids["team_id"])
        account = pending["account_id"]
        return once_made(needs, lambda: teams.join_team(teams.member_of_new(account), team))
    new_team = pending["team_id"]
    if "account_id" not in pending:
        member = await _member(ids, client)
        return once_made(needs, lambda: teams.join_team(member, teams.team_of_new(new_team)))
    account = pending["account_id"]
    return once_made(
        needs, lambda: teams.join_team(teams.member_of_new(account), teams.team_of_new(new_team))
    )


async def _of_account(
    verb: str, ids: Mapping[str, str], body: JsonObject, client: KonnectClient
) -> Change:
    account = await client.accounts.get(ids["account_id"])
    match verb:
        case "rename-account":
            return accounts.rename_account(account, **body)
        case "describe-account":
            return accounts.describe_account(account, **body)
        case "delete-account":
            return accounts.delete_account(account)
    token = await client.accounts.token(account.id, ids["token_id"])
    match verb:
        case "rename-token":
            return accounts.rename_token(account, token, **body)
        case "revoke-token":
            return accounts.revoke_token(account, token)
    raise KeyError(verb)


async def _of_team(
    verb: str, ids: Mapping[str, str], body: JsonObject, client: KonnectClient
) -> Change:
    team = await client.teams.get(ids["team_id"])
    if verb == "edit-team":
        return teams.update_team(team, **body)
    if verb == "delete-team":
        return teams.delete_team(team)
    change = teams.join_team if verb == "join-team" else teams.leave_team
    return change(await _member(ids, client), team)


async def _member(ids: Mapping[str, str], client: KonnectClient) -> teams.Member:
    if "account_id" in ids:
        account = await client.accounts.get(ids["account_id"])
        return teams.Member(kind="account", id=account.id, name=account.name)
    user = await client.users.get(ids["user_id"])
    return teams.Member(kind="user", id=user.id, name=user.email)


async def _owner(ids: Mapping[str, str], client: KonnectClient) -> roles.RoleOwner:
    if "account_id" in ids:
        account = await client.accounts.get(ids["account_id"])
        return roles.RoleOwner(kind="account", id=account.id, name=account.name)
    team = await client.teams.get(ids["team_id"])
    return roles.RoleOwner(kind="team", id=team.id, name=team.name)


async def _removal(owner: roles.RoleOwner, role_id: str, client: KonnectClient) -> Change:
    for role in (await owner.roles(client)).rows:
        if role.id == role_id:
            return roles.remove_role(owner, role)
    raise KonnectError(
        f"{owner.describe()} does not hold this role any more", advice="Nothing is left to do"
    )
