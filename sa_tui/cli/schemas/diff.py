"""The schema of what `diff` answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from sa_tui.audit.diff.model import Code
from sa_tui.audit.severity import SEVERITIES
from sa_tui.cli.schemas.kinds import count, flag, many, moment, one_of, record, row, text

if TYPE_CHECKING:
    from sa_tui.cli.schemas.kinds import Schema

_CHANGE: Schema = {
    "change": one_of("What changed.", *get_args(Code)),
    "subject_type": one_of("What it is about.", "system_account", "team", "user", "organization"),
    "subject_id": text("Its id; null for the organisation.", is_nullable=True),
    "subject_name": text("Its name, the newer one.", is_nullable=True),
    "because": text("The raw change that gives or takes access.", is_nullable=True),
    "role_name": text("The role.", is_nullable=True),
    "entity_type_name": text("The type of its entity.", is_nullable=True),
    "entity_id": text("Its entity; * for every one.", is_nullable=True),
    "entity_name": text("The name of the entity; null for *.", is_nullable=True),
    "entity_region": text("Its region; * for every one.", is_nullable=True),
    "team_id": text("The team that was joined or left.", is_nullable=True),
    "team_name": text("Its name.", is_nullable=True),
    "access_token_id": text("The token.", is_nullable=True),
    "access_token_name": text("Its name.", is_nullable=True),
    "field": text("The field that changed.", is_nullable=True),
    "before": text("Its value before, or the state of a token.", is_nullable=True),
    "after": text("The same after.", is_nullable=True),
    "rule": text("The rule of a finding.", is_nullable=True),
    "severity": one_of("How serious the finding is.", *reversed(SEVERITIES), is_nullable=True),
    "title": text("What is wrong, in a few words.", is_nullable=True),
    "fingerprint": text("That of the finding.", is_nullable=True),
    "system_accounts": count("How many accounts a role of a team reaches.", is_nullable=True),
}


def _side(description: str) -> Schema:
    return record(
        description,
        {
            "file": text("Its file; null for what Konnect said now.", is_nullable=True),
            "taken_at": moment("When it was taken, by Konnect's clock."),
        },
    )


DIFF: Schema = {
    "old": _side("The earlier side."),
    "new": _side("The later side."),
    "gap_seconds": {
        "type": "integer",
        "description": "What lies between them; negative if OLD is the later one.",
    },
    "users_compared": flag("Whether people are part of it."),
    "rules_not_asked": count("How often a rule could be asked on neither side."),
    "changes": many("What changed.", row("A change.", _CHANGE)),
}
