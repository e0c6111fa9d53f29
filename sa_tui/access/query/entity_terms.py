"""What a query asks of the entity of a grant, by its name, a pattern or its id.

The rule it keeps: a grant on every entity reaches a name for certain only if an entity with that
name is known, and is ruled out only if every list that could have the name was read.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sa_tui.access.answer import Answer, answer, any_of
from sa_tui.access.catalogue import canonical_key, find_type, is_documented
from sa_tui.access.grants import covers_kind, covers_part
from sa_tui.access.query.fields import pattern
from sa_tui.access.roles import ANY
from sa_tui.base.text import sought
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from sa_tui.access.lists import Lists, Scope
    from sa_tui.access.query.language import Term
    from sa_tui.konnect.models import Entity
    from sa_tui.org.reading.entities import Pair

_ID = re.compile(r"[0-9a-f-]{4,36}")
_WHOLE_ID = 36


class Naming:
    """The value of an entity term: the beginning of an id, or a pattern for names."""

    def __init__(self, value: str) -> None:
        self._prefix = value.casefold()
        self.is_id = bool(_ID.fullmatch(self._prefix))
        self.is_whole_id = self.is_id and len(self._prefix) == _WHOLE_ID
        self._matches = pattern(value).match

    def begins(self, entity_id: str) -> bool:
        """Whether the id begins with the value."""
        return self.is_id and entity_id.casefold().startswith(self._prefix)

    def is_of(self, entity: Entity) -> bool:
        """Whether the value names the entity; an API is also named without its version."""
        names = (entity.name, entity.bare_name) if entity.bare_name else (entity.name,)
        is_plain = all(map(str.isascii, names))
        texts = map(str.casefold, names) if is_plain else sought(*names).split("\n")
        return self.begins(entity.id) or any(map(self._matches, texts))


class EntityTerm:
    """The entities that a term names; `others` are the ids of all other known entities.

    `doubtful` collects the lists that left an answer unknown because they were not read in full.
    """

    def __init__(self, term: Term, lists: Lists, scope: Scope) -> None:
        self._is_literal = term.op != ":"
        self._lists = lists
        self._scope = scope
        self._naming = Naming(term.value)
        named = {
            entity.id: _place(entity)
            for entity in lists.by_id.values()
            if self._naming.is_of(entity)
        }
        self._named = {
            id: place
            for id, place in named.items()
            if scope.has_kind(place.kind) and scope.has_region(place.region)
        }
        self._places = frozenset(self._named.values())
        self.others = frozenset(lists.by_id.keys() - self._named.keys())
        self.doubtful: set[Pair] = set()
        self._may_be_there = cache(self._may_be_there_somewhere)  # many roles, few places

    def ask(self, kind: str, entity_id: str | None, region: str | None, role: str | None) -> Answer:
        """Whether a grant with these fields reaches an entity that the term names."""
        if entity_id is None:
            return Answer.UNKNOWN
        if entity_id != EVERY:
            return self._of_one(kind, entity_id, region, role)
        if self._is_literal:
            return Answer.NO
        reached = any_of(place.is_reached(kind, region) for place in self._places)
        if reached is Answer.NO and self._may_be_there(kind, region):
            return Answer.UNKNOWN
        return reached

    def _of_one(self, kind: str, entity_id: str, region: str | None, role: str | None) -> Answer:
        if place := self._named.get(entity_id):
            if self._is_literal:
                return covers_kind(kind, place.kind)
            return place.is_reached(kind, region)
        if self._naming.begins(entity_id):
            return Answer.YES
        if self._naming.is_whole_id:
            return Answer.NO
        # An entity that is missing from a complete list is gone, and its name with it.
        where = EVERY if self._is_literal else region
        is_gone = self._lists.is_listed(kind, where, role=role, scope=self._scope)
        if not is_gone:
            self._doubt(self._lists.naming(kind, where, scope=self._scope))
        return Answer.NO if is_gone else Answer.UNKNOWN

    def _may_be_there_somewhere(self, kind: str, region: str | None) -> bool:
        """Whether an entity with the name may be of a type in a region, although none is known."""
        if self._naming.is_whole_id and self._named:
            return False  # ids are unique
        if kind != ANY:
            return self._may_be_of(kind, region)
        if self._scope.kinds is None:
            self._doubt(self._lists.naming_any(region))
            return True  # not every type has a list
        # Every type is asked, also after a yes: each adds its doubtful lists.
        open_kinds = [asked for asked in self._scope.kinds if self._may_be_of(asked, region)]
        return bool(open_kinds)

    def _may_be_of(self, kind: str, region: str | None) -> bool:
        if not is_documented(kind) or find_type(kind) is None:
            return True
        if not self._scope.has_kind(kind):
            return False
        pairs = self._lists.naming(kind, region, scope=self._scope)
        if pairs is None:
            return True
        self._doubt(pairs)
        return any(self._lists.trouble(pair) or self._lists.is_hidden(pair) for pair in pairs)

    def _doubt(self, pairs: tuple[Pair, ...] | None) -> None:
        self.doubtful.update(pair for pair in pairs or () if self._lists.trouble(pair))


class EntityPlace(NamedTuple):
    """The type of an entity (its key) and its region; None for a global type."""

    kind: str
    region: str | None

    def is_reached(self, kind: str, region: str | None) -> Answer:
        """Whether a grant on a type in a region reaches the entity."""
        return min(covers_kind(kind, self.kind), covers_part(region, self.region))


def _place(entity: Entity) -> EntityPlace:
    entity_type = find_type(entity.entity_type_name)
    is_global = entity_type is not None and entity_type.is_global
    region = None if is_global else entity.region
    return EntityPlace(canonical_key(entity.entity_type_name), region)


def of_every(entity_id: str | None) -> Answer:
    """Whether a grant is on every entity of its type."""
    return Answer.UNKNOWN if entity_id is None else answer(entity_id == EVERY)
