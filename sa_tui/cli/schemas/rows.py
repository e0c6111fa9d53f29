"""The schemas of accounts, tokens, grants and cells, in Kong's words."""

from __future__ import annotations

from sa_tui.cli.schemas.kinds import (
    Schema,
    count,
    flag,
    many,
    mapping,
    moment,
    number,
    one_of,
    record,
    row,
    text,
)

FIELD = record(
    "A field that becomes different.",
    {
        "name": text("Its name."),
        "before": text("What it is now; null if it is not set.", is_nullable=True),
        "after": text("What it will be; null if it is taken away.", is_nullable=True),
    },
)
NAMED: Schema = {"id": text("Its id."), "name": text("Its name.")}

_FIGURES: Schema = {
    "live_tokens": count("How many of its tokens work now.", is_nullable=True),
    "tokens": count("How many tokens it has, expired ones included.", is_nullable=True),
    "next_expires_at": moment(
        "When the first of its live tokens expires; null if none ever does.", is_nullable=True
    ),
    "last_used_at": moment(
        "When any of its tokens was last used; null if none ever was.", is_nullable=True
    ),
    "assigned_roles": count("How many roles it holds directly.", is_nullable=True),
    "teams": count("How many teams it is in.", is_nullable=True),
}
ACCOUNT: Schema = {
    "id": text("The id of the system account."),
    "name": text("Its name.", is_nullable=True),
    "description": text("Its description.", is_nullable=True),
    "konnect_managed": flag("Whether Konnect made it, for a mesh zone.", is_nullable=True),
    "created_at": moment("When it was created.", is_nullable=True),
    **_FIGURES,
}
USER: Schema = {
    "id": text("The id of the user, a person."),
    "full_name": text("The full name.", is_nullable=True),
    "preferred_name": text("The preferred name.", is_nullable=True),
    "email": text("The e-mail address.", is_nullable=True),
    "active": flag("Whether they may sign in.", is_nullable=True),
    "created_at": moment("When they were created.", is_nullable=True),
    **_FIGURES,
}
_STATE: Schema = {
    "armed": flag(
        "Whether the access can be used now: with a live token, or by signing in.",
        is_nullable=True,
    ),
    "can_mint": flag(
        "Whether it can issue tokens for any account, and so act as it.", is_nullable=True
    ),
}
TOKEN: Schema = {
    "id": text("The id of the access token."),
    "name": text("Its name.", is_nullable=True),
    "created_at": moment("When it was created.", is_nullable=True),
    "expires_at": moment("When it expires; null if it never does.", is_nullable=True),
    "last_used_at": moment("When it was last used; null if it never was.", is_nullable=True),
    "state": one_of(
        "Whether it works: live, expired or revoked.",
        *("live", "expired", "revoked"),
        is_nullable=True,
    ),
}

SUBJECT: Schema = {
    "subject_type": one_of("What Kong calls its kind.", "system_account", "user"),
    "subject_id": text("The id of the system account or of the user."),
    "subject_name": text("The name of the system account, or the full name of the user."),
    "email": text("The e-mail address of a user; null for accounts.", is_nullable=True),
    "active": flag("Whether a user may sign in; null for accounts.", is_nullable=True),
}
_USE: Schema = {
    "armed": _STATE["armed"],
    "live_tokens": _FIGURES["live_tokens"],
    "last_used_at": _FIGURES["last_used_at"],
}


def grant(*, is_found: bool) -> Schema:
    """A grant; unless `is_found` there may be none, and then every field is null."""
    maybe = not is_found
    return {
        "role_name": text("The role, as Konnect names it.", is_nullable=True),
        "entity_type_name": text(
            "The entity type, as the assigned role has it; * for every type.",
            is_nullable=True,
        ),
        "entity_id": text("The entity; * for all of them.", is_nullable=True),
        "entity_name": text("The name of the entity; null for *.", is_nullable=True),
        "entity_region": text("The region; * for every region.", is_nullable=True),
        "tier": one_of(
            "A full write, W partial write, C create only, R read.",
            *"AWCR",
            is_nullable=True,
        ),
        "via": one_of("How it is held.", "direct", "team", is_nullable=maybe),
        "team_id": text("The team that it comes through, if any.", is_nullable=True),
        "team_name": text("The name of that team.", is_nullable=True),
        "system_team": flag("Whether that team is predefined.", is_nullable=True),
        "implied": flag(
            "Whether Kong documents it for a predefined team and Konnect does not list it.",
            is_nullable=maybe,
        ),
        "reaches_nothing": flag(
            "Whether it is on an entity that is known to be in another region.", is_nullable=True
        ),
        "assigned_role_id": text(
            "The id of the assigned role; null for an implied one.", is_nullable=True
        ),
    }


MATCH: Schema = {
    **SUBJECT,
    "match": one_of(
        "Whether it matches for certain; can_become: it does not match, but can issue tokens for "
        "anybody or give roles, by the grant that is listed.",
        "yes",
        "can_become",
        "unknown",
    ),
    **grant(is_found=False),
    **_USE,
}
_AS_FAR = "; where `needed` is not known, as far as they could be read."
FOUND_GRANT = grant(is_found=True)
OTHER_PATH = row("Another path.", FOUND_GRANT)
_OVERLAP: Schema = {
    "needed": flag(
        "Whether something is lost without it, as long as all others stay.", is_nullable=True
    ),
    "spare": flag("Whether it is one of those that can all be removed at once with nothing lost."),
    "same_as": many(f"Other paths to exactly the same{_AS_FAR}", OTHER_PATH),
    "covered_by": many(f"Other paths that give all of it{_AS_FAR}", OTHER_PATH),
    "remains": many(f"What is left of it without this path{_AS_FAR}", OTHER_PATH),
}
GRANT: Schema = {**FOUND_GRANT, **_OVERLAP}
WHOSE: Schema = {
    "subject_type": SUBJECT["subject_type"],
    "system_account": row("The system account.", ACCOUNT | _STATE, is_nullable=True),
    "user": row("The user.", USER | _STATE, is_nullable=True),
}
ACCESS: Schema = {
    **WHOSE,
    "grants": many("Every path to a role, the strongest first.", row("A path.", GRANT)),
}

QUERY = text("The query in its normal form; empty for all.")
PEOPLE = flag("Whether users were read as well.")
IS_SURE = one_of("Whether it matches for certain.", "yes", "unknown")
ROLE: Schema = {
    "id": text("The id of the assigned role."),
    "role_name": text("The role, as Konnect names it.", is_nullable=True),
    "entity_type_name": text("The entity type.", is_nullable=True),
    "entity_id": text("The entity; * for all of them.", is_nullable=True),
    "entity_name": text("The name of the entity; null for *.", is_nullable=True),
    "entity_region": text("The region; * for every region.", is_nullable=True),
}
HELD_ROLE: Schema = {
    "holder_type": one_of("What Kong calls the holder's kind.", "system_account", "team"),
    "holder_id": text("The id of the holder."),
    "holder_name": text("The name of the holder."),
    **ROLE,
}
MEMBER_TEAM: Schema = {
    "id": text("The id of the team."),
    "name": text("Its name.", is_nullable=True),
    "system_team": flag("Whether it is predefined.", is_nullable=True),
}
TEAM: Schema = {
    "id": text("The id of the team."),
    "name": text("Its name.", is_nullable=True),
    "description": text("Its description.", is_nullable=True),
    "system_team": flag("Whether it is predefined.", is_nullable=True),
    "labels": mapping("Its labels.", text("The value of a label.")) | {"type": ["object", "null"]},
    "created_at": moment("When it was created.", is_nullable=True),
    "assigned_roles": count("How many roles Konnect lists of it.", is_nullable=True),
    "system_accounts": count("How many system accounts are in it.", is_nullable=True),
    "users": count("How many people are in it.", is_nullable=True),
}
MEMBER: Schema = {
    "id": text("The id of the user."),
    "full_name": text("The full name.", is_nullable=True),
    "email": text("The e-mail address.", is_nullable=True),
}
ACTION: Schema = {
    "number": count("Its number in its run."),
    "run": text("The run of the program that sent it.", is_nullable=True),
    "at": moment("When it was sent."),
    "sent_profile": text("The profile that it was sent with.", is_nullable=True),
    "sent_organization_id": text("The id of the organisation.", is_nullable=True),
    "sent_organization_name": text("The name of the organisation.", is_nullable=True),
    "operator": text("Who sent it; not known of system accounts.", is_nullable=True),
    "title": text("What was asked for."),
    "method": text("The method of the request."),
    "path": text("The path of the request."),
    "status": count("The HTTP status of the answer; null without one.", is_nullable=True),
    "seconds": number("How long the answer took; null without one.", is_nullable=True),
    "trace": text("The trace id that Kong's support asks for.", is_nullable=True),
    "outcome": one_of(
        "What became of it; undone: it was done, and undone later.",
        *("done", "already", "failed", "unknown", "undone"),
    ),
    "message": text("What happened, and what Konnect said."),
    "changed": many("What became different.", FIELD),
    "destination": text("Where a secret went; null for another change.", is_nullable=True),
    "id": text("What names it for `sa-tui undo`.", is_nullable=True),
}

_CELL: Schema = {
    "text": text("The cell in at most three characters."),
    "held": flag("Whether anything is held here.", is_nullable=True),
    "tier": one_of("The strongest tier that is held.", *"AWCR", is_nullable=True),
    "scope": one_of(
        "What it is held on.",
        *("everything", "everything_in_some_regions", "entities"),
        is_nullable=True,
    ),
    "entities": count("On how many entities; null unless `scope` is entities.", is_nullable=True),
    "path": one_of("How it is held.", "direct", "team", "system_team", "several", is_nullable=True),
    "complete": flag("Whether there can be no more than this."),
}
COLUMN: Schema = {
    "key": text(
        "The key of the cells: an entity type as `control_planes`, a role, a region, or "
        "organization for what reaches every type."
    ),
    "title": text("A short title."),
    "name": text("The name."),
    "query": text("The query that finds the accounts with something in the column."),
}
MATRIX: Schema = {
    "query": text("The query that finds the rows; empty for all."),
    "people": flag("Whether users were read as well."),
    "by": one_of("What the columns are.", "type", "role", "region"),
    "columns": many("The columns in their order.", record("A column.", COLUMN)),
    "rows": many(
        "The accounts and users that match.",
        row(
            "A row.",
            {**SUBJECT, **_USE, "cells": mapping("The cells by key.", row("A cell.", _CELL))},
        ),
    ),
}
