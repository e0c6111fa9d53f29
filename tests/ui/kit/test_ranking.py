"""Which name answers best what was typed, and what of it is marked."""

from __future__ import annotations

import pytest

from sa_tui.ui.kit.ranking import marked, rank


def test_the_name_itself_comes_before_its_beginning_its_words_and_its_inside() -> None:
    names = ["thread every", "Every Read", "Read Everything", "read every", "Analytics Viewer"]
    words = ("read", "every")
    assert sorted(names, key=lambda name: rank(name, words)) == [
        "read every",
        "Read Everything",
        "Every Read",
        "thread every",
        "Analytics Viewer",
    ]


def test_without_words_all_names_are_equal() -> None:
    assert {rank(name, ()) for name in ("a", "b")} == {0}


@pytest.mark.parametrize(
    ("text", "places"), [("Read Everything", [(0, 4), (5, 10)]), ("Straße İ read", [])]
)
def test_what_was_typed_is_marked(text: str, places: list[tuple[int, int]]) -> None:
    spans = marked(text, ("read", "every")).spans
    assert [(span.start, span.end) for span in spans] == places
