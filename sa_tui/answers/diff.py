"""The answer of `diff`: each change as a row, both times, and what could not be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.access.roles import ANY
from sa_tui.answers.audit_records import token_name
from sa_tui.answers.formats import in_markdown, in_utc, markdown_text, plain
from sa_tui.answers.problems import Problem, ProblemSubject, sentences
from sa_tui.answers.report import Report
from sa_tui.base.times import in_two_units
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.answers.head import Head
    from sa_tui.answers.records import Record
    from sa_tui.audit.diff.model import Cause, Change, Diff, NotCompared, Side

FIELDS = (
    *("change", "subject_type", "subject_id", "subject_name", "because"),
    *("role_name", "entity_type_name", "entity_id", "entity_name", "entity_region"),
    *("team_id", "team_name", "access_token_id", "access_token_name"),
    *("field", "before", "after", "rule", "severity", "title", "fingerprint", "system_accounts"),
)
_TIMES = ("old_taken_at", "new_taken_at")

_MORE = ("gained", "new", "minted", "joined", "given")
_LESS = ("lost", "gone", "removed", "left", "taken", "resolved")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a side comes from: a file, or None for Konnect, and when it was taken."""

    file: str | None
    taken_at: datetime

    def record(self) -> Record:
        """The origin with stable names."""
        return {"file": self.file, "taken_at": self.taken_at}


def problems_of_diff(diff: Diff) -> list[Problem]:
    """What could not be compared, one problem for each part of a side."""
    return [_problem(gap) for gap in diff.not_compared]


def _problem(gap: NotCompared) -> Problem:
    about = gap.about
    subject = ProblemSubject(about.kind, about.id, about.name) if about is not None else None
    side = "OLD" if gap.is_old else "NEW"
    return Problem(what=gap.what, reason=f"not compared, {side}: {gap.reason}", subject=subject)


def diff_report(
    head: Head, diff: Diff, sides: tuple[Side, Side], ends: tuple[Origin, Origin]
) -> Report:
    """The changes as rows; CSV has both times in each."""
    old, new = ends
    rows = [_record(change, sides) for change in diff.changes]
    times: Record = {"old_taken_at": old.taken_at, "new_taken_at": new.taken_at}
    return Report(
        head=head,
        key="changes",
        rows=rows,
        fields=(*FIELDS, *_TIMES),
        facts={
            "old": old.record(),
            "new": new.record(),
            "gap_seconds": int((new.taken_at - old.taken_at).total_seconds()),
            "users_compared": sides[1].with_people,
            "rules_not_asked": diff.unasked,
        },
        flat_rows=[row | times for row in rows],
    )


def _record(change: Change, sides: tuple[Side, Side]) -> Record:
    record: Record = dict.fromkeys(FIELDS)
    unknown: list[str] = []
    about, grant, team, token = change.about, change.grant, change.team, change.token
    record |= {"change": change.code, "because": _because(change)}
    old, new = (side.snapshot for side in sides)
    is_organization = change.finding is not None and not about.id
    record["subject_type"] = "organization" if is_organization else about.kind
    if not is_organization:
        record |= {"subject_id": about.id, "subject_name": about.name}
    if grant is not None:
        names = (side.access.entity_name(grant.entity_id) for side in reversed(sides))
        name = next(filter(None, names), None)
        record |= {
            "role_name": grant.role,
            "entity_type_name": grant.type_name,
            "entity_id": grant.entity_id,
            "entity_name": name,
            "entity_region": grant.region,
        }
        unknown += ["entity_name"] * (name is None and grant.entity_id != EVERY)
    if change.code.startswith("role_") and about.kind == "team":
        record["system_accounts"] = change.system_accounts
        unknown += ["system_accounts"] * (change.system_accounts is None)
    if team is not None:
        record |= {"team_id": team.id, "team_name": team.name}
    if token is not None:
        record |= {"access_token_id": token.id, "access_token_name": token.name}
    record |= {"field": change.field, "before": change.before, "after": change.after}
    if (finding := change.finding) is not None:
        record |= {
            "rule": finding.rule,
            "severity": finding.severity,
            "title": finding.title,
            "fingerprint": finding.fingerprint,
            "access_token_id": finding.token_id,
            "access_token_name": token_name(finding, new) or token_name(finding, old),
        }
    return record | {"unknown": unknown}


def _because(change: Change) -> str | None:
    """The raw changes that give or take access, in words."""
    is_more = change.code == "access_gained"
    return "; ".join(_told(cause, is_more=is_more) for cause in change.causes) or None


def _told(cause: Cause, *, is_more: bool) -> str:
    team = f"team {cause.via.title}" if cause.via else None
    if cause.raw == "made":
        how = f"in {team}" if team else "with a role of its own"
        return f"{'new' if is_more else 'gone'}, {how}"
    if cause.raw == "member":
        return f"{'joined' if is_more else 'left'} {team}"
    verb = "given to" if is_more else "taken from"
    return f"role {verb} {team or 'it'}"


def sign_of(row: Record) -> str:
    """`+` for what there is now, `-` for what there was, `~` for what is otherwise."""
    word = str(row["change"]).rpartition("_")[2]
    return "+" if word in _MORE else "-" if word in _LESS else "~"


def code_text(row: Record) -> str:
    """What kind of change it is, in words."""
    return f"{sign_of(row)} {str(row['change']).replace('_', ' ')}"


def whose_text(row: Record) -> str:
    """What it is about, by name."""
    if row["subject_type"] == "organization":
        return "the organisation"
    prefix = "team " if row["subject_type"] == "team" else ""
    return f"{prefix}{row['subject_name'] or row['subject_id']}"


def what_text(row: Record) -> str:
    """What was given or taken, joined, minted, changed or found."""
    if row["rule"]:
        name = row["access_token_name"] or row["access_token_id"]
        token = f", token {name}" if name else ""
        return f"{row['rule']} {row['title']} ({row['severity']}){token}"
    if row["role_name"]:
        return _role_text(row)
    parts = [str(row[name]) for name in ("team_name", "access_token_name", "field") if row[name]]
    text = " ".join(parts)
    if row["before"] is None and row["after"] is None:
        return text
    shown = (
        str(row[name]) or '""' if row[name] is not None else "-" for name in ("before", "after")
    )
    return f"{text}: {' → '.join(shown)}"


def _role_text(row: Record) -> str:
    accounts = row["system_accounts"]
    reach = f" ({accounts:,} in the team)" if accounts is not None else ""
    if row["entity_type_name"] == ANY:
        return f"{row['role_name']}{reach}"
    name = row["entity_name"] or row["entity_id"]
    return (
        f"{row['role_name']} on {row['entity_type_name']} {name} in {row['entity_region']}{reach}"
    )


def gap_text(old: Origin, new: Origin) -> str:
    """Both times, and what lies between them."""
    gap = new.taken_at - old.taken_at
    length = in_two_units(abs(gap)) or "less than a minute"
    order = "; OLD is the later one" * (gap.total_seconds() < 0)
    return f"from {in_utc(old.taken_at)} to {in_utc(new.taken_at)}: {length}{order}"


def diff_markdown(report: Report, old: Origin, new: Origin) -> str:
    """The changes as a table for people, with both times above it."""
    organization = report.head.organization
    name = in_markdown(plain(organization.name)) if organization else "unknown organisation"
    rows = [
        {
            "Change": code_text(row),
            "Of": whose_text(row),
            "What": what_text(row),
            "Because": row["because"],
            "unknown": [],
        }
        for row in report.rows
    ]
    table = markdown_text(("Change", "Of", "What", "Because"), rows) if rows else "No changes.\n"
    missing = "".join(f"* {in_markdown(plain(line))}\n" for line in sentences(report.head.problems))
    below = f"\n## Not compared\n\n{missing}" if missing else ""
    return f"# Changes of {name}\n\n{in_markdown(gap_text(old, new))}\n\n{table}{below}"
