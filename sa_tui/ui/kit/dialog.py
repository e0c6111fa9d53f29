"""What dialogs share: an opaque page, one line for what went wrong, and staying until settled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from rich.text import Text
from textual.screen import ModalScreen

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.ui.kit.page import Page
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.page import Value

T = TypeVar("T")


class Dialog(Page, ModalScreen[T]):
    """A page of its own, told of every snapshot and wait also while something covers it.

    Opaque, because a translucent one costs five times the bytes over a slow line.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_on_top = asyncio.Event()
        self._is_gone = asyncio.Event()
        self._told: tuple[str, str] | None = None
        self._complaint = ""

    def begin(self) -> None:
        self._complaint = self.host.complaint
        if self._told is not None or self._complaint:
            self._show_told()
        self.show(self.host.snapshot)
        if self.host.wait:
            self.show_wait(self.host.wait)

    def value_changed(self, value: Value) -> None:
        if value == "snapshot":
            self.show(self.host.snapshot)
        elif value == "wait":
            self.show_wait(self.host.wait)
        elif value == "status" and self._complaint != self.host.complaint:
            self._complaint = self.host.complaint  # before all else, until the next key
            self._show_told()

    def show(self, snapshot: Snapshot) -> None:
        """Puts what the dialog needs of the snapshot on it; called once it is whole."""

    def show_wait(self, wait: str) -> None:
        """Says what Konnect makes us wait for; nothing when it no longer does."""

    def leave_soon(self) -> bool:
        """Whether it can be left as soon as what is under way is done; the operator is leaving."""
        return False

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

    def on_resize(self) -> None:
        self.show_focused()  # also where there is less room

    def show_focused(self) -> None:
        """Scrolls to what has the focus, once the layout has a place for it and for a message."""
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def tell(self, text: str, *, tone: str = "bad", is_line: bool = True) -> None:
        """Puts one message on the dialog's line for it; `tone` is good, warn or bad.

        What is told before the line is there is shown with it. Line ends in it are those of names,
        unless `is_line` is False.
        """
        self._told = (one_line(text, limit=PROSE_LIMIT) if is_line else text, tone)
        if self.is_ready:
            self._show_told()

    def take_back(self, text: str) -> None:
        """Empties the line if it says this still: it is so no longer."""
        if self._told is not None and self._told[0] == text:
            self.tell("")

    def _show_told(self) -> None:
        text, tone = self._told or ("", "bad")
        if self._complaint:
            text, tone = f"{self._complaint} {text}", "bad"
        for line in self.query("#message").results(Static):
            line.set_classes(f"message {tone}")
            line.update(Text(text))
            # Once the layout knows how many lines it takes.
            self.call_after_refresh(line.scroll_visible, animate=False)
