"""Compares who matches a query with who is expected to.

The rule it keeps: what is not certain is neither a difference nor a pass.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sa_tui.access.answer import Answer
from sa_tui.answers.problems import subject_type
from sa_tui.base.text import one_line
from sa_tui.cli.exits import UsageError
from sa_tui.cli.finding import Candidates
from sa_tui.cli.reading.input_file import lines_of, read_input

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sa_tui.access.query.search import Match
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.answers.records import Record
    from sa_tui.cli.environment import Environment


@dataclass(frozen=True)
class Expected:
    """Whom a file expects: `names` by id, exact name or beginning of an id, with how each is shown.

    `unsure` are those of whom an earlier answer was not certain. `organization_id` and `query` are
    those of an earlier answer.
    """

    names: Mapping[str, str]
    unsure: Mapping[str, str] = field(default_factory=dict)
    organization_id: str | None = None
    query: str | None = None


@dataclass(frozen=True)
class Person:
    """One of whom a difference is told; None where it is not known."""

    type: str | None
    id: str | None
    name: str | None

    @classmethod
    def of(cls, subject: Subject) -> Person:
        """The person or account of a subject."""
        return cls(subject_type(subject), subject.id, subject.name)

    def record(self) -> Record:
        """The one with stable names."""
        return {"subject_type": self.type, "subject_id": self.id, "subject_name": self.name}

    def __str__(self) -> str:
        return "  ".join(one_line(text) for text in (self.name, self.id) if text)


@dataclass(frozen=True)
class Differences:
    """Who matches and is not expected to, who is expected and does not, and who is not certain."""

    unexpected: Sequence[Person]
    missing: Sequence[Person]
    uncertain: Sequence[Person]

    def record(self) -> Record:
        """The differences with stable names."""
        return {
            name: [person.record() for person in getattr(self, name)]
            for name in ("unexpected", "missing", "uncertain")
        }

    @property
    def lines(self) -> list[str]:
        """A line for each, with + for one too many, - for a missing one, ? for what is open."""
        signs = (("+", self.unexpected), ("-", self.missing), ("?", self.uncertain))
        return [f"{sign} {person}" for sign, persons in signs for person in persons]


def read_expected(name: str, env: Environment) -> Expected:
    """Whom a file expects: names or ids, or an earlier answer as JSON or CSV. Raises UsageError."""
    text = read_input(name, env)
    if text.lstrip().startswith("{"):
        return _from_json(text, name)
    header = next(csv.reader(io.StringIO(text)), [])
    if "organization_id" in header:
        return _from_csv(text, name)
    return Expected({line.text: line.text for line in lines_of(text)})


def _from_json(text: str, name: str) -> Expected:
    try:
        answer: Any = json.loads(text)
        rows = answer["matches"] if "matches" in answer else answer["system_accounts"]
        organization = (answer["organization"] or {}).get("id")
        return _from_answer(
            rows, name, answer["complete"] is True, organization, answer.get("query")
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(f"{name} is not an answer of `who`, `entity` or `accounts`.") from None


def _from_csv(text: str, name: str) -> Expected:
    rows = list(csv.DictReader(io.StringIO(text)))
    try:
        organization = rows[0]["organization_id"] if rows else None
        is_complete = all(row["complete"] == "yes" for row in rows)
        return _from_answer(rows, name, is_complete, organization, None)
    except (KeyError, TypeError):
        raise UsageError(f"{name} is not an answer of `who`, `entity` or `accounts`.") from None


def _from_answer(
    rows: Iterable[Mapping[str, Any]],
    name: str,
    is_complete: bool,
    organization_id: str | None,
    query: str | None,
) -> Expected:
    if not is_complete:
        raise UsageError(f"{name} is an answer that is not complete: nothing can rest on it.")
    found: dict[str, dict[str, str]] = {"yes": {}, "unknown": {}, "can_become": {}}
    for row in rows:
        id = row["subject_id"] if "subject_id" in row else row["id"]
        shown = row["subject_name"] if "subject_name" in row else row["name"]
        found[row.get("match") or "yes"][str(id)] = str(shown)
    return Expected(found["yes"], found["unknown"], organization_id, query)


def differences(expected: Expected, matches: Sequence[Match], access: Access) -> Differences:
    """How those who match differ from those who are expected. Raises UsageError for a name of two.

    Somebody who is not listed certainly does not match, unless accounts may be missing.
    """
    candidates = _candidates(access)
    wanted, unsure = _named(expected.names, candidates), _named(expected.unsure, candidates)
    open_ids = {id for id in unsure.values() if id is not None}
    found = {match.subject.id: match for match in matches if not match.can_become}
    sure = {id for id, match in found.items() if match.answer is Answer.YES}
    open_ids |= found.keys() - sure
    wanted_ids = {id for id in wanted.values() if id is not None}
    missing = [_person(id, access) for id in sorted(wanted_ids - sure - open_ids)]
    gone = [Person(None, None, expected.names[text]) for text, id in wanted.items() if id is None]
    uncertain = [_person(id, access) for id in sorted(open_ids)]
    uncertain += [
        Person(None, id, expected.unsure[id]) for id, found_id in unsure.items() if found_id is None
    ]
    is_whole = access.missing is None
    return Differences(
        unexpected=_by_name(_person(id, access) for id in sure - wanted_ids - open_ids),
        missing=_by_name([*missing, *(gone if is_whole else ())]),
        uncertain=_by_name([*uncertain, *(() if is_whole else gone)]),
    )


def _named(names: Iterable[str], candidates: Candidates[Subject]) -> dict[str, str | None]:
    """Each name with the id of its subject, None where nobody is called so."""
    named: dict[str, str | None] = {}
    for text in names:
        found = candidates.exactly(text)
        named[text] = candidates.only(text, found).id if found else None
    return named


def _candidates(access: Access) -> Candidates[Subject]:
    named = [
        (name, subject)
        for subject in access.subjects
        for name in (subject.name, subject.description if subject.kind == "person" else "")
        if name
    ]
    return Candidates(
        named, what="account", lists="`sa-tui accounts` lists them.", incomplete=access.missing
    )


def _person(subject_id: str, access: Access) -> Person:
    subject = access.subject(subject_id)
    return Person(None, subject_id, None) if subject is None else Person.of(subject)


def _by_name(persons: Iterable[Person]) -> list[Person]:
    return sorted(persons, key=lambda person: ((person.name or "").casefold(), person.id or ""))
