"""The keys of the list of accounts that change accounts, or look at what they can do."""

from __future__ import annotations

from sa_tui.access import verbs
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind

CHANGES = (
    bind(Means.NEW, "new", help="Create a system account", verb=verbs.NEW_ACCOUNT),
    bind(Means.EDIT, "edit", help="Change its name or description", verb=verbs.EDIT_ACCOUNT),
    bind(
        Means.CLONE,
        "clone",
        help="Create an account with the same access",
        verb=verbs.CLONE_ACCOUNT,
    ),
    bind(
        Means.ASSIGN,
        "assign_roles",
        help="Give the account roles, or all marked",
        name="assign-roles",
        verb=verbs.GIVE_ROLES,
        takes_marked=True,
    ),
    bind(
        Means.DELETE,
        "delete",
        help="Delete the account, or all marked",
        verb=verbs.DELETE_ACCOUNT,
        takes_marked=True,
    ),
    bind(
        Means.REVOKE_ALL,
        "revoke_all",
        "Revoke tokens",
        "Revoke all its tokens, or those of all marked",
        verb=verbs.REVOKE_ALL_TOKENS,
        takes_marked=True,
    ),
    bind(
        Means.MEMBERSHIPS,
        "teams",
        "Teams",
        "Join or leave teams, it or all marked",
        name="account-teams",
        verb=verbs.CHANGE_TEAMS,
        takes_marked=True,
    ),
    bind(Means.ACCESS, "access", help="Show all it can do, and why"),
    bind(Means.COMPARE, "compare", help="Compare two marked, or one with this", takes_marked=True),
)
