"""What could not be read of an organisation, one problem for each thing, summed up in sentences.

The rule it keeps: an answer without a problem is complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from sa_tui.access.team_grants import undocumented

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sa_tui.access.subjects import Kind, Subject
    from sa_tui.answers.records import Record
    from sa_tui.konnect.errors import KonnectError
    from sa_tui.konnect.models import Listing, SystemAccount, Team
    from sa_tui.org.snapshot import Part, Snapshot

T = TypeVar("T")

What = Literal[
    "organization",
    "system_accounts",
    "users",
    "teams",
    "access_tokens",
    "personal_access_tokens",
    "assigned_roles",
    "implied_roles",
    "access",
    "entity_names",
    "identity",
    "proof",
    "content",
    "journal",
    "rotations",
    "life",
    "findings",
]

_LABELS: dict[What, str] = {
    "organization": "organisation",
    "system_accounts": "system accounts",
    "users": "people",
    "teams": "teams",
    "access_tokens": "access tokens",
    "personal_access_tokens": "personal tokens",
    "assigned_roles": "roles",
    "implied_roles": "roles beyond those listed",
    "access": "access",
    "entity_names": "names",
    "identity": "identity",
    "proof": "proof",
    "content": "content",
    "journal": "journal",
    "rotations": "rotations",
    "life": "life",
    "findings": "findings",
}


@dataclass(frozen=True)
class ProblemSubject:
    """What a problem is about; `type` is what Kong calls its kind."""

    type: Literal["system_account", "user", "team", "entity_type", "access_token", "file"]
    id: str | None
    name: str

    def record(self) -> Record:
        """The subject with stable names."""
        return {"type": self.type, "id": self.id, "name": self.name}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What could not be read, of which subject, and why.

    `error` is the error of the request, if one failed.
    """

    what: What
    reason: str
    subject: ProblemSubject | None = None
    error: KonnectError | None = None

    @property
    def text(self) -> str:
        """The problem as a sentence."""
        return self.counted(others=0)

    def counted(self, *, others: int) -> str:
        """The problem as a sentence that stands for so many others of its kind too."""
        why = self.reason if self.error is None else str(self.error)
        if self.subject is None:
            return f"{_LABELS[self.what]}: {why}"
        and_others = f" and {others} more" if others else ""
        return f"{self.of_whom} {self.subject.name}{and_others}: {why}"

    @property
    def of_whom(self) -> str:
        """What is missing, with the kind of its subject."""
        is_team = self.subject is not None and self.subject.type == "team"
        return f"{_LABELS[self.what]} of{' team' * is_team}"

    def record(self) -> Record:
        """The problem with stable names."""
        return {
            "what": self.what,
            "subject": self.subject.record() if self.subject else None,
            "reason": self.reason,
        } | error_record(self.error)


def sentences(problems: Iterable[Problem]) -> list[str]:
    """The problems in few sentences: of each kind the first, with a count of the others."""
    kinds: dict[str, list[Problem]] = {}
    for problem in problems:
        kind = problem.of_whom if problem.subject else problem.text
        kinds.setdefault(kind, []).append(problem)
    return [alike[0].counted(others=len(alike) - 1) for alike in kinds.values()]


def required(part: Part[T], what: str) -> T:
    """The value of a part without which there is no answer. Raises the error of reading it."""
    if part.value is None:
        raise part.error or RuntimeError(f"the {what} were not read")
    return part.value


def problem_of(
    what: What, part: Part[object], subject: ProblemSubject | None = None
) -> list[Problem]:
    """Why a part may be incomplete, as a list of at most one problem."""
    if part.error is not None:
        return [problem_from(what, part.error, subject)]
    if part.value is None or part.is_old:
        return [Problem(what=what, reason=f"{part.why_incomplete}.", subject=subject)]
    incomplete = getattr(part.value, "incomplete", None)
    if incomplete is None and getattr(part.value, "skipped", None):
        incomplete = "some rows were unreadable."
    return [Problem(what=what, reason=incomplete, subject=subject)] if incomplete else []


def _is_whole(part: Part[Listing[object]]) -> bool:
    return part.is_whole and not (part.value is not None and part.value.skipped)


def problem_from(what: What, error: KonnectError, subject: ProblemSubject | None = None) -> Problem:
    """The problem that a request failed."""
    return Problem(what=what, reason=error.summary, subject=subject, error=error)


def error_record(error: KonnectError | None) -> Record:
    """The fields of an error besides its message; all null without one."""
    return {
        "status": getattr(error, "status", None),
        "advice": (error.advice or None) if error is not None else None,
        "request": (error.request or None) if error is not None else None,
        "trace": error.trace if error is not None else None,
    }


def problems_of_lists(snapshot: Snapshot, *, with_people: bool = False) -> list[Problem]:
    """What is missing from the lists of the organisation."""
    problems = problem_of("organization", snapshot.organization)
    problems += problem_of("system_accounts", snapshot.accounts)
    return problems + (problem_of("users", snapshot.people) if with_people else [])


def problems_of_accounts(snapshot: Snapshot, accounts: Iterable[SystemAccount]) -> list[Problem]:
    """What is missing from the tokens, roles and teams of these accounts."""
    problems: list[Problem] = []
    for account in accounts:
        subject = ProblemSubject("system_account", account.id, account.name)
        details = snapshot.details_of(account.id)
        problems += problem_of("access_tokens", details.tokens, subject)
        problems += problem_of("assigned_roles", details.roles, subject)
        problems += problem_of("teams", details.teams, subject)
    return problems


def problems_of(
    snapshot: Snapshot, subjects: Sequence[Subject], *, with_people: bool = False
) -> list[Problem]:
    """What is missing from the access and the tokens of these subjects."""
    problems = problems_of_lists(snapshot, with_people=with_people)
    teams = {
        subject.id: team
        for subject in subjects
        if subject.kind == "team" and (team := snapshot.team(subject.id)) is not None
    }
    for subject in subjects:
        if subject.kind != "team":
            problems += _of_subject(snapshot, subject)
        teams |= {team.id: snapshot.team(team.id) or team for team in subject.teams}
    for team in teams.values():
        problems += _of_team(snapshot, team)
    explained_ids = {
        problem.subject.id for problem in problems if problem.subject and problem.what in _OF_ACCESS
    }
    for subject in subjects:
        # A gap of another kind than those above still makes the answer incomplete.
        ids = {subject.id, *(team.id for team in subject.teams)}
        if subject.missing and explained_ids.isdisjoint(ids):
            reason = " ".join(subject.missing)
            problems.append(Problem(what="access", reason=reason, subject=problem_subject(subject)))
    return problems


_OF_ACCESS = ("assigned_roles", "teams", "implied_roles")


def _of_subject(snapshot: Snapshot, subject: Subject) -> Iterator[Problem]:
    is_person = subject.kind == "person"
    details = (snapshot.user_details_of if is_person else snapshot.details_of)(subject.id)
    if _is_whole(details.tokens) and _is_whole(details.roles) and _is_whole(details.teams):
        return
    about = problem_subject(subject)
    tokens: What = "personal_access_tokens" if is_person else "access_tokens"
    yield from problem_of(tokens, details.tokens, about)
    yield from problem_of("assigned_roles", details.roles, about)
    yield from problem_of("teams", details.teams, about)


def _of_team(snapshot: Snapshot, team: Team) -> Iterator[Problem]:
    subject = ProblemSubject("team", team.id, team.name)
    yield from problem_of("assigned_roles", snapshot.team_details_of(team.id).roles, subject)
    for reason in undocumented(team):
        yield Problem(what="implied_roles", reason=f"{reason}.", subject=subject)


def problem_subject(subject: Subject) -> ProblemSubject:
    """A subject by id and name."""
    return ProblemSubject(subject_type(subject), subject.id, subject.name)


def subject_type(subject: Subject) -> Literal["system_account", "user", "team"]:
    """What Kong calls the kind of a subject."""
    kinds: dict[Kind, Literal["system_account", "user", "team"]] = {
        "account": "system_account",
        "person": "user",
        "team": "team",
    }
    return kinds[subject.kind]
