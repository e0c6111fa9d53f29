"""Writes answers about access, and reports what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.answers.access import AccessReports, unnamed
from sa_tui.base.words import plural
from sa_tui.cli.access_views import ACCESS, SUBJECT, WHO, cells_of
from sa_tui.cli.answers import conclude, head_of, put_report

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sa_tui.access.matrix import Matrix
    from sa_tui.access.query.search import Match, Search
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.answers.report import Report
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.views import RecordColumn
    from sa_tui.konnect.models import SystemAccount, User
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

    def counted(self, matches: Sequence[Match]) -> str:
        """How many match, can become one of them, or may match."""
        sure = [match.subject for match in matches if match.answer is Answer.YES]
        becoming = sum(match.can_become for match in matches)
        unsure = len(matches) - len(sure) - becoming
        summary = self._counted(sure)
        if becoming:
            summary += (
                f"; {becoming:,} can become one of them (→), with a token or a role of their own"
            )
        return summary + (f"; {unsure:,} uncertain" if unsure else "")

    def with_people(self, shown: Sequence[RecordColumn]) -> Sequence[RecordColumn]:
        """The columns, with one for the kind of each where people are listed too."""
        return (shown[0], SUBJECT, *shown[1:]) if self.options.people else shown

    def _counted(self, subjects: Sequence[Subject]) -> str:
        people = sum(subject.kind == "person" for subject in subjects)
        accounts = plural(len(subjects) - people, "account")
        if not self.options.people:
            return accounts
        return f"{accounts}, {plural(people, 'person', 'people')}"

    def one(self, row: SystemAccount | User, subject: Subject) -> int:
        """Writes what one account or person can do, a line for each path."""
        from sa_tui.access.why import explain

        why = explain(subject, now=self.now)
        report = self.reports().one(row, why)
        self.put(report, ACCESS)
        armed = {
            Answer.YES: plural(why.live_tokens, "live token"),
            Answer.NO: "no live token: none of it can be used now",
            Answer.UNKNOWN: "whether it has a live token is not known",
        }[why.is_armed]
        if subject.can_sign_in:
            armed = "active: can sign in"
        minting = "; can make tokens for anybody" if subject.can_mint is Answer.YES else ""
        summary = f"{subject.name}: {plural(len(why.paths), 'grant')}, {armed}{minting}"
        return conclude(self.env, report.head, summary)

    def matrix(self, search: Search) -> int:
        """Writes the accounts that match a query, by type, by role of one type, or by region.

        JSON and CSV have a column for every known type, role or region, held or not.
        """
        from sa_tui.access.matrix import LEGEND

        subjects = [
            subject for subject in self.access.subjects if search.answer(subject) is not Answer.NO
        ]
        is_for_people = self.options.output in ("table", "md") and not self.options.all_columns
        matrix = self._matrix(sorted(subjects, key=by_name), is_stable=not is_for_people)
        doubtful_lists = search.doubtful_lists
        report = self.reports(doubtful_lists).matrix(matrix, rests_on=doubtful_lists)
        self.put(report, self._shown(matrix))
        if self.options.output == "table":
            titles = ", ".join(f"{column.title} {column.name}" for column in matrix.columns)
            self.env.tell_lines(f"{LEGEND}\n{titles}")
        return conclude(self.env, report.head, self._counted(matrix.subjects))

    def _matrix(self, subjects: Sequence[Subject], *, is_stable: bool) -> Matrix:
        from sa_tui.access.matrix import by_region, by_role, by_type

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

    def reports(self, rests_on: Collection[tuple[str, str]] = ()) -> AccessReports:
        """What makes the answer; warns of the names that the answer does not rest on."""
        for warning in unnamed(self.snapshot, rests_on)[1]:
            self.env.warn(warning.text)
        return AccessReports(
            head=partial(head_of, self.env, self.snapshot),
            snapshot=self.snapshot,
            access=self.access,
            now=self.now,
            with_people=self.options.people,
            query=self.query,
        )

    def put(self, report: Report, shown: Sequence[RecordColumn]) -> None:
        """Writes an answer in the format that was asked for; `shown` are a table's columns."""
        put_report(self.env, self.options, report, shown=shown, now=self.now)


def by_name(subject: Subject) -> tuple[str, str]:
    """The order of accounts and people by name."""
    return (subject.name.casefold(), subject.id)
