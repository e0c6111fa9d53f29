"""What is unknown about an account, in sentences, and a preview that fits its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.ui.kit.safe import shown_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.konnect.models import Listing
    from sa_tui.org.snapshot import Details, Part


MARGIN = 5
"""The cells of a review's line that a preview cannot use."""


def doubts(details: Details, *names: str) -> list[str]:
    """What is unknown about these parts of an account's details, a sentence for each."""
    sentences = (_doubt(name, getattr(details, name)) for name in names)
    return [sentence for sentence in sentences if sentence]


def _doubt(name: str, part: Part[Listing[object]]) -> str:
    if part.error is not None:
        old = ", and what is told is old" if part.value is not None else ""
        return f"{name} could not be read{old}: {str(part.error).removesuffix('.')}"
    if part.value is None:
        return f"{name} not read yet"
    return f"perhaps more {name}: {part.value.incomplete}" if part.value.incomplete else ""


def fitted(lines: Sequence[Text], width: int) -> Text:
    """The lines, each cut at the width of the page, so that none pushes another out of view."""
    shown = [shown_line(line) for line in lines]
    for line in shown:
        line.truncate(max(20, width - MARGIN), overflow="ellipsis")
    return Text("\n").join(shown)
