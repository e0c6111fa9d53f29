"""Whatever text comes in, a cell takes exactly the place it was given."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from sa_tui.ui.kit.table.cells import Column, cell_width, fit, lay_out

STYLE = Style(bold=True)
TROUBLE = (
    "🚀👍🏽❤\ufe0f👩\u200d🇩🇪日本e\u0301\u0000\u001b\u009b\n\t\u202e\ud800\u00a0\u2028\u3164\u00ad"
)
FORBIDDEN = frozenset("\x1b\x9b\n\r\t\u202e\u2066\u200b\u200d\ufe0f\ud800\u2028\u3164")
AWKWARD = st.text(st.characters() | st.sampled_from(TROUBLE))
COLUMNS = st.lists(
    st.builds(
        Column,
        st.just("key"),
        st.just("Title"),
        width=st.integers(1, 40),
        grow=st.integers(0, 3),
        priority=st.integers(0, 4),
    ),
    min_size=1,
    max_size=8,
)


def drawn(*texts: str, width: int, right: bool = False) -> str:
    segments = [Segment(text, STYLE) for text in texts]
    return "".join(segment.text for segment in fit(segments, width, STYLE, right=right))


@given(texts=st.lists(AWKWARD, max_size=3), width=st.integers(0, 30), right=st.booleans())
def test_any_text_takes_exactly_its_width(texts: list[str], width: int, right: bool) -> None:
    assert cell_len(drawn(*texts, width=width, right=right)) == width


@given(text=AWKWARD, width=st.integers(0, 60))
def test_what_is_drawn_cannot_drive_a_terminal(text: str, width: int) -> None:
    assert not set(drawn(text, width=width)) & FORBIDDEN


def test_a_name_of_a_megabyte_is_not_measured_to_its_end() -> None:
    begun = process_time()
    assert drawn("\x1b漢" * 500_000, width=4) == "␛漢…"
    assert process_time() - begun < 0.02


@given(text=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_text_is_drawn_as_it_is(text: str) -> None:
    assert drawn(text, width=len(text)) == text


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("name", 4, "name"),
        ("name", 6, "name  "),
        ("names", 4, "nam…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日 …"),
        ("日本語", 6, "日本語"),
        ("🇩🇪 👍🏽", 5, "DE 👍"),
        ("a\x1b[2J", 6, "a␛[2J "),
        ("a\u3164b", 12, "a⟨U+3164⟩b  "),
        ("names", 1, "…"),
        ("names", 0, ""),
    ],
)
def test_text_is_cut_visibly_or_padded(text: str, width: int, expected: str) -> None:
    assert drawn(text, width=width) == expected


def test_numbers_stand_at_the_right() -> None:
    assert drawn("42", width=5, right=True) == "   42"
    assert drawn("123456", width=5, right=True) == "1234…"


@given(columns=COLUMNS, room=st.integers(0, 200), needs=st.lists(st.integers(0, 90), min_size=8))
def test_columns_take_what_they_need_and_never_more_than_the_room(
    columns: list[Column], room: int, needs: list[int]
) -> None:
    keyed = [replace(column, key=str(number)) for number, column in enumerate(columns)]
    places = lay_out(keyed, room, {str(number): need for number, need in enumerate(needs)})
    used = sum(place.width + 2 for place in places)
    assert used <= room or all(place.width == 1 for place in places)
    growing = [place for place in places if place.column.grow]
    for place in growing:
        assert place.width <= max(place.column.width, needs[place.position])
    if used < room:
        assert all(place.width >= needs[place.position] for place in growing)


@given(columns=COLUMNS, room=st.integers(0, 200))
def test_what_is_always_shown_is_never_dropped(columns: list[Column], room: int) -> None:
    shown = {place.position for place in lay_out(columns, room, {})}
    dropped = [column for index, column in enumerate(columns) if index not in shown]
    kept = [column for index, column in enumerate(columns) if index in shown]
    assert min((column.priority for column in dropped), default=9) > 0
    assert min((column.priority for column in dropped), default=9) >= max(
        (column.priority for column in kept), default=0
    )


THREE = (
    Column("a", "A", width=10, grow=1),
    Column("b", "B", width=10),
    Column("c", "C", width=10, grow=2),
)


@pytest.mark.parametrize(
    ("needs", "widths"),
    [
        ({"a": 90, "c": 90}, [13, 10, 17]),  # shared in the proportion of their growth
        ({"a": 11, "c": 90}, [11, 10, 19]),  # what one does not need goes to the other
        ({"a": 12, "c": 12}, [12, 10, 12]),  # what none needs stays at the end of the line
        ({"b": 90}, [10, 10, 10]),
    ],
)
def test_columns_grow_to_their_longest_cells(needs: dict[str, int], widths: list[int]) -> None:
    assert [place.width for place in lay_out(THREE, 46, needs)] == widths


@given(text=AWKWARD, most=st.integers(0, 60))
def test_a_cell_is_measured_as_it_is_drawn(text: str, most: int) -> None:
    width = cell_width(text, most=most)
    assert width <= most
    if width < most:
        assert drawn(text, width=width + 1) == drawn(text, width=width) + " "
