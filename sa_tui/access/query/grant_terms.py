"""What each term of a query asks of one grant; `!=` is handled as `=` here.

The rule it keeps: an answer that depends on what could not be read is unknown.
"""

from __future__ import annotations

from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sa_tui.access.answer import Answer, answer, any_of
from sa_tui.access.catalogue import TYPES, canonical_key, find_type
from sa_tui.access.grants import covers_kind, covers_role
from sa_tui.access.query.entity_terms import of_every
from sa_tui.access.query.fields import TIER_NAMES, pattern
from sa_tui.access.roles import ANY
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sa_tui.access.grants import Grant, Via
    from sa_tui.access.query.entity_terms import EntityTerm
    from sa_tui.access.query.language import Term

    OfGrant = Callable[[Grant], Answer]

ORGANISATION = "org"
"""The name of ANY, every type, in a query."""

_TIER_GIVES = MappingProxyType({"A": "AWR", "W": "WR", "C": "C", "R": "R", "?": "?"})


def kinds_named(value: str, *, known: Iterable[str]) -> frozenset[str]:
    """The keys of the types that a value names; `known` are those that are held.

    An unknown type has a key too: nobody holds a role on it, except by ANY.
    """
    if value.casefold() == ORGANISATION:
        return frozenset({ANY})
    if "*" not in value:
        entity_type = find_type(value)
        return frozenset({entity_type.key if entity_type else canonical_key(value)})
    matches = pattern(value).match
    named = {
        entity_type.key
        for entity_type in TYPES
        if matches(entity_type.name.casefold()) or matches(entity_type.short.casefold())
    }
    return frozenset(named | {kind for kind in known if matches(kind)})


def of_type(term: Term, kinds: frozenset[str]) -> OfGrant:
    """Whether a grant is on one of these types; unless `=` is used, a grant on ANY is on each."""
    is_any_type = term.value == "*"

    def ask(kind: str) -> Answer:
        if is_any_type:
            return Answer.YES
        if ANY in kinds:
            return answer(kind == ANY)
        if term.op == ":":
            return any_of(covers_kind(kind, asked) for asked in kinds)
        return answer(kind in kinds) if kind else Answer.UNKNOWN

    return _remembered(ask, "kind")


def of_role(term: Term, kinds: frozenset[str] | None, *, known: Iterable[str]) -> OfGrant:
    """Whether the role of a grant is, or includes, the role of the term on these types."""
    matches = pattern(term.value).match
    asked_roles = [role for role in known if matches(role.casefold())] or [term.value]
    on_types = kinds or (None,)

    def ask(kind: str, role: str | None) -> Answer:
        if term.value == "*":
            return Answer.YES
        if role is None:
            return Answer.UNKNOWN
        if term.op != ":":
            return answer(bool(matches(role.casefold())))
        return any_of(
            covers_role(kind, role, asked, asked_kind=on_type)
            for asked in asked_roles
            for on_type in on_types
        )

    return _remembered(ask, "kind", "role")


def of_tier(term: Term) -> OfGrant:
    """Whether a grant has at least that tier; `=` asks for exactly that tier."""
    asked_tier = TIER_NAMES.get(term.value.casefold(), term.value.upper())

    def ask(kind: str, tier: str) -> Answer:
        if term.op != ":":
            return answer(tier == asked_tier)
        if asked_tier in _TIER_GIVES[tier] or (kind == ANY and tier == "A"):
            return Answer.YES
        return Answer.UNKNOWN if tier == "?" else Answer.NO

    return _remembered(ask, "kind", "tier")


def of_region(term: Term) -> OfGrant:
    """Whether a grant reaches a region; `=` asks for exactly that region."""
    matches = pattern(term.value).match
    is_every = term.value == EVERY

    def ask(region: str | None) -> Answer:
        if region is None:
            return Answer.UNKNOWN
        if region == EVERY:
            return answer(term.op == ":" or is_every)
        return answer(not is_every and bool(matches(region.casefold())))

    return _remembered(ask, "region")


def of_via(term: Term) -> OfGrant:
    """Whether a grant is held directly, through any team, or through one with that name."""
    path = term.value.casefold()
    matches = pattern(term.value, is_part=term.op == ":").match

    def ask(via: Via | None) -> Answer:
        if path in ("direct", "team"):
            return answer((via is None) == (path == "direct"))
        return answer(via is not None and any(matches(name.casefold()) for name in via.names))

    return _remembered(ask, "via")


def of_entity(asked: EntityTerm) -> OfGrant:
    """Whether a grant reaches an entity with that name or beginning of an id.

    A grant on every entity reaches those with that name, of its type and in its region. If it is
    not known whether there is one, the answer is unknown.
    """
    answers = _remembered(asked.ask, "kind", "entity_id", "region", "role")
    others = asked.others
    # Nearly all entities have another name: their ids rule them out quickly.
    return lambda grant: Answer.NO if grant.entity_id in others else answers(grant)


def of_every_entity() -> OfGrant:
    """Whether a grant is on every entity of its type."""
    return _remembered(of_every, "entity_id")


class _Answers(dict[Any, Answer]):
    """Caches the answers by the fields of the grant that decide them."""

    def __init__(self, ask: Callable[..., Answer], *, is_single: bool) -> None:
        super().__init__()
        self._ask = ask
        self._is_single = is_single

    def __missing__(self, part: Any) -> Answer:
        self[part] = self._ask(part) if self._is_single else self._ask(*part)
        return self[part]


def _remembered(ask: Callable[..., Answer], *names: str) -> OfGrant:
    """The question about these fields of a grant, cached: many grants share the same fields."""
    part = attrgetter(*names)
    answers = _Answers(ask, is_single=len(names) == 1)
    return lambda grant: answers[part(grant)]
