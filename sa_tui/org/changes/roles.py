"""The changes that give roles to a system account or a team and remove them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sa_tui.konnect import requests
from sa_tui.konnect.regions import EVERY
from sa_tui.org.changes.change import Change, FieldChange, Ids, Level

if TYPE_CHECKING:
    from sa_tui.konnect.client import KonnectClient
    from sa_tui.konnect.models import AssignedRole, Listing
    from sa_tui.org.changes.new_ids import NewId


@dataclass(frozen=True, kw_only=True)
class RoleOwner:
    """Who holds a role: a system account or a team."""

    kind: Literal["account", "team"]
    id: str
    name: str

    def describe(self) -> str:
        """The owner in words: `system account ci-eu`."""
        kind = "system account" if self.kind == "account" else "team"
        return f"{kind} {self.name or self.id}"

    @property
    def collection(self) -> Literal["system-accounts", "teams"]:
        """What Konnect calls its kind."""
        return "system-accounts" if self.kind == "account" else "teams"

    async def roles(self, client: KonnectClient) -> Listing[AssignedRole]:
        """The roles that it holds directly, asked of Konnect now."""
        is_account = self.kind == "account"
        list_roles = client.accounts.roles if is_account else client.teams.roles
        return await list_roles(self.id)

    def ids(self, role_id: str | None = None) -> Ids:
        """The ids for a change of its roles."""
        if self.kind == "account":
            return Ids(account_id=self.id, role_id=role_id)
        return Ids(team_id=self.id, role_id=role_id)


def owner_of_new(new: NewId, *, name: str = "") -> RoleOwner:
    """The owner that an earlier change makes."""
    return RoleOwner(kind=new.kind, id=new.text, name=name or new.key)


@dataclass(frozen=True, kw_only=True)
class RoleRequest:
    """A role on an entity, in Kong's words; `*` stands for every entity or every region.

    `entity_name` is empty if it is not known.
    """

    role_name: str
    entity_type_name: str
    entity_id: str
    entity_region: str
    entity_name: str = field(default="", compare=False)

    def describe(self) -> str:
        """The grant on one line: `Viewer on Control Planes prod-eu (eu)`."""
        return f"{self.role_name} on {self.where}"

    @property
    def where(self) -> str:
        """What the role is on: `Control Planes prod-eu (eu)`."""
        entity = "all" if self.entity_id == EVERY else self.entity_name or self.entity_id
        return f"{self.entity_type_name} {entity} ({region_name(self.entity_region)})"

    def is_written_in(self, role: AssignedRole) -> bool:
        """Whether an assigned role is exactly this one."""
        return (
            role.role_name == self.role_name
            and role.entity_type_name == self.entity_type_name
            and role.entity_id == self.entity_id
            and role.entity_region == self.entity_region
        )

    @property
    def is_admin_of_everything(self) -> bool:
        """Whether this is Admin on every entity, which is confirmed by typing a name."""
        return self.role_name == "Admin" and self.entity_id == EVERY


def role_request_of(role: AssignedRole, *, entity_name: str = "") -> RoleRequest:
    """The request for an assigned role; `?` stands for a field that could not be read."""
    return RoleRequest(
        role_name=role.role_name or "?",
        entity_type_name=role.entity_type_name or "?",
        entity_id=role.entity_id or "?",
        entity_region=role.entity_region or "?",
        entity_name=entity_name,
    )


def role_words(role: AssignedRole, *, entity_name: str = "") -> str:
    """An assigned role on one line; an entity without a name is shown by its id."""
    return role_request_of(role, entity_name=entity_name).describe()


def region_name(region: str | None) -> str:
    """The name of a region for a sentence."""
    return "all regions" if region == EVERY else region or "?"


def assign_role(owner: RoleOwner, grant: RoleRequest) -> Change:
    """Gives a role. Konnect: post-system-accounts-accountId-assigned-roles, teams-assign-role."""
    request = requests.assign_role(
        owner.collection,
        owner.id,
        role_name=grant.role_name,
        entity_type_name=grant.entity_type_name,
        entity_id=grant.entity_id,
        entity_region=grant.entity_region,
    )

    async def send(client: KonnectClient) -> Change:
        assigned = await client.send(request)
        return remove_role(owner, assigned, entity_name=grant.entity_name)

    async def is_so(client: KonnectClient) -> bool:
        return any(map(grant.is_written_in, (await owner.roles(client)).rows))

    level: Level = "type" if grant.is_admin_of_everything else "ask"
    return Change(
        title=f"Give {grant.describe()} to {owner.name}",
        verb="give-role",
        ids=owner.ids(),
        subject=owner.name or owner.id,
        fields=(FieldChange("role", after=grant.describe()),),
        request=request,
        send=send,
        is_so=is_so,
        level=level,
        confirm_text=owner.name or owner.id,
    )


def remove_role(
    owner: RoleOwner,
    role: AssignedRole,
    *,
    entity_name: str = "",
    can_be_given: bool = True,
) -> Change:
    """Removes an assigned role; `entity_name` is shown.

    `can_be_given` is False for a role that Konnect no longer offers: its removal cannot be undone.
    Konnect: delete-system-accounts-accountId-assigned-roles-roleId, teams-remove-role.
    """
    request = requests.remove_role(owner.collection, owner.id, role.id)
    written = (role.role_name, role.entity_type_name, role.entity_id, role.entity_region)
    grant = role_request_of(role, entity_name=entity_name)

    async def look(client: KonnectClient) -> Change:
        rows = (await owner.roles(client)).rows
        same = [row for row in rows if row.id == role.id]
        # A role that was removed and given again has another id.
        same += [row for row in rows if all(written) and grant.is_written_in(row)]
        now = same[0] if same else role
        return remove_role(owner, now, entity_name=entity_name, can_be_given=can_be_given)

    async def send(client: KonnectClient) -> Change | None:
        await client.send(request)
        # A role with an unreadable field cannot be restored exactly.
        return assign_role(owner, grant) if all(written) and can_be_given else None

    async def is_so(client: KonnectClient) -> bool:
        return all(row.id != role.id for row in (await owner.roles(client)).rows)

    return Change(
        title=f"Remove {grant.describe()} from {owner.name}",
        verb="take-role",
        ids=owner.ids(role.id),
        subject=owner.name or owner.id,
        fields=(FieldChange("role", before=grant.describe()),),
        request=request,
        send=send,
        is_so=is_so,
        confirm_text=owner.name or owner.id,
        sight={"words": role_words(role), "assignment": role.id},
        look=look,
    )
