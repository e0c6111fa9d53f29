"""A line that is edited, of which each character is drawn in its place and obeyed by nobody."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual import widgets

from sa_tui.base.text import in_place, is_plain, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.strip import Strip


class DrawnInput(widgets.Input):
    """Textual's own, which draws and measures what is safe, and keeps what was put in."""

    def render_line(self, y: int) -> Strip:
        """The line as it may be drawn."""
        with self._drawn():
            return super().render_line(y)

    @property
    def content_width(self) -> int:
        """The cells that the value takes."""
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
        """Everything that is drawn made safe inside the block, each character in its place."""
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
        """Puts these in without telling anybody."""
        self.set_reactive(DrawnInput.value, value)
        self.set_reactive(DrawnInput._suggestion, suggestion)
        self.set_reactive(DrawnInput.placeholder, placeholder)
