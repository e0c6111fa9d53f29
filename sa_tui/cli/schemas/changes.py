"""The schemas of changes before they are sent, and of what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from sa_tui.cli.schemas.envelope import ERROR
from sa_tui.cli.schemas.kinds import count, flag, many, one_of, record, text
from sa_tui.cli.schemas.rows import FIELD
from sa_tui.org.changes.change import Level, Status, VerbName

if TYPE_CHECKING:
    from sa_tui.cli.schemas.kinds import Schema

REQUEST = record(
    "A request.",
    {
        "method": text("Its method."),
        "path": text("Its path; new:… stands for an id that an earlier change makes."),
        "body": {"type": ["object", "null"], "description": "Its body; null if it has none."},
        "curl": text(
            "The same as a command; a variable stands for the token. It is a comment while the "
            "request needs an id that is not there yet."
        ),
    },
)
_IDS = {
    "system_account_id": text("The system account.", is_nullable=True),
    "user_id": text("The user.", is_nullable=True),
    "team_id": text("The team.", is_nullable=True),
    "access_token_id": text("The access token.", is_nullable=True),
    "assigned_role_id": text("The assigned role.", is_nullable=True),
}
_WANTED = {
    "verb": one_of("What it does.", *get_args(VerbName)),
    "title": text("What it does, on one line."),
    "subject": text("What is changed by name; empty where a field has the name."),
    "ids": record("The ids of what is changed; null where there is none, or none yet.", _IDS),
    "fields": many("What becomes different.", FIELD),
}
_CHANGE = record(
    "A change.",
    {
        "number": count("Its place in the order of sending, from 1."),
        **_WANTED,
        "request": REQUEST,
        "level": one_of(
            "How it is confirmed: not at all, with a yes, or by typing.", *get_args(Level)
        ),
        "needs": many(
            "The numbers of the changes that make what it needs; without that it is not sent.",
            count("A number."),
        ),
    },
)
PREVIEW: Schema = record(
    "The changes as they are shown before they are sent.",
    {
        "title": text("What they do together, as a question."),
        "changes": many("The changes, in the order of sending.", _CHANGE),
        "effect": many("Access before and after, line by line.", text("A line.")),
        "warnings": many("What to know before, and what is not known.", text("A sentence.")),
        "confirm": text("What has to be typed; null if a yes is enough.", is_nullable=True),
    },
)
OUTCOMES: Schema = many(
    "What became of each change, in the order of sending.",
    record(
        "An outcome.",
        {
            "change": count("The number of the change."),
            "status": one_of(
                "What became of it; already: it was so before, unknown: look before you try again.",
                *get_args(Status),
                "unsent",
            ),
            "message": text("What happened, and what Konnect said."),
            "overtaken": flag(
                "Whether it was not sent because Konnect no longer has what was shown."
            ),
            "trace": text("The trace id that Kong's support asks for.", is_nullable=True),
        },
    ),
)

CHANGED: Schema = {
    "error": record(
        "Why not everything that was wanted is so; null if it is.", ERROR, is_nullable=True
    ),
    "dry_run": flag("Whether nothing was to be sent."),
    "preview": PREVIEW,
    "already": many(
        "What was wanted and is so already: nothing is sent for it.",
        record("Such a change.", _WANTED),
    ),
    "outcomes": OUTCOMES,
    "made": many(
        "What exists now of what was to be made.",
        record(
            "An account or a team.",
            {
                "type": one_of("What Kong calls its kind.", "system_account", "team"),
                "id": text("Its id."),
                "name": text("Its name."),
            },
        ),
    ),
}
"""What every command that changes something writes, whether it could or not."""
