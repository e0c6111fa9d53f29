"""Finds names by a few characters of them, the best first, fast enough for every key.

The rule it keeps: the order is total and the same every time, and every name that is not blank is
found by its own text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, islice
from typing import TYPE_CHECKING, NamedTuple

from sa_tui.base.text import is_plain, one_line

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

MOST_TYPED = 250
"""Characters of what was typed that are looked at: a longer text was pasted by mistake."""

_MOST_OF_A_NAME = 1_000
_WORD = re.compile(r"[^\W_]+")
_MARK = "\x1f"
"""Before each word; it is white space to Python, so that no cleaned text has one."""


def cleaned(text: str) -> str:
    """The text without case, its runs of white space as single blanks."""
    return " ".join(text[:_MOST_OF_A_NAME].casefold().split())


def forms(name: str) -> str:
    """A name as it is looked for: as Konnect wrote it and, if otherwise, as it is shown."""
    text = cleaned(name)
    return text if is_plain(name) else f"{text}\t{cleaned(one_line(name, limit=None))}"


def initials(text: str) -> str:
    """The first characters of the words of a cleaned name; empty for a single word."""
    words = _WORD.findall(text)
    return "".join(word[0] for word in words) if len(words) > 1 else ""


class Lookup(NamedTuple):
    """A name as it is looked for; made once for each name, since it takes longer than a search."""

    name: str
    beginnings: str
    initials: str
    everything: str


def lookup(name: str, more: str = "") -> Lookup:
    """The lookup of a name; `more` has other words that find it."""
    text = forms(name)
    everything = f"{text} {cleaned(more)}"
    return Lookup(text, _with_beginnings(text), initials(text.partition("\t")[0]), everything)


class NameIndex:
    """Names by their numbers.

    Ranks, best first: the name is what was typed; it begins with that; each typed word begins a
    word of the name; its initials begin with it (`cpd`: ci-prod-deployer); it has each word; it has
    the characters in their order; the name and its other words have each word. Equal ranks are in
    the order of `first`, then in that of their numbers.
    """

    def __init__(self, lookups: Sequence[Lookup]) -> None:
        self._lookups = lookups

    @cached_property
    def _names(self) -> _Lines:
        return _Lines([row.name for row in self._lookups])

    @cached_property
    def _words(self) -> _Lines:
        return _Lines([row.beginnings for row in self._lookups])

    @cached_property
    def _initials(self) -> _Lines:
        return _Lines([row.initials for row in self._lookups])

    @cached_property
    def _everything(self) -> _Lines:
        return _Lines([row.everything for row in self._lookups])

    def prepare(self) -> Generator[None, None, None]:
        """Does in steps what the first search would do at once."""
        for part in ("_names", "_words", "_initials", "_everything"):
            getattr(self, part)
            yield

    def find(
        self, typed: str, *, limit: int, first: Sequence[int] = ()
    ) -> Iterator[tuple[int, ...]]:
        """The numbers of the best names, at most `limit`, in three groups.

        They are those of the first rank, of the next three, and of the others. Every name is of the
        first rank for a blank text.
        """
        text = cleaned(typed)[:MOST_TYPED].strip()
        found: dict[int, None] = {}
        for ranks in self._ranks(text):
            before = len(found)
            for lines, tests in ranks:
                if len(found) < limit:
                    found |= dict.fromkeys(number for number in first if lines.has(number, tests))
                for number in lines.having(tests):
                    if len(found) >= limit:
                        break
                    found[number] = None
            yield tuple(islice(found, before, limit))

    def _ranks(self, text: str) -> Iterator[Sequence[tuple[_Lines, _Tests]]]:
        if not text:
            yield from ([(self._names, ["\n"])], [], [])
            return
        beginnings, words = _with_beginnings(text), text.split()
        plain = "".join(words)
        yield [(self._words, [f"\t{beginnings}\t"])]
        yield [
            (self._words, [f"\t{beginnings}"]),
            (self._words, list(map(_with_beginnings, words))),
            (self._initials, [f"\t{plain}"]),
        ]
        # No character is looked at twice: what is skipped cannot be the next one.
        skips = (rf"[^\t\n{re.escape(character)}]*+{re.escape(character)}" for character in plain)
        yield [
            (self._names, words),
            (self._names, re.compile(f"\t{''.join(skips)}")),
            (self._everything, words),
        ]


_Tests = list[str] | re.Pattern[str]
"""Texts that must all be in a line, or a pattern."""


class _Lines:
    """Texts, each on a line of one long text, which is searched as a whole.

    A line begins with its end of line and a tab, and ends with a tab.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "\n\t" + "\t\n\t".join(texts) + "\t"
        self._starts = list(accumulate((len(text) + 3 for text in texts), initial=0))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def has(self, number: int, tests: _Tests) -> bool:
        """Whether the line of a number meets the tests."""
        start, end = self._starts[number], self._starts[number + 1]
        if isinstance(tests, re.Pattern):
            return tests.search(self._text, start, end) is not None
        return all(self._text.find(test, start, end) >= 0 for test in tests)

    def having(self, tests: _Tests) -> Iterator[int]:
        """The numbers of the lines that meet the tests, in their order."""
        # The longest text is in the fewest lines.
        test = tests if isinstance(tests, re.Pattern) else max(tests, key=len)
        has_more = not isinstance(tests, re.Pattern) and len(tests) > 1
        place = self._place(test, 0) if len(self) else -1
        while place >= 0:
            number = bisect_right(self._starts, place) - 1
            if not has_more or self.has(number, tests):
                yield number
            place = self._place(test, self._starts[number + 1])

    def _place(self, test: str | re.Pattern[str], at: int) -> int:
        if isinstance(test, str):
            return self._text.find(test, at)
        match = test.search(self._text, at)
        return match.start() if match is not None else -1


def _with_beginnings(text: str) -> str:
    """The text with a mark where each of its words begins."""
    return _WORD.sub(rf"{_MARK}\g<0>", text)
