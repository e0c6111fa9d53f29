"""Writes the answers of `who`, `access` and `matrix`, and reports what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sa_tui.access.answer import Answer
from sa_tui.access.matrix import LEGEND, by_region, by_role, by_type
from sa_tui.access.why import explain
from sa_tui.base.words import plural
from sa_tui.cli.access_records import (
    ACCESS_FIELDS,
    MATRIX_FIELDS,
    WHO_FIELDS,
    bool_of,
    column_key,
    column_record,
    flat_matrix_record,
    flat_path_record,
    grant_record,
    matrix_record,
    no_grant_record,
    path_record,
    subject_record,
    who_record,
)
from sa_tui.cli.access_views import ACCESS, SUBJECT, WHO, WHO_ACCOUNTS, cells_of
from sa_tui.cli.answers import Report, conclude, head_of
from sa_tui.cli.problems import Problem, ProblemSubject, problem_of, problems_of, subject_type
from sa_tui.cli.records import account_record, person_record
from sa_tui.konnect.models import User
from sa_tui.org.snapshot import Part

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sa_tui.access.matrix import Matrix
    from sa_tui.access.query.search import Match, Search
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.records import Record
    from sa_tui.cli.views import RecordColumn
    from sa_tui.konnect.models import SystemAccount
    from sa_tui.org.snapshot import Snapshot


@dataclass(frozen=True)
class Answering:
    """Writes one answer, and reports what could not be read.

    `now` is by Konnect's clock: it decides which tokens are live.
    """

    env: Environment
    options: Namespace
    snapshot: Snapshot
    access: Access
    now: datetime
    query: str | None = None

    def who(self, search: Search) -> int:
        """Writes the accounts that match a query, a line for each grant that matches."""
        matches = sorted(
            (*search.matches(), *search.becoming()), key=lambda match: _by_name(match.subject)
        )
        records = [
            who_record(
                match.subject,
                self._user_of(match.subject),
                grant,
                verdict=_verdict(match),
                now=self.now,
            )
            for match in matches
            for grant in self._grants_of(match, search)
        ]
        shown = WHO if search.is_about_grants else WHO_ACCOUNTS
        if self.options.people:
            shown = (shown[0], SUBJECT, *shown[1:])
        sure = [match.subject for match in matches if match.answer is Answer.YES]
        becoming = sum(match.can_become for match in matches)
        unsure = len(matches) - len(sure) - becoming
        problems = self._problems(self.access.subjects) + self._unnamed(search.doubtful_lists)
        head = head_of(self.env, self.snapshot, problems)
        report = Report(
            head=head,
            key="matches",
            rows=records,
            fields=WHO_FIELDS,
            shown=shown,
            facts={"query": self.query, "people": self.options.people},
        )
        report.put(self.env, self.options, self.now)
        summary = self._counted(sure)
        if becoming:
            summary += (
                f"; {becoming:,} can become one of them (→), with a token or a role of their own"
            )
        summary += f"; {unsure:,} uncertain" if unsure else ""
        return conclude(self.env, head, f"{self.query or 'everything'}: {summary}")

    def _grants_of(self, match: Match, search: Search) -> list[Record]:
        is_known = match.answer is Answer.YES or not search.is_about_grants
        grants = [grant_record(grant, self.access) for grant in match.grants]
        return grants or [no_grant_record(is_known=is_known)]

    def _counted(self, subjects: Sequence[Subject]) -> str:
        people = sum(subject.kind == "person" for subject in subjects)
        accounts = plural(len(subjects) - people, "account")
        if not self.options.people:
            return accounts
        return f"{accounts}, {plural(people, 'person', 'people')}"

    def one(self, row: SystemAccount | User, subject: Subject) -> int:
        """Writes what one account or person can do, a line for each path."""
        why = explain(subject, now=self.now)
        rows = [path_record(path, why, self.access) for path in why.paths]
        who = subject_record(subject, self._user_of(subject))
        problems = self._problems([subject]) + self._unnamed()
        head = head_of(self.env, self.snapshot, problems)
        report = Report(
            head=head,
            key="grants",
            rows=rows,
            fields=ACCESS_FIELDS,
            shown=ACCESS,
            facts=self._facts_of(row, subject),
            flat_rows=[flat_path_record(record, who) for record in rows],
        )
        report.put(self.env, self.options, self.now)
        armed = {
            Answer.YES: plural(why.live_tokens, "live token"),
            Answer.NO: "no live token: none of it can be used now",
            Answer.UNKNOWN: "whether it has a live token is not known",
        }[why.is_armed]
        if subject.can_sign_in:
            armed = "active: can sign in"
        minting = "; can make tokens for anybody" if subject.can_mint is Answer.YES else ""
        summary = f"{subject.name}: {plural(len(rows), 'grant')}, {armed}{minting}"
        return conclude(self.env, head, summary)

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

    def matrix(self, search: Search) -> int:
        """Writes the accounts that match a query, by type, by role of one type, or by region.

        JSON and CSV have a column for every known type, role or region, held or not.
        """
        subjects = [
            subject for subject in self.access.subjects if search.answer(subject) is not Answer.NO
        ]
        is_for_people = self.options.output in ("table", "md") and not self.options.all_columns
        matrix = self._matrix(sorted(subjects, key=_by_name), is_stable=not is_for_people)
        rows = [
            matrix_record(row, self._user_of(row.subject), matrix, self.now) for row in matrix.rows
        ]
        problems = self._problems(self.access.subjects) + self._unnamed(search.doubtful_lists)
        head = head_of(self.env, self.snapshot, problems)
        report = Report(
            head=head,
            key="rows",
            rows=rows,
            fields=(
                *MATRIX_FIELDS,
                *(column_key(column) for column in matrix.columns if column.is_known),
            ),
            later=[column_key(column) for column in matrix.columns if not column.is_known],
            shown=self._shown(matrix),
            facts={
                "query": self.query,
                "people": self.options.people,
                "by": matrix.axis,
                "columns": [column_record(column) for column in matrix.columns],
            },
            flat_rows=[flat_matrix_record(row) for row in rows],
        )
        report.put(self.env, self.options, self.now)
        if self.options.output == "table":
            titles = ", ".join(f"{column.title} {column.name}" for column in matrix.columns)
            self.env.tell_lines(f"{LEGEND}\n{titles}")
        return conclude(self.env, head, self._counted(matrix.subjects))

    def _matrix(self, subjects: Sequence[Subject], *, is_stable: bool) -> Matrix:
        if self.options.by == "role":
            return by_role(subjects, self.options.type, is_stable=is_stable)
        if self.options.by == "region":
            return by_region(subjects, is_stable=is_stable)
        return by_type(subjects, is_stable=is_stable)

    def _shown(self, matrix: Matrix) -> list[RecordColumn]:
        heads = [WHO[0], WHO[-2]]
        if self.options.people:
            heads.insert(1, SUBJECT)
        columns = enumerate(matrix.columns)
        return heads + [cells_of(column, priority=index) for index, column in columns]

    def _user_of(self, subject: Subject) -> User | None:
        return self.snapshot.user(subject.id) if subject.kind == "person" else None

    def _problems(self, subjects: Sequence[Subject]) -> list[Problem]:
        return problems_of(self.snapshot, subjects, with_people=self.options.people)

    def _unnamed(self, rests_on: Collection[tuple[str, str]] = ()) -> list[Problem]:
        """The problems of the lists of entity names that the answer `rests_on`.

        Access does not depend on the other lists: their problems are only warnings.
        """
        problems = []
        parts: dict[tuple[str, str], Part[object]] = {pair: Part() for pair in rests_on}
        for pair, part in (parts | dict(self.snapshot.entities)).items():
            subject = ProblemSubject("entity_type", None, "{} in {}".format(*pair))
            for problem in problem_of("entity_names", part, subject):
                if pair in rests_on:
                    problems.append(problem)
                else:
                    self.env.warn(problem.text)
        return problems


def _by_name(subject: Subject) -> tuple[str, str]:
    return (subject.name.casefold(), subject.id)


def _verdict(match: Match) -> Literal["yes", "unknown", "can_become"]:
    if match.can_become:
        return "can_become"
    return "yes" if match.answer is Answer.YES else "unknown"
