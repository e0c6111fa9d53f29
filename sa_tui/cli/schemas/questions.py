"""The schemas of the answers to questions about access, and to queries in a list."""

from __future__ import annotations

from sa_tui.cli.schemas.kinds import Schema, count, flag, many, one_of, record, row, text
from sa_tui.cli.schemas.rows import (
    GRANT,
    IS_SURE,
    MATCH,
    OTHER_PATH,
    PEOPLE,
    QUERY,
    SUBJECT,
    TOKEN,
    WHOSE,
    grant,
)

_NEAR: Schema = {
    "unmet": many("The parts of the query that are not so.", text("A part.")),
    **grant(is_found=False),
    "access_token_id": text("The nearest token, if the parts are about one.", is_nullable=True),
    "access_token_name": text("Its name.", is_nullable=True),
}
WHY: Schema = {
    "query": QUERY,
    "people": PEOPLE,
    **WHOSE,
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
_MATCHES = many("Who matches, once for each grant that matches.", row("A match.", MATCH))
_DIFFERING = record(
    "An account or a user.",
    {
        "subject_type": one_of(
            "What Kong calls its kind; null if it is not listed.",
            *("system_account", "user"),
            is_nullable=True,
        ),
        "subject_id": text("Its id; null if nobody has the name.", is_nullable=True),
        "subject_name": text("Its name, or what was expected instead.", is_nullable=True),
    },
)
WHO: Schema = {
    "query": text("The query."),
    "people": PEOPLE,
    "matches": _MATCHES,
    "expected": record(
        "With --expect, the differences from what was expected; else null.",
        {
            "unexpected": many("Who matches and was not expected to.", _DIFFERING),
            "missing": many("Who was expected to match and does not.", _DIFFERING),
            "uncertain": many("Of whom neither is certain.", _DIFFERING),
        },
        is_nullable=True,
    ),
}
QUERIES: Schema = {
    "people": PEOPLE,
    "queries": many(
        "The queries of the file, in its order.",
        record(
            "A query and what it found.",
            {
                "line": count("The number of its line, from 1."),
                "query": text("The query in its normal form."),
                "found": count("How many accounts and users match for certain."),
                "can_become": count("How many others can become one of them."),
                "uncertain": count("How many may match."),
                "matches": _MATCHES,
            },
        ),
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
_COMPARED = SUBJECT | {
    "subject_type": one_of("What Kong calls its kind.", "system_account", "user", "team")
}
_SCOPE = {
    name: grant(is_found=True)[name]
    for name in (
        *("role_name", "entity_type_name", "entity_id", "entity_name", "entity_region", "tier"),
    )
}


def _side(side: str) -> Schema:
    return {
        f"{side}_held": flag(f"Whether the {side} one has it.", is_nullable=True),
        f"{side}_paths": many("The paths by which it does.", OTHER_PATH),
        f"{side}_covered_by": many("The wider grants that give it.", OTHER_PATH),
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
