"""The visible keys of a long list and the one under the cursor; the cursor follows its key.

No widget: `page` is the number of rows that fit on the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Window:
    """A view of `page` rows from `top` on, and a cursor, over keys that come and go."""

    def __init__(self) -> None:
        self.keys: tuple[str, ...] = ()
        self.cursor = 0
        self.top = 0
        self.page = 1
        self._chosen: str | None = None

    @property
    def cursor_key(self) -> str | None:
        """The key under the cursor, or None when the cursor is on no row."""
        return self.keys[self.cursor] if self.keys and self.cursor >= 0 else None

    def seen(self, *, margin: int = 0) -> tuple[str, ...]:
        """The keys in view, and `margin` more on each side."""
        return self.keys[max(0, self.top - margin) : self.top + self.page + margin]

    def replace(self, keys: Sequence[str]) -> None:
        """Takes other keys; the cursor stays on its line of the screen.

        The cursor returns to the key that was last chosen, else follows its key, else keeps its
        place. A cursor that was never moved stays at the top while pages arrive.
        """
        line = self.cursor - self.top
        candidates = (self._chosen, self.cursor_key if self._chosen else None)
        self.keys = tuple(keys)
        next_key = next((key for key in candidates if key is not None and key in self.keys), None)
        place = self.cursor if next_key is None else self.keys.index(next_key)
        least = min(self.cursor, 0)
        self.cursor = max(least, min(place, len(self.keys) - 1))
        if 0 <= line < self.page:
            self.top = self.cursor - line
        self._stay_inside()

    def choose_nothing(self) -> None:
        """Takes the cursor off the rows; the next move begins at the top."""
        self.cursor, self.top, self._chosen = -1, 0, None

    def choose(self, key: str | None) -> bool:
        """Remembers the key, even if it arrives later; True when the cursor is on it now."""
        self._chosen = key
        if key not in self.keys:
            return False
        self.move(self.keys.index(key))
        return True

    def move(self, index: int, *, scroll: int = 0) -> None:
        """Moves the cursor to a row, or to the nearest there is, and the view by `scroll`."""
        self.cursor = max(0, min(index, len(self.keys) - 1))
        self._chosen = self.cursor_key or self._chosen
        self.top += scroll
        self.reveal()

    def scroll(self, rows: int) -> None:
        """Moves the view, not the cursor."""
        self.top += rows
        self._stay_inside()

    def reveal(self) -> None:
        """Brings the cursor into view, to the middle if it has left the view.

        Every move of the view sends the whole table to the terminal; moves of half a page do so ten
        times less often than moves of one row.
        """
        if not self.top <= self.cursor < self.top + self.page:
            self.top = self.cursor - self.page // 2
        self._stay_inside()

    def thumb(self) -> range:
        """The lines of the scroll bar's thumb; none when everything is in view."""
        hidden = len(self.keys) - self.page
        if hidden <= 0:
            return range(0)
        size = max(1, self.page * self.page // len(self.keys))
        start = self.top * (self.page - size) // hidden
        return range(start, start + size)

    def _stay_inside(self) -> None:
        self.top = max(0, min(self.top, len(self.keys) - self.page))
