"""The verb of a change that was made before: its request says what it does, and to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sa_tui.access import verbs
from sa_tui.access.verbs import Subject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sa_tui.access.verbs import Verb
    from sa_tui.org.snapshot import Part, Snapshot


class Sent(Protocol):
    """A request as far as it says what it changes."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any] | None: ...


def door(request: Sent, snapshot: Snapshot) -> tuple[Verb, Subject]:
    """The verb of a request, and what it is done to, with the role or token if that was read."""
    kind, id, of, part, *_ = (*request.path.split("/")[2:], None, None, None, None)
    is_end, is_account = request.method == "DELETE", kind == "system-accounts"
    holder = Subject(account_id=id) if is_account else Subject(team_id=id)
    if id is None:
        return (verbs.NEW_ACCOUNT if is_account else verbs.NEW_TEAM), holder
    details = (snapshot.details_of if is_account else snapshot.team_details_of)(id)
    if of == "assigned-roles":
        roles = tuple(_found(details.roles, part))
        taken = Subject(account_id=holder.account_id, team_id=holder.team_id, roles=roles)
        return (verbs.TAKE_ROLES if is_end else verbs.GIVE_ROLES), taken
    if of == "access-tokens":
        token = next(iter(_found(snapshot.details_of(id).tokens, part)), None)
        verb = verbs.REVOKE_TOKENS if is_end else verbs.RENAME_TOKEN
        return verb, Subject(account_id=id, token=token)
    if of is not None:
        member = part or str((request.body or {}).get("id"))
        who = {"account_id" if of == "system-accounts" else "user_id": member}
        return (verbs.LEAVE_TEAM if is_end else verbs.JOIN_TEAM), Subject(team_id=id, **who)
    if is_account:
        return (verbs.DELETE_ACCOUNT if is_end else verbs.EDIT_ACCOUNT), holder
    return (verbs.DELETE_TEAM if is_end else verbs.EDIT_TEAM), holder


def _found(part: Part[Any], id: str | None) -> list[Any]:
    return [row for row in (part.value.rows if part.value else ()) if row.id == id]
