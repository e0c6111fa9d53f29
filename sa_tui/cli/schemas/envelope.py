"""The fields at the head of every answer, and of an error instead of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from sa_tui.answers.head import SCHEMA_VERSION
from sa_tui.answers.problems import What
from sa_tui.cli.exits import Exit
from sa_tui.cli.schemas.kinds import count, exactly, flag, many, moment, one_of, record, text

if TYPE_CHECKING:
    from sa_tui.cli.schemas.kinds import Schema

SUBJECT = {
    "type": one_of(
        "What Kong calls it.",
        *("system_account", "user", "team", "entity_type", "access_token", "file"),
    ),
    "id": text("Its id; null where it has none.", is_nullable=True),
    "name": text("Its name."),
}
ASKED = {
    "status": count("The HTTP status of Konnect's answer, if it failed.", is_nullable=True),
    "advice": text("What to do, if that is known.", is_nullable=True),
    "request": text("The method and path of the request, if any.", is_nullable=True),
    "trace": text("The trace id that Kong's support asks for.", is_nullable=True),
}
PROBLEM = {
    "what": one_of("What could not be read.", *get_args(What)),
    "subject": record(
        "Whose it is; null for a list of the whole organisation.", SUBJECT, is_nullable=True
    ),
    "reason": text("Why, in words; what Konnect said, if it said anything."),
    **ASKED,
}
LEFT_TOKEN = {
    "system_account_id": text("The system account that it belongs to."),
    "id": text("Its id; null if Konnect's answer was never seen.", is_nullable=True),
    "name": text("Its name."),
    "revoked": flag(
        "Whether it is revoked; false if it still works, null if that is not known.",
        is_nullable=True,
    ),
}
ERROR = {
    "code": one_of("The name of the exit code.", *(code.name.lower() for code in Exit if code)),
    "exit_code": {
        "description": "The exit code.",
        "enum": [int(code) for code in Exit if code],
    },
    "message": text("What happened, and what Konnect said."),
    "access_tokens": many(
        "The tokens that were issued and that nobody is known to have.",
        record("Such a token.", LEFT_TOKEN),
    ),
    **ASKED,
}


_SOURCE = record(
    "The snapshot that --from names; null for what Konnect said now.",
    {
        "file": text("Its path."),
        "taken_at": moment("When it was taken, by Konnect's clock."),
        "age_seconds": {
            "type": "integer",
            "description": "How old it was by this machine's clock.",
        },
    },
    is_nullable=True,
)


def head(command: str | None) -> Schema:
    """The fields that every answer begins with; `command` None: any command."""
    name = "The command that was run."
    return {
        "schema_version": exactly("The version of this schema.", SCHEMA_VERSION),
        "program": record(
            "The program that wrote this.",
            {"name": exactly("Its name.", "sa-tui"), "version": text("Its version.")},
        ),
        "command": exactly(name, command) if command else text(name),
        "profile": text("The profile that was used; null without one.", is_nullable=True),
        "organization": record(
            "The organisation that the profile's token belongs to; null where Konnect was not "
            "asked, or where it could not be read, which makes a list incomplete.",
            {"id": text("Its id."), "name": text("Its name.")},
            is_nullable=True,
        ),
        "read_at": moment(
            "When the oldest data of this answer was read; null if nothing was.",
            is_nullable=True,
        ),
        "complete": flag("Whether everything that was asked about could be read."),
        "incomplete": many(
            "What could not be read; empty if and only if an answer is complete.",
            record("Something that could not be read.", PROBLEM),
        ),
        "warnings": many(
            "What to check, such as a role that does not exist.",
            record(
                "A warning.",
                {
                    "message": text("The warning in words."),
                    "term": text("The part of the query that it is about.", is_nullable=True),
                },
            ),
        ),
        "error": exactly("Null: this is an answer.", None),
        "source": _SOURCE,
    }


def error() -> Schema:
    """What is written when there is no answer: the head, and why."""
    more = record("Why there is no answer.", ERROR)
    nothing = exactly("False: there is no answer.", False)
    return head(None) | {"complete": nothing, "error": more}
