"""Access as records with Kong's names.

A value that is not known is null, and its name is listed in `unknown`. Otherwise null means that
there is none, such as the team of a role that is held directly.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.query.language import show
from sa_tui.access.roles import ANY
from sa_tui.answers.problems import subject_type
from sa_tui.answers.records import fields_of
from sa_tui.konnect.predefined import title_of
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sa_tui.access.grants import Grant
    from sa_tui.access.matrix import Cell, Matrix, MatrixColumn, MatrixRow
    from sa_tui.access.near_misses import NearMiss
    from sa_tui.access.overlap import Overlap
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.access.why import Explanation
    from sa_tui.answers.records import Record
    from sa_tui.konnect.models import AccessToken, User

SUBJECT_FIELDS = ("subject_type", "subject_id", "subject_name", "email", "active")
GRANT_FIELDS = (
    *("role_name", "entity_type_name", "entity_id", "entity_name", "entity_region", "tier"),
    *("via", "team_id", "team_name", "system_team", "implied", "assigned_role_id"),
    "reaches_nothing",
)
USE_FIELDS = ("armed", "live_tokens", "last_used_at")
WHO_FIELDS = (*SUBJECT_FIELDS, "match", *GRANT_FIELDS, *USE_FIELDS)
PATH_FIELDS = ("needed", "spare", "same_as", "covered_by", "remains")
ACCESS_FIELDS = (*SUBJECT_FIELDS, *GRANT_FIELDS, *PATH_FIELDS)
WHY_FIELDS = (
    *(*SUBJECT_FIELDS, "match", "unmet", *GRANT_FIELDS, *PATH_FIELDS),
    *("access_token_id", "access_token_name"),
)
MATRIX_FIELDS = (*SUBJECT_FIELDS, *USE_FIELDS)
WHOLE_ORGANIZATION = "organization"
"""The key of the column for roles on every entity type."""


def bool_of(answer: Answer) -> bool | None:
    """An answer as JSON has it: null when it is not known."""
    return None if answer is Answer.UNKNOWN else answer is Answer.YES


def subject_record(subject: Subject, user: User | None) -> Record:
    """The id and name of a subject; only people have `email` and `active`."""
    person: Record = {"email": None, "active": None, "unknown": []}
    if user is not None:
        person = fields_of(user, ("email", "active"), always_given=("active",))
        person["email"] = person["email"] or None
    return {
        "subject_type": subject_type(subject),
        "subject_id": subject.id,
        "subject_name": subject.name,
    } | person


def use_record(subject: Subject, now: datetime) -> Record:
    """Whether the access of a subject can be used now, and when it was last used."""
    live, is_sure = subject.live_tokens(now)
    armed = bool_of(subject.is_armed(now))
    is_used_known = not subject.tokens_missing and not any(
        "last_used_at" in token.unreadable for token in subject.tokens
    )
    unknown = ["armed"] * (armed is None) + ["live_tokens"] * (not is_sure)
    return {
        "armed": armed,
        "live_tokens": live if is_sure else None,
        "last_used_at": subject.last_used_at if is_used_known else None,
        "unknown": unknown + ["last_used_at"] * (not is_used_known),
    }


def joined(*records: Record) -> Record:
    """Several records as one; `unknown` lists the unknown fields of all of them."""
    whole: Record = {}
    for record in records:
        whole |= record
    return whole | {"unknown": [name for record in records for name in record.get("unknown", ())]}


def grant_record(grant: Grant, access: Access) -> Record:
    """A grant and its path; an implied grant has no assigned role."""
    name = access.entity_name(grant.entity_id)
    via = grant.via
    record: Record = {
        "role_name": grant.role,
        "entity_type_name": grant.type_name,
        "entity_id": grant.entity_id,
        "entity_name": name,
        "entity_region": grant.region,
        "tier": grant.tier if grant.tier != "?" else None,
        "via": "team" if via else "direct",
        "team_id": via.team_id if via else None,
        "team_name": via.name if via else None,
        "system_team": via.is_predefined if via else None,
        "implied": grant.is_implied,
        "assigned_role_id": grant.assignment_id,
    }
    is_placed = EVERY in (grant.entity_id, grant.region) or name is not None
    record["reaches_nothing"] = grant.is_stray if is_placed else None
    required = (
        *("role_name", "entity_type_name", "entity_id", "entity_region", "tier"),
        "reaches_nothing",
    )
    unknown = [field for field in required if record[field] is None]
    is_unnamed = name is None and grant.entity_id != EVERY
    return record | {"unknown": unknown + ["entity_name"] * is_unnamed}


def no_grant_record(*, is_known: bool) -> Record:
    """The record for a match without a grant; every field is unknown unless that `is_known`."""
    record: Record = dict.fromkeys(GRANT_FIELDS)
    return record | {"unknown": [] if is_known else list(GRANT_FIELDS)}


def who_record(
    subject: Subject, user: User | None, grant: Record, *, verdict: str, now: datetime
) -> Record:
    """A match of a query, with one of the grants that match.

    `verdict` is "can_become" when the subject has no such grant, but can make a token of one who
    has.
    """
    return joined(
        subject_record(subject, user), {"match": verdict}, grant, use_record(subject, now)
    )


def path_record(path: Overlap, why: Explanation, access: Access) -> Record:
    """A grant and its overlap with the others; `needed` when something is lost without it.

    `spare` grants can all be removed at once with nothing lost.
    """
    needed = why.needs(path)
    overlap = {
        "needed": bool_of(needed),
        "spare": why.is_spare(path),
        "same_as": [grant_record(grant, access) for grant in path.duplicates],
        "covered_by": [grant_record(grant, access) for grant in path.wider],
        "remains": [grant_record(grant, access) for grant in path.others],
        "unknown": ["needed"] * (needed is Answer.UNKNOWN),
    }
    return joined(grant_record(path.grant, access), overlap)


def flat_path_record(record: Record, subject: Record) -> Record:
    """A path with its subject, for a table of text: the other paths become texts.

    When `needed` is not known, a path that was not read may overlap too, shown as `?`.
    """
    texts = {
        name: described(record[name]) for name in PATH_FIELDS if name not in ("needed", "spare")
    }
    flat = joined(subject, record) | texts
    if record["needed"] is None:
        flat["unknown"] += ["spare", *(name for name, others in texts.items() if not others)]
        flat |= {name: [*others, "?"] for name, others in texts.items() if others}
    return flat


def near_miss_record(miss: NearMiss, access: Access) -> Record:
    """What does not meet a query: the terms, and the grant or the token that is nearest."""
    grant = grant_record(miss.grant, access) if miss.grant else no_grant_record(is_known=True)
    return joined({"unmet": [show(part) for part in miss.unmet]}, grant, _token_names(miss.token))


def _token_names(token: AccessToken | None) -> Record:
    return {
        "access_token_id": token.id if token else None,
        "access_token_name": token.name if token else None,
    }


def flat_why_records(
    verdict: str,
    subject: Record,
    paths: Iterable[Record],
    tokens: Iterable[AccessToken],
    misses: Iterable[Record],
) -> list[Record]:
    """Each path, each token and each near miss as a line of text; one for the verdict if none."""
    no_path: Record = dict.fromkeys(PATH_FIELDS)
    nothing = joined(no_grant_record(is_known=True), no_path, {"unmet": None}, _token_names(None))
    lines = [
        flat_path_record(path, subject) | {"unmet": None} | _token_names(None) for path in paths
    ]
    lines += [joined(subject, nothing) | _token_names(token) for token in tokens]
    lines = [line | {"match": verdict} for line in lines]
    lines += [joined(subject, miss) | no_path | {"match": "no"} for miss in misses]
    return lines or [joined(subject, nothing) | {"match": verdict}]


def team_title(record: Record) -> str:
    """The name of the team as it is shown; records keep it as Konnect sent it."""
    return title_of(record["team_name"] or "", is_predefined=record["system_team"])


def described(grants: Iterable[Record]) -> list[str]:
    """Each grant in a few words: the role, what it is on, and its path."""
    return [_describe(grant) for grant in grants]


def _describe(grant: Record) -> str:
    via = f"via {team_title(grant)}" if grant["via"] == "team" else "direct"
    if grant["entity_type_name"] == ANY:
        return f"{grant['role_name']}, {via}"
    name = grant["entity_name"] or grant["entity_id"] or "?"
    return f"{grant['role_name'] or '?'} on {name} in {grant['entity_region'] or '?'}, {via}"


_SCOPES = {"*": "everything", "+": "everything_in_some_regions", "?": None}
_PATHS = {"": "direct", "^": "team", "=": "several", "!": "system_team", "?": None}


def cell_record(cell: Cell) -> Record:
    """A cell of the matrix: its characters, and what they mean."""
    is_held = cell.answer is Answer.YES
    scope = _SCOPES.get(cell.scope, "entities") if is_held else None
    record: Record = {
        "text": cell.text.rstrip(),
        "held": bool_of(cell.answer),
        "tier": cell.tier if is_held and cell.tier != "?" else None,
        "scope": scope,
        "entities": len(cell.entity_ids) if scope == "entities" else None,
        "path": _PATHS[cell.path.strip()] if is_held else None,
        "complete": cell.is_complete,
    }
    open_fields = () if cell.answer is Answer.NO else ("held", "tier", "scope", "path")
    return record | {"unknown": [name for name in open_fields if record[name] is None]}


def column_record(column: MatrixColumn) -> Record:
    """A column of the matrix; its key is spelled like Konnect's keys of entity types."""
    return {
        "key": column_key(column),
        "title": column.title,
        "name": column.name,
        "query": column.query,
    }


def column_key(column: MatrixColumn) -> str:
    """The key of a column: `control_planes`, the name of a role, a region, or `organization`."""
    if column.key == ANY and column.axis != "region":
        return WHOLE_ORGANIZATION
    if column.axis != "type":
        return column.key
    return re.sub(r"\W+", "_", column.name.casefold()).strip("_") or column.name


def matrix_record(row: MatrixRow, user: User | None, matrix: Matrix, now: datetime) -> Record:
    """A row of the matrix; `cells` has the cells by the keys of their columns."""
    cells = zip(matrix.columns, row.cells, strict=True)
    by_key = {column_key(column): cell_record(cell) for column, cell in cells}
    use = use_record(row.subject, now)
    return joined(subject_record(row.subject, user), use, {"cells": by_key})


def flat_matrix_record(record: Record) -> Record:
    """A row for a table of text: each cell as its characters."""
    return {key: cell["text"] for key, cell in record["cells"].items()} | record
