"""Counts and ids read well in a sentence."""

from __future__ import annotations

from sa_tui.base.words import plural, short_id


def test_counts_carry_their_noun() -> None:
    assert [plural(count, "token") for count in (0, 1, 2, 10_000)] == [
        "0 tokens",
        "1 token",
        "2 tokens",
        "10,000 tokens",
    ]
    assert plural(2, "entry", "entries") == "2 entries"


def test_a_long_id_is_cut_visibly() -> None:
    assert short_id("0f9c1b2e-7a55-4f5e-9a5c-0d1e2f3a4b5c") == "0f9c1b2e…"
    assert short_id("short") == "short"
