"""Every change to Konnect as a value: the client sends exactly what is shown as curl."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from sa_tui.konnect.address import v3
from sa_tui.konnect.models import AccessToken, AssignedRole, IssuedToken, Row, SystemAccount, Team

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sa_tui.konnect.answers import Response

T_co = TypeVar("T_co", covariant=True)
RowT = TypeVar("RowT", bound=Row)
RoleCollection = Literal["system-accounts", "teams"]
MemberCollection = Literal["system-accounts", "users"]


@dataclass(frozen=True, kw_only=True)
class Request(Generic[T_co]):
    """The request of a change; `path` begins with /v3/, `read` reads the answer."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    read: Callable[[Response], T_co] = field(repr=False, compare=False)

    def as_curl(self, base_url: str) -> str:
        """The request as a shell command; a variable stands for the token."""
        words = ["curl", "-X", self.method, f"{base_url}{self.path}"]
        words += ["-H", "Authorization: Bearer $KONNECT_TOKEN"]
        if self.body is not None:
            words += ["-H", "Content-Type: application/json", "-d", json.dumps(self.body)]
        # The shell expands only the variable.
        return " ".join(
            f'"{word}"' if "$KONNECT_TOKEN" in word else shlex.quote(word) for word in words
        )


# System accounts and their tokens


def create_system_account(name: str, *, description: str = "") -> Request[SystemAccount]:
    """Creates an account; Conflict if the name is taken. Konnect: post-system-accounts."""
    body = {"name": name, "description": description}
    return _create(SystemAccount, v3("system-accounts"), body)


def update_system_account(
    account_id: str, *, name: str | None = None, description: str | None = None
) -> Request[SystemAccount]:
    """Changes an account, except for fields that are None. Konnect: patch-system-accounts-id."""
    body = {"name": name, "description": description}
    return _update(SystemAccount, v3("system-accounts", account_id), body)


def delete_system_account(account_id: str) -> Request[None]:
    """Deletes an account, unless Konnect manages it. Konnect: delete-system-accounts-id."""
    return _delete(v3("system-accounts", account_id))


def create_access_token(
    account_id: str, *, name: str, expires_at: datetime
) -> Request[IssuedToken]:
    """Creates an access token; the answer has its secret, which is never shown again.

    `expires_at` is aware and at most 365 days ahead; Konnect keeps whole seconds. An error
    with `outcome_unknown` means that the token may exist, but nobody has its secret.
    Konnect: post-system-accounts-id-access-tokens.
    """
    if expires_at.tzinfo is None:
        raise ValueError("expires_at must be aware")
    expiry = f"{expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return Request(
        method="POST",
        path=v3("system-accounts", account_id, "access-tokens"),
        body={"name": name, "expires_at": expiry},
        read=lambda answer: answer.read(IssuedToken.from_wire),
    )


def update_access_token(account_id: str, token_id: str, *, name: str) -> Request[AccessToken]:
    """Renames a token; its expiry cannot be changed.

    Konnect: patch-system-accounts-id-access-tokens-id.
    """
    path = v3("system-accounts", account_id, "access-tokens", token_id)
    return _update(AccessToken, path, {"name": name})


def delete_access_token(account_id: str, token_id: str) -> Request[None]:
    """Revokes a token. Konnect: delete-system-accounts-id-access-tokens-id."""
    return _delete(v3("system-accounts", account_id, "access-tokens", token_id))


# Roles


def assign_role(
    collection: RoleCollection,
    id: str,
    *,
    role_name: str,
    entity_type_name: str,
    entity_id: str,
    entity_region: str,
) -> Request[AssignedRole]:
    """Assigns a role to an account or a team; Conflict if it is assigned already.

    Konnect: post-system-accounts-accountId-assigned-roles, teams-assign-role.
    """
    body = {
        "role_name": role_name,
        "entity_type_name": entity_type_name,
        "entity_id": entity_id,
        "entity_region": entity_region,
    }
    return _create(AssignedRole, v3(collection, id, "assigned-roles"), body)


def remove_role(collection: RoleCollection, id: str, role_id: str) -> Request[None]:
    """Removes an assigned role.

    Konnect: delete-system-accounts-accountId-assigned-roles-roleId, teams-remove-role.
    """
    return _delete(v3(collection, id, "assigned-roles", role_id))


# Teams and their members


def create_team(
    name: str, *, description: str = "", labels: Mapping[str, str] | None = None
) -> Request[Team]:
    """Creates a team; some plans refuse it with Forbidden. Konnect: create-team."""
    optional = {"description": description, "labels": dict(labels or {})}
    body = {"name": name} | {key: value for key, value in optional.items() if value}
    return _create(Team, v3("teams"), body)


def update_team(
    team_id: str,
    *,
    name: str | None = None,
    description: str | None = None,
    labels: Mapping[str, str | None] | None = None,
) -> Request[Team]:
    """Changes a team; a label set to None is removed. Konnect: update-team."""
    body = {
        "name": name,
        "description": description,
        "labels": None if labels is None else dict(labels),
    }
    return _update(Team, v3("teams", team_id), body)


def delete_team(team_id: str) -> Request[None]:
    """Deletes a team, unless it is predefined. Konnect: delete-team."""
    return _delete(v3("teams", team_id))


def add_member(team_id: str, collection: MemberCollection, id: str) -> Request[None]:
    """Adds a member. Konnect: post-teams-teamId-system-accounts, add-user-to-team."""
    # The answer is the text `Created`, nothing, or JSON.
    path = v3("teams", team_id, collection)
    return Request(method="POST", path=path, body={"id": id}, read=_nothing)


def remove_member(team_id: str, collection: MemberCollection, id: str) -> Request[None]:
    """Removes a member.

    Konnect: delete-teams-teamId-system-accounts-accountId, remove-user-from-team.
    """
    return _delete(v3("teams", team_id, collection, id))


# Kinds of requests


def _create(model: type[RowT], path: str, body: Mapping[str, object]) -> Request[RowT]:
    return Request(method="POST", path=path, body=body, read=_row_of(model))


def _update(model: type[RowT], path: str, body: Mapping[str, object]) -> Request[RowT]:
    """Leaves out fields that are None: they stay as they are."""
    changed = {name: value for name, value in body.items() if value is not None}
    return Request(method="PATCH", path=path, body=changed, read=_row_of(model))


def _delete(path: str) -> Request[None]:
    return Request(method="DELETE", path=path, read=_nothing)


def _row_of(model: type[RowT]) -> Callable[[Response], RowT]:
    return lambda answer: answer.read(model.from_wire)


def _nothing(_: Response) -> None:
    """Ignores the body of a success."""
