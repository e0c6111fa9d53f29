"""How a grant overlaps with others: duplicates, wider grants, and what remains without it.

The rule it keeps: it reports the overlap and never says which of two grants is the mistake.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.catalogue import canonical_key, find_type, may_reach
from sa_tui.access.grants import MINT, covers, gives
from sa_tui.access.roles import ANY
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.access.catalogue import OfferedType
    from sa_tui.access.grants import Grant


class Index:
    """Finds the grants that overlap with one grant, without a look at each of them."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        self._grants = tuple(grants)
        self._by_reach: defaultdict[object, list[Grant]] = defaultdict(list)
        self._on_any: list[Grant] = []
        self._unclear: list[Grant] = []
        for grant in self._grants:
            if grant.is_stray:  # it gives nothing
                continue
            self._by_reach[grant.kind, grant.entity_id, grant.region].append(grant)
            if grant.kind == ANY:
                self._on_any.append(grant)
            if not grant.is_known:
                self._unclear.append(grant)
        self._kinds = {grant.kind for grant in self._grants}

    def same_as(self, grant: Grant) -> list[Grant]:
        """The other grants that give exactly the same; none if that is not known."""
        if not grant.is_known:
            return []
        reach = (grant.kind, grant.entity_id, grant.region)
        return [
            other
            for other in self._by_reach.get(reach, ())
            if other is not grant and other.role == grant.role
        ]

    def reaching(self, grant: Grant) -> list[Grant]:
        """The grants that reach everything that this one reaches, whatever their roles."""
        near = self._on(grant.kind, grant) if grant.is_known else []
        if grant.kind != ANY or not grant.is_known:
            near += self._on_any
        return [other for other in near if other is not grant]

    def perhaps_giving(self, grant: Grant) -> list[Grant]:
        """The grants that may give all that this one gives, which is not known."""
        if grant.is_known:
            kinds = [kind for kind in self._kinds if may_reach(kind, grant.kind)]
            near = [*self._unclear, *self.reaching(grant)]
            near += [other for kind in kinds for other in self._on(kind, grant)]
        else:
            near = list(self._grants)
        unclear = {id(other): other for other in near if gives(other, grant) is Answer.UNKNOWN}
        return list(unclear.values())

    def _on(self, kind: str, grant: Grant) -> list[Grant]:
        """The grants on a type that reach what this one reaches."""
        return [
            other
            for entity in dict.fromkeys((grant.entity_id, EVERY))
            for region in dict.fromkeys((grant.region, EVERY))
            for other in self._by_reach.get((kind, entity, region), ())
        ]


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """A grant, compared with the others of its subject.

    `duplicates` give exactly the same by other paths, `wider` give all of it and more. `others` are
    other roles on all that the grant reaches. `unclear` may give all of it, which is not known.
    """

    grant: Grant
    duplicates: tuple[Grant, ...] = ()
    wider: tuple[Grant, ...] = ()
    others: tuple[Grant, ...] = ()
    unclear: tuple[Grant, ...] = ()

    @property
    def is_needed(self) -> bool:
        """Whether something is lost without this grant, as far as is known."""
        return not (self.duplicates or self.wider or self.grant.is_stray)

    def is_given(self, *, is_complete: bool) -> Answer:
        """Whether the others give it too; unless `is_complete`, there may be more of them."""
        if not self.is_needed:
            return Answer.YES
        return Answer.UNKNOWN if self.unclear or not is_complete else Answer.NO


def overlap_of(grant: Grant, index: Index) -> Overlap:
    """A grant compared with those of the index; it need not be one of them."""
    if grant.is_stray:
        return Overlap(grant=grant)
    wider: list[Grant] = []
    others: list[Grant] = []
    for other in index.reaching(grant):
        if grant.is_known and other.scope == grant.scope:
            continue
        (wider if gives(other, grant) is Answer.YES else others).append(other)
    return Overlap(
        grant=grant,
        duplicates=tuple(index.same_as(grant)),
        wider=tuple(wider),
        others=tuple(others),
        unclear=tuple(index.perhaps_giving(grant)),
    )


# Before a role is given


class Concern(StrEnum):
    """What the operator should know before a role is given."""

    HELD = "held already"
    HELD_VIA_TEAM = "held already, through a team"
    COVERED = "covered by a wider grant"
    ADMIN_ON_ALL = "full write on everything of the type"
    CAN_MINT = "can make tokens and give roles: one step away from everything"
    UNKNOWN_ROLE = "neither Konnect's catalogue nor the table of this program has it"
    CREATOR_OF_ONE = "a creator role has no meaning on one entity"


@dataclass(frozen=True, kw_only=True)
class Warned:
    """A concern about a grant, and the grants that are the reason for it."""

    concern: Concern
    because: tuple[Grant, ...] = ()


def concerns(
    grant: Grant, subject_grants: Iterable[Grant], *, offered: Iterable[OfferedType] = ()
) -> tuple[Warned, ...]:
    """What to know before this grant is given to a subject with those grants."""
    overlap = overlap_of(grant, Index(subject_grants))
    warned = []
    if direct := tuple(other for other in overlap.duplicates if other.via is None):
        warned.append(Warned(concern=Concern.HELD, because=direct))
    if via_team := tuple(other for other in overlap.duplicates if other.via is not None):
        warned.append(Warned(concern=Concern.HELD_VIA_TEAM, because=via_team))
    if overlap.wider:
        warned.append(Warned(concern=Concern.COVERED, because=overlap.wider))
    if covers(grant, MINT) is Answer.YES:
        warned.append(Warned(concern=Concern.CAN_MINT))
    elif grant.tier == "A" and grant.entity_id == EVERY:
        warned.append(Warned(concern=Concern.ADMIN_ON_ALL))
    if _only_creates(grant) and grant.entity_id != EVERY:
        warned.append(Warned(concern=Concern.CREATOR_OF_ONE))
    if not _is_offered(grant, offered):
        warned.append(Warned(concern=Concern.UNKNOWN_ROLE))
    return tuple(warned)


def _only_creates(grant: Grant) -> bool:
    """Whether the role is known to create new entities of its type and nothing else."""
    entity_type = find_type(grant.type_name or "")
    # The tier of a role that is not in the table is a guess, which gives no warning.
    return entity_type is not None and entity_type.roles.get(grant.role or "") == "C"


def _is_offered(grant: Grant, offered: Iterable[OfferedType]) -> bool:
    known = find_type(grant.type_name or "")
    if known is not None and grant.role in known.roles:
        return True
    return any(
        grant.kind == canonical_key(entity_type.name)
        and any(grant.role == role.name for role in entity_type.roles)
        for entity_type in offered
    )
