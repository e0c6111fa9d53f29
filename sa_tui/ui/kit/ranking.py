"""How well a name answers what was typed, and which part of it does; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence


def rank(name: str, words: Sequence[str]) -> int:
    """The place of a name among all, the best being 0; `words` are casefolded.

    The name itself comes before one that begins so, that before one whose words begin so, and
    what has the words anywhere before what is found by something else.
    """
    name, sought = name.casefold(), " ".join(words)
    if not words or name == sought:
        return 0
    if name.startswith(sought):
        return 1
    if all(re.search(rf"(?<![^\W_]){re.escape(word)}", name) for word in words):
        return 2
    return 3 if all(word in name for word in words) else 4


def marked(text: str, words: Sequence[str], *, style: str = "") -> Text:
    """The text with each of the words underlined wherever it is in it."""
    shown = Text(text, style=style)
    folded = text.casefold()
    if len(folded) == len(text):  # else no place in the one is a place in the other
        for word in filter(None, words):
            for found in re.finditer(re.escape(word), folded):
                shown.stylize("bold underline", *found.span())
    return shown
