"""The queries of this session with an organisation, to be asked again; kept in memory only."""

from __future__ import annotations

MOST_KEPT = 50


class History:
    """Goes back through the queries from the newest, and forth to the text being typed."""

    def __init__(self) -> None:
        self._queries: list[str] = []
        self._back = 0
        self._draft = ""

    def add(self, text: str) -> None:
        """Adds a query as the newest one; going back starts there."""
        self._back = 0
        if text.strip():
            others = [query for query in self._queries if query != text]
            self._queries = [*others, text][-MOST_KEPT:]

    def earlier(self, text: str) -> str | None:
        """The query before the one that is shown; None when there is none."""
        if not self._is_shown(text):  # something else was typed meanwhile
            self._back = 0
        if self._back == 0:
            self._draft = text
        back = self._back + 1
        if back <= len(self._queries) and self._queries[-back] == text:
            back += 1  # that one is shown already
        if back > len(self._queries):
            return None
        self._back = back
        return self._queries[-back]

    def later(self, text: str) -> str | None:
        """The query after the one that is shown, then the typed text; None when that is shown."""
        if not self._is_shown(text):
            return None
        self._back -= 1
        return self._queries[-self._back] if self._back else self._draft

    def _is_shown(self, text: str) -> bool:
        """Whether the text is the query that was gone back to."""
        return 0 < self._back <= len(self._queries) and self._queries[-self._back] == text
