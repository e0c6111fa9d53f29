"""What dialogs share: an opaque page, one line for what went wrong, and staying until settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from rich.text import Text
from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from sa_tui.ui.app import SaTui

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A page of its own. `must_stay` is why it cannot be left now, or empty.

    Opaque, because a translucent one costs five times the bytes over a slow line.
    """

    must_stay = ""

    @property
    def sa_tui(self) -> SaTui:
        """The application, by its own type."""
        return cast("SaTui", self.app)

    def tell(self, text: str, *, tone: str = "bad") -> None:
        """Puts one message on the dialog's line for it; `tone` is good, warn or bad."""
        line = self.query_one("#message", Static)
        line.set_classes(f"message {tone}")
        line.update(Text(text))
        line.scroll_visible(animate=False)
