"""Why somebody has access: every path, what each adds, and whether it can be used now.

The rule it keeps: it is told from the very grants that queries and the matrix look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer, answer
from sa_tui.access.catalogue import TIERS
from sa_tui.access.grants import EVERY, Question, covers, question_of
from sa_tui.access.matrix import cell_of
from sa_tui.access.overlap import Index, overlap_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sa_tui.access.grants import Grant
    from sa_tui.access.matrix import Cell, MatrixColumn
    from sa_tui.access.overlap import Overlap
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.konnect.models import Entity


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Everything that gives an account what a cell, a query or the account itself shows.

    `paths` has the strongest first; each is told among all grants of the account. `live_tokens`
    are at least so many.
    """

    subject: Subject
    paths: tuple[Overlap, ...]
    cell: Cell | None
    is_armed: Answer
    live_tokens: int

    @property
    def missing(self) -> tuple[str, ...]:
        """What could not be read, and may give more."""
        return self.subject.missing

    @cached_property
    def needless(self) -> int:
        """How many paths add nothing, each as long as all others stay."""
        return sum(not path.is_needed for path in self.paths)

    def is_spare(self, path: Overlap) -> bool:
        """Whether a path is one of those that add nothing even when all of these go at once.

        Of paths that give each other the strongest, else the first, is the one that stays.
        """
        return id(path) in self._spare

    @cached_property
    def spare(self) -> int:
        """How many paths can go at once without anything being lost."""
        return len(self._spare)

    @cached_property
    def _spare(self) -> frozenset[int]:
        gone: set[int] = set()
        spare: set[int] = set()
        for path in reversed(self.paths):
            givers = (*path.duplicates, *path.wider)
            if path.grant.is_stray or any(id(each) not in gone for each in givers):
                gone.add(id(path.grant))
                spare.add(id(path))
        return frozenset(spare)

    def needs(self, path: Overlap) -> Answer:
        """Whether something is lost without a path; what was not read may give it as well."""
        return path.is_given(is_complete=self.subject.is_complete).opposite


def explain(
    subject: Subject, grants: Iterable[Grant] | None = None, *, now: datetime
) -> Explanation:
    """Why an account has these grants; without any, all of its own."""
    return _explanation(subject, subject.grants if grants is None else grants, None, now)


def explain_cell(subject: Subject, column: MatrixColumn, *, now: datetime) -> Explanation:
    """Why a cell of the matrix says what it says."""
    cell = cell_of(subject, column)
    return _explanation(subject, cell.grants, cell, now)


def _explanation(
    subject: Subject, grants: Iterable[Grant], cell: Cell | None, now: datetime
) -> Explanation:
    index = Index(subject.grants)
    return Explanation(
        subject=subject,
        paths=tuple(overlap_of(grant, index) for grant in sorted(grants, key=_strength)),
        cell=cell,
        is_armed=subject.is_armed(now),
        live_tokens=subject.live_tokens(now)[0],
    )


def _strength(grant: Grant) -> tuple[int, bool, bool]:
    return (TIERS.index(grant.tier), grant.entity_id != EVERY, grant.region != EVERY)


# Two accounts side by side


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What two accounts have of one and the same thing: the paths of each, empty for none.

    `left_covered` are wider grants by which the left one has it all the same, and so on.
    `left_answer` and `right_answer` say whether each has it: what was not read, nobody knows.
    """

    left: tuple[Grant, ...]
    right: tuple[Grant, ...]
    left_covered: tuple[Grant, ...]
    right_covered: tuple[Grant, ...]
    left_answer: Answer
    right_answer: Answer

    @property
    def grant(self) -> Grant:
        """One of the grants, for what all of them give."""
        return (self.left or self.right)[0]

    @property
    def same(self) -> Answer:
        """Whether the two are alike in this: both can, or neither where a path reaches nothing."""
        both = (self.left_answer, self.right_answer)
        return Answer.UNKNOWN if Answer.UNKNOWN in both else answer(both[0] is both[1])

    @property
    def is_same(self) -> bool:
        """Whether it is certain that the two are alike in this."""
        return self.same is Answer.YES


def compare(left: Subject, right: Subject) -> tuple[Difference, ...]:
    """What two accounts have, thing by thing, the strongest first.

    A grant of which something could not be read is a thing of its own: two of these need not be
    the same.
    """
    paths: dict[object, tuple[list[Grant], list[Grant]]] = {}
    for side, subject in enumerate((left, right)):
        for grant in subject.grants:
            thing = grant.scope if grant.is_known else id(grant)
            paths.setdefault(thing, ([], []))[side].append(grant)
    indexes = Index(left.grants), Index(right.grants)
    found = []
    for ours, theirs in paths.values():
        grant = (ours or theirs)[0]
        there = [overlap_of(grant, index) for index in indexes]
        found.append(
            Difference(
                left=tuple(ours),
                right=tuple(theirs),
                left_covered=there[0].wider,
                right_covered=there[1].wider,
                left_answer=_has_it(left, grant, ours, there[0]),
                right_answer=_has_it(right, grant, theirs, there[1]),
            )
        )
    return tuple(sorted(found, key=lambda each: _strength(each.grant)))


def _has_it(subject: Subject, grant: Grant, paths: list[Grant], there: Overlap) -> Answer:
    if grant.is_stray:  # a path alone does not give it
        return subject.has(question_of(grant))
    return Answer.YES if paths else there.is_given(is_complete=subject.is_complete)


# From the side of one entity


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What an account can do to one entity; of an uncertain answer, the grants that may do it."""

    subject: Subject
    answer: Answer
    grants: tuple[Grant, ...]

    @property
    def tier(self) -> str:
        """The strongest tier, `?` where none is certain."""
        return self.grants[0].tier if self.answer is Answer.YES else "?"


def reaching(access: Access, entity: Entity) -> tuple[Reach, ...]:
    """Every account that can do something to an entity, or may, the strongest first."""
    question = Question(
        type_name=entity.entity_type_name,
        entity_id=entity.id,
        region=None if entity.region == "global" else entity.region,
    )
    found = [each for subject in access.subjects if (each := _reach(subject, question))]
    return tuple(sorted(found, key=lambda each: TIERS.index(each.tier)))


def _reach(subject: Subject, question: Question) -> Reach | None:
    answers = [(grant, covers(grant, question)) for grant in subject.grants]
    best = max((found for _, found in answers), default=Answer.NO)
    if best is Answer.NO and subject.is_complete:
        return None
    grants = sorted((grant for grant, found in answers if found and found is best), key=_strength)
    return Reach(subject=subject, answer=max(best, Answer.UNKNOWN), grants=tuple(grants))
