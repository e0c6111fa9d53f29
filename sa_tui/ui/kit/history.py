"""What was typed in a line before, to be typed again: queries, commands.

The rule it keeps: nothing that looks like a token is remembered, not even until the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST_KEPT = 50


class History:
    """Goes back through the texts from the newest, and forth to the text being typed."""

    def __init__(
        self, texts: Iterable[str] = (), *, keep: Callable[[str], None] = lambda _: None
    ) -> None:
        self._texts = list(texts)[-MOST_KEPT:]
        self._keep = keep
        self._back = 0
        self._draft = ""

    def add(self, text: str) -> None:
        """Adds a text as the newest one; going back starts there."""
        self._back = 0
        if text.strip() and redact(text) == text:
            if self._texts[-1:] != [text]:
                self._keep(text)
            others = [other for other in self._texts if other != text]
            self._texts = [*others, text][-MOST_KEPT:]

    def earlier(self, text: str) -> str | None:
        """The text before the one that is shown; None when there is none."""
        if not self._is_shown(text):  # something else was typed meanwhile
            self._back = 0
        if self._back == 0:
            self._draft = text
        back = self._back + 1
        if back <= len(self._texts) and self._texts[-back] == text:
            back += 1  # that one is shown already
        if back > len(self._texts):
            return None
        self._back = back
        return self._texts[-back]

    def later(self, text: str) -> str | None:
        """The text after the one shown, then the one being typed; None when that is shown."""
        if not self._is_shown(text):
            return None
        self._back -= 1
        return self._texts[-self._back] if self._back else self._draft

    def _is_shown(self, text: str) -> bool:
        """Whether the text is the one that was gone back to."""
        return 0 < self._back <= len(self._texts) and self._texts[-self._back] == text
