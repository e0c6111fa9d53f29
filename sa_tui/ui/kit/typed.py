"""What was typed over a text that was there: what the operator left alone stays as it was."""

from __future__ import annotations

JOINING = frozenset("\u200c\u200d\u00a0\u3000")
"""What is not printable and yet belongs into words: joiners, and blanks that are no blank."""


def meant(typed: str, *, before: str = "") -> str:
    """The text without blanks at its ends, save for those that `before` has there."""
    text = typed.strip()
    if typed == before or not text:
        return typed if typed == before else ""
    start = before[: len(before) - len(before.lstrip())]
    end = before[len(before.rstrip()) :]
    first = start if typed.startswith(start) else ""
    last = end if typed.endswith(end) else ""
    return f"{first}{text}{last}"


def is_typable(text: str, *, before: str = "") -> bool:
    """Whether all of it is printable, or was there before."""
    return all(each.isprintable() or each in JOINING for each in set(text) - set(before))
