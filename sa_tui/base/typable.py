"""Text that was typed over an earlier text; the operator changes nothing by leaving it alone."""

from __future__ import annotations

JOINING = frozenset("\u200c\u200d\u00a0\u3000")
"""Characters of words that `str.isprintable` denies: joiners, and other blanks than the space."""


def trimmed(typed: str, *, before: str = "") -> str:
    """The text without blanks at its ends, except those that `before` has there."""
    text = typed.strip()
    if typed == before:
        return typed
    if not text:
        return ""
    start = before[: len(before) - len(before.lstrip())]
    end = before[len(before.rstrip()) :]
    first = start if typed.startswith(start) else ""
    last = end if typed.endswith(end) else ""
    return f"{first}{text}{last}"


def is_typable(text: str, *, before: str = "") -> bool:
    """Whether all of it is printable, or was there before."""
    new_characters = set(text) - set(before) - JOINING
    return all(map(str.isprintable, new_characters))
