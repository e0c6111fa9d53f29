"""What is unknown of an account, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sa_tui.konnect.models import Listing
    from sa_tui.org.snapshot import Details, Part


def doubts(details: Details, *names: str) -> list[str]:
    """What is unknown about these parts of an account's details, a sentence for each."""
    sentences = (_doubt(name, getattr(details, name)) for name in names)
    return [sentence for sentence in sentences if sentence]


def _doubt(name: str, part: Part[Listing[object]]) -> str:
    if part.error is not None:
        outdated = ", and what is shown is old" if part.value is not None else ""
        return f"{name} could not be read{outdated}: {str(part.error).removesuffix('.')}"
    if part.value is None:
        return f"{name} not read yet"
    return f"perhaps more {name}: {part.value.incomplete}" if part.value.incomplete else ""
