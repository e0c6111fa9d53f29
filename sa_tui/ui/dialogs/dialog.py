"""What dialogs share: an opaque page, one line for what went wrong, and staying until settled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar, cast

from rich.text import Text
from textual.screen import ModalScreen

from sa_tui.ui.widgets.safe import Static

if TYPE_CHECKING:
    from sa_tui.ui.app import SaTui

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A page of its own. `must_stay` is why it cannot be left now, or empty.

    Opaque, because a translucent one costs five times the bytes over a slow line.
    """

    must_stay = ""

    def __init__(self) -> None:
        super().__init__()
        self._is_on_top = asyncio.Event()
        self._is_gone = asyncio.Event()

    @property
    def sa_tui(self) -> SaTui:
        """The application, by its own type."""
        return cast("SaTui", self.app)

    def on_screen_resume(self) -> None:
        self._is_on_top.set()

    def on_screen_suspend(self) -> None:
        self._is_on_top.clear()

    def on_unmount(self) -> None:
        self._is_gone.set()

    async def leave(self, result: T | None = None) -> None:
        """Closes it with this result as soon as nothing covers it; returns when it is gone.

        For a change under way: dismissing a covered screen would close the one on top of it.
        """
        await self._is_on_top.wait()
        self.dismiss(result)
        await self.gone()

    async def gone(self) -> None:
        """Waits until it is closed."""
        await self._is_gone.wait()

    def tell(self, text: str, *, tone: str = "bad") -> None:
        """Puts one message on the dialog's line for it; `tone` is good, warn or bad."""
        line = self.query_one("#message", Static)
        line.set_classes(f"message {tone}")
        line.update(Text(text))
        # Once the layout knows how many lines it takes.
        self.call_after_refresh(line.scroll_visible, animate=False)
