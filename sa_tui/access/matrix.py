"""Accounts by entity type, by role of one type or by region; each cell has three characters.

The rule it keeps: a cell shows exactly what the query of its column finds, and what was not read
is shown as an error, never as a dot.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from sa_tui.access.answer import Answer, answer
from sa_tui.access.catalogue import TIERS, TYPES, canonical_key, find_type
from sa_tui.access.grants import covers_kind, covers_part
from sa_tui.access.query.grant_terms import ORGANISATION
from sa_tui.access.query.language import Term, show
from sa_tui.access.roles import ANY
from sa_tui.konnect.regions import EVERY, REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.access.grants import Grant
    from sa_tui.access.subjects import Subject

Axis = Literal["type", "role", "region"]

MOST_COUNTED = 9
_MINTING = canonical_key("Identity")
NOT_READ = "ERR"
NONE = ".  "
LEGEND = (
    "A full write, W partial write, C create only, R read, ? not known; lower case is implied by "
    "a predefined team. * everything, + everything in some regions, 0-9 the number of entities, "
    "# more, ? not known. Then: ^ through a team, = directly and through a team, ! through a "
    "predefined team, ? there may be more. ERR was not read."
)


@dataclass(frozen=True)
class MatrixColumn:
    """A column; `key` is the key of a type, a role or a region.

    `query` finds the accounts that hold something in the column. `is_known` is False for a type, a
    role or a region that only this organisation has.
    """

    key: str
    _: KW_ONLY
    axis: Axis
    title: str
    name: str
    query: str
    kind: str = ""
    is_known: bool = True

    def holds(self, grant: Grant) -> Answer:
        """Whether a grant belongs in the column; a column of a role has that exact role."""
        if grant.is_stray and self.axis != "role":
            return Answer.NO
        if self.key == ANY and self.axis != "region":
            return answer(grant.kind == ANY)
        match self.axis:
            case "type":
                return covers_kind(grant.kind, self.key)
            case "region":
                return covers_part(grant.region, self.key)
            case "role":
                on_type = answer(grant.kind == self.kind) if grant.kind else Answer.UNKNOWN
                is_role = answer(grant.role == self.key) if grant.role else Answer.UNKNOWN
                return min(on_type, is_role)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What an account holds in a column.

    `grants` are those that give it, the strongest first; if the answer is unknown, those that may.
    `is_complete` is False if there may be more.
    """

    answer: Answer
    grants: tuple[Grant, ...] = ()
    is_complete: bool = True

    @property
    def tier(self) -> str:
        """The strongest tier, empty for none."""
        if self.answer is not Answer.YES:
            return "?" if self.grants else ""
        return self.grants[0].tier

    @property
    def strongest(self) -> tuple[Grant, ...]:
        """The grants of the strongest tier, which the cell is about."""
        if self.answer is not Answer.YES:
            return self.grants
        return tuple(grant for grant in self.grants if grant.tier == self.tier)

    @property
    def scope(self) -> str:
        """`*` everything, `+` everything in some regions, `0` to `9` that many entities, `#` more.

        `?` if that could not be read.
        """
        regions = [grant.region for grant in self.strongest if grant.entity_id == EVERY]
        if regions:
            return "*" if EVERY in regions else "?" if None in regions else "+"
        if None in self.entity_ids:
            return "?"
        return str(len(self.entity_ids)) if len(self.entity_ids) <= MOST_COUNTED else "#"

    @property
    def entity_ids(self) -> frozenset[str | None]:
        """The entities that the strongest tier reaches; None for one that could not be read."""
        return frozenset(grant.entity_id for grant in self.strongest if not grant.is_stray)

    @property
    def path(self) -> str:
        """Blank direct, `^` a team, `=` both, `!` a predefined team, `?` maybe more."""
        if not self.is_complete:
            return "?"
        paths = {"!" if grant.is_implied else "^" if grant.via else " " for grant in self.strongest}
        return paths.pop() if len(paths) == 1 else "="

    @property
    def text(self) -> str:
        """The cell in three characters."""
        if not self.grants:
            return NONE if self.answer is Answer.NO else NOT_READ
        is_implied = all(grant.is_implied for grant in self.strongest)
        return f"{self.tier.lower() if is_implied else self.tier}{self.scope}{self.path}"


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """An account and its cells, in the order of the columns."""

    subject: Subject
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Matrix:
    """Rows and columns; columns in which nobody holds anything are left out.

    A row is computed when it is asked for: a screen shows few of many thousand.
    """

    axis: Axis
    columns: tuple[MatrixColumn, ...]
    subjects: tuple[Subject, ...]
    _columns_of: dict[object, list[tuple[int, Answer]]] = field(default_factory=dict, repr=False)

    @cached_property
    def rows(self) -> tuple[MatrixRow, ...]:
        """Every row, in the order of the subjects."""
        return tuple([self.row(subject) for subject in self.subjects])

    def row(self, subject: Subject) -> MatrixRow:
        """What one subject has in each column."""
        by_column: dict[int, tuple[list[Grant], list[Grant]]] = {}
        for grant in subject.grants:
            for index, held in self._place(grant):
                certain_unclear = by_column.setdefault(index, ([], []))
                certain_unclear[held is not Answer.YES].append(grant)
        cells = [_BLANKS[subject.is_complete]] * len(self.columns)
        for index, (certain, unclear) in by_column.items():
            cells[index] = _cell(certain, unclear, subject)
        return MatrixRow(subject=subject, cells=tuple(cells))

    def _place(self, grant: Grant) -> list[tuple[int, Answer]]:
        """The columns that a grant belongs in, cached for all grants that are alike."""
        key = (grant.kind, grant.role, grant.region, grant.is_stray)
        if (columns := self._columns_of.get(key)) is None:
            answers = ((index, column.holds(grant)) for index, column in enumerate(self.columns))
            columns = [(index, held) for index, held in answers if held is not Answer.NO]
            self._columns_of[key] = columns
        return columns


def by_type(subjects: Sequence[Subject], *, is_stable: bool = False) -> Matrix:
    """Accounts by entity type, the most used first after those that lead to all access.

    With `is_stable` there is a column for every known type, held or not, always in the same order.
    """
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for subject in subjects:
        reaching = (grant for grant in subject.grants if not grant.is_stray)
        kinds_held = {grant.kind: grant.type_name or "" for grant in reaching}
        counts.update(kinds_held.keys())
        for kind, name in kinds_held.items():
            names.setdefault(kind, name)
    kinds = [kind for kind, _ in counts.most_common() if kind not in ("", ANY)]
    kinds.sort(key=lambda kind: kind != _MINTING)
    if is_stable:
        known = {entity_type.key: entity_type.name for entity_type in TYPES}
        kinds = [*known, *sorted(set(kinds).difference(known))]
        names |= known
    columns = [_any_column("type")] if counts[ANY] or is_stable else []
    columns += [_type_column(kind, names[kind]) for kind in kinds]
    return Matrix(axis="type", columns=tuple(columns), subjects=tuple(subjects))


def by_role(subjects: Sequence[Subject], type_name: str, *, is_stable: bool = False) -> Matrix:
    """Accounts by the exact roles of one type, the strongest role first.

    With `is_stable` there is a column for every known role, held or not, always in the same order.
    """
    entity_type = find_type(type_name)
    kind = entity_type.key if entity_type else canonical_key(type_name)
    name = entity_type.name if entity_type else type_name
    on_type = [grant for subject in subjects for grant in subject.grants if grant.kind == kind]
    held = {grant.role: grant.tier for grant in on_type if grant.role}
    roles = sorted(held, key=lambda role: (TIERS.index(held[role]), role))
    has_any = any(grant.kind == ANY for subject in subjects for grant in subject.grants)
    if is_stable:
        documented = entity_type.roles if entity_type else {}
        by_tier = sorted(documented, key=lambda role: (TIERS.index(documented[role]), role))
        roles = [*by_tier, *sorted(set(roles).difference(documented))]
    columns = [_any_column("role")] if has_any or is_stable else []
    columns += [_role_column(role, name, kind) for role in roles]
    return Matrix(axis="role", columns=tuple(columns), subjects=tuple(subjects))


def by_region(
    subjects: Sequence[Subject], regions: Iterable[str] = (), *, is_stable: bool = False
) -> Matrix:
    """Accounts by region; the first column has what is held in every region, future ones included.

    `regions` are shown besides those in which somebody holds something. With `is_stable` there is a
    column for every known region, held or not, always in the same order.
    """
    held = {
        grant.region
        for subject in subjects
        for grant in subject.grants
        if grant.region and not grant.is_stray
    }
    named = sorted({*held, *regions} - {EVERY})
    if is_stable:
        named = [*REGIONS, *(region for region in named if region not in REGIONS)]
    every = [EVERY] if EVERY in held or is_stable else []
    columns = [_region_column(region) for region in (*every, *named)]
    return Matrix(axis="region", columns=tuple(columns), subjects=tuple(subjects))


def cell_of(subject: Subject, column: MatrixColumn) -> Cell:
    """What an account holds in a column."""
    answers = [(grant, column.holds(grant)) for grant in subject.grants]
    return _cell(
        [grant for grant, held in answers if held is Answer.YES],
        [grant for grant, held in answers if held is Answer.UNKNOWN],
        subject,
    )


def _cell(certain: Sequence[Grant], unclear: Sequence[Grant], subject: Subject) -> Cell:
    if certain:
        grants = tuple(sorted(certain, key=strength))
        return Cell(answer=Answer.YES, grants=grants, is_complete=subject.is_complete)
    is_unknown = bool(unclear) or not subject.is_complete
    return Cell(
        answer=Answer.UNKNOWN if is_unknown else Answer.NO,
        grants=tuple(unclear),
        is_complete=subject.is_complete,
    )


def strength(grant: Grant) -> tuple[int, bool, bool]:
    """The order of grants: the strongest, then the widest, first."""
    return (TIERS.index(grant.tier), grant.entity_id != EVERY, grant.region != EVERY)


_BLANKS = {
    is_complete: Cell(answer=Answer.NO if is_complete else Answer.UNKNOWN, is_complete=is_complete)
    for is_complete in (True, False)
}


# Columns


def _any_column(axis: Axis) -> MatrixColumn:
    query = show(Term("type", ":", ORGANISATION))
    return MatrixColumn(ANY, axis=axis, title="ORG", name="the whole organisation", query=query)


def _type_column(kind: str, name: str) -> MatrixColumn:
    if (known := find_type(kind)) is not None:
        query = show(Term("type", ":", known.short))
        return MatrixColumn(kind, axis="type", title=known.column, name=known.name, query=query)
    query = show(Term("type", ":", name))
    title = _abbreviated(name)
    return MatrixColumn(kind, axis="type", title=title, name=name, query=query, is_known=False)


def _role_column(role: str, type_name: str, kind: str) -> MatrixColumn:
    known = find_type(kind)
    on_type = show(Term("type", "=", known.short if known else type_name))
    query = f"{on_type} {show(Term('role', '=', role))}"
    return MatrixColumn(
        role,
        axis="role",
        title=_abbreviated(role),
        name=role,
        query=query,
        kind=kind,
        is_known=known is not None and role in known.roles,
    )


def _region_column(region: str) -> MatrixColumn:
    title = "ALL" if region == EVERY else _abbreviated(region)
    name = "every region" if region == EVERY else region
    query = show(Term("region", ":", region))
    is_known = region in (EVERY, *REGIONS)
    return MatrixColumn(
        region, axis="region", title=title, name=name, query=query, is_known=is_known
    )


def _abbreviated(name: str) -> str:
    words = name.split()
    letters = "".join(word[0] for word in words) if len(words) > 1 else name
    return letters[:3].upper()
