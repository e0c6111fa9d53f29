"""Every change as a verb, and one place that says what stands in its way.

Keys, the palette, the command line, marks, pages and headless commands all ask here: what one of
them refuses, all refuse, in the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sa_tui.konnect.rights import ADMINISTRATORS, who_may

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.konnect.models import AccessToken, AssignedRole
    from sa_tui.konnect.rights import Permission
    from sa_tui.org.snapshot import Snapshot

Noun = Literal["account", "token", "team", "role", "membership"]
Rule = Literal["allowed", "typed", "refused"]
"""`typed`: only after a reason was shown and a name was typed."""

Ends = Literal["", "account", "tokens", "team", "roles", "membership"]
"""What a verb takes away; empty for one that takes nothing away."""

WHO_SEES_ACCOUNTS = who_may("GET", "/v3/system-accounts")
"""Who may read the list of system accounts, in a clause."""

READ_ONLY = "This profile is read-only: nothing can be changed here."


@dataclass(frozen=True, kw_only=True)
class Subject:
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
TAKE_ROLES = Verb(
    title="Take roles",
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
    *(GIVE_ROLES, TAKE_ROLES, JOIN_TEAM, LEAVE_TEAM),
    *(ISSUE_TOKEN, ROTATE_TOKEN, RETIRE_TOKEN, RENAME_TOKEN, REVOKE_TOKENS, REVOKE_ALL_TOKENS),
    *(NEW_TEAM, EDIT_TEAM, DELETE_TEAM, CHANGE_MEMBERS),
)


def refusal(
    verb: Verb,
    subjects: Sequence[Subject],
    *,
    snapshot: Snapshot,
    is_read_only: bool,
    marked: int = 0,
    takes_unread: bool = False,
) -> str:
    """Why the verb cannot be done to these at all, in a sentence; empty when it can.

    `marked` is how many rows are marked when the verb would be done to another one. A change that
    is made of nothing in a list `takes_unread`: only a list read in full says that it is gone.
    """
    if is_read_only:
        return READ_ONLY
    if reason := _of_caller(verb, snapshot):
        return reason
    if verb.noun is None:
        return ""
    if marked and not verb.takes_several:
        rows = "1 row is" if marked == 1 else f"{marked:,} rows are"
        return f"{verb.title} takes one {verb.noun}, and {rows} marked: Esc clears the marks."
    if not subjects:
        return f"There is no {verb.noun} here: nothing to do."
    reasons = (_refusal_of(verb, subject, snapshot, takes_unread) for subject in subjects)
    return next(filter(None, reasons), "")


def _of_caller(verb: Verb, snapshot: Snapshot) -> str:
    """Whether the caller's own roles and teams, if they are all known, do not give the right."""
    me = snapshot.me.value
    if me is None or me.id not in snapshot.user_details:
        return ""
    from sa_tui.access.stakes import certainly_lack_power  # the models, which a start does without

    if not certainly_lack_power(me.id, snapshot):
        return ""
    return f"Only {ADMINISTRATORS} may {verb.needs}, and you have neither: r reads it again."


def _refusal_of(verb: Verb, subject: Subject, snapshot: Snapshot, takes_unread: bool) -> str:
    if subject.account_id is not None:
        reason = _of_account(verb, subject.account_id, snapshot, takes_unread)
        if reason:
            return reason
    if subject.team_id is None:
        return ""
    team = snapshot.team(subject.team_id)
    if team is None:
        return "" if takes_unread and not snapshot.teams.is_whole else _unlisted("team")
    if team.system_team and verb.fixed:
        return f"{team.title or team.id} is a predefined team: {verb.fixed}."
    return ""


def _of_account(verb: Verb, account_id: str, snapshot: Snapshot, takes_unread: bool) -> str:
    account = snapshot.account(account_id)
    if account is None:
        # Somebody who is gone can still be taken out of a team that lists them.
        if verb.ends == "membership" or (takes_unread and not snapshot.accounts.is_whole):
            return ""
        return _unlisted("account")
    if account.konnect_managed and verb.managed == "refused":
        return f"Konnect manages {account.name or account.id} for a mesh zone: it {verb.cannot}."
    return ""


def _unlisted(noun: Noun) -> str:
    return f"Konnect does not list this {noun}: it may be gone, or not be read yet."
