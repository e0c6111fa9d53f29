"""A text field that draws a safe character in place of each one that a terminal would obey."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual import widgets

from sa_tui.base.text import in_place, is_plain, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.strip import Strip


class DrawnInput(widgets.Input):
    """Textual's own field: it draws and measures the safe text, and keeps the text as entered."""

    def render_line(self, y: int) -> Strip:
        """The line, made safe."""
        with self._drawn():
            return super().render_line(y)

    @property
    def content_width(self) -> int:
        """The number of cells that the value takes."""
        with self._drawn():
            return super().content_width

    def _position_to_cell(self, position: int) -> int:
        with self._drawn():
            return super()._position_to_cell(position)

    def _cell_offset_to_index(self, offset: int) -> int:
        with self._drawn():
            return super()._cell_offset_to_index(offset)

    @contextmanager
    def _drawn(self) -> Iterator[None]:
        """Makes all texts safe inside the block; each character keeps its place."""
        value, suggestion, placeholder = self.value, self._suggestion, self.placeholder
        if is_plain(value) and is_plain(suggestion) and is_plain(placeholder):
            yield
            return
        self._set(in_place(value), in_place(suggestion), one_line(placeholder))
        try:
            yield
        finally:
            self._set(value, suggestion, placeholder)

    def _set(self, value: str, suggestion: str, placeholder: str) -> None:
        """Sets the texts without calling watchers."""
        self.set_reactive(DrawnInput.value, value)
        self.set_reactive(DrawnInput._suggestion, suggestion)
        self.set_reactive(DrawnInput.placeholder, placeholder)
