"""The answers about access: of `who`, `entity`, `access`, `why` and `matrix`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sa_tui.access.answer import Answer
from sa_tui.access.query.language import Term, show
from sa_tui.access.query.search import Match, Search, by_minting
from sa_tui.answers.access_records import (
    ACCESS_FIELDS,
    MATRIX_FIELDS,
    WHO_FIELDS,
    WHY_FIELDS,
    bool_of,
    column_key,
    column_record,
    flat_matrix_record,
    flat_path_record,
    flat_why_records,
    grant_record,
    matrix_record,
    near_miss_record,
    no_grant_record,
    path_record,
    subject_record,
    who_record,
)
from sa_tui.answers.problems import Problem, ProblemSubject, problem_of, problems_of, subject_type
from sa_tui.answers.records import account_record, person_record, token_record
from sa_tui.answers.report import Report
from sa_tui.konnect.models import User
from sa_tui.org.snapshot import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from sa_tui.access.grants import Grant
    from sa_tui.access.matrix import Matrix
    from sa_tui.access.near_misses import NearMiss
    from sa_tui.access.query.language import Query
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.access.why import Explanation, Reach
    from sa_tui.answers.head import Head
    from sa_tui.answers.records import Record
    from sa_tui.konnect.models import Entity, SystemAccount
    from sa_tui.org.snapshot import Snapshot

    Lists = Collection[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class AccessReports:
    """Makes the answers from one state of the organisation.

    `head` makes the head of an answer from what could not be read. `now` is by Konnect's clock: it
    decides which tokens are live. The lists of entity names that an answer `rests_on` make it
    incomplete when they could not be read; the others do not.
    """

    head: Callable[[Sequence[Problem]], Head]
    snapshot: Snapshot
    access: Access
    now: datetime
    with_people: bool
    query: str | None = None

    def who(
        self,
        lines: Iterable[tuple[Match, Grant | None]],
        search: Search,
        *,
        expected: Record | None = None,
    ) -> Report:
        """What a search found: each match with one of its grants, or with none.

        `expected` says how that differs from what was expected, if anything was.
        """
        report = self._found(lines, search, search.doubtful_lists)
        return replace(report, facts=report.facts | {"expected": expected})

    def _found(
        self, lines: Iterable[tuple[Match, Grant | None]], search: Search, rests_on: Lists
    ) -> Report:
        return Report(
            head=self._head(self.access.subjects, rests_on),
            key="matches",
            rows=[self._who_record(match, grant, search) for match, grant in lines],
            fields=WHO_FIELDS,
            facts={"query": self.query, "people": self.with_people},
        )

    def queries(self, found: Sequence[FoundByLine]) -> Report:
        """What each query of a file found, with the number of its line."""
        rests_on = {pair for each in found for pair in each.search.doubtful_lists}
        rows = [each.record(self._who_record) for each in found]
        return Report(
            head=self._head(self.access.subjects, tuple(sorted(rests_on))),
            key="queries",
            rows=rows,
            fields=("line", "query", *WHO_FIELDS),
            facts={"people": self.with_people},
            flat_rows=[
                {"line": row["line"], "query": row["query"]} | match
                for row in rows
                for match in row["matches"]
            ],
        )

    def _who_record(self, match: Match, grant: Grant | None, search: Search) -> Record:
        is_known = match.answer is Answer.YES or not search.is_about_grants
        return who_record(
            match.subject,
            self._user_of(match.subject),
            grant_record(grant, self.access) if grant else no_grant_record(is_known=is_known),
            verdict=_verdict(match),
            now=self.now,
        )

    def entity(self, entity: Entity, matches: Iterable[Match], *, rests_on: Lists = ()) -> Report:
        """Who reaches an entity, a record for each grant by which they do."""
        query = Term("entity", ":", entity.id)
        search = Search(query, self.access, now=self.now)
        answer = self._found(lines_of(matches), search, rests_on)
        place: Record = {
            "id": entity.id,
            "name": entity.name or None,
            "entity_type_name": entity.entity_type_name,
            "region": entity.region,
        }
        return replace(answer, facts=answer.facts | {"query": show(query), "entity": place})

    def why(
        self,
        row: SystemAccount | User,
        match: Match | None,
        paths: Explanation,
        misses: Sequence[NearMiss],
        rests_on: Lists,
    ) -> Report:
        """Why one account or person matches a query: each path to it, or what comes nearest.

        Without a match, it certainly does not.
        """
        subject = paths.subject
        rows = [path_record(path, paths, self.access) for path in paths.paths]
        tokens = match.tokens if match is not None else ()
        near = [near_miss_record(miss, self.access) for miss in misses]
        verdict = _verdict(match) if match is not None else "no"
        who = subject_record(subject, self._user_of(subject))
        return Report(
            head=self._head([subject], rests_on),
            key="grants",
            rows=rows,
            fields=WHY_FIELDS,
            facts={
                "query": self.query,
                "people": self.with_people,
                **self._facts_of(row, subject),
                "match": verdict,
                "access_tokens": [token_record(token, self.now) for token in tokens],
                "near_misses": near,
            },
            flat_rows=flat_why_records(verdict, who, rows, tokens, near),
        )

    def one(self, row: SystemAccount | User, why: Explanation) -> Report:
        """What one account or person can do, a record for each path."""
        rows = [path_record(path, why, self.access) for path in why.paths]
        who = subject_record(why.subject, self._user_of(why.subject))
        return Report(
            head=self._head([why.subject]),
            key="grants",
            rows=rows,
            fields=ACCESS_FIELDS,
            facts=self._facts_of(row, why.subject),
            flat_rows=[flat_path_record(record, who) for record in rows],
        )

    def _facts_of(self, row: SystemAccount | User, subject: Subject) -> Record:
        """The account or the person with their figures, under the key of their kind."""
        if isinstance(row, User):
            details = self.snapshot.user_details_of(row.id)
            record = person_record(row, details, self.now)
        else:
            record = account_record(row, self.snapshot.details_of(row.id), self.now)
        state: Record = {
            "armed": bool_of(subject.is_armed(self.now)),
            "can_mint": bool_of(subject.can_mint),
        }
        record["unknown"] += [name for name, value in state.items() if value is None]
        kind = subject_type(subject)
        facts: Record = {"subject_type": kind, "system_account": None, "user": None}
        return facts | {kind: record | state}

    def matrix(self, matrix: Matrix, *, rests_on: Lists) -> Report:
        """The rows of a matrix, with a field for each of its columns."""
        rows = [
            matrix_record(row, self._user_of(row.subject), matrix, self.now) for row in matrix.rows
        ]
        known = [column_key(column) for column in matrix.columns if column.is_known]
        return Report(
            head=self._head(self.access.subjects, rests_on),
            key="rows",
            rows=rows,
            fields=(*MATRIX_FIELDS, *known),
            later=[column_key(column) for column in matrix.columns if not column.is_known],
            facts={
                "query": self.query,
                "people": self.with_people,
                "by": matrix.axis,
                "columns": [column_record(column) for column in matrix.columns],
            },
            flat_rows=[flat_matrix_record(row) for row in rows],
        )

    def _head(self, subjects: Sequence[Subject], rests_on: Lists = ()) -> Head:
        problems = problems_of(self.snapshot, subjects, with_people=self.with_people)
        return self.head(problems + unnamed(self.snapshot, rests_on)[0])

    def _user_of(self, subject: Subject) -> User | None:
        return self.snapshot.user(subject.id) if subject.kind == "person" else None


@dataclass(frozen=True, kw_only=True)
class FoundByLine:
    """What the query in a line of a file found."""

    line: int
    query: Query
    search: Search
    matches: Sequence[Match]

    def record(self, record_of: Callable[[Match, Grant | None, Search], Record]) -> Record:
        """The query and its matches, with how many accounts and people they are."""
        becoming = sum(match.can_become for match in self.matches)
        found = sum(match.answer is Answer.YES for match in self.matches)
        return {
            "line": self.line,
            "query": show(self.query),
            "found": found,
            "can_become": becoming,
            "uncertain": len(self.matches) - found - becoming,
            "matches": [
                record_of(match, grant, self.search) for match, grant in lines_of(self.matches)
            ],
        }


def lines_of(matches: Iterable[Match]) -> list[tuple[Match, Grant | None]]:
    """Each match once for each of its grants, or once without any."""
    return [(match, grant) for match in matches for grant in match.grants or (None,)]


def matches_of(reaches: Iterable[Reach], access: Access | None = None) -> list[Match]:
    """Who reaches an entity, as matches; then those of `access` who can become one of them."""
    matches = [
        Match(subject=reach.subject, answer=reach.answer, grants=reach.grants) for reach in reaches
    ]
    found_ids = {match.subject.id for match in matches}
    return matches + [
        by_minting(subject)
        for subject in (access.subjects if access is not None else ())
        if subject.can_mint is Answer.YES and subject.id not in found_ids
    ]


def unnamed(snapshot: Snapshot, rests_on: Lists = ()) -> tuple[list[Problem], list[Problem]]:
    """The problems of the lists of entity names: those that an answer `rests_on`, and the others.

    Access does not depend on the others: they are only warnings.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    parts: dict[tuple[str, str], Part[object]] = {pair: Part() for pair in rests_on}
    for pair, part in (parts | dict(snapshot.entities)).items():
        subject = ProblemSubject("entity_type", None, "{} in {}".format(*pair))
        (problems if pair in rests_on else warnings).extend(
            problem_of("entity_names", part, subject)
        )
    return problems, warnings


def _verdict(match: Match) -> Literal["yes", "unknown", "can_become"]:
    if match.can_become:
        return "can_become"
    return "yes" if match.answer is Answer.YES else "unknown"
