"""The changes that can be made to teams and their members."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from sa_tui.konnect import requests
from sa_tui.konnect.models import Team
from sa_tui.org.changes.change import Change, FieldChange, Ids, Overtaken, is_gone
from sa_tui.org.changes.new_ids import NewId
from sa_tui.org.changes.roles import role_words
from sa_tui.org.names import person_name
from sa_tui.org.snapshot import UNREAD_TEAM_DETAILS, Part, TeamDetails

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.konnect.client import KonnectClient
    from sa_tui.konnect.models import AssignedRole, Listing
    from sa_tui.org.changes.change import Shown


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member of a team: a system account or a person."""

    kind: Literal["account", "user"]
    id: str
    name: str

    @property
    def collection(self) -> Literal["system-accounts", "users"]:
        """What Konnect calls its kind."""
        return "system-accounts" if self.kind == "account" else "users"

    def ids(self, team: Team) -> Ids:
        """The ids for a change of its membership."""
        if self.kind == "account":
            return Ids(account_id=self.id, team_id=team.id)
        return Ids(user_id=self.id, team_id=team.id)

    async def belongs_to(self, team: Team, client: KonnectClient) -> bool:
        """Whether it is a member, asked of Konnect now."""
        is_account = self.kind == "account"
        list_teams = client.accounts.teams if is_account else client.users.teams
        return any(row.id == team.id for row in (await list_teams(self.id)).rows)


def member_of_new(new: NewId) -> Member:
    """The account that an earlier change makes."""
    return Member(kind="account", id=new.text, name=new.key)


def team_of_new(new: NewId) -> Team:
    """The team that an earlier change makes."""
    return Team(id=new.text, name=new.key, system_team=False)


def join_team(member: Member, team: Team) -> Change:
    """Adds a member. Konnect: post-teams-teamId-system-accounts, add-user-to-team."""
    request = requests.add_member(team.id, member.collection, member.id)

    async def send(client: KonnectClient) -> Change:
        await client.send(request)
        return leave_team(member, team)

    async def is_so(client: KonnectClient) -> bool:
        return await member.belongs_to(team, client)

    return Change(
        title=f"Add {member.name} to team {team.title}",
        verb="join-team",
        ids=member.ids(team),
        subject=member.name or member.id,
        fields=(FieldChange("team", after=team.title),),
        request=request,
        send=send,
        is_so=is_so,
    )


def leave_team(member: Member, team: Team, *, roles: Listing[AssignedRole] | None = None) -> Change:
    """Ends a membership; `roles` are those of the team, if they were shown.

    Konnect: delete-teams-teamId-system-accounts-accountId, remove-user-from-team.
    """
    request = requests.remove_member(team.id, member.collection, member.id)

    async def look(client: KonnectClient) -> Change:
        now = await client.teams.get(team.id)
        current_roles = await client.teams.roles(team.id) if roles is not None else None
        current_member = member
        if member.kind == "account":
            account = await client.accounts.get(member.id)
            current_member = replace(member, name=account.name)
        return leave_team(current_member, now, roles=current_roles)

    async def send(client: KonnectClient) -> Change:
        await client.send(request)
        return join_team(member, team)

    async def is_so(client: KonnectClient) -> bool:
        return not await member.belongs_to(team, client)

    return Change(
        title=f"Remove {member.name} from team {team.title}",
        verb="leave-team",
        ids=member.ids(team),
        subject=member.name or member.id,
        fields=(FieldChange("team", before=team.title),),
        request=request,
        send=send,
        is_so=is_so,
        confirm_text=team.name or team.id,
        sight={
            **_sight_of(team, TeamDetails(roles=Part(value=roles))),
            "member": member.name,
        },
        look=look,
    )


def _sight_of(team: Team, details: TeamDetails) -> Shown:
    """What is shown of a team that is to be deleted or left."""
    sight: dict[str, str | dict[str, str]] = {"name": team.name}
    if (roles := details.roles.value) is not None:
        sight["roles"] = {row.id: role_words(row) for row in roles.rows}
    if (accounts := details.accounts.value) is not None:
        sight["system accounts"] = {row.id: row.name or row.id for row in accounts.rows}
    if (users := details.users.value) is not None:
        sight["people"] = {row.id: person_name(row) for row in users.rows}
    return sight


def create_team(
    name: str, *, description: str, labels: Mapping[str, str], makes: NewId | None = None
) -> Change:
    """Creates a team; names are not unique, so another team may have the same one.

    Konnect: create-team.
    """
    request = requests.create_team(name, description=description, labels=labels)
    new = makes or NewId("team", key=name)
    old_ids: set[str] = set()

    async def namesakes(client: KonnectClient) -> set[str]:
        return {team.id for team in (await client.teams.list()).rows if team.name == name}

    async def send(client: KonnectClient) -> None:
        old_ids.update(await namesakes(client))
        new.value = (await client.send(request)).id

    async def is_so(client: KonnectClient) -> bool:
        new_ids = await namesakes(client) - old_ids
        if len(new_ids) == 1:  # the answer that would have named it was lost
            new.value = new.value or next(iter(new_ids))
        return bool(new_ids)

    return Change(
        title=f"Create team {name}",
        verb="create-team",
        fields=(
            FieldChange("name", after=name),
            FieldChange("description", after=description),
            *(FieldChange(f"label {key}", after=value) for key, value in labels.items()),
        ),
        request=request,
        send=send,
        is_so=is_so,
        can_double=True,
        makes=new,
    )


def update_team(
    team: Team,
    *,
    name: str | None = None,
    description: str | None = None,
    labels: Mapping[str, str | None] | None = None,
) -> Change:
    """Changes a team, except for fields that are None; a label of None is removed.

    Labels that are not named stay. Konnect: update-team.
    """
    request = requests.update_team(team.id, name=name, description=description, labels=labels)

    async def send(client: KonnectClient) -> Change | None:
        current = await client.teams.get(team.id)
        _refuse_if_overtaken(team, current, request.body or {})
        updated = await client.send(request)
        if description is not None and not current.description:
            return None  # Konnect accepts no empty description
        return update_team(
            updated,
            name=None if name is None else current.name,
            description=None if description is None else current.description,
            labels=None if labels is None else {key: current.labels.get(key) for key in labels},
        )

    async def is_so(client: KonnectClient) -> bool:
        now = await client.teams.get(team.id)
        return (
            name in (None, now.name)
            and description in (None, now.description)
            and all(now.labels.get(key) == value for key, value in (labels or {}).items())
        )

    return Change(
        title=f"Change team {team.name}",
        verb="edit-team",
        ids=Ids(team_id=team.id),
        subject=team.name or team.id,
        fields=_altered(team, request.body or {}),
        request=request,
        send=send,
        is_so=is_so,
        confirm_text=team.name or team.id,
    )


def _altered(team: Team, body: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The fields that this body alters; of the labels those that it names."""
    altered = [
        FieldChange(field, before=getattr(team, field), after=value)
        for field, value in body.items()
        if field != "labels"
    ]
    altered += [
        FieldChange(f"label {key}", before=team.labels.get(key), after=value)
        for key, value in body.get("labels", {}).items()
    ]
    return tuple(altered)


def _refuse_if_overtaken(shown: Team, current: Team, changed: Mapping[str, Any]) -> None:
    """Raises Overtaken if somebody else has changed a field meanwhile."""
    for field, value in changed.items():
        before, now = getattr(shown, field), getattr(current, field)
        if field != "labels":
            if now not in (before, value):
                raise _overtaken(f"the {field}", now)
            continue
        for key, label in value.items():
            if now.get(key) not in (before.get(key), label):
                raise _overtaken(f"the label {key}", now.get(key))


def _overtaken(what: str, now: str | None) -> Overtaken:
    return Overtaken(
        f"Somebody changed {what} meanwhile: {now or 'nothing'} now. Nothing was sent",
        advice="Refresh, and decide again",
    )


def delete_team(team: Team, details: TeamDetails = UNREAD_TEAM_DETAILS) -> Change:
    """Deletes a team that is not predefined; `details` are those that were shown.

    Konnect: delete-team.
    """
    request = requests.delete_team(team.id)
    sight = _sight_of(team, details)

    async def look(client: KonnectClient) -> Change:
        now = await client.teams.get(team.id)
        roles = await client.teams.roles(team.id) if "roles" in sight else None
        accounts = await client.teams.accounts(team.id) if "system accounts" in sight else None
        users = await client.teams.users(team.id) if "people" in sight else None
        read = TeamDetails(
            roles=Part(value=roles), accounts=Part(value=accounts), users=Part(value=users)
        )
        return delete_team(now, read)

    return Change(
        title=f"Delete team {team.name}",
        verb="delete-team",
        ids=Ids(team_id=team.id),
        fields=(
            FieldChange("name", before=team.name),
            FieldChange("description", before=team.description),
            *(FieldChange(f"label {key}", before=value) for key, value in team.labels.items()),
        ),
        request=request,
        send=lambda client: client.send(request),
        is_so=lambda client: is_gone(client.teams.get(team.id)),
        level="type",
        confirm_text=team.name or team.id,
        sight=sight,
        look=look,
    )
