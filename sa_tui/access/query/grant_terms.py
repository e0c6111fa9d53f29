"""What each term of a query asks of one grant; `!=` is asked as `=` here.

The rule it keeps: an answer that rests on what could not be read is "not known".
"""

from __future__ import annotations

from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sa_tui.access.answer import Answer, answer, any_of
from sa_tui.access.catalogue import TYPES, canonical_key, find_type
from sa_tui.access.grants import EVERY, covers_kind, covers_role
from sa_tui.access.query.entity_terms import of_every
from sa_tui.access.query.fields import TIER_NAMES, pattern
from sa_tui.access.roles import ANY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sa_tui.access.grants import Grant, Via
    from sa_tui.access.query.entity_terms import EntityTerm
    from sa_tui.access.query.language import Term

    OfGrant = Callable[[Grant], Answer]

ORGANISATION = "org"
"""What stands for ANY in a query: power over every type."""

_TIER_GIVES = MappingProxyType({"A": "AWR", "W": "WR", "C": "C", "R": "R", "?": "?"})


def kinds_named(value: str, *, known: Iterable[str]) -> frozenset[str]:
    """The keys of the types that a value means; `known` are those that occur besides the table's.

    Of a type that is nowhere known, its own key: nobody holds it, unless by ANY.
    """
    if value.casefold() == ORGANISATION:
        return frozenset({ANY})
    if "*" not in value:
        found = find_type(value)
        return frozenset({found.key if found else canonical_key(value)})
    matches = pattern(value).match
    named = {
        each.key
        for each in TYPES
        if matches(each.name.casefold()) or matches(each.short.casefold())
    }
    return frozenset(named | {kind for kind in known if matches(kind)})


def of_type(term: Term, kinds: frozenset[str]) -> OfGrant:
    """Whether a grant is one on these types; on ANY it is one on each, unless literally meant."""
    is_any_type = term.value == "*"

    def ask(kind: str) -> Answer:
        if is_any_type:
            return Answer.YES
        if ANY in kinds:
            return answer(kind == ANY)
        if term.op == ":":
            return any_of(covers_kind(kind, each) for each in kinds)
        return answer(kind in kinds) if kind else Answer.UNKNOWN

    return _remembered(ask, "kind")


def of_role(term: Term, kinds: frozenset[str] | None, *, known: Iterable[str]) -> OfGrant:
    """Whether a grant's role is, or includes, the wanted one on the types that are asked for."""
    matches = pattern(term.value).match
    wanted = [role for role in known if matches(role.casefold())] or [term.value]
    on_types = kinds or (None,)

    def ask(kind: str, role: str | None) -> Answer:
        if term.value == "*":
            return Answer.YES
        if role is None:
            return Answer.UNKNOWN
        if term.op != ":":
            return answer(bool(matches(role.casefold())))
        return any_of(
            covers_role(kind, role, each, wanted_kind=on_type)
            for each in wanted
            for on_type in on_types
        )

    return _remembered(ask, "kind", "role")


def of_tier(term: Term) -> OfGrant:
    """Whether a grant is as strong as that; `=` asks for exactly that tier."""
    wanted = TIER_NAMES.get(term.value.casefold(), term.value.upper())

    def ask(kind: str, tier: str) -> Answer:
        if term.op != ":":
            return answer(tier == wanted)
        if wanted in _TIER_GIVES[tier] or (kind == ANY and tier == "A"):
            return Answer.YES
        return Answer.UNKNOWN if tier == "?" else Answer.NO

    return _remembered(ask, "kind", "tier")


def of_region(term: Term) -> OfGrant:
    """Whether a grant reaches a region; `=` asks whether it is written so."""
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
    """Whether a grant is held directly, through some team, or through one of that name."""
    wanted = term.value.casefold()
    matches = pattern(term.value, is_part=term.op == ":").match

    def ask(via: Via | None) -> Answer:
        if wanted in ("direct", "team"):
            return answer((via is None) == (wanted == "direct"))
        return answer(via is not None and any(matches(each.casefold()) for each in via.names))

    return _remembered(ask, "via")


def of_entity(asked: EntityTerm) -> OfGrant:
    """Whether a grant reaches an entity of that name, or whose id begins so.

    A grant on everything of a type reaches the entities of that name which are of its type and in
    its region; where it is not known whether there is one, neither is the answer.
    """
    answers = _remembered(asked.ask, "kind", "entity_id", "region", "role")
    others = asked.others
    # Entities are many, and nearly all of another name: so these are ruled out by their id alone.
    return lambda grant: Answer.NO if grant.entity_id in others else answers(grant)


def of_every_entity() -> OfGrant:
    """Whether a grant is on everything of its type."""
    return _remembered(of_every, "entity_id")


class _Answers(dict[Any, Answer]):
    """Asks once for each different part of a grant that decides the answer."""

    def __init__(self, ask: Callable[..., Answer], *, is_single: bool) -> None:
        super().__init__()
        self._ask = ask
        self._is_single = is_single

    def __missing__(self, part: Any) -> Answer:
        found = self[part] = self._ask(part) if self._is_single else self._ask(*part)
        return found


def _remembered(ask: Callable[..., Answer], *names: str) -> OfGrant:
    """The question about these fields of a grant; many thousand grants have few of them."""
    part = attrgetter(*names)
    answers = _Answers(ask, is_single=len(names) == 1)
    return lambda grant: answers[part(grant)]
