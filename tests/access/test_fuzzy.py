"""Names are found by a few characters of them, the best first, always in the same order."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sa_tui.access.fuzzy import NameIndex, cleaned, initials, lookup

NAMES = ("ci-prod-deployer", "cpd", "cpdx", "eu-cpd", "acpd", "c-o-p-o-d", "billing")
ODD = st.text(st.sampled_from("aAbß-_ .\n\t\x00\x1b\x1f\u202e配🚚(*\\[İ"), max_size=12)


def index_of(*names: str) -> NameIndex:
    return NameIndex([lookup(name) for name in names])


def numbers(index: NameIndex, typed: str, *, limit: int = 100, **more: Any) -> list[int]:
    return [*chain.from_iterable(index.find(typed, limit=limit, **more))]


def found(typed: str, *names: str) -> list[str]:
    return [names[number] for number in numbers(index_of(*names), typed)]


def slow_rank(name: str, typed: str) -> int | None:
    """The rank by the words of the module, one name at a time."""
    text, typed = cleaned(name), cleaned(typed)
    if not typed:
        return 0
    words, plain = typed.split(), typed.replace(" ", "")
    begins = [text[place.start() :] for place in re.finditer(r"[^\W_]+", text)]
    tests = (
        text == typed,
        text.startswith(typed),
        all(any(begin.startswith(word) for begin in begins) for word in words),
        initials(text).startswith(plain),
        all(word in text for word in words),
        re.search(".*".join(map(re.escape, plain)), text) is not None,
    )
    return next((rank for rank, is_so in enumerate(tests) if is_so), None)


def test_the_whole_name_comes_first_and_scattered_characters_last() -> None:
    assert found("cpd", *NAMES) == [
        "cpd",
        "cpdx",
        "eu-cpd",
        "ci-prod-deployer",
        "acpd",
        "c-o-p-o-d",
    ]


@given(st.lists(ODD, max_size=8), st.data())
def test_every_name_is_found_by_its_own_text(names: list[str], data: st.DataObject) -> None:
    for number, name in enumerate(names):
        order = numbers(index_of(*names), name, limit=len(names))
        assert number in order
        same = {other for other, each in enumerate(names) if cleaned(each) == cleaned(name)}
        if cleaned(name):
            assert set(order[: len(same)]) == same


@given(
    st.lists(st.text("ab-_ ", max_size=8), max_size=8),
    st.text("ab ", max_size=4),
    st.lists(st.integers(0, 7), unique=True, max_size=3),
)
def test_the_order_is_by_rank_then_what_is_recent_then_the_number(
    names: list[str], typed: str, recent: list[int]
) -> None:
    first = [number for number in recent if number < len(names)]
    ranks = {number: slow_rank(name, typed) for number, name in enumerate(names)}
    expected = sorted(
        (number for number, rank in ranks.items() if rank is not None),
        key=lambda number: (
            ranks[number],
            first.index(number) if number in first else len(first),
            number,
        ),
    )
    index = index_of(*names)

    assert numbers(index, typed, first=first) == expected
    assert numbers(index, typed, limit=2, first=first) == expected[:2]


def test_other_words_find_a_name_after_its_own() -> None:
    index = NameIndex([lookup("gha", "token ci-eu-deployer"), lookup("ci-eu-deployer", "account")])

    assert numbers(index, "ci-eu") == [1, 0]
    assert numbers(index, "gha ci-eu") == [0]


@pytest.mark.parametrize("typed", ["\u202e", "⟨u+202e⟩"])
def test_a_name_is_found_as_it_is_and_as_it_is_shown(typed: str) -> None:
    assert found(typed, "invoice-\u202egnp") == ["invoice-\u202egnp"]


def test_a_name_made_to_be_slow_is_looked_at_once() -> None:
    assert found("a" * 200 + "b", "a" * 1_000, "-a" * 500) == []
