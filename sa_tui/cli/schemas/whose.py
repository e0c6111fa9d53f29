"""The schema of what is known of found tokens."""

from __future__ import annotations

from sa_tui.cli.schemas.kinds import (
    Schema,
    count,
    flag,
    many,
    moment,
    one_of,
    record,
    row,
    text,
)
from sa_tui.cli.schemas.rows import FOUND_GRANT, NAMED, TOKEN

_PLACE: Schema = {
    "path": text("The file, or `standard input`; a token in it is left out."),
    "line": {
        "type": ["integer", "null"],
        "description": "The line; null for the name of the file itself.",
    },
    "form": one_of("How it is written there.", "text", "utf-16", "base64"),
}
_CANDIDATE: Schema = {
    "system_account": record(
        "Its system account; null if it is a person's.", NAMED, is_nullable=True
    ),
    "user": record("Its person; null if it is a system account's.", NAMED, is_nullable=True),
    "access_token": record("The access token.", NAMED),
}
_FOUND: Schema = {
    "masked": text("The token with all but its prefix and last characters left out."),
    "sha256": text("The SHA-256 of the whole secret, in hexadecimal."),
    "kind": one_of(
        "What its prefix says of its owner; null for another shape.",
        *("system_account", "user"),
        is_nullable=True,
    ),
    "state": one_of(
        "Whether it lives; null if that is not known.", "live", "dead", is_nullable=True
    ),
    "reason": text("Why that is so, or is not known.", is_nullable=True),
    "recognised_by": one_of(
        "How its owner was found, if it was.", "journal", "probe", is_nullable=True
    ),
    "found": many("Where it was found; the first places of many.", record("A place.", _PLACE)),
    "found_count": count("How often it was found."),
    "access_token": row("The access token; null if that is not known.", TOKEN, is_nullable=True),
    "system_account": record("The system account of the token.", NAMED, is_nullable=True),
    "user": record("The person of the token.", NAMED, is_nullable=True),
    "organization": record("The organisation that it opens.", NAMED, is_nullable=True),
    "profile": text("The profile with which it was issued here.", is_nullable=True),
    "issued_at": moment("When it was issued here.", is_nullable=True),
    "delivered_to": text("The destination that it was issued for.", is_nullable=True),
    "candidates": many(
        "With --probe, the tokens that it may be while that is not certain.",
        record("Such a token.", _CANDIDATE),
    ),
    "probe_calls": count("With --probe, how many calls were made with it."),
    "revoke": text("The command that revokes it.", is_nullable=True),
    "can_mint": flag(
        "Whether its owner can issue tokens for any account; null if that was not read.",
        is_nullable=True,
    ),
    "teams": {
        "type": ["array", "null"],
        "description": "The teams of its owner; null if they were not read.",
        "items": record("A team.", NAMED),
    },
    "grants": {
        "type": ["array", "null"],
        "description": "What its owner can do, the strongest first; null if that was not read.",
        "items": row("A path to a role.", FOUND_GRANT),
    },
}
WHOSE: Schema = {
    "found_tokens": many("The tokens that were found, live ones first.", row("A token.", _FOUND)),
    "files": count("How many files were looked into."),
    "bytes": count("How many bytes were looked into."),
    "left_out": many(
        "What was not looked into.",
        record("Such a thing.", {"path": text("Where it is."), "reason": text("What it is.")}),
    ),
}
