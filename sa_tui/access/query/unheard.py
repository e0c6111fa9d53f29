"""Names in a query that nothing of what was read has, each with the nearest that there is.

The rule it keeps: a name is called unknown only after every list that could have it was asked
for; where one of them was not read in full, that is said as well.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sa_tui.access.grants import EVERY
from sa_tui.access.lists import clauses, scope_of
from sa_tui.access.query.entity_terms import Naming
from sa_tui.access.query.fields import pattern
from sa_tui.access.query.language import And, Not, Or, Query, Term, Word, show
from sa_tui.base.text import sought

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sa_tui.access.subjects import Access
    from sa_tui.konnect.models import Entity

_NEAREST = 0.5
_KEYWORDS = {
    "or": "one or the other",
    "and": "both",
    "not": "what must not be so",
}


@dataclass(frozen=True)
class Notice:
    """Something to look at twice in a query, and where it stands in its text."""

    text: str
    _: KW_ONLY
    position: int
    length: int


def of_term(term: Term, text: str) -> Notice:
    """A notice about a term."""
    return Notice(text, position=term.position, length=len(show(term)))


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """The one or two names that a value is nearest to, as a question; empty for none."""
    by_folded = {each.casefold(): each for each in known}
    near = get_close_matches(value.casefold().strip("*"), by_folded, n=2, cutoff=_NEAREST)
    return f" Did you mean {' or '.join(by_folded[each] for each in near)}?" if near else ""


def keywords(query: Query) -> Iterator[Notice]:
    """Words such as `or` that stand where somebody may have meant the keyword."""
    match query:
        case Not(operand):
            yield from keywords(operand)
        case Or(operands):
            for each in operands:
                yield from keywords(each)
        case And(operands):
            for place, each in enumerate(operands):
                yield from keywords(each)
                if isinstance(each, Word) and _is_meant(each, place, len(operands)):
                    meaning = _KEYWORDS[each.text.casefold()]
                    told = f"{each.text} is looked for as a word: write {each.text.upper()} for"
                    position = each.position or 0
                    yield Notice(f"{told} {meaning}.", position=position, length=len(each.text))


def _is_meant(word: Word, place: int, count: int) -> bool:
    """Whether a word stands between others as a keyword would; one in quotes does not."""
    folded = word.text.casefold()
    is_between = place < count - 1 and (place > 0 or folded == "not")
    return folded in _KEYWORDS and word.position is not None and is_between


def unheard(query: Query, access: Access, *, has_accounts: bool = True) -> Iterator[Notice]:
    """What a query names and nothing has; `has_accounts` when its names are those of accounts."""
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
    is_held = naming.is_id and any(naming.begins(each) for each in lists.held_ids)
    if not pairs or is_held or any(pair not in lists.parts for pair in pairs):
        return
    named = [each for each in lists.by_id.values() if naming.is_of(each)]
    if any(lists.is_within(each, scope) for each in named):
        return
    if named:
        others = dict.fromkeys(map(_described, named[:2]))
        yield of_term(term, f"{term.value} is not there: it is {' and '.join(others)}.")
        return
    there = [each for each in lists.by_id.values() if lists.is_within(each, scope)]
    names = {name for each in there for name in (each.name, each.bare_name) if name}
    near = did_you_mean(term.value, names)
    doubt = "; not every list could be read." if any(map(lists.trouble, pairs)) else "."
    yield of_term(term, f"No entity {term.value} is known here{doubt}{near}")


def _described(entity: Entity) -> str:
    return f"one of {entity.entity_type_name} in {entity.region}"


def _teams(term: Term, access: Access) -> Iterator[Notice]:
    matches = pattern(term.value, is_part=term.op == ":").match
    teams = {team.id: team for team in access.teams}
    teams |= {team.id: team for subject in access.subjects for team in subject.teams}
    is_known = term.value in teams or any(
        any(map(matches, sought(*team.names).split("\n"))) for team in teams.values()
    )
    if not is_known and access.teams_missing is None:
        near = did_you_mean(term.value, [each.title for each in teams.values()])
        yield of_term(term, f"No team {term.value} is known here.{near}")


def _accounts(term: Term, access: Access) -> Iterator[Notice]:
    if access.missing is not None:
        return
    if term.name == "id":
        begins = term.value.casefold().rstrip("*")
        if not any(each.id.casefold().startswith(begins) for each in access.subjects):
            yield of_term(term, f"No account has an id that begins with {begins}.")
        return
    matches = pattern(term.value, is_part=term.op == ":").match
    if not any(any(map(matches, sought(each.name).split("\n"))) for each in access.subjects):
        near = did_you_mean(term.value, [each.name for each in access.subjects])
        yield of_term(term, f"No account {term.value} is known here.{near}")
