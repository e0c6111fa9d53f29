"""Counts and ids as they stand in a sentence."""

from __future__ import annotations


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """The count with its noun: `1 token`, `2 tokens`, `10,000 tokens`."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def short_id(identifier: str) -> str:
    """The first eight characters of an id and `…`; a shorter id as it is."""
    return identifier if len(identifier) <= 9 else f"{identifier[:8]}…"
