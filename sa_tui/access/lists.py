"""The lists of entities: which of them could have a name, and which can be relied on.

The rule it keeps: a list rules out a name only if it was read in full and its entities are
visible.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import canonical_key, find_type, may_reach
from sa_tui.access.query.fields import pattern
from sa_tui.access.query.language import And, Not, Or, Query, Term
from sa_tui.access.roles import ANY
from sa_tui.konnect.regions import EVERY, GLOBAL
from sa_tui.org.reading.entities import every_list_in, listings_for

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sa_tui.konnect.models import Entity, Listing
    from sa_tui.org.reading.entities import Pair
    from sa_tui.org.snapshot import Part

    KindsNamed = Callable[[str], frozenset[str]]

_GATEWAYS = "Event Gateways"


@dataclass(frozen=True)
class Scope:
    """Where a clause of a query looks for entities: `kinds` are keys of types, None for all types.

    A region must match each of the patterns.
    """

    kinds: frozenset[str] | None = None
    _: KW_ONLY
    regions: tuple[re.Pattern[str], ...] = ()

    def has_kind(self, kind: str) -> bool:
        """Whether the clause looks for entities of a type."""
        return self.kinds is None or any(
            asked == kind or may_reach(asked, kind) for asked in self.kinds
        )

    def has_region(self, region: str | None) -> bool:
        """Whether the clause looks in a region; None and `global` are of entities without one."""
        if region in (None, GLOBAL):
            return True
        return all(regex.match(str(region).casefold()) for regex in self.regions)

    def has(self, pair: Pair) -> bool:
        """Whether the clause looks in a list: (type, region)."""
        return self.has_kind(canonical_key(pair[0])) and self.has_region(pair[1])


def scope_of(terms: Iterable[Term], term: Term, *, kinds_named: KindsNamed) -> Scope:
    """Where an entity term looks: at the types and regions of the terms beside it."""
    kinds: frozenset[str] | None = None
    regions: list[re.Pattern[str]] = []
    for other in terms:
        if other.op == "!=" or other.value == EVERY:
            continue
        if other.name == "type":
            named = kinds_named(other.value)
            if ANY not in named:  # ANY leaves every type open
                kinds = named if kinds is None else kinds & named
        # With `=` the region of the grant may be another than that of the entity.
        elif other.name == "region" and term.op == ":":
            regions.append(pattern(other.value))
    return Scope(kinds, regions=tuple(regions))


def wanted_lists(
    query: Query, regions: Iterable[str], *, kinds_named: KindsNamed
) -> tuple[Pair, ...]:
    """The lists that could have the entity names of a query."""
    pairs = every_list_in(tuple(regions))
    wanted: dict[Pair, None] = {}
    for clause in clauses(query):
        for term in clause:
            if term.name == "entity" and term.value != EVERY:
                scope = scope_of(clause, term, kinds_named=kinds_named)
                wanted |= dict.fromkeys(pair for pair in pairs if scope.has(pair))
    return tuple(wanted)


def clauses(query: Query) -> Iterator[tuple[Term, ...]]:
    """The groups of terms that stand side by side; a single term is a group too."""
    match query:
        case Term():
            yield (query,)
        case And(operands):
            if terms := tuple(operand for operand in operands if isinstance(operand, Term)):
                yield terms
            for operand in operands:
                if not isinstance(operand, Term):
                    yield from clauses(operand)
        case Or(operands):
            for operand in operands:
                yield from clauses(operand)
        case Not(operand):
            yield from clauses(operand)


@dataclass(frozen=True, kw_only=True, eq=False)
class Lists:
    """The lists that were read; `held` gives the (type key, id, region) that roles are held on."""

    parts: Mapping[Pair, Part[Listing[Entity]]]
    regions: tuple[str, ...]
    held: Callable[[], Iterable[tuple[str, str | None, str | None]]]

    @cached_property
    def by_id(self) -> Mapping[str, Entity]:
        """Every entity whose name could be read."""
        parts = self.parts.values()
        return MappingProxyType({entity.id: entity for part in parts for entity in part.rows})

    @property
    def held_ids(self) -> Iterator[str]:
        """The ids of the entities that roles are held on."""
        return (entity_id for _, entity_id, _ in self.held() if entity_id not in (None, EVERY))

    def within(self, scope: Scope) -> tuple[Pair, ...]:
        """The lists that a clause looks in."""
        return tuple(pair for pair in self.naming_any(EVERY) if scope.has(pair))

    def is_within(self, entity: Entity, scope: Scope) -> bool:
        """Whether a clause looks for entities of the type and region of this one."""
        return scope.has((entity.entity_type_name, entity.region))

    def naming(
        self, kind: str, region: str | None, *, scope: Scope | None = None
    ) -> tuple[Pair, ...] | None:
        """The lists that could name an entity of a type in a region; region None is any.

        Returns None when Konnect has no list of the type.
        """
        entity_type = find_type(kind)
        if entity_type is None:
            return None
        # Kong does not document which roles on control planes reach event gateways.
        pairs = listings_for(
            entity_type.name, region or EVERY, regions=self.regions, role_name=_GATEWAYS
        )
        if not pairs and not entity_type.is_singular:
            return None
        return tuple(pair for pair in pairs if scope is None or scope.has(pair))

    def naming_any(self, region: str | None) -> tuple[Pair, ...]:
        """The lists of all types."""
        return every_list_in(self.regions if region in (None, EVERY) else (region,))

    def trouble(self, pair: Pair) -> str | None:
        """Why a list cannot be relied on; None when it was read in full."""
        part = self.parts.get(pair)
        if part is None:
            return "not read"
        skipped = part.value is not None and part.value.skipped
        return part.why_incomplete or ("some rows were unreadable" if skipped else None)

    def is_listed(self, kind: str, region: str | None, *, role: str | None, scope: Scope) -> bool:
        """Whether every list that could name the entity of a grant was read in full.

        An empty list counts as not read: Konnect sends one to callers who may not see its entities.
        """
        pairs = self.naming(kind, region, scope=scope)
        is_of_gateways = role is None or role.startswith(_GATEWAYS)
        return bool(pairs) and all(
            self.trouble(pair) is None
            and (self._rows(pair) or (pair[0] == _GATEWAYS and not is_of_gateways))
            for pair in pairs or ()
        )

    def is_hidden(self, pair: Pair) -> bool:
        """Whether an empty list may have entities that are not visible.

        It may when no entity of its type is visible in any region, or when a role is held on an
        entity there that no list names.
        """
        if self._rows(pair) or pair[0] == _GATEWAYS:
            return False
        kind = canonical_key(pair[0])
        return pair[0] not in self._visible_types or not self._unnamed.isdisjoint(
            {(kind, pair[1]), (kind, EVERY), (kind, None)}
        )

    def _rows(self, pair: Pair) -> tuple[Entity, ...]:
        part = self.parts.get(pair)
        return part.rows if part is not None else ()

    @cached_property
    def _visible_types(self) -> frozenset[str]:
        """The types with a visible entity."""
        return frozenset(pair[0] for pair in self.parts if self._rows(pair))

    @cached_property
    def _unnamed(self) -> frozenset[tuple[str, str | None]]:
        """The types and regions of the entities with roles that no list names."""
        return frozenset(
            (kind, region)
            for kind, entity_id, region in self.held()
            if entity_id not in (None, EVERY) and entity_id not in self.by_id
        )
