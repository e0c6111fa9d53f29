"""Why a subject has access: every path, what each adds, and whether it can be used now.

The rule it keeps: it uses the same grants as queries and the matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer, answer
from sa_tui.access.catalogue import TIERS
from sa_tui.access.grants import Question, covers, question_of
from sa_tui.access.matrix import cell_of, strength
from sa_tui.access.overlap import Index, overlap_of
from sa_tui.konnect.regions import GLOBAL

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
    """The grants of an account that a cell or a query shows, or all of them.

    `paths` are compared with all grants of the account, the strongest first. There are at least
    `live_tokens` live tokens.
    """

    subject: Subject
    paths: tuple[Overlap, ...]
    cell: Cell | None
    is_armed: Answer
    live_tokens: int

    @property
    def missing(self) -> tuple[str, ...]:
        """What could not be read and may give more."""
        return self.subject.missing

    @cached_property
    def needless(self) -> int:
        """How many paths add nothing while all others stay."""
        return sum(not path.is_needed for path in self.paths)

    def is_spare(self, path: Overlap) -> bool:
        """Whether a path can be removed together with all other spare ones, with nothing lost.

        Of paths that cover each other, the strongest is not spare, or else the first.
        """
        return id(path) in self._spare

    @cached_property
    def spare(self) -> int:
        """How many paths can be removed at once with nothing lost."""
        return len(self._spare)

    @cached_property
    def _spare(self) -> frozenset[int]:
        gone: set[int] = set()
        spare: set[int] = set()
        for path in reversed(self.paths):
            givers = (*path.duplicates, *path.wider)
            if path.grant.is_stray or any(id(giver) not in gone for giver in givers):
                gone.add(id(path.grant))
                spare.add(id(path))
        return frozenset(spare)

    def needs(self, path: Overlap) -> Answer:
        """Whether something is lost without a path; unknown if something unread may give it."""
        return path.is_given(is_complete=self.subject.is_complete).opposite


def explain(
    subject: Subject, grants: Iterable[Grant] | None = None, *, now: datetime
) -> Explanation:
    """Why an account has these grants, by default all of its grants."""
    return _explanation(subject, subject.grants if grants is None else grants, None, now)


def explain_cell(subject: Subject, column: MatrixColumn, *, now: datetime) -> Explanation:
    """Why a cell of the matrix shows what it shows."""
    cell = cell_of(subject, column)
    return _explanation(subject, cell.grants, cell, now)


def _explanation(
    subject: Subject, grants: Iterable[Grant], cell: Cell | None, now: datetime
) -> Explanation:
    index = Index(subject.grants)
    return Explanation(
        subject=subject,
        paths=tuple(overlap_of(grant, index) for grant in sorted(grants, key=strength)),
        cell=cell,
        is_armed=subject.is_armed(now),
        live_tokens=subject.live_tokens(now)[0],
    )


# Two accounts side by side


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One grant in two accounts: the paths by which each has it, empty for none.

    `left_covered` and `right_covered` are wider grants that give it too. `left_answer` and
    `right_answer` say whether each account has it.
    """

    left: tuple[Grant, ...]
    right: tuple[Grant, ...]
    left_covered: tuple[Grant, ...]
    right_covered: tuple[Grant, ...]
    left_answer: Answer
    right_answer: Answer

    @property
    def grant(self) -> Grant:
        """One of the grants, which all give the same."""
        return (self.left or self.right)[0]

    @property
    def same(self) -> Answer:
        """Whether both accounts have it, or neither if the paths reach nothing."""
        both = (self.left_answer, self.right_answer)
        return Answer.UNKNOWN if Answer.UNKNOWN in both else answer(both[0] is both[1])

    @property
    def is_same(self) -> bool:
        """Whether the accounts are certainly the same in this."""
        return self.same is Answer.YES


def compare(left: Subject, right: Subject) -> tuple[Difference, ...]:
    """The grants of two accounts side by side, the strongest first.

    A grant with a field that could not be read is never paired: two of them may differ.
    """
    paths: dict[object, tuple[list[Grant], list[Grant]]] = {}
    for side, subject in enumerate((left, right)):
        for grant in subject.grants:
            key = grant.scope if grant.is_known else id(grant)
            paths.setdefault(key, ([], []))[side].append(grant)
    indexes = Index(left.grants), Index(right.grants)
    differences = []
    for left_paths, right_paths in paths.values():
        grant = (left_paths or right_paths)[0]
        left_overlap, right_overlap = (overlap_of(grant, index) for index in indexes)
        differences.append(
            Difference(
                left=tuple(left_paths),
                right=tuple(right_paths),
                left_covered=left_overlap.wider,
                right_covered=right_overlap.wider,
                left_answer=_has_it(left, grant, left_paths, left_overlap),
                right_answer=_has_it(right, grant, right_paths, right_overlap),
            )
        )
    return tuple(sorted(differences, key=lambda difference: strength(difference.grant)))


def _has_it(subject: Subject, grant: Grant, paths: list[Grant], overlap: Overlap) -> Answer:
    if grant.is_stray:  # a path that reaches nothing does not give it
        return subject.has(question_of(grant))
    return Answer.YES if paths else overlap.is_given(is_complete=subject.is_complete)


# Who reaches an entity


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What an account can do to an entity; if that is unknown, `grants` are those that may."""

    subject: Subject
    answer: Answer
    grants: tuple[Grant, ...]

    @property
    def tier(self) -> str:
        """The strongest tier, `?` if none is certain."""
        return self.grants[0].tier if self.answer is Answer.YES else "?"


def reaching(access: Access, entity: Entity) -> tuple[Reach, ...]:
    """Every account that can do something to an entity, or may, the strongest first."""
    question = Question(
        type_name=entity.entity_type_name,
        entity_id=entity.id,
        region=None if entity.region == GLOBAL else entity.region,
    )
    reaches = [
        reach for subject in access.subjects if (reach := _reach(subject, question)) is not None
    ]
    return tuple(sorted(reaches, key=lambda reach: TIERS.index(reach.tier)))


def reached(access: Access, entity: Entity) -> tuple[Reach, ...]:
    """Who reaches an entity that exists, or may, the strongest first, then by name."""
    # A role that only creates does not reach an entity that exists.
    reaches = [reach for reach in reaching(access, entity) if reach.tier != "C"]
    reaches.sort(key=lambda reach: reach.subject.name.casefold())
    return tuple(sorted(reaches, key=_weakness))


def _weakness(reach: Reach) -> int:
    return TIERS.index(reach.tier) + len(TIERS) * (reach.answer is not Answer.YES)


def _reach(subject: Subject, question: Question) -> Reach | None:
    answers = [(grant, covers(grant, question)) for grant in subject.grants]
    best = max((covered for _, covered in answers), default=Answer.NO)
    if best is Answer.NO and subject.is_complete:
        return None
    best = max(best, Answer.UNKNOWN)
    grants = sorted((grant for grant, covered in answers if covered is best), key=strength)
    return Reach(subject=subject, answer=best, grants=tuple(grants))
