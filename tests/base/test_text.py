"""Text from outside is harmless when it is shown, whatever it was before."""

from __future__ import annotations

import json
import unicodedata
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sa_tui.base.text import (
    escaped_json,
    folded,
    is_plain,
    lines,
    one_line,
    steady,
    without_escapes,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# From code points, not from st.text: its table of characters takes seconds to build.
any_text = st.lists(
    st.one_of(
        st.integers(0, 0x10FFFF).map(chr),
        st.sampled_from(
            "ab1❤🚚👩💻🏽\n\t\x1b\x9b\u202e\u200b\u200d\ufe0f\u20e3\u2800\u3164\ud800…⟨"
        ),
    ),
    max_size=400,
).map("".join)
reproducible = settings(database=None, derandomize=True)
SHOWING: list[Callable[[str], str]] = [one_line, lines, folded, steady, without_escapes]


@reproducible
@given(any_text)
def test_no_control_or_format_character_survives(text: str) -> None:
    for show in SHOWING:
        survivors = {unicodedata.category(each) for each in show(text).replace("\n", "")}
        assert survivors.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


@reproducible
@given(any_text)
def test_only_what_has_several_lines_keeps_line_ends(text: str) -> None:
    assert not any("\n" in show(text) for show in (one_line, folded, steady))


@reproducible
@given(any_text, st.integers(min_value=1, max_value=60))
def test_making_it_safe_twice_changes_nothing(text: str, limit: int) -> None:
    for show in SHOWING:
        assert show(show(text)) == show(text)
    for limited in (one_line, lines, folded):
        once = limited(text, limit=limit)
        assert limited(once, limit=limit) == once


@reproducible
@given(any_text, st.integers(min_value=1, max_value=60))
def test_what_is_shown_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(one_line(text, limit=limit)) <= limit
    assert all(len(row) <= limit for row in lines(text, limit=limit).split("\n"))


@reproducible
@given(any_text)
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    if is_plain(text):
        assert one_line(text, limit=None) == text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\r\nb\tc\x7f", "a␍␊b␉c␡"),
        ("\x9b2J", "⟨U+009B⟩2J"),
        ("gpj.\u202eexe", "gpj.⟨U+202E⟩exe"),
        ("ci\u200bbot", "ci⟨U+200B⟩bot"),
        ("ci\u00a0bot", "ci⟨U+00A0⟩bot"),
        ("ci\u3164bot", "ci⟨U+3164⟩bot"),
        ("ci\u2800bot", "ci⟨U+2800⟩bot"),
        ("ci\ufe0fbot", "ci⟨U+FE0F⟩bot"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("1\ufe0f\u20e3", "1\u20e3"),
        ("👩🏽\u200d💻", "👩🏽💻"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f🔥"),
        ("ci\u200dbot", "ci⟨U+200D⟩bot"),
        ("配送\u3000ボット", "配送\u3000ボット"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("Zoë 🚀 مرحبا [bold]", "Zoë 🚀 مرحبا [bold]"),
    ],
)
def test_what_would_act_or_hide_is_shown(raw: str, shown: str) -> None:
    assert one_line(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [("🇪🇺 👍🏽", "EU 👍"), ("✈\ufe0f", "✈"), ("a\u0301\x1b", "a\u0301␛"), ("漢字", "漢字")],
)
def test_what_terminals_measure_differently_is_made_steady(raw: str, shown: str) -> None:
    assert steady(raw) == shown


def test_a_long_name_ends_in_an_ellipsis() -> None:
    assert one_line("x" * 300) == "x" * 249 + "…"
    assert one_line("👩\u200d" * 300) == "👩" * 249 + "…"


def test_a_name_of_exactly_the_limit_is_kept_whole() -> None:
    assert one_line("x" * 250) == "x" * 250


def test_lines_stay_lines() -> None:
    assert lines("one\r\ntwo\tthree\x1b\n") == "one\ntwo    three␛\n"


def test_prose_is_folded_onto_one_line() -> None:
    assert folded("  one\n\n two\t three ") == "one two three"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31merror\x1b[0m: a\u202eb\x07\r\n", "error: a⟨U+202E⟩b␇\n"),
        ("\x1b]52;c;bm90\x07copied", "copied"),
        ("\x1b]8;;https://x\x1b\\link", "link"),
        ("\x9b31mred", "⟨U+009B⟩31mred"),
    ],
)
def test_what_a_program_printed_loses_its_colours(raw: str, shown: str) -> None:
    assert without_escapes(raw) == shown


@reproducible
@given(any_text)
def test_json_keeps_its_value_and_shows_nothing_odd(text: str) -> None:
    written = escaped_json(json.dumps({"name": text}, ensure_ascii=False, indent=2))

    assert json.loads(written) == json.loads(json.dumps({"name": text}))
    assert all(is_plain(row) for row in written.split("\n"))


@pytest.mark.parametrize(
    "hostile",
    ["\x1b", "\x1b]", "\x1b[0", "\x1b[31m", "\x1b]52;c;a", "👩\u200d", "\ufe0f", "a\n", "漢", "\t"],
)
@pytest.mark.parametrize("show", SHOWING, ids=lambda show: show.__name__)
def test_four_times_the_text_costs_little_more_than_four_times(
    show: Callable[[str], str], hostile: str
) -> None:
    assert seconds(show, hostile * 16_000) < 12 * seconds(show, hostile * 4_000) + 0.02


def seconds(work: Callable[[str], object], text: str) -> float:
    """The least of the time that the processor needed, of a few runs."""
    spent = []
    for _ in range(3):
        begun = process_time()
        work(text)
        spent.append(process_time() - begun)
    return min(spent)


def test_a_name_of_a_megabyte_is_looked_at_only_where_it_is_shown() -> None:
    assert seconds(one_line, "\x1b漢" * 500_000) < 0.01
