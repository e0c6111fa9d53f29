"""The schema of a run that rotates what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from sa_tui.answers.head import SCHEMA_VERSION
from sa_tui.cli.rotating.results import Status
from sa_tui.cli.schemas.changes import REQUEST
from sa_tui.cli.schemas.envelope import ASKED
from sa_tui.cli.schemas.kinds import count, exactly, flag, many, moment, one_of, record, text
from sa_tui.cli.schemas.rows import NAMED
from sa_tui.rotation.due import Kind

if TYPE_CHECKING:
    from sa_tui.cli.schemas.kinds import Schema

_FIELDS: Schema = {
    "rotation": text("The entry of rotations.toml."),
    "action": one_of(
        "What was due: revoke ends what nobody has, retire what was replaced, remove what has "
        "expired.",
        *get_args(Kind),
    ),
    "status": one_of(
        "What became of it; unclear: the secret may have arrived, lost: Konnect's answer was.",
        *get_args(Status),
    ),
    "system_account": record(
        "The system account; null for an entry that claims none.", NAMED, is_nullable=True
    ),
    "access_token": record(
        "The token that is replaced or ended; null where it is not about one.",
        NAMED,
        is_nullable=True,
    ),
    "expires_at": moment("When that token expires; null if it never does.", is_nullable=True),
    "successor": record(
        "The token that replaces it; null where there is none.",
        {
            "id": text("Its id; null while it is still to be issued.", is_nullable=True),
            "name": text("Its name."),
        },
        is_nullable=True,
    ),
    "reason": text("Why it is due, or is not."),
    "message": text("What happened; null if nothing did.", is_nullable=True),
    "error": record("The request that failed, if one did.", ASKED, is_nullable=True),
}
_RESULT = record("What was done, or not, about one token.", _FIELDS)
_ORGANIZATION = record(
    "The organisation; null if it could not be read.",
    {"id": text("Its id."), "name": text("Its name.")},
    is_nullable=True,
)
EVENT: Schema = record(
    "What a command of on_event gets on its standard input.",
    {
        "schema_version": exactly("The version of this schema.", SCHEMA_VERSION),
        "at": moment("When it happened."),
        "profile": text("The profile."),
        "organization": _ORGANIZATION,
    }
    | _FIELDS
    | {
        "rotation": text("The entry; null for the run as a whole.", is_nullable=True),
        "action": one_of("What was due; run: the run as a whole.", *get_args(Kind), "run"),
    },
)
ROTATE: Schema = {
    "dry_run": flag("Whether nothing was sent."),
    "path": text("The file of rotations."),
    "tokens": count("How many tokens the entries claim, without their successors."),
    "not_tried": count("How many of them were left because Konnect could not be asked."),
    "next_due_at": moment("When the next token falls due, if one does.", is_nullable=True),
    "results": many("What was due, what waits, and what somebody has to look at.", _RESULT),
    "requests": many("With --dry-run, what would be sent; else empty.", REQUEST),
}
RECEIPT: Schema = record(
    "A line of receipts.jsonl: one run.",
    {
        "schema_version": exactly("The version of this schema.", SCHEMA_VERSION),
        "program": record(
            "The program that wrote this.",
            {"name": exactly("Its name.", "sa-tui"), "version": text("Its version.")},
        ),
        "command": exactly("The command that was run.", "rotate"),
        "begun_at": moment("When the run began."),
        "ended_at": moment("When it ended."),
        "profile": text("The profile."),
        "organization": _ORGANIZATION,
        "path": ROTATE["path"],
        "tokens": ROTATE["tokens"],
        "waiting": count("How many results only wait; they are left out."),
        "not_tried": ROTATE["not_tried"],
        "results": many("What was due, and what somebody has to look at.", _RESULT),
        "exit_code": count("The exit code of the run."),
        "error": text("Why the run failed as a whole; null if it did not.", is_nullable=True),
    },
)
