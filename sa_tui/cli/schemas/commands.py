"""The schema of each command's answer, and of an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.cli.schemas.audit import AUDIT, RULES
from sa_tui.cli.schemas.changes import REQUEST
from sa_tui.cli.schemas.changing import ACCOUNTS, CHANGING
from sa_tui.cli.schemas.diff import DIFF
from sa_tui.cli.schemas.envelope import error, head
from sa_tui.cli.schemas.kinds import count, flag, many, mapping, number, one_of, record, row, text
from sa_tui.cli.schemas.planning import PLANNING
from sa_tui.cli.schemas.questions import (
    COMPARE,
    ENTITIES,
    ENTITY,
    QUERIES,
    WHO,
    WHY,
)
from sa_tui.cli.schemas.rotating import EVENT, RECEIPT, ROTATE
from sa_tui.cli.schemas.rows import ACCESS, IS_SURE, MATRIX, NAMED, QUERY, TOKEN
from sa_tui.cli.schemas.whose import WHOSE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.cli.schemas.kinds import Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ACCOUNT = record("The system account.", NAMED)
_CHANGE: Schema = {
    "system_account": _ACCOUNT,
    "dry_run": flag("Whether nothing was sent."),
    "requests": many("With --dry-run, what would be sent; else empty.", REQUEST),
}
_OF_ACCOUNT = {f"system_account_{name}": value for name, value in NAMED.items()}
_LISTED: Schema = {
    "system_account": _ACCOUNT,
    "access_tokens": many("Its access tokens.", row("An access token.", TOKEN)),
}
_ISSUED: Schema = _CHANGE | {
    "access_token": row("The new access token; null in a dry run.", TOKEN, is_nullable=True)
}
_ENDED: Schema = _CHANGE | {
    "access_token": record("The old access token; null in a dry run.", NAMED, is_nullable=True),
    "status": one_of(
        "What became of it: revoked now, or gone before.", "revoked", "gone", is_nullable=True
    ),
}
_PROFILE: Schema = {
    "name": text("Its name."),
    "label": text("What is shown at the top; may be empty."),
    "base_url": text("Konnect's global address."),
    "regional_url": text("The pattern of regional addresses."),
    "regions": many("The regions that are used; empty for all.", text("A region.")),
    "read_only": flag("Whether it only reads."),
    "colour": text("Its colour; null for none.", is_nullable=True),
    "page_size": count("Rows asked for at once."),
    "timeout_seconds": number("How long an answer may take."),
    "concurrency": count("Reads at once."),
    "ca_bundle": text("The file of certificates; null for the system's.", is_nullable=True),
    "token_from": text("Where its token comes from."),
    "found": flag("Whether it was found in another tool's configuration."),
    "default": flag("Whether it is the default."),
}
_FACT: Schema = {
    "type": ["string", "boolean", "null"],
    "description": "A fact, null if there is none.",
}
_DATA: Mapping[str, Schema] = {
    "accounts": ACCOUNTS,
    "tokens": _LISTED,
    "tokens of all accounts": {
        "query": QUERY,
        "access_tokens": many(
            "The access tokens that match, by account and name.",
            row("An access token.", _OF_ACCOUNT | TOKEN | {"match": IS_SURE}),
        ),
    },
    "token list": _LISTED,
    "token issue": _ISSUED,
    "token rotate": _ISSUED
    | {
        "replaced": record(
            "The old access token, which still works; null in a dry run.", NAMED, is_nullable=True
        )
    },
    "rotate": ROTATE,
    "token retire": _ENDED,
    "token revoke": _ENDED,
    "who": WHO,
    "who queries": QUERIES,
    "access": ACCESS,
    "matrix": MATRIX,
    "why": WHY,
    "compare": COMPARE,
    "entity": ENTITY,
    "entities": ENTITIES,
    "whose": WHOSE,
    **CHANGING,
    **PLANNING,
    "audit": AUDIT,
    "audit rules": RULES,
    "audit explain": RULES,
    "diff": DIFF,
    "profiles list": {
        "path": text("The file of profiles; null in the demo.", is_nullable=True),
        "default": text("The name of the default profile, if any.", is_nullable=True),
        "profiles": many("The profiles.", record("A profile.", _PROFILE)),
    },
    "profiles test": {
        "identity": row(
            "Whose token it is.",
            {
                "type": one_of("What Kong calls its kind.", "user", "system_account"),
                "id": text(
                    "The id; Konnect does not tell that of a system account.", is_nullable=True
                ),
                "full_name": text("The full name of a user.", is_nullable=True),
                "email": text("The e-mail address of a user.", is_nullable=True),
            },
        )
    },
    "info": {
        "paths": mapping("Where files are.", _FACT),
        "versions": mapping("What is installed.", _FACT),
        "terminal": mapping("What is known of this terminal.", _FACT),
        "clipboard": many("The routes to a clipboard.", text("A route.")),
        "network": mapping("The proxy, and the entries of NO_PROXY that cannot be used.", _FACT),
        "destinations": mapping(
            "The kind of each destination of profiles.toml, or why it cannot be used.", _FACT
        ),
    },
    "demo serve": {
        "base_url": text("The global address."),
        "regional_url": text("The pattern of regional addresses."),
        "token": text("The token that it accepts; it is valid nowhere else."),
    },
}

_LINES: Mapping[str, Schema] = {"rotate event": EVENT, "rotate receipt": RECEIPT}
"""What a command writes elsewhere than on standard output."""

COMMANDS = (*_DATA, *_LINES, "error")
"""Every schema that there is, by the words of its command."""


def schema_of(command: str) -> Schema:
    """The schema of a command's answer, or of an error; it has no references to others."""
    if command == "error":
        schema = record("What any command writes when there is no answer.", error())
    elif command in _LINES:
        schema = _LINES[command]
    else:
        schema = record(f"What `sa-tui {command} -o json` writes.", head(command) | _DATA[command])
    return {"$schema": DIALECT, "title": f"sa-tui {command}"} | schema
