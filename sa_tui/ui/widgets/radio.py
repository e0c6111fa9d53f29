"""A radio button whose state is told by its shape, since colour may be missing."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import RadioButton


class Radio(RadioButton):
    """`(•)` when chosen, `( )` when not."""

    @property
    def _button(self) -> Content:
        return Content("(•)" if self.value else "( )")
