"""What could not be read of an organisation, in few sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sa_tui.access.holders import Holder
    from sa_tui.org.snapshot import Part, Snapshot


@dataclass(frozen=True)
class Problem:
    """What could not be read."""

    text: str


def problems_of(
    snapshot: Snapshot, holders: Iterable[Holder], *, with_people: bool = False
) -> list[Problem]:
    """What is missing of their access: of each kind the first, with a count of the others."""
    lists: list[tuple[str, Part[Any]]] = [
        ("organisation", snapshot.organization),
        ("system accounts", snapshot.accounts),
    ]
    if with_people:
        lists.append(("people", snapshot.people))
    found = [problem for what, part in lists if (problem := problem_of(what, part))]
    of_kind: dict[str, list[Problem]] = {}
    for kind, name, part in _parts(snapshot, holders):
        if problem := problem_of(f"{kind} {name}", part):
            of_kind.setdefault(kind, []).append(problem)
    for kind, problems in of_kind.items():
        found += merged(kind, problems)
    return found


def merged(kind: str, problems: list[Problem]) -> list[Problem]:
    """The first problem of a kind with a count of the others, as a list of at most one."""
    if not problems:
        return []
    more = f" And {kind} {len(problems) - 1} more." if len(problems) > 1 else ""
    return [Problem(problems[0].text + more)]


def _parts(snapshot: Snapshot, holders: Iterable[Holder]) -> Iterator[tuple[str, str, Part[Any]]]:
    teams: dict[str, str] = {}
    for holder in holders:
        is_person = holder.kind == "person"
        details = (snapshot.user_details_of if is_person else snapshot.details_of)(holder.id)
        yield "personal tokens of" if is_person else "access tokens of", holder.name, details.tokens
        yield "roles of", holder.name, details.roles
        yield "teams of", holder.name, details.teams
        teams |= {team.id: team.name for team in holder.teams}
    for team_id, name in teams.items():
        yield "roles of team", name, snapshot.team_details_of(team_id).roles


def problem_of(what: str, part: Part[Any]) -> Problem | None:
    """What is missing of a list, which is named; None when it was read in full."""
    if part.error is not None:
        return Problem(f"{what}: {part.error}")
    if part.value is None:
        return Problem(f"{what}: not read.")
    incomplete = getattr(part.value, "incomplete", None)
    if incomplete is None and getattr(part.value, "skipped", None):
        incomplete = "some rows were unreadable."
    return Problem(f"{what}: {incomplete}") if incomplete else None
