"""Every change as a verb: what it is done to, and what it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sa_tui.konnect.rights import who_may

if TYPE_CHECKING:
    from sa_tui.konnect.models import AccessToken, AssignedRole
    from sa_tui.konnect.rights import Permission

Noun = Literal["account", "token", "team", "role", "membership"]
Rule = Literal["allowed", "typed", "refused"]
"""`typed`: only after a reason was shown and a name was typed."""

Ends = Literal["", "account", "tokens", "team", "roles", "membership"]
"""What a verb takes away; empty for one that takes nothing away."""

WHO_SEES_ACCOUNTS = who_may("GET", "/v3/system-accounts")
"""Who may read the list of system accounts, in a clause."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a verb is done to: an account, a team, or something of theirs.

    A membership has a team and an account or a person; a role has whoever holds it.
    """

    account_id: str | None = None
    team_id: str | None = None
    user_id: str | None = None
    token: AccessToken | None = None
    roles: tuple[AssignedRole, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One kind of change: what it is done to, to how many at once, and what it asks for.

    `needs` is what Konnect asks the caller to be allowed to do, for the first request of several.
    `cannot` ends the sentence "Konnect manages NAME for a mesh zone: it …", `risk` the one that
    warns of it; `fixed` ends "NAME is a predefined team: …".
    """

    title: str
    needs: Permission
    noun: Noun | None = None
    takes_several: bool = False
    managed: Rule = "allowed"
    cannot: str = ""
    risk: str = ""
    fixed: str = ""
    ends: Ends = ""
    alters_team: bool = False


_CUT_OFF = "whatever in the zone uses this token stops working, and nobody here can repair it"
_BY_HAND = "the zone gets no new token by itself, somebody has to put it there"
_FIXED_ROLES = "its roles cannot be changed"

NEW_ACCOUNT = Verb(title="New account", needs="create system accounts")
EDIT_ACCOUNT = Verb(
    title="Edit account",
    needs="update system accounts",
    noun="account",
    managed="refused",
    cannot="cannot be changed by hand",
)
DELETE_ACCOUNT = Verb(
    title="Delete account",
    needs="delete system accounts",
    noun="account",
    managed="refused",
    cannot="cannot be deleted by hand",
    ends="account",
)
CLONE_ACCOUNT = Verb(title="Clone account", needs="create system accounts", noun="account")
CHANGE_TEAMS = Verb(
    title="Change teams",
    needs="manage the members of teams",
    noun="account",
    takes_several=True,
    managed="refused",
    cannot="cannot be put into teams",
)
GIVE_ROLES = Verb(
    title="Give roles",
    needs="update roles",
    noun="role",
    managed="refused",
    cannot="cannot be given roles",
    fixed=_FIXED_ROLES,
    alters_team=True,
)
REMOVE_ROLES = Verb(
    title="Remove roles",
    needs="update roles",
    noun="role",
    takes_several=True,
    managed="typed",
    risk="the zone may stop working without its roles",
    fixed=_FIXED_ROLES,
    ends="roles",
    alters_team=True,
)
ISSUE_TOKEN = Verb(
    title="Issue token",
    needs="create system account tokens",
    noun="account",
    managed="typed",
    risk=_BY_HAND,
)
ROTATE_TOKEN = Verb(
    title="Rotate token",
    needs="create system account tokens",
    noun="token",
    managed="typed",
    risk=_BY_HAND,
)
RETIRE_TOKEN = Verb(
    title="Retire token",
    needs="delete system account tokens",
    noun="token",
    managed="typed",
    risk=_CUT_OFF,
    ends="tokens",
)
RENAME_TOKEN = Verb(
    title="Rename token",
    needs="update system account tokens",
    noun="token",
    managed="typed",
    risk="Kong's own tools may look for the token by its name",
)
REVOKE_TOKENS = Verb(
    title="Revoke tokens",
    needs="delete system account tokens",
    noun="token",
    takes_several=True,
    managed="typed",
    risk=_CUT_OFF,
    ends="tokens",
)
REVOKE_ALL_TOKENS = Verb(
    title="Revoke all tokens",
    needs="delete system account tokens",
    noun="account",
    takes_several=True,
    managed="typed",
    risk=_CUT_OFF,
    ends="tokens",
)
NEW_TEAM = Verb(title="New team", needs="create teams")
EDIT_TEAM = Verb(
    title="Edit team",
    needs="update teams",
    noun="team",
    fixed="only its members can be changed",
    alters_team=True,
)
DELETE_TEAM = Verb(
    title="Delete team",
    needs="delete teams",
    noun="team",
    fixed="it cannot be deleted, only its members can be changed",
    ends="team",
    alters_team=True,
)
CHANGE_MEMBERS = Verb(title="Change members", needs="manage the members of teams", noun="team")
JOIN_TEAM = Verb(
    title="Join teams",
    needs="manage the members of teams",
    noun="membership",
    takes_several=True,
    managed="refused",
    cannot="cannot be put into teams",
)
LEAVE_TEAM = Verb(
    title="End memberships",
    needs="manage the members of teams",
    noun="membership",
    takes_several=True,
    managed="typed",
    risk="the zone may stop working without what the team gives",
    ends="membership",
)

VERBS = (
    *(NEW_ACCOUNT, EDIT_ACCOUNT, DELETE_ACCOUNT, CLONE_ACCOUNT, CHANGE_TEAMS),
    *(GIVE_ROLES, REMOVE_ROLES, JOIN_TEAM, LEAVE_TEAM),
    *(ISSUE_TOKEN, ROTATE_TOKEN, RETIRE_TOKEN, RENAME_TOKEN, REVOKE_TOKENS, REVOKE_ALL_TOKENS),
    *(NEW_TEAM, EDIT_TEAM, DELETE_TEAM, CHANGE_MEMBERS),
)
