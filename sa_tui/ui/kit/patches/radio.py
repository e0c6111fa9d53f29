"""A radio button that shows its state by its shape, because there may be no colours."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import RadioButton

from sa_tui.base.text import one_line


class Radio(RadioButton):
    """Shows `(•)` when chosen, `( )` when not."""

    def __init__(self, label: str, *, value: bool = False, compact: bool = False) -> None:
        super().__init__(Content(one_line(label)), value=value, compact=compact)

    @property
    def _button(self) -> Content:
        return Content("(•)" if self.value else "( )")
