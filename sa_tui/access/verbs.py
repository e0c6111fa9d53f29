"""The verbs of all changes: the target that each takes, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sa_tui.konnect.rights import who_may

if TYPE_CHECKING:
    from sa_tui.konnect.models import AccessToken, AssignedRole
    from sa_tui.konnect.rights import Permission

Noun = Literal["account", "token", "team", "role", "membership"]
Rule = Literal["allowed", "typed", "refused"]
"""`typed`: allowed once the operator has read the reason and typed a name."""

Ends = Literal["", "account", "tokens", "team", "roles", "membership"]
"""What a verb ends; empty if it ends nothing."""

WHO_SEES_ACCOUNTS = who_may("GET", "/v3/system-accounts")
"""Who may read the list of system accounts, in a clause."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a verb is carried out on: an account, a team, a token, a membership or roles.

    A membership has a team and an account or a person; roles have their account or team.
    """

    account_id: str | None = None
    team_id: str | None = None
    user_id: str | None = None
    token: AccessToken | None = None
    roles: tuple[AssignedRole, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A kind of change: its target, whether it takes several at once, and what it needs.

    `needs` is the permission for its first request. `managed` is the rule for an account that
    Konnect manages: `cannot` ends the refusal "Konnect manages NAME for a mesh zone: it …", `risk`
    the warning. `fixed` ends "NAME is a predefined team: …".
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

    @property
    def makes_token(self) -> bool:
        """Whether a token is made, which cannot be planned: its secret is there at once."""
        return self.needs == "create system account tokens"


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
    takes_several=True,
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
    noun="account",
    takes_several=True,
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
    takes_several=True,
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
    takes_several=True,
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
