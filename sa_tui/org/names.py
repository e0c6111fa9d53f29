"""What people are called, and names that differ only by case, spacing or invisible characters."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.konnect.models import User


def person_name(user: User) -> str:
    """The name of a person, or the email or id where no name is known."""
    return user.full_name or user.preferred_name or user.email or user.id


def looks_like(name: str, others: Iterable[str]) -> str | None:
    """The first of the other names that differs from this one only by case or spacing."""
    folded = _folded(name)
    return next((other for other in others if other != name and _folded(other) == folded), None)


def alike_words(other: str) -> str:
    """The warning about a name that looks like this one."""
    return f"There is already {other!r}, which differs only in case or spacing."


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    visible = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    return " ".join(visible.split())
