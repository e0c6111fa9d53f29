"""Warns of names in a query that nothing has, and suggests the nearest ones.

The rule it keeps: a name is called unknown only after every list that could have it was asked
for; the warning says so when one of them was not read in full.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from sa_tui.access.lists import clauses, scope_of
from sa_tui.access.query.entity_terms import Naming
from sa_tui.access.query.fields import pattern
from sa_tui.access.query.language import And, Not, Or, Query, Term, Word, show
from sa_tui.base.text import sought
from sa_tui.konnect.regions import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sa_tui.access.subjects import Access

_NEAREST = 0.5
_KEYWORDS = {
    "or": "one or the other",
    "and": "both",
    "not": "what must not be so",
}


@dataclass(frozen=True)
class Notice:
    """A warning about a query, and its position in the text."""

    text: str
    _: KW_ONLY
    position: int
    length: int


def of_term(term: Term, text: str) -> Notice:
    """A notice about a term."""
    return Notice(text, position=term.position, length=len(show(term)))


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """The one or two names nearest to a value, as a question; empty if there is none."""
    by_folded = {name.casefold(): name for name in known}
    from difflib import get_close_matches

    near = get_close_matches(value.casefold().strip("*"), by_folded, n=2, cutoff=_NEAREST)
    return f" Did you mean {' or '.join(by_folded[name] for name in near)}?" if near else ""


def keywords(query: Query) -> Iterator[Notice]:
    """Warns of words such as `or` that may be meant as keywords."""
    match query:
        case Not(operand):
            yield from keywords(operand)
        case Or(operands):
            for operand in operands:
                yield from keywords(operand)
        case And(operands):
            for index, operand in enumerate(operands):
                yield from keywords(operand)
                if isinstance(operand, Word) and _is_keyword(operand, index, len(operands)):
                    word = operand.text
                    text = (
                        f"{word} is searched for as a word: "
                        f"write {word.upper()} for {_KEYWORDS[word.casefold()]}."
                    )
                    yield Notice(text, position=operand.position or 0, length=len(word))


def _is_keyword(word: Word, index: int, count: int) -> bool:
    """Whether a word stands between others as a keyword would; one in quotes does not."""
    folded = word.text.casefold()
    is_between = index < count - 1 and (index > 0 or folded == "not")
    return folded in _KEYWORDS and word.position is not None and is_between


def unknown_names(query: Query, access: Access, *, has_accounts: bool = True) -> Iterator[Notice]:
    """Warns of names that nothing has; with `has_accounts` also of names of accounts."""
    for clause in clauses(query):
        for term in clause:
            if term.value == EVERY:
                continue
            match term.name:
                case "entity":
                    yield from _entities(term, clause, access)
                case "team":
                    yield from _teams(term, access)
                case "via" if term.value.casefold() not in ("direct", "team"):
                    yield from _teams(term, access)
                case "name" | "id" if has_accounts:
                    yield from _accounts(term, access)


def _entities(term: Term, clause: tuple[Term, ...], access: Access) -> Iterator[Notice]:
    scope = scope_of(clause, term, kinds_named=access.kinds_named)
    lists, naming = access.lists, Naming(term.value)
    pairs = lists.within(scope)
    is_held = naming.is_id and any(naming.begins(entity_id) for entity_id in lists.held_ids)
    if not pairs or is_held or any(pair not in lists.parts for pair in pairs):
        return
    named = [entity for entity in lists.by_id.values() if naming.is_of(entity)]
    if any(lists.is_within(entity, scope) for entity in named):
        return
    if named:
        places = dict.fromkeys(
            f"one of {entity.entity_type_name} in {entity.region}" for entity in named[:2]
        )
        yield of_term(term, f"{term.value} is not there: it is {' and '.join(places)}.")
        return
    names = {
        name
        for entity in lists.by_id.values()
        if lists.is_within(entity, scope)
        for name in (entity.name, entity.bare_name)
        if name
    }
    near = did_you_mean(term.value, names)
    doubt = "; not every list could be read." if any(map(lists.trouble, pairs)) else "."
    yield of_term(term, f"No entity {term.value} is known here{doubt}{near}")


def _teams(term: Term, access: Access) -> Iterator[Notice]:
    matches = pattern(term.value, is_part=term.op == ":").match
    teams = {team.id: team for team in access.teams}
    teams |= {team.id: team for subject in access.subjects for team in subject.teams}
    is_known = term.value in teams or any(
        any(map(matches, sought(*team.names).split("\n"))) for team in teams.values()
    )
    if not is_known and access.teams_missing is None:
        near = did_you_mean(term.value, [team.title for team in teams.values()])
        yield of_term(term, f"No team {term.value} is known here.{near}")


def _accounts(term: Term, access: Access) -> Iterator[Notice]:
    if access.missing is not None:
        return
    if term.name == "id":
        begins = term.value.casefold().rstrip("*")
        if not any(subject.id.casefold().startswith(begins) for subject in access.subjects):
            yield of_term(term, f"No account has an id that begins with {begins}.")
        return
    matches = pattern(term.value, is_part=term.op == ":").match
    names = [subject.name for subject in access.subjects]
    if not any(any(map(matches, sought(name).split("\n"))) for name in names):
        near = did_you_mean(term.value, names)
        yield of_term(term, f"No account {term.value} is known here.{near}")
