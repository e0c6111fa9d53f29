"""The filter of a list: words are looked for in the rows, fields in what is known of access.

A query with an error changes nothing, and only rows that are certain not to match are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer
from sa_tui.access.query.account_terms import needs
from sa_tui.access.query.fields import FIELDS, pattern
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
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from sa_tui.access.query.fields import Field
    from sa_tui.access.query.notices import Notice
    from sa_tui.access.subjects import Access, Subject


class Filter:
    """The newest query without an error; `error` is that of a newer text.

    Without `fields` only words are looked for.
    """

    def __init__(self, *, fields: Mapping[str, Field] = FIELDS) -> None:
        self._fields = fields
        self.query: Query = EVERYTHING
        self.error: QueryError | None = None

    def set(self, text: str) -> bool:
        """Takes another text; False when the query is the same as before."""
        before = self.query
        try:
            query, self.error = parse(text, self._fields or FIELDS), None
            if not self._fields and (term := next(terms(query), None)):
                message = "Only words are looked for here; quotes look for any text."
                raise QueryError(message, position=term.position)
            self.query = query
        except QueryError as error:
            self.error = error
        return self.query != before

    @property
    def is_empty(self) -> bool:
        """Whether it keeps every row."""
        return self.query == EVERYTHING

    @property
    def words(self) -> tuple[str, ...]:
        """The words, casefolded, that every row must have; without patterns."""
        texts = (operand.text for operand in self._operands if isinstance(operand, Word))
        return tuple(text.casefold() for text in texts if text and "*" not in text)

    @property
    def _operands(self) -> Sequence[Query]:
        return self.query.operands if isinstance(self.query, And) else (self.query,)

    @property
    def is_of_words(self) -> bool:
        """Whether it looks for words alone, which needs no knowledge of access."""
        return next(terms(self.query), None) is None

    @property
    def keywords(self) -> tuple[Notice, ...]:
        """Notices of words that may be meant as keywords."""
        from sa_tui.access.query.notices import keywords  # late: few queries have such a word

        return tuple(keywords(self.query)) if isinstance(self.query, And | Or | Not) else ()

    @property
    def needs_details(self) -> bool:
        """Whether it asks for more than a list of accounts, people or teams has."""
        return needs(self.query) != "rows"

    def keep_words(self, rows: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """The keys of those (key, casefolded text) rows that a query of words keeps."""
        kept = list(rows)
        for operand in self._operands:  # each leaves fewer rows for the next
            is_kept = _test(operand)
            kept = [row for row in kept if is_kept(row[1])]
        return tuple(key for key, _ in kept)

    def keep(
        self,
        keys: Iterable[str],
        subject_of: Callable[[str], Subject | None],
        access: Access,
        *,
        now: datetime,
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The keys whose subjects match for certain, and those whose subjects may match.

        A key without a subject may match.
        """
        search = Search(self.query, access, now=now)
        certain: list[str] = []
        unsure: list[str] = []
        for key in keys:
            subject = subject_of(key)
            answer = Answer.UNKNOWN if subject is None else search.answer(subject)
            if answer is Answer.YES:
                certain.append(key)
            elif answer is Answer.UNKNOWN:
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
            tests = list(map(_test, operands))
            return lambda row: all(test(row) for test in tests)
        case Or(operands):
            alternatives = list(map(_test, operands))
            return lambda row: any(test(row) for test in alternatives)
    raise TypeError(f"not a query of words: {query}")
