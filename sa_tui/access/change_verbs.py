"""The verb of a change from the log, and its target."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.verbs import Target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.access.verbs import Verb
    from sa_tui.org.changes.change import Change, VerbName
    from sa_tui.org.snapshot import Snapshot

_VERBS: Mapping[VerbName, Verb] = MappingProxyType(
    {
        "create-account": verbs.NEW_ACCOUNT,
        "rename-account": verbs.EDIT_ACCOUNT,
        "describe-account": verbs.EDIT_ACCOUNT,
        "delete-account": verbs.DELETE_ACCOUNT,
        "rename-token": verbs.RENAME_TOKEN,
        "revoke-token": verbs.REVOKE_TOKENS,
        "give-role": verbs.GIVE_ROLES,
        "take-role": verbs.REMOVE_ROLES,
        "create-team": verbs.NEW_TEAM,
        "edit-team": verbs.EDIT_TEAM,
        "delete-team": verbs.DELETE_TEAM,
        "join-team": verbs.JOIN_TEAM,
        "leave-team": verbs.LEAVE_TEAM,
    }
)


def verb_and_target(change: Change, snapshot: Snapshot) -> tuple[Verb, Target]:
    """The verb of a change and its target, with the role or token if it was read."""
    ids = change.ids
    account = snapshot.details_of(ids.account_id or "")
    roles = account.roles if ids.account_id else snapshot.team_details_of(ids.team_id or "").roles
    return _VERBS[change.verb], Target(
        account_id=ids.account_id,
        team_id=ids.team_id,
        user_id=ids.user_id,
        token=next((token for token in account.tokens.rows if token.id == ids.token_id), None),
        roles=tuple(role for role in roles.rows if role.id == ids.role_id),
    )
