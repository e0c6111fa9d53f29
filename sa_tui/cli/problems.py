"""What could not be read of an organisation: each thing for itself, and in few sentences.

The rule it keeps: an answer without a problem misses nothing, whatever made it incomplete.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sa_tui.access.team_grants import undocumented

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sa_tui.access.subjects import Subject
    from sa_tui.cli.records import Record
    from sa_tui.konnect.errors import KonnectError
    from sa_tui.konnect.models import SystemAccount, Team
    from sa_tui.org.snapshot import Part, Snapshot

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
}


@dataclass(frozen=True)
class ProblemSubject:
    """Somebody or something that a fact is about, as Kong calls its kind."""

    type: Literal["system_account", "user", "team", "entity_type", "access_token"]
    id: str | None
    name: str

    def record(self) -> Record:
        """The subject with stable names."""
        return {"type": self.type, "id": self.id, "name": self.name}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something that could not be read, of whom, and why.

    `error` is what Konnect was asked and said, if that is why.
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
        """The same, for so many others of its kind too."""
        why = self.reason if self.error is None else str(self.error)
        if self.subject is None:
            return f"{_LABELS[self.what]}: {why}"
        and_others = f" and {others} more" if others else ""
        return f"{self.of_whom} {self.subject.name}{and_others}: {why}"

    @property
    def of_whom(self) -> str:
        """What is missing, and of which kind of subject."""
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
    for each in problems:
        kinds.setdefault(each.of_whom if each.subject else each.text, []).append(each)
    return [alike[0].counted(others=len(alike) - 1) for alike in kinds.values()]


def problem_of(
    what: What, part: Part[object], subject: ProblemSubject | None = None
) -> list[Problem]:
    """Why something may be missing from what was read, as a list of at most one problem."""
    if part.error is not None:
        return [problem_from(what, part.error, subject)]
    if part.value is None:
        return [Problem(what=what, reason="not read.", subject=subject)]
    incomplete = getattr(part.value, "incomplete", None)
    if incomplete is None and getattr(part.value, "skipped", None):
        incomplete = "some rows were unreadable."
    return [Problem(what=what, reason=incomplete, subject=subject)] if incomplete else []


def problem_from(what: What, error: KonnectError, subject: ProblemSubject | None = None) -> Problem:
    """The problem that an error is."""
    return Problem(what=what, reason=error.summary, subject=subject, error=error)


def error_record(error: KonnectError | None) -> Record:
    """What an error of Konnect's has besides what it says; all null without one."""
    return {
        "status": getattr(error, "status", None),
        "advice": (error.advice or None) if error is not None else None,
        "request": (error.tried or None) if error is not None else None,
        "trace": error.trace if error is not None else None,
    }


def problems_of_lists(snapshot: Snapshot, *, with_people: bool = False) -> list[Problem]:
    """What is missing of the lists that an answer begins with."""
    found = problem_of("organization", snapshot.organization)
    found += problem_of("system_accounts", snapshot.accounts)
    return found + (problem_of("users", snapshot.people) if with_people else [])


def problems_of_accounts(snapshot: Snapshot, accounts: Iterable[SystemAccount]) -> list[Problem]:
    """What is missing of the tokens, roles and teams of these accounts."""
    found: list[Problem] = []
    for account in accounts:
        subject = ProblemSubject("system_account", account.id, account.name)
        details = snapshot.details_of(account.id)
        found += problem_of("access_tokens", details.tokens, subject)
        found += problem_of("assigned_roles", details.roles, subject)
        found += problem_of("teams", details.teams, subject)
    return found


def problems_of(
    snapshot: Snapshot, subjects: Sequence[Subject], *, with_people: bool = False
) -> list[Problem]:
    """What is missing of their access, and of the tokens to use it with."""
    found = problems_of_lists(snapshot, with_people=with_people)
    teams: dict[str, Team] = {}
    for subject in subjects:
        found += _of_subject(snapshot, subject)
        teams |= {team.id: snapshot.team(team.id) or team for team in subject.teams}
    of_teams = {team_id: list(_of_team(snapshot, team)) for team_id, team in teams.items()}
    found += [each for those in of_teams.values() for each in those]
    told = {each.subject.id for each in found if each.subject and each.what in _OF_ACCESS}
    for subject in subjects:
        # Whatever else makes a subject incomplete some day is told in its own words.
        if subject.missing and not told & {subject.id, *(team.id for team in subject.teams)}:
            reason = " ".join(subject.missing)
            found.append(Problem(what="access", reason=reason, subject=problem_subject(subject)))
    return found


_OF_ACCESS = ("assigned_roles", "teams", "implied_roles")


def _of_subject(snapshot: Snapshot, subject: Subject) -> Iterator[Problem]:
    is_person = subject.kind == "person"
    details = (snapshot.user_details_of if is_person else snapshot.details_of)(subject.id)
    concerned = problem_subject(subject)
    tokens: What = "personal_access_tokens" if is_person else "access_tokens"
    yield from problem_of(tokens, details.tokens, concerned)
    yield from problem_of("assigned_roles", details.roles, concerned)
    yield from problem_of("teams", details.teams, concerned)


def _of_team(snapshot: Snapshot, team: Team) -> Iterator[Problem]:
    subject = ProblemSubject("team", team.id, team.name)
    yield from problem_of("assigned_roles", snapshot.team_details_of(team.id).roles, subject)
    for reason in undocumented(team):
        yield Problem(what="implied_roles", reason=f"{reason}.", subject=subject)


def problem_subject(subject: Subject) -> ProblemSubject:
    """An account or a person by id and name."""
    return ProblemSubject(subject_type(subject), subject.id, subject.name)


def subject_type(subject: Subject) -> Literal["system_account", "user"]:
    """What Kong calls the kind of a subject."""
    return "user" if subject.kind == "person" else "system_account"
