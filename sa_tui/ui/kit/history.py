"""The queries that were asked in this organisation, to be asked again; kept in memory alone."""

from __future__ import annotations

MOST = 50


class History:
    """Goes back and forth through what was asked, the newest first; what is being typed is last."""

    def __init__(self) -> None:
        self._asked: list[str] = []
        self._back = 0
        self._draft = ""

    def add(self, text: str) -> None:
        """Remembers a query that was asked, once; the way back begins anew."""
        self._back = 0
        if text.strip():
            self._asked = [*(each for each in self._asked if each != text), text][-MOST:]

    def earlier(self, text: str) -> str | None:
        """The query before the one that is shown; None when there is none."""
        if self._shown(text) != self._back:  # something else is typed meanwhile
            self._back = 0
        if self._back == 0:
            self._draft = text
        older = self._back + 1
        if older <= len(self._asked) and self._asked[-older] == text:
            older += 1  # it is the one that is shown
        if older > len(self._asked):
            return None
        self._back = older
        return self._asked[-older]

    def later(self, text: str) -> str | None:
        """The query after the one that is shown, at last what was typed; None when it is shown."""
        if self._back == 0 or self._shown(text) != self._back:
            return None
        self._back -= 1
        return self._asked[-self._back] if self._back else self._draft

    def _shown(self, text: str) -> int:
        """How far back the text is that is shown; 0 when it is none of those."""
        is_it = 0 < self._back <= len(self._asked) and self._asked[-self._back] == text
        return self._back if is_it else 0
