"""The filter language: what it reads, what it refuses and where, and what it prints."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sa_tui.access.query.fields import FIELDS, pattern
from sa_tui.access.query.language import (
    MAX_DEPTH,
    And,
    Not,
    Or,
    QueryError,
    Term,
    Word,
    parse,
    show,
)


def term(name: str, value: str, op: str = ":") -> Term:
    return Term(name, op, value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("ci", Word("ci")),
        ("role:Admin", term("role", "Admin")),
        ("ROLE=Admin", term("role", "Admin", "=")),
        ("region!=eu", term("region", "eu", "!=")),
        ('via:"Platform Team"', term("via", "Platform Team")),
        ('"is:armed"', Word("is:armed")),
        ("role:Admin type:cp", And((term("role", "Admin"), term("type", "cp")))),
        ("role:Admin AND type:cp", And((term("role", "Admin"), term("type", "cp")))),
        ("a OR b c", Or((Word("a"), And((Word("b"), Word("c")))))),
        ("-a", Not(Word("a"))),
        ("NOT a", Not(Word("a"))),
        ("!a", Not(Word("a"))),
        ("! a", Not(Word("a"))),
        ("!!a", Not(Not(Word("a")))),
        ("!role=Admin", Not(term("role", "Admin", "="))),
        ("!region!=eu", Not(term("region", "eu", "!="))),
        ("!(a OR b)", Not(Or((Word("a"), Word("b"))))),
        ("a!b", Word("a!b")),
        ("!=a", Word("!=a")),
        ("not", Word("not")),
        (
            "(role:Admin type:cp) (region:us)",
            And((And((term("role", "Admin"), term("type", "cp"))), And((term("region", "us"),)))),
        ),
        ("((role:Admin))", term("role", "Admin")),
        ("", And(())),
    ],
)
def test_a_query_is_read_as_it_is_meant(text: str, query: object) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("ci roel:Admin", 3, "Did you mean role?"),
        ("regoin:eu", 0, "Did you mean region?"),
        ("sev:>=high", 0, "not available yet"),
        ("a is:muted", 5, "not available yet"),
        ("is:aremd", 3, "armed"),
        ("used:90", 5, ">90d"),
        ("tokens:many", 7, "a number"),
        ("role:", 0, "needs a value"),
        ('name:"ci', 5, "never closed"),
        ('ci "', 3, "never closed"),
        ("(ci", 0, "never closed"),
        ("ci)", 2, "Nothing opens"),
        ("ci OR", 5, "missing at the end"),
        ("OR ci", 0, "missing before OR"),
        ("()", 1, "missing before )"),
        ("ci !", 4, "missing at the end"),
        ("(ci !)", 5, "missing before )"),
        ("!roel:Admin", 1, "Did you mean role?"),
        ("(" * 40 + "a" + ")" * 40, MAX_DEPTH, "inside each other"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_position(
    text: str, position: int, says: str
) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text)

    assert refused.value.position == position
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("role:Admin   AND type:cp", "role:Admin type:cp"),
        ("NOT (a OR b)", "-(a OR b)"),
        ('name:"ci"', "name:ci"),
        ('via:"Platform Team"', 'via:"Platform Team"'),
        ("(region:us)", "region:us"),
        ("(role:Admin) (region:us)", "(role:Admin) (region:us)"),
        ("!ci !(a b)", "-ci -(a b)"),
        ('"!ci"', '"!ci"'),
        ('!"=ci"', '-"=ci"'),
        ('"OR"', '"OR"'),
    ],
)
def test_a_query_is_printed_in_one_form(text: str, normal: str) -> None:
    assert show(parse(text)) == normal


@given(st.text())
def test_no_text_makes_the_parser_crash(text: str) -> None:
    _round_trip(text)


pieces = st.sampled_from(
    [
        *("(", ")", "-", "NOT", "AND", "OR", '"', "ci", "role:Admin", 'via:"a b"', "is:armed"),
        *("x:y", "type=cp", "used:>9d", ":", "=", "\\", '"\\"', "region!=eu", "tokens:2"),
        *(" ", "*", "!", "!=", "!ci"),
    ]
)


@given(st.lists(pieces, max_size=12), st.sampled_from([" ", ""]))
def test_no_heap_of_its_own_words_makes_the_parser_crash(parts: list[str], gap: str) -> None:
    _round_trip(gap.join(parts))


def _round_trip(text: str) -> None:
    """Reads, or refuses with a position; what is read prints to what reads the same."""
    try:
        query = parse(text)
    except QueryError as error:
        position = error.position
    else:
        assert parse(show(query)) == query
        return
    assert 0 <= position <= len(text)


texts = st.text(min_size=1, max_size=8)
words = texts.map(Word)
free = [name for name, each in FIELDS.items() if not (each.values or each.is_span or each.is_count)]
free_terms = st.builds(Term, st.sampled_from(free), st.sampled_from([":", "=", "!="]), texts)
leaves = st.one_of(words, free_terms, st.just(Term("is", ":", "armed")))


queries = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(
            st.one_of(inner, free_terms.map(lambda each: And((each,)))), min_size=2, max_size=3
        ).map(lambda them: And(tuple(them))),
        st.lists(inner.filter(lambda each: not isinstance(each, Or)), min_size=2, max_size=3).map(
            lambda them: Or(tuple(them))
        ),
    ),
    max_leaves=8,
)


@given(queries)
def test_what_is_printed_reads_back_as_the_same_query(query: And) -> None:
    assert parse(show(query)) == query


@pytest.mark.parametrize(
    ("value", "text", "matches"),
    [
        ("prod", "prod", True),
        ("prod", "prod-eu", False),
        ("prod*", "prod-eu", True),
        ("*prod", "eu-prod", True),
        ("*a*b*", "xaxbx", True),
        ("*a*b*", "xbxax", False),
        ("a*b*c", "abbbc", True),
        ("a*a", "a", False),
        ("*ab*b", "abb", True),
        ("*ab*b", "ab", False),
        ("**", "", True),
        ("a.c*", "abc", False),
    ],
)
def test_a_star_stands_for_any_characters(value: str, text: str, matches: bool) -> None:
    assert bool(pattern(value).match(text)) is matches


def test_many_stars_cost_no_more_than_the_text_is_long() -> None:
    begun = process_time()
    assert not pattern("*a" * 8 + "b").match("a" * 50_000)
    assert process_time() - begun < 0.5
