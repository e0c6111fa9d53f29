"""The schemas of `account`, `role`, `team`, `log` and `undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.cli.schemas.changes import CHANGED
from sa_tui.cli.schemas.kinds import flag, many, record, row
from sa_tui.cli.schemas.rows import (
    ACCOUNT,
    ACTION,
    HELD_ROLE,
    IS_SURE,
    MEMBER,
    MEMBER_TEAM,
    NAMED,
    QUERY,
    ROLE,
    TEAM,
    TOKEN,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.cli.schemas.kinds import Schema

ACCOUNTS: Schema = {
    "quick": flag("Whether tokens, roles and teams were left out, and are unknown."),
    "query": QUERY,
    "system_accounts": many(
        "The system accounts by name.", row("A system account.", ACCOUNT | {"match": IS_SURE})
    ),
}
_CHANGES = (
    *("account create", "account edit", "account delete", "account clone"),
    *("role give", "role take"),
    *("team create", "team edit", "team delete", "team join", "team leave"),
    *("token rename", "token revoke of several", "undo"),
)
CHANGING: Mapping[str, Schema] = {
    "account list": ACCOUNTS,
    "account show": {
        "system_account": row("The system account.", ACCOUNT),
        "access_tokens": many("Its access tokens.", row("An access token.", TOKEN)),
        "assigned_roles": many("The roles that it holds directly.", row("A role.", ROLE)),
        "teams": many("The teams that it is in.", row("A team.", MEMBER_TEAM)),
    },
    "role list": {
        "assigned_roles": many("The roles that are held directly.", row("A role.", HELD_ROLE))
    },
    "team list": {"teams": many("The teams by name.", row("A team.", TEAM))},
    "team show": {
        "team": row("The team.", TEAM),
        "assigned_roles": many("The roles that it holds.", row("A role.", ROLE)),
        "system_accounts": many("The accounts in it.", record("An account.", NAMED)),
        "users": many("The people in it.", row("A person.", MEMBER)),
    },
    "log": {
        "query": QUERY,
        "actions": many("What was sent, the newest first.", row("A request.", ACTION)),
    },
    **dict.fromkeys(_CHANGES, CHANGED),
}
