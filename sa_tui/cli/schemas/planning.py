"""The schemas of `plan`, `apply` and `restore`, and of a plan in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from sa_tui.cli.schemas.changes import CHANGED
from sa_tui.cli.schemas.kinds import exactly, many, mapping, one_of, record, text
from sa_tui.cli.schemas.rows import FIELD
from sa_tui.org.changes.change import VerbName
from sa_tui.org.changes.plan import SCHEMA, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.cli.schemas.kinds import Schema

_PLANNED: Schema = CHANGED | {
    "unchanged": many(
        "What is as it is wished for.",
        record(
            "A system account, a team, a role or a membership.",
            {
                "subject": text("The name of the account or team."),
                "what": text("What is so, in words."),
            },
        ),
    )
}
_TEXT: Schema = {"type": "string", "description": "A text."}
_SEEN: Schema = {
    "type": "object",
    "description": "What was shown of something that is destroyed; empty for other changes.",
    "additionalProperties": {
        "description": "A text, or names by the ids of what belongs to it.",
        "type": ["string", "object"],
        "additionalProperties": _TEXT,
    },
}
_IN_FILE = record(
    "A change.",
    {
        "verb": one_of("What it does.", *get_args(VerbName)),
        "title": text("What it does, on one line."),
        "subject": text("What is changed by name; empty where a field has the name."),
        "ids": mapping(
            "The ids of what is changed; new:… is one that an earlier change makes.", _TEXT
        ),
        "fields": many("What becomes different.", FIELD),
        "seen": _SEEN,
        "request": record(
            "What is sent.",
            {
                "method": text("Its method."),
                "path": text("Its path."),
                "body": {"type": ["object", "null"], "description": "Its body, if it has one."},
            },
        ),
        "makes": text("What stands for the id of what it creates."),
        "gives": {
            "type": ["object", "null"],
            "description": "The roles of a team that is joined, by their ids; null if not known.",
            "additionalProperties": _TEXT,
        },
    },
)
_IN_FILE["required"].remove("makes")
_IN_FILE["required"].remove("gives")
PLAN_FILE: Schema = record(
    "What `sa-tui plan -o FILE` and `e` in a review write, and `sa-tui apply FILE` sends.",
    {
        "schema": exactly("What this is.", SCHEMA),
        "version": exactly("Within a version fields are only added.", VERSION),
        "written_at": text("When it was planned, by Konnect's clock."),
        "organization": record(
            "For which organisation it is.",
            {
                "id": text("Its id; null if it is not known.", is_nullable=True),
                "name": text("Its name; null if it is not known.", is_nullable=True),
            },
        ),
        "base_url": text("Konnect's global address."),
        "profile": text("The profile by which it was planned."),
        "operator": text("Who planned it, if a person did.", is_nullable=True),
        "changes": many("The changes, in the order of sending.", _IN_FILE),
    },
)
PLANNING: Mapping[str, Schema] = dict.fromkeys(("plan", "apply", "restore"), _PLANNED)


def schema_of_plan_file() -> Schema:
    """The schema of a plan in a file; it has no references to others."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "title": "sa-tui plan file"} | PLAN_FILE
