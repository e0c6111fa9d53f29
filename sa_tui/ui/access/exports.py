"""The answers about access, to be written out as the commands `who`, `access` and `matrix` do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.matrix import by_region, by_role, by_type
from sa_tui.access.near_misses import near_misses
from sa_tui.access.query.language import parse, show
from sa_tui.access.query.search import Search
from sa_tui.answers.access import AccessReports, matches_of, unnamed
from sa_tui.answers.command_line import matrix_words
from sa_tui.answers.doubts import warnings_of
from sa_tui.answers.head import Warning
from sa_tui.answers.pages import compare_report, entities_report, problems_of_entities
from sa_tui.answers.problems import problems_of
from sa_tui.answers.report import filtered, marked
from sa_tui.ui.kit.exporting import Export, HeadMaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sa_tui.access.grants import Grant
    from sa_tui.access.matrix import Axis, Matrix
    from sa_tui.access.query.language import Query
    from sa_tui.access.query.search import Match
    from sa_tui.access.subjects import Subject
    from sa_tui.access.why import Difference, Explanation, Reach
    from sa_tui.answers.head import Head
    from sa_tui.answers.problems import Problem
    from sa_tui.answers.report import Report
    from sa_tui.konnect.models import Entity, SystemAccount, User
    from sa_tui.org.snapshot import Details, Snapshot, TeamDetails, UserDetails
    from sa_tui.ui.kit.exporting import Kept
    from sa_tui.ui.kit.host import Host

_ALL = "The command gives everything that it has."


def who_export(host: Host, query: Query, lines: Sequence[tuple[Match, Grant | None]]) -> Export:
    """These matches of the query, each with one of its grants."""
    search = Search(query, host.access.current, now=host.now())
    asking = _Asking(host, "who", query)

    def report(_: str) -> Report:
        for subject in asking.access.subjects:
            search.answer(subject)  # which finds the lists of names that it rests on
        return asking.reports(search.doubtful_lists).who(lines, search)

    return Export(name="who", report=report, words=("who", *asking.people_words), last=show(query))


def matrix_export(
    host: Host,
    query: Query,
    kept: Kept,
    columns: tuple[Axis, str],
) -> Export:
    """The rows that are shown, of a matrix by types, by the roles of a type, or by regions.

    CSV and JSON have a column for every known type, role or region, held or not.
    """
    asking, access = _Asking(host, "matrix", query), host.access.current
    subjects = [subject for key in kept.keys if (subject := access.subject(key)) is not None]
    search = Search(query, access, now=host.now())

    def report(output: str) -> Report:
        for subject in access.subjects:
            search.answer(subject)
        matrix = _matrix(subjects, columns, is_stable=output != "md")
        rests_on = search.doubtful_lists
        answer = asking.reports(rests_on).matrix(matrix, rests_on=rests_on)
        if kept.unsure:  # the command does not mark rows: this is not an answer of it
            answer = replace(answer, head=replace(answer.head, command="filtered matrix"))
        return marked(answer, [subject.id in kept.unsure for subject in subjects])

    words = ("matrix", *matrix_words(*columns), *asking.people_words)
    return Export(name="matrix", report=report, words=words, last=show(query) or None)


def _matrix(subjects: Sequence[Subject], columns: tuple[Axis, str], *, is_stable: bool) -> Matrix:
    axis, type_name = columns
    if axis == "role":
        return by_role(subjects, type_name, is_stable=is_stable)
    return (by_region if axis == "region" else by_type)(subjects, is_stable=is_stable)


def why_export(
    host: Host, why: Explanation, *, query: Query | None = None, about: str = ""
) -> Export | None:
    """The paths that are shown: those to a `query`, those `about` something, or else all.

    None for somebody who is not listed any more.
    """
    subject, snapshot = why.subject, host.snapshot
    row = snapshot.account(subject.id) or snapshot.user(subject.id)
    if row is None:
        return None
    if query is not None:
        return _why_export(host, row, why, query)
    # Some paths are no answer of `access`, which has them all.
    asking = _Asking(host, "why" if about else "access", None, only=subject)

    def report(_: str) -> Report:
        answer = asking.reports().one(row, why)
        return replace(answer, facts=answer.facts | {"about": about}) if about else answer

    return Export(
        name="why" if about else "access",
        report=report,
        words=("access", *asking.people_words),
        last=subject.id,
        note=_ALL if about else "",
    )


def _why_export(host: Host, row: SystemAccount | User, why: Explanation, query: Query) -> Export:
    """The paths by which somebody matches a query."""
    subject, now = why.subject, host.now()
    search = Search(query, host.access.current, now=now)
    match = search.match(subject)
    asking = _Asking(host, "why", query, only=subject)

    def report(_: str) -> Report:
        misses = () if match else near_misses(query, subject, asking.access, now=now)
        rests_on = search.doubtful_lists
        return asking.reports(rests_on).why(row, match, why, misses, rests_on)

    words = ("why", *asking.people_words, subject.id)
    return Export(name="why", report=report, words=words, last=show(query))


def compare_export(
    host: Host,
    left: Subject,
    right: Subject,
    differences: Sequence[Difference],
    *,
    is_only_differences: bool,
) -> Export:
    """The grants of two that are shown side by side."""
    head, snapshot, access = HeadMaker.of(host), host.snapshot, host.access.current
    sides = (left, snapshot.user(left.id)), (right, snapshot.user(right.id))
    with_people = host.access.with_people

    def report(_: str) -> Report:
        problems = problems_of(snapshot, [left, right], with_people=with_people)
        answer_head = head("compare", problems, _details(snapshot, [left, right]))
        return compare_report(
            answer_head, sides, differences, access, is_only_differences=is_only_differences
        )

    options = ("--people",) * with_people + ("--only-differences",) * is_only_differences
    return Export(
        name="compare", report=report, words=("compare", *options, left.id), last=right.id
    )


def entities_export(host: Host, kept: Kept, entities: Sequence[Entity]) -> Export:
    """The entities that are shown, and how many reach each."""
    warnings = _warnings(host, parse(kept.query), has_accounts=False)
    head = HeadMaker.of(host, warnings=warnings)
    snapshot, access = host.snapshot, host.access.current
    with_people = host.access.with_people

    def report(_: str) -> Report:
        problems = problems_of_entities(snapshot, access, with_people)
        return entities_report(
            head("entities", problems, _details(snapshot, access.subjects)),
            entities,
            access,
            with_people=with_people,
            query=kept.query,
            unsure_ids=kept.unsure,
        )

    words = ("entities", *("--people",) * with_people)
    return Export(name="entities", report=report, words=words, last=kept.query or None)


def entity_export(host: Host, kept: Kept, entity: Entity, reaches: Sequence[Reach]) -> Export:
    """Who reaches an entity, a record for each grant by which they do; then who can become one."""
    asking = _Asking(host, "filtered entity" if kept.query else "entity", None)
    # A filter is asked of those who reach it.
    minters = None if kept.query else asking.access
    matches = [
        replace(match, answer=Answer.UNKNOWN) if match.subject.id in kept.unsure else match
        for match in matches_of(reaches, minters)
    ]

    def report(_: str) -> Report:
        return filtered(asking.reports().entity(entity, matches), kept.query)

    note = "The command takes no filter." if kept.query else ""
    words = ("entity", *asking.people_words)
    return Export(name="entity", report=report, words=words, last=entity.id, note=note)


class _Asking:
    """What an answer is made of, as it was when the export was asked for."""

    def __init__(
        self, host: Host, command: str, query: Query | None, *, only: Subject | None = None
    ) -> None:
        self._command = command
        self._snapshot, self._now = host.snapshot, host.now()
        self._with_people = host.access.with_people
        self._query = query
        self._warnings = _warnings(host, query) if query is not None else []
        self._host_head = HeadMaker.of(host, warnings=self._warnings)
        self._only = only
        self.access = host.access.current

    @property
    def people_words(self) -> Sequence[str]:
        """The option that counts people in, if they are."""
        return ("--people",) if self._with_people else ()

    def reports(self, rests_on: Iterable[tuple[str, str]] = ()) -> AccessReports:
        """What makes the answer, warning of the names that it does not rest on."""
        subjects = self.access.subjects if self._only is None else (self._only,)
        details = [*_details(self._snapshot, subjects)]
        unread = [Warning(problem.text) for problem in unnamed(self._snapshot, [*rests_on])[1]]
        maker = self._host_head.with_warnings(unread)

        def head(problems: Sequence[Problem]) -> Head:
            return maker(self._command, problems, details)

        return AccessReports(
            head=head,
            snapshot=self._snapshot,
            access=self.access,
            now=self._now,
            with_people=self._with_people,
            query=None if self._query is None else show(self._query),
        )


def _warnings(host: Host, query: Query, *, has_accounts: bool = True) -> list[Warning]:
    """What is doubtful in the query, as the commands say it."""
    text = show(query)
    return warnings_of(
        parse(text),  # so that the positions are those in this text
        text,
        host.access.words,
        with_people=host.access.with_people,
        has_accounts=has_accounts,
    )


def _details(
    snapshot: Snapshot, subjects: Iterable[Subject]
) -> Iterator[Details | UserDetails | TeamDetails]:
    """The details that the access of these subjects was read from."""
    team_ids: dict[str, None] = {}
    for subject in subjects:
        is_person = subject.kind == "person"
        yield (snapshot.user_details_of if is_person else snapshot.details_of)(subject.id)
        team_ids |= dict.fromkeys(team.id for team in subject.teams)
    yield from map(snapshot.team_details_of, team_ids)
