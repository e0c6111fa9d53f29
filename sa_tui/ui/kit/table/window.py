"""Which keys of a long list are seen, and which one the cursor is on; the cursor follows its key.

No widget: `page` is how many rows fit on the screen, whatever draws them.
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
        """The key under the cursor, or None without keys or before anything is chosen."""
        return self.keys[self.cursor] if self.keys and self.cursor >= 0 else None

    def seen(self, *, margin: int = 0) -> tuple[str, ...]:
        """The keys in view, and `margin` more on each side."""
        return self.keys[max(0, self.top - margin) : self.top + self.page + margin]

    def replace(self, keys: Sequence[str]) -> None:
        """Take other keys; the cursor and the line that it is on stay.

        The cursor returns to the key that was last chosen, else follows its key, else keeps its
        place. One that was never moved stays at the top while pages arrive.
        """
        line = self.cursor - self.top
        wanted = (self._chosen, self.cursor_key if self._chosen else None)
        self.keys = tuple(keys)
        found = next((key for key in wanted if key is not None and key in self.keys), None)
        place = self.cursor if found is None else self.keys.index(found)
        least = min(self.cursor, 0)
        self.cursor = max(least, min(place, len(self.keys) - 1))
        if 0 <= line < self.page:
            self.top = self.cursor - line
        self._stay_inside()

    def choose_nothing(self) -> None:
        """Take the cursor off the rows until it is moved: then it comes in at the top."""
        self.cursor, self.top, self._chosen = -1, 0, None

    def choose(self, key: str | None) -> bool:
        """Remember the key, also one that has yet to come; True when the cursor is on it now."""
        self._chosen = key
        if key not in self.keys:
            return False
        self.move(self.keys.index(key))
        return True

    def move(self, index: int, *, scroll: int = 0) -> None:
        """Put the cursor on a row, or the nearest there is, after moving the view by `scroll`."""
        self.cursor = max(0, min(index, len(self.keys) - 1))
        self._chosen = self.cursor_key or self._chosen
        self.top += scroll
        self.reveal()

    def scroll(self, rows: int) -> None:
        """Move the view, not the cursor."""
        self.top += rows
        self._stay_inside()

    def reveal(self) -> None:
        """Bring the cursor into view, to the middle of it when it has just left.

        Every step of the view sends the whole table to the terminal, and a step of half a page
        does so ten times less often than a step of one row.
        """
        if not self.top <= self.cursor < self.top + self.page:
            self.top = self.cursor - self.page // 2
        self._stay_inside()

    def thumb(self) -> range:
        """The lines of the page that show where the view is; none when everything is in view."""
        hidden = len(self.keys) - self.page
        if hidden <= 0:
            return range(0)
        size = max(1, self.page * self.page // len(self.keys))
        start = self.top * (self.page - size) // hidden
        return range(start, start + size)

    def _stay_inside(self) -> None:
        self.top = max(0, min(self.top, len(self.keys) - self.page))
