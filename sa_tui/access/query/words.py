"""The names that queries may use in one organisation, for warnings and for completion.

The rule it keeps: a query with an unknown name is run all the same, with a warning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import TYPES, canonical_key, find_type, offered_types
from sa_tui.access.lists import Scope, clauses, scope_of
from sa_tui.access.query.entity_terms import Naming
from sa_tui.access.query.fields import FIELDS, NEVER, TIER_NAMES, pattern
from sa_tui.access.query.grant_terms import ORGANISATION, kinds_named
from sa_tui.access.query.language import Query, Term, show, terms, terms_beside
from sa_tui.access.query.notices import Notice, did_you_mean, keywords, of_term, unknown_names
from sa_tui.konnect.regions import EVERY, REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sa_tui.access.query.fields import Field
    from sa_tui.access.subjects import Access, Kind
    from sa_tui.konnect.models import Entity
    from sa_tui.konnect.offer import CatalogueType

_SPANS = ("<7d", "<30d", ">90d", NEVER)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The names that there are; `roles` by the key of their type."""

    roles: Mapping[str, frozenset[str]]
    types: tuple[str, ...]
    regions: tuple[str, ...]
    teams: tuple[str, ...]
    entities: tuple[str, ...]
    access: Access | None = field(default=None, compare=False)

    @property
    def all_roles(self) -> frozenset[str]:
        """The roles of every type."""
        return frozenset().union(*self.roles.values())


def read_vocabulary(access: Access, catalogue: Iterable[CatalogueType] | None = None) -> Vocabulary:
    """The names of an organisation, of the table and of Konnect's catalogue."""
    roles = {
        canonical_key(offered.name): {role.name for role in offered.roles}
        for offered in offered_types(catalogue)
    }
    regions = set(REGIONS)
    teams: set[str] = set()
    held: set[tuple[str, str | None, str | None]] = set()
    for subject in access.subjects:
        teams.update([team.title for team in subject.teams])
        held.update([(grant.kind, grant.role, grant.region) for grant in subject.grants])
    teams.update([team.title for team in access.teams])
    for kind, role, region in held:
        regions.add(region or EVERY)
        if role is not None:
            roles.setdefault(kind, set()).add(role)
    entities: set[str] = set()
    for entity in access.entities_by_id.values():
        entities.update((entity.name, entity.bare_name))
    return Vocabulary(
        roles={kind: frozenset(names) for kind, names in roles.items()},
        types=(*(entity_type.short for entity_type in TYPES), ORGANISATION),
        regions=tuple(sorted(regions - {EVERY})),
        teams=tuple(sorted(teams)),
        entities=tuple(sorted(entities - {""})),
        access=access,
    )


# Warnings


def notices(query: Query, words: Vocabulary, *, has_accounts: bool = True) -> tuple[Notice, ...]:
    """Warnings about a query: a typo must not look like an empty result.

    With `has_accounts` its names are those of accounts.
    """
    found = [*keywords(query)]
    found += [notice for term in terms(query) if (notice := _of_term(term, words))]
    for clause in clauses(query):
        found += _of_clause(clause, words)
    if words.access is not None:
        found += unknown_names(query, words.access, has_accounts=has_accounts)
    return tuple(found)


def unknown_type(name: str, words: Vocabulary) -> str | None:
    """A warning about the name of a type, if the type is unknown."""
    if _occurs(name, known := _type_names(words)):
        return None
    return f"No type {name} is known here.{did_you_mean(name, known)}"


def _of_term(term: Term, words: Vocabulary) -> Notice | None:
    value = term.value
    if value == "*" or not value:
        return None
    match term.name:
        case "type" if not _occurs(value, _type_names(words)):
            return _notice(term, "type", value, _type_names(words))
        case "role" if not _occurs(value, words.all_roles):
            return _notice(term, "role", value, words.all_roles)
        case "region" if not _occurs(value, words.regions):
            return _notice(term, "region", value, words.regions)
        case _:
            return None


def _of_clause(clause: Sequence[Term], words: Vocabulary) -> Iterator[Notice]:
    """Warns of a role that exists, but not on the type that it is asked for on."""
    types = [term for term in clause if term.name == "type" and "*" not in term.value]
    if len(types) != 1 or (entity_type := find_type(types[0].value)) is None:
        return
    roles = words.roles.get(entity_type.key, frozenset())
    for term in clause:
        if term.name != "role" or _occurs(term.value, roles):
            continue
        if _occurs(term.value, words.all_roles):  # otherwise `_of_term` has warned
            yield _notice(term, "role", f"{term.value} on {entity_type.name}", roles, term.value)


def _type_names(words: Vocabulary) -> set[str]:
    return {*words.types, *words.roles, *(entity_type.name for entity_type in TYPES)}


def _occurs(value: str, known: Iterable[str]) -> bool:
    entity_type = find_type(value)
    matches = pattern(value).match
    key = entity_type.key if entity_type else canonical_key(value)
    return any(matches(name.casefold()) or name == key for name in known)


def _notice(
    term: Term, what: str, value: str, known: Iterable[str], like: str | None = None
) -> Notice:
    return of_term(term, f"No {what} {value} is known here.{did_you_mean(like or value, known)}")


_TOKENLESS = "a team has no tokens of its own"
_MISPLACED: Mapping[Kind, Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        "account": MappingProxyType({("is", "person"): "only accounts are listed"}),
        "person": MappingProxyType(
            {
                ("is", "account"): "only people are listed",
                ("is", "managed"): "only accounts are managed",
                ("owner", ""): "nobody owns a person",
                ("has", "owner"): "nobody owns a person",
            }
        ),
        "team": MappingProxyType(
            {
                **{
                    (name, ""): _TOKENLESS
                    for name, field in FIELDS.items()
                    if field.about == "token"
                },
                ("tokens", ""): _TOKENLESS,
                ("has", "tokens"): _TOKENLESS,
                ("is", "armed"): _TOKENLESS,
                ("is", "idle"): _TOKENLESS,
                ("is", "account"): "only teams are listed",
                ("is", "person"): "only teams are listed",
                ("is", "orphan"): "only an account or a person can be left with nothing",
                (
                    "is",
                    "managed",
                ): "only accounts are managed; find Konnect's teams by predefined",
                ("team", ""): "a team is in no other team",
                ("has", "teams"): "a team is in no other team",
                ("via", ""): "a team holds its roles itself",
            }
        ),
    }
)
"""Kind of the list -> (field, value or "" for any) -> why the term has no effect there."""


def misplaced(query: Query, kind: Kind) -> tuple[Notice, ...]:
    """Warnings about terms that have no effect in a list of accounts, people or teams."""
    reasons = _MISPLACED[kind]
    return tuple(
        Notice(
            f"{show(term)} has no effect here: {why}.",
            position=term.position,
            length=len(show(term)),
        )
        for term in terms(query)
        if (why := reasons.get((term.name, term.value.casefold())) or reasons.get((term.name, "")))
    )


# Completion


@dataclass(frozen=True, kw_only=True)
class Completion:
    """The candidates for the text from `start` to the cursor."""

    start: int
    candidates: tuple[str, ...]


def complete(
    text: str, cursor: int, words: Vocabulary, fields: Mapping[str, Field] = FIELDS
) -> Completion:
    """The fields and values that complete the word at the cursor.

    The terms beside it narrow the values: `type:cp entity:` offers control planes alone.
    """
    before = text[:cursor]
    start = _word_start(before)
    typed = before[start:].lstrip("(-!")
    start += len(before[start:]) - len(typed)
    name, colon, value = typed.partition(":")
    if not colon:
        names = [f"{field}:" for field in fields if field.startswith(typed.casefold())]
        return Completion(start=start, candidates=tuple(names) if typed else ())
    prefix = value.lstrip('"').casefold()
    beside = terms_beside(before[:start])
    field = fields.get(name.casefold())
    offered = _values(field, words, beside) if field is not None else ()
    values = [text for text in offered if prefix in text.casefold()]
    values.sort(key=lambda text: not text.casefold().startswith(prefix))
    candidates = tuple(show(Term(name.casefold(), ":", text)) for text in values)
    return Completion(start=start, candidates=candidates)


def _word_start(before: str) -> int:
    """Where the last word begins; spaces inside quotation marks do not end it."""
    start, is_quoted = 0, False
    for index, character in enumerate(before):
        if character == '"':
            is_quoted = not is_quoted
        elif character.isspace() and not is_quoted:
            start = index + 1
    return start


def _values(field: Field, words: Vocabulary, beside: Sequence[Term]) -> Iterable[str]:
    match field.name:
        case "role":
            return _roles(words, beside)
        case "type":
            return _types(words, beside)
        case "region":
            return _regions(words, beside)
        case "team":
            return words.teams
        case "via":
            return ("direct", "team", *words.teams)
        case "entity":
            return _entities(words, beside)
        case "tier":
            return tuple(TIER_NAMES)
        case _:
            return _SPANS if field.is_span else field.values


def _scope(words: Vocabulary, beside: Sequence[Term]) -> Scope:
    """The types and regions that the terms beside an entity term leave open."""
    known = words.access.kinds if words.access is not None else frozenset(words.roles)
    named = partial(kinds_named, known=known)
    return scope_of(beside, Term("entity", ":", ""), kinds_named=named)


def _asked(beside: Sequence[Term], name: str) -> str | None:
    """The value that a term beside asks for, unless it is left out or stands for all."""
    values = (term.value for term in beside if term.name == name and term.op != "!=")
    return next((value for value in values if value != EVERY), None)


def _roles(words: Vocabulary, beside: Sequence[Term]) -> Iterable[str]:
    kinds = _scope(words, beside).kinds
    if kinds is None:
        return sorted(words.all_roles)
    return sorted(frozenset().union(*(words.roles.get(kind, frozenset()) for kind in kinds)))


def _types(words: Vocabulary, beside: Sequence[Term]) -> Iterable[str]:
    if (role := _asked(beside, "role")) is None:
        return words.types
    matches = pattern(role).match
    kinds = {
        kind for kind, roles in words.roles.items() if any(matches(r.casefold()) for r in roles)
    }
    return [entity_type.short for entity_type in TYPES if entity_type.key in kinds]


def _named_entities(words: Vocabulary, beside: Sequence[Term]) -> Iterator[Entity]:
    """The entities that are known, of the types and regions that the terms leave open."""
    scope = _scope(words, beside)
    for entity in words.access.entities_by_id.values() if words.access is not None else ():
        is_of_type = scope.kinds is None or canonical_key(entity.entity_type_name) in scope.kinds
        if is_of_type and scope.has_region(entity.region):
            yield entity


def _entities(words: Vocabulary, beside: Sequence[Term]) -> Iterable[str]:
    if words.access is None or _scope(words, beside) == Scope():
        return words.entities
    entities = _named_entities(words, beside)
    names = {name for entity in entities for name in (entity.name, entity.bare_name)}
    return sorted(names - {""})


def _regions(words: Vocabulary, beside: Sequence[Term]) -> Iterable[str]:
    if (named := _asked(beside, "entity")) is None:
        return words.regions
    naming, types = Naming(named), [term for term in beside if term.name != "region"]
    regions = {row.region for row in _named_entities(words, types) if naming.is_of(row)}
    return [region for region in words.regions if region in regions] or words.regions
