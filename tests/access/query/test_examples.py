"""Everything that the query language has is in the help, as an example that can be tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sa_tui.access.query.examples import Example, examples
from sa_tui.access.query.fields import FIELDS
from sa_tui.access.query.language import Term, parse, terms
from sa_tui.access.query.log_terms import LOG_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sa_tui.access.query.fields import Field


ALL = [(fields, example) for fields in (FIELDS, LOG_FIELDS) for example in examples(fields)]


@pytest.mark.parametrize(("fields", "example"), ALL, ids=lambda each: getattr(each, "query", ""))
def test_every_example_can_be_asked_and_says_what_it_finds(
    fields: Mapping[str, Field], example: Example
) -> None:
    parse(example.query, fields)
    assert example.brief
    assert example.story


@pytest.mark.parametrize("fields", [FIELDS, LOG_FIELDS])
def test_every_field_has_an_example_of_its_own(fields: Mapping[str, Field]) -> None:
    queries = {example.query: example for example in examples(fields)}
    for name, field in fields.items():
        (term,) = terms(parse(field.example, fields))
        assert isinstance(term, Term)
        assert term.name == name
        story = queries[field.example].story
        assert field.help in story
        assert all(value in story for value in field.values)


def test_no_example_is_there_twice() -> None:
    queries = [example.query for example in examples()]
    assert len(set(queries)) == len(queries)
