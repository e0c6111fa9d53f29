"""Everything that the query language has is in the help, as an example that can be tried."""

from __future__ import annotations

import pytest

from sa_tui.access.query.examples import Example, examples
from sa_tui.access.query.fields import FIELDS
from sa_tui.access.query.language import Term, parse, terms


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.query)
def test_every_example_can_be_asked_and_says_what_it_finds(example: Example) -> None:
    parse(example.query)
    assert example.brief
    assert example.story


def test_every_field_has_an_example_of_its_own() -> None:
    queries = {example.query: example for example in examples()}
    for name, field in FIELDS.items():
        (term,) = terms(parse(field.example))
        assert isinstance(term, Term)
        assert term.name == name
        story = queries[field.example].story
        assert field.help in story
        assert all(value in story for value in field.values)


def test_no_example_is_there_twice() -> None:
    queries = [example.query for example in examples()]
    assert len(set(queries)) == len(queries)
