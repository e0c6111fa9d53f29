"""What a list is filtered by: words are looked for at once, fields in what is known of access.

The rule it keeps: a query that cannot be read changes nothing, and a row that nobody can rule out
is never left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.query.fields import pattern
from sa_tui.access.query.language import (
    EVERYTHING,
    And,
    Not,
    Or,
    Query,
    QueryError,
    Word,
    parse,
    terms,
)
from sa_tui.access.query.search import Search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sa_tui.access.query.unheard import Notice
    from sa_tui.access.subjects import Access, Subject

_OF_THE_ROW = frozenset({"name", "id", "desc", "owner"})
_STATES_OF_THE_ROW = frozenset({"managed", "owner", "description", "account", "person"})


class Filter:
    """The query that was typed last and could be read; `error` is why the newest text cannot."""

    def __init__(self, *, has_fields: bool = True) -> None:
        self._has_fields = has_fields
        self.query: Query = EVERYTHING
        self.error: QueryError | None = None

    def set(self, text: str) -> bool:
        """Takes another text; False when the query is the same as before."""
        before = self.query
        try:
            query, self.error = parse(text), None
            if not self._has_fields and (term := next(terms(query), None)):
                message = "Only words are looked for here; quotes look for any text."
                raise QueryError(message, position=term.position)
            self.query = query
        except QueryError as error:
            self.error = error
        return self.query != before

    @property
    def is_empty(self) -> bool:
        """Whether it leaves everything in."""
        return self.query == EVERYTHING

    @property
    def words(self) -> tuple[str, ...]:
        """The words, casefolded, that are asked for as they are: no pattern, none left out."""
        operands = self.query.operands if isinstance(self.query, And) else (self.query,)
        found = (each.text for each in operands if isinstance(each, Word))
        return tuple(text.casefold() for text in found if text and "*" not in text)

    @property
    def is_of_words(self) -> bool:
        """Whether it looks for words alone, which needs no knowledge of access."""
        return next(terms(self.query), None) is None

    @property
    def keywords(self) -> tuple[Notice, ...]:
        """What may be meant as a keyword and is looked for as a word."""
        from sa_tui.access.query.unheard import keywords  # only a text with such a word needs it

        return tuple(keywords(self.query)) if isinstance(self.query, And | Or | Not) else ()

    @property
    def needs_details(self) -> bool:
        """Whether it asks for what no list of accounts, people or teams tells by itself."""
        return any(
            term.name not in _OF_THE_ROW and term.value.casefold() not in _STATES_OF_THE_ROW
            for term in terms(self.query)
        )

    def keep_words(self, rows: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """The keys of those (key, casefolded text) rows that a query of words keeps."""
        found = list(rows)
        operands = self.query.operands if isinstance(self.query, And) else (self.query,)
        for operand in operands:  # each narrows what the next has to look at
            is_kept = _test(operand)
            found = [row for row in found if is_kept(row[1])]
        return tuple(key for key, _ in found)

    def keep(
        self,
        keys: Iterable[str],
        subject_of: Callable[[str], Subject | None],
        access: Access,
        *,
        now: datetime,
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The keys whose subject the query finds for certain, and those of which nobody can tell.

        A key without a subject is one that nothing is known of.
        """
        search = Search(self.query, access, now=now)
        certain: list[str] = []
        unsure: list[str] = []
        for key in keys:
            subject = subject_of(key)
            found = Answer.UNKNOWN if subject is None else search.answer(subject)
            if found is Answer.YES:
                certain.append(key)
            elif found is Answer.UNKNOWN:
                unsure.append(key)
        return tuple(certain), tuple(unsure)


def _test(query: Query) -> Callable[[str], bool]:
    match query:
        case Word(text) if "*" not in text:
            folded = text.casefold()
            return lambda row: folded in row
        case Word(text):
            matches = pattern(text, is_part=True).match
            return lambda row: any(map(matches, row.split("\n")))
        case Not(operand):
            is_kept = _test(operand)
            return lambda row: not is_kept(row)
        case And(operands):
            tests = [_test(each) for each in operands]
            return lambda row: all(test(row) for test in tests)
        case Or(operands):
            choices = [_test(each) for each in operands]
            return lambda row: any(test(row) for test in choices)
    raise TypeError(f"not a query of words: {query}")
