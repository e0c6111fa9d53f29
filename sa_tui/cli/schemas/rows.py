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

_SUBJECT: Schema = {
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


def _grant(*, is_found: bool) -> Schema:
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
    **_SUBJECT,
    "match": one_of(
        "Whether it matches for certain; can_become: it does not match, but can issue tokens for "
        "anybody or give roles, by the grant that is listed.",
        "yes",
        "can_become",
        "unknown",
    ),
    **_grant(is_found=False),
    **_USE,
}
_AS_FAR = "; where `needed` is not known, as far as they could be read."
FOUND_GRANT = _grant(is_found=True)
_OTHER = row("Another path.", FOUND_GRANT)
_OVERLAP: Schema = {
    "needed": flag(
        "Whether something is lost without it, as long as all others stay.", is_nullable=True
    ),
    "spare": flag("Whether it is one of those that can all be removed at once with nothing lost."),
    "same_as": many(f"Other paths to exactly the same{_AS_FAR}", _OTHER),
    "covered_by": many(f"Other paths that give all of it{_AS_FAR}", _OTHER),
    "remains": many(f"What is left of it without this path{_AS_FAR}", _OTHER),
}
GRANT: Schema = {**FOUND_GRANT, **_OVERLAP}
_WHOSE: Schema = {
    "subject_type": _SUBJECT["subject_type"],
    "system_account": row("The system account.", ACCOUNT | _STATE, is_nullable=True),
    "user": row("The user.", USER | _STATE, is_nullable=True),
}
ACCESS: Schema = {
    **_WHOSE,
    "grants": many("Every path to a role, the strongest first.", row("A path.", GRANT)),
}

QUERY = text("The query in its normal form; empty for all.")
PEOPLE = flag("Whether users were read as well.")
IS_SURE = one_of("Whether it matches for certain.", "yes", "unknown")
_NEAR: Schema = {
    "unmet": many("The parts of the query that are not so.", text("A part.")),
    **_grant(is_found=False),
    "access_token_id": text("The nearest token, if the parts are about one.", is_nullable=True),
    "access_token_name": text("Its name.", is_nullable=True),
}
WHY: Schema = {
    "query": QUERY,
    "people": PEOPLE,
    **_WHOSE,
    "match": one_of(
        "Whether it matches; can_become: it does not, but can issue tokens for anybody.",
        *("yes", "can_become", "unknown", "no"),
    ),
    "grants": many(
        "Every path by which it matches, may match or can become one; none if the query is not "
        "about grants.",
        row("A path.", GRANT),
    ),
    "access_tokens": many(
        "The tokens by which it matches, if the query is about tokens.", row("A token.", TOKEN)
    ),
    "near_misses": many(
        "What comes nearest, if it does not match: of the account, of a grant, of a token.",
        row("A near miss.", _NEAR),
    ),
}
ENTITY: Schema = {
    "query": QUERY,
    "people": PEOPLE,
    "matches": many("Who reaches it, once for each grant.", row("Who reaches it.", MATCH)),
    "entity": record(
        "The entity.",
        {
            "id": text("Its id."),
            "name": text("Its name; null if nobody may see it.", is_nullable=True),
            "entity_type_name": text("Its type."),
            "region": text("Its region; global for one without."),
        },
    ),
}
ENTITIES: Schema = {
    "people": PEOPLE,
    "query": QUERY,
    "entities": many(
        "The entities by name.",
        row(
            "An entity.",
            {
                "id": text("Its id."),
                "name": text("Its name."),
                "entity_type_name": text("Its type."),
                "region": text("Its region; global for one without."),
                "admin": count("How many can fully write it.", is_nullable=True),
                "write": count("How many can write a part of it.", is_nullable=True),
                "read": count("How many can read it.", is_nullable=True),
                "uncertain": count("How many may reach it.", is_nullable=True),
                "match": IS_SURE,
            },
        ),
    ),
}
_COMPARED = _SUBJECT | {
    "subject_type": one_of("What Kong calls its kind.", "system_account", "user", "team")
}
_SCOPE = {
    name: _grant(is_found=True)[name]
    for name in (
        *("role_name", "entity_type_name", "entity_id", "entity_name", "entity_region", "tier"),
    )
}


def _side(side: str) -> Schema:
    return {
        f"{side}_held": flag(f"Whether the {side} one has it.", is_nullable=True),
        f"{side}_paths": many("The paths by which it does.", _OTHER),
        f"{side}_covered_by": many("The wider grants that give it.", _OTHER),
    }


COMPARE: Schema = {
    "left": row("The one on the left.", _COMPARED),
    "right": row("The one on the right.", _COMPARED),
    "only_differences": flag("Whether what both have was left out."),
    "grants": many(
        "The grants of both, the strongest first.",
        row(
            "A grant.",
            {
                **_SCOPE,
                "same": flag("Whether both have it, or neither.", is_nullable=True),
                **_side("left"),
                **_side("right"),
            },
        ),
    ),
}

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
            {**_SUBJECT, **_USE, "cells": mapping("The cells by key.", row("A cell.", _CELL))},
        ),
    ),
}
