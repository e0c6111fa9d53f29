"""The words that queries may use in one organisation: for warnings, and for completion.

The rule it keeps: what is not known is warned of and searched for all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from sa_tui.access.catalogue import (
    REGIONS,
    TYPES,
    canonical_key,
    find_type,
    offered_types,
)
from sa_tui.access.grants import EVERY
from sa_tui.access.lists import clauses
from sa_tui.access.query.fields import FIELDS, NEVER, TIER_NAMES, pattern
from sa_tui.access.query.grant_terms import ORGANISATION
from sa_tui.access.query.language import Query, Term, show, terms
from sa_tui.access.query.unheard import Notice, did_you_mean, keywords, of_term, unheard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sa_tui.access.subjects import Access, Kind
    from sa_tui.konnect.offer import CatalogueType

_SPANS = ("<7d", "<30d", ">90d", NEVER)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What can be named; `roles` by the key of their type."""

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
    """The words of an organisation, with those of the table and of Konnect's own catalogue."""
    roles = {
        canonical_key(each.name): {role.name for role in each.roles}
        for each in offered_types(catalogue)
    }
    regions = set(REGIONS)
    teams: set[str] = set()
    for subject in access.subjects:
        teams.update([team.title for team in subject.teams])
    teams.update([team.title for team in access.teams])
    held = {(each.kind, each.role, each.region) for one in access.subjects for each in one.grants}
    for kind, role, region in held:
        regions.add(region or EVERY)
        if role is not None:
            roles.setdefault(kind, set()).add(role)
    named = [(each.name, each.bare_name) for each in access.entities_by_id.values()]
    return Vocabulary(
        roles={kind: frozenset(names) for kind, names in roles.items()},
        types=(*(each.short for each in TYPES), ORGANISATION),
        regions=tuple(sorted(regions - {EVERY})),
        teams=tuple(sorted(teams)),
        entities=tuple(sorted({name for pair in named for name in pair} - {""})),
        access=access,
    )


# Warnings


def notices(query: Query, words: Vocabulary, *, has_accounts: bool = True) -> tuple[Notice, ...]:
    """What in a query nobody has heard of: a typo must not read as "nobody".

    `has_accounts` says that names are looked for among accounts.
    """
    found = [*keywords(query)]
    found += [each for term in terms(query) if (each := _of_term(term, words))]
    found += [each for clause in clauses(query) for each in _of_clause(clause, words)]
    if words.access is not None:
        found += unheard(query, words.access, has_accounts=has_accounts)
    return tuple(found)


def unheard_type(name: str, words: Vocabulary) -> str | None:
    """What to say of the name of a type that nobody has heard of."""
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
    """A role that exists, but on none of the types that it is asked for on."""
    wanted = [term for term in clause if term.name == "type" and "*" not in term.value]
    if len(wanted) != 1 or (known := find_type(wanted[0].value)) is None:
        return
    there = words.roles.get(known.key, frozenset())
    for term in clause:
        if term.name != "role" or _occurs(term.value, there):
            continue
        if _occurs(term.value, words.all_roles):  # else it is warned of already
            yield _notice(term, "role", f"{term.value} on {known.name}", there, term.value)


def _type_names(words: Vocabulary) -> set[str]:
    return {*words.types, *words.roles, *(each.name for each in TYPES)}


def _occurs(value: str, known: Iterable[str]) -> bool:
    found = find_type(value)
    matches = pattern(value).match
    key = found.key if found else canonical_key(value)
    return any(matches(each.casefold()) or each == key for each in known)


def _notice(
    term: Term, what: str, value: str, known: Iterable[str], like: str | None = None
) -> Notice:
    return of_term(term, f"No {what} {value} is known here.{did_you_mean(like or value, known)}")


_TOKENLESS = "a team has no tokens of its own"
_OF_TOKENS = [name for name, each in FIELDS.items() if each.about == "token"]
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
                    (each.name, ""): _TOKENLESS for each in FIELDS.values() if each.about == "token"
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
                ): "only accounts are managed; find Konnect's own teams by predefined",
                ("team", ""): "a team is in no other team",
                ("has", "teams"): "a team is in no other team",
                ("via", ""): "a team holds its roles itself",
            }
        ),
    }
)
"""Kind of what is listed -> field and value, "" for any -> why it tells nothing there."""


def misplaced(query: Query, kind: Kind) -> tuple[Notice, ...]:
    """The terms of a query that tell nothing in a list of accounts, of people or of teams."""
    reasons = _MISPLACED[kind]
    found = ((each, (each.name, each.value.casefold())) for each in terms(query))
    return tuple(
        Notice(
            f"{show(term)} tells nothing here: {why}.",
            position=term.position,
            length=len(show(term)),
        )
        for term, key in found
        if (why := reasons.get(key) or reasons.get((term.name, "")))
    )


# Completion


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What the text from `start` to the cursor may become."""

    start: int
    candidates: tuple[str, ...]


def complete(text: str, cursor: int, words: Vocabulary) -> Completion:
    """The fields and values that the word at the cursor may become, as they are to be typed."""
    before = text[:cursor]
    start = _word_start(before)
    typed = before[start:].lstrip("(-!")
    start += len(before[start:]) - len(typed)
    name, colon, value = typed.partition(":")
    if not colon:
        fields = [f"{each}:" for each in FIELDS if each.startswith(typed.casefold())]
        return Completion(start=start, candidates=tuple(fields) if typed else ())
    prefix = value.lstrip('"').casefold()
    found = [each for each in _values(name.casefold(), words) if prefix in each.casefold()]
    found.sort(key=lambda each: not each.casefold().startswith(prefix))
    terms_of = [show(Term(name.casefold(), ":", each)) for each in found]
    return Completion(start=start, candidates=tuple(terms_of))


def _word_start(before: str) -> int:
    """Where the word at the end begins; blanks inside quotation marks do not end it."""
    start, is_quoted = 0, False
    for index, character in enumerate(before):
        if character == '"':
            is_quoted = not is_quoted
        elif character.isspace() and not is_quoted:
            start = index + 1
    return start


def _values(name: str, words: Vocabulary) -> Iterable[str]:
    match name:
        case "role":
            return sorted(words.all_roles)
        case "type":
            return words.types
        case "region":
            return words.regions
        case "team":
            return words.teams
        case "via":
            return ("direct", "team", *words.teams)
        case "entity":
            return words.entities
        case "tier":
            return tuple(TIER_NAMES)
        case "used" | "expires" | "created":
            return _SPANS
        case _:
            known = FIELDS.get(name)
            return known.values if known else ()
