"""Names that people take for one another: alike but for case, spacing or what cannot be seen."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def looks_like(name: str, others: Iterable[str]) -> str | None:
    """The first of the other names that differs from this one in case or spacing alone."""
    folded = _folded(name)
    return next((other for other in others if other != name and _folded(other) == folded), None)


def alike_words(other: str) -> str:
    """What is said of a name that another is easily taken for."""
    return f"There is {other!r} already, which differs in case or spacing alone."


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(each for each in plain if unicodedata.category(each) != "Cf")
    return " ".join(seen.split())
