"""A text that is longer than the page: it scrolls by the keys that move in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll

from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind

if TYPE_CHECKING:
    from textual.binding import BindingType


class Scroll(VerticalScroll):
    """Takes every key of a row of the table, not only those that Textual binds."""

    HELP_TITLE = "In a text that scrolls"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.UP, "scroll_up", help="Up by a line", name="scroll-up"),
        bind(Means.DOWN, "scroll_down", help="Down by a line", name="scroll-down"),
        bind(Means.PAGE_UP, "page_up", name="scroll-page-up"),
        bind(Means.PAGE_DOWN, "page_down", name="scroll-page-down"),
        bind(Means.TOP, "scroll_home", help="To the top", name="scroll-top"),
        bind(Means.BOTTOM, "scroll_end", help="To the end", name="scroll-bottom"),
    ]
