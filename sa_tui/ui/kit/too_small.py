"""The page that covers the others while the terminal is too small to show what keys would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.geometry import Size

LEAST_WIDTH = 60
LEAST_HEIGHT = 16


def is_too_small(size: Size) -> bool:
    """Whether a terminal of this size cannot show the application."""
    return size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT


class TooSmall(Dialog[None], inherit_bindings=False):
    """Takes no key but Ctrl+Q; closes when the terminal has grown."""

    def show_frame(self) -> None:
        """Shows nothing: there is no room for it."""

    def compose(self) -> ComposeResult:
        yield Static(
            f"This terminal is too small.\nsa-tui needs {LEAST_WIDTH}x{LEAST_HEIGHT}; "
            "enlarge it to go on.\nNothing is lost. Ctrl+Q leaves.",
            markup=False,
        )

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        # The terminal may have grown while another page was on top.
        if not is_too_small(self.app.size):
            self.dismiss()
