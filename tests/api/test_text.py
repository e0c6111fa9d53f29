"""Text from a server is harmless after cleaning, whatever it was before."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sa_tui.api.text import clean, clean_line, redact

# From code points, not from st.text: its table of characters takes seconds to build.
any_text = st.lists(
    st.one_of(
        st.integers(0, 0x10FFFF).map(chr),
        st.sampled_from("ab❤\x1b\x9b\u202e\u200b\ufe0f\u3164\ud800…⟨"),
    ),
    max_size=400,
).map("".join)
reproducible = settings(database=None, derandomize=True)


@reproducible
@given(any_text)
def test_no_control_or_format_character_survives_cleaning(text: str) -> None:
    survivors = {unicodedata.category(each) for each in clean(text, limit=None)}
    assert survivors.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


@reproducible
@given(any_text, st.integers(min_value=1, max_value=60))
def test_cleaning_twice_changes_nothing(text: str, limit: int) -> None:
    once = clean(text, limit=limit)
    assert clean(once, limit=limit) == once


@reproducible
@given(any_text, st.integers(min_value=1, max_value=60))
def test_cleaned_text_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(clean(text, limit=limit)) <= limit


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\r\nb\tc\x7f", "a␍␊b␉c␡"),
        ("\x9b2J", "⟨U+009B⟩2J"),
        ("gpj.\u202eexe", "gpj.⟨U+202E⟩exe"),
        ("ci\u200bbot", "ci⟨U+200B⟩bot"),
        ("ci\u3164bot", "ci⟨U+3164⟩bot"),
        ("ci\ufe0fbot", "ci⟨U+FE0F⟩bot"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("Zoë 🚀 مرحبا [bold]", "Zoë 🚀 مرحبا [bold]"),
    ],
)
def test_what_would_act_or_hide_is_shown(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_long_name_ends_in_an_ellipsis() -> None:
    assert clean("x" * 300) == "x" * 249 + "…"


def test_a_name_of_exactly_the_limit_is_kept_whole() -> None:
    assert clean("x" * 250) == "x" * 250


def test_prose_is_folded_onto_one_line() -> None:
    assert clean_line("  one\n\n two\t three ") == "one two three"


@pytest.mark.parametrize(
    "text",
    [
        "token spat_Abc123.x is unknown",
        "token=kpat_Abc123",
        "Authorization: Bearer abcdefghijklmnop",
        "got eyJhbGciOi.eyJzdWIi.c2ln back",
    ],
)
def test_nothing_that_looks_like_a_token_survives_redaction(text: str) -> None:
    redacted = redact(text)
    assert "[redacted]" in redacted
    assert not any(part in redacted for part in ("Abc123", "abcdefghijklmnop", "c2ln"))


def test_ordinary_words_are_not_redacted() -> None:
    assert redact("Bearer token is not valid") == "Bearer token is not valid"
