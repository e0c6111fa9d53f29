"""The answers of pages and of commands like them; in the head, `command` is either."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.why import reaching
from sa_tui.answers.access import unnamed
from sa_tui.answers.access_records import (
    bool_of,
    described,
    grant_record,
    joined,
    subject_record,
)
from sa_tui.answers.listings import LISTED_TOKEN_FIELDS, with_account
from sa_tui.answers.problems import problems_of
from sa_tui.answers.records import fields_of, token_record
from sa_tui.answers.report import Report, answering
from sa_tui.org.reading.entities import every_listing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sa_tui.access.grants import Grant
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.access.why import Difference
    from sa_tui.answers.head import Head
    from sa_tui.answers.problems import Problem
    from sa_tui.answers.records import Record
    from sa_tui.konnect.models import Entity, Team, User
    from sa_tui.org.expiries import Calendar, Expiry
    from sa_tui.org.logged import LoggedAction
    from sa_tui.org.snapshot import Part, Snapshot

TEAM_FIELDS = (
    *("id", "name", "description", "system_team", "labels", "created_at"),
    *("assigned_roles", "system_accounts", "users"),
)
ENTITY_FIELDS = ("id", "name", "entity_type_name", "region", "admin", "write", "read", "uncertain")
_SCOPE_FIELDS = (
    *("role_name", "entity_type_name", "entity_id", "entity_name", "entity_region", "tier"),
)
_SIDE_FIELDS = ("held", "paths", "covered_by")
COMPARE_FIELDS = (
    *_SCOPE_FIELDS,
    "same",
    *(f"{side}_{name}" for side in ("left", "right") for name in _SIDE_FIELDS),
)
LOG_FIELDS = (
    *("number", "run", "at", "sent_profile", "sent_organization_id", "sent_organization_name"),
    *("operator", "title", "method", "path", "status", "seconds", "trace", "outcome", "message"),
    *("changed", "destination", "id"),
)
"""Where an action was sent has names of its own: the head is about the organisation now open."""


def calendar_report(head: Head, calendar: Calendar, *, now: datetime) -> Report:
    """Tokens in the order of their ends, with the number of the week from now; 0 is the first.

    `week` is null for a token that ends in no week to come, and unknown where its end is.
    """
    numbered = [(week.number, expiry) for week in calendar.weeks for expiry in week.expiries]
    endings: Iterable[tuple[int | None, Expiry]] = (
        *((None, expiry) for expiry in calendar.expired),
        *numbered,
        *((None, expiry) for expiry in (*calendar.later, *calendar.endless)),
        *((None, expiry) for expiry in calendar.unclear),
    )
    unclear = set(map(id, calendar.unclear))
    rows = []
    for week, expiry in endings:
        row = with_account(token_record(expiry.token, now), expiry.account)
        unknown = [*["week"] * (id(expiry) in unclear), *row["unknown"]]
        rows.append({"week": week} | row | {"unknown": unknown})
    return Report(head=head, key="access_tokens", rows=rows, fields=("week", *LISTED_TOKEN_FIELDS))


def teams_report(head: Head, teams: Sequence[Team], snapshot: Snapshot) -> Report:
    """Teams with how many roles and members they have."""
    rows = [team_record(team, snapshot) for team in teams]
    flat = [row | {"labels": _label_texts(row["labels"])} for row in rows]
    return Report(head=head, key="teams", rows=rows, fields=TEAM_FIELDS, flat_rows=flat)


def team_record(team: Team, snapshot: Snapshot) -> Record:
    """A team with how many roles and members it has."""
    record = fields_of(
        team,
        ("id", "name", "description", "system_team", "labels", "created_at"),
        always_given=("system_team", "created_at"),
    )
    details = snapshot.team_details_of(team.id)
    counted: Mapping[str, Part[object]] = {
        "assigned_roles": details.roles,
        "system_accounts": details.accounts,
        "users": details.users,
    }
    for name, part in counted.items():
        rows = getattr(part.value, "rows", ())
        # Konnect does not list what its own teams give.
        is_listed = bool(rows) or name != "assigned_roles" or team.system_team is False
        is_known = part.is_whole and is_listed
        record[name] = len(rows) if is_known else None
        record["unknown"] += [name] * (not is_known)
    if record["labels"] is not None:
        record["labels"] = dict(record["labels"])
    return record


def _label_texts(labels: Mapping[str, str] | None) -> list[str] | None:
    return None if labels is None else [f"{key}={value}" for key, value in sorted(labels.items())]


def entities_report(
    head: Head,
    entities: Sequence[Entity],
    access: Access,
    *,
    with_people: bool,
    query: str,
    unsure_ids: Collection[str] = (),
) -> Report:
    """Entities, and how many reach each by the strongest that they can do.

    If accounts may be missing a number is the least, and none is not known.
    """
    rows = [_entity_record(entity, access) for entity in entities]
    report = Report(
        head=head,
        key="entities",
        rows=rows,
        fields=ENTITY_FIELDS,
        facts={"people": with_people},
    )
    return answering(report, query, [entity.id in unsure_ids for entity in entities])


def _entity_record(entity: Entity, access: Access) -> Record:
    counts = Counter(reach.tier for reach in reaching(access, entity))
    names = ("id", "name", "entity_type_name", "region")
    record: Record = {name: getattr(entity, name) for name in names} | {"unknown": []}
    for name, tier in (("admin", "A"), ("write", "W"), ("read", "R"), ("uncertain", "?")):
        is_known = access.missing is None or counts[tier] > 0
        record[name] = counts[tier] if is_known else None
        record["unknown"] += [name] * (not is_known)
    return record


def problems_of_entities(snapshot: Snapshot, access: Access, with_people: bool) -> list[Problem]:
    """What is missing from the list of entities, and from who reaches them."""
    problems = problems_of(snapshot, access.subjects, with_people=with_people)
    return problems + unnamed(snapshot, every_listing(snapshot))[0]


def compare_report(
    head: Head,
    sides: tuple[tuple[Subject, User | None], tuple[Subject, User | None]],
    differences: Sequence[Difference],
    access: Access,
    *,
    is_only_differences: bool,
) -> Report:
    """Two subjects side by side, a record for each grant that either has."""
    rows = [_difference_record(difference, access) for difference in differences]
    lists = [f"{side}_{name}" for side in ("left", "right") for name in _SIDE_FIELDS[1:]]
    (left, left_user), (right, right_user) = sides
    return Report(
        head=head,
        key="grants",
        rows=rows,
        fields=COMPARE_FIELDS,
        facts={
            "left": subject_record(left, left_user),
            "right": subject_record(right, right_user),
            "only_differences": is_only_differences,
        },
        flat_rows=[row | {name: described(row[name]) for name in lists} for row in rows],
    )


def _difference_record(difference: Difference, access: Access) -> Record:
    grant = grant_record(difference.grant, access)
    scope: Record = {name: grant[name] for name in _SCOPE_FIELDS}
    scope["unknown"] = [name for name in grant["unknown"] if name in _SCOPE_FIELDS]
    same = difference.same
    return joined(
        scope,
        {"same": bool_of(same), "unknown": ["same"] * (same is Answer.UNKNOWN)},
        _side("left", difference.left, difference.left_covered, difference.left_answer, access),
        _side("right", difference.right, difference.right_covered, difference.right_answer, access),
    )


def _side(
    name: str, paths: Sequence[Grant], covering: Sequence[Grant], has_it: Answer, access: Access
) -> Record:
    return {
        f"{name}_held": bool_of(has_it),
        f"{name}_paths": [grant_record(grant, access) for grant in paths],
        f"{name}_covered_by": [grant_record(grant, access) for grant in covering],
        "unknown": [f"{name}_held"] * (has_it is Answer.UNKNOWN),
    }


def log_report(head: Head, actions: Iterable[LoggedAction], *, query: str = "") -> Report:
    """What was sent, where, by whom, and what became of it; of what a query finds."""
    rows = [_action_record(action) for action in actions]
    flat = [row | {"changed": [_change_text(field) for field in row["changed"]]} for row in rows]
    return Report(
        head=head,
        key="actions",
        rows=rows,
        fields=LOG_FIELDS,
        facts={"query": query},
        flat_rows=flat,
    )


def _action_record(action: LoggedAction) -> Record:
    kept = action.as_record()
    where: Record = {
        "sent_profile": action.profile or None,
        "sent_organization_id": action.organization_id,
        "sent_organization_name": action.organization or None,
        "operator": action.operator or None,
    }
    record: Record = {name: kept.get(name) for name in LOG_FIELDS} | where
    record |= {"run": action.run or None, "at": action.at, "changed": kept["fields"]}
    record["destination"] = action.destination or None
    record["id"] = action.id if action.run else None  # `sa-tui log` does not list it yet
    return record | {"unknown": [name for name, value in where.items() if value is None]}


def _change_text(field: Mapping[str, object]) -> str:
    before, after = ("-" if field[side] is None else field[side] for side in ("before", "after"))
    return f"{field['name']}: {before} → {after}"
