"""How well a name matches the words that were typed, and where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence


def rank(name: str, words: Sequence[str]) -> int:
    """The rank of a name, 0 for the best; `words` are casefolded.

    0: the name is what was typed. 1: it begins with that. 2: every word begins a word of the name.
    3: every word is in the name. 4: it was found by something else than its name.
    """
    name, typed = name.casefold(), " ".join(words)
    if not words or name == typed:
        return 0
    if name.startswith(typed):
        return 1
    if all(re.search(rf"(?<![^\W_]){re.escape(word)}", name) for word in words):
        return 2
    return 3 if all(word in name for word in words) else 4


def marked(text: str, words: Sequence[str], *, style: str = "") -> Text:
    """The text with every occurrence of the words underlined."""
    result = Text(text, style=style)
    folded = text.casefold()
    if len(folded) == len(text):  # else the places in the two texts differ
        for word in filter(None, words):
            for match in re.finditer(re.escape(word), folded):
                result.stylize("bold underline", *match.span())
    return result
