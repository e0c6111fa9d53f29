"""The dialog about changes that an earlier run never sent: review them, drop them, or wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual.containers import VerticalScroll
from textual.widgets import Button

from sa_tui.ui.kit.later import LaterDialog
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sa_tui.records.batches import Unsent

UnsentChoice = Literal["look", "later", "drop"]


class UnsentDialog(LaterDialog[UnsentChoice]):
    """Lists what was never sent."""

    def __init__(self, batch: Unsent, *, about: str) -> None:
        super().__init__()
        self._batch = batch
        self._about = about

    @property
    def crumb(self) -> str:
        return "Changes not sent"

    def compose_body(self) -> ComposeResult:
        titles = "\n".join(f"· {planned.title}" for planned in self._batch.never_sent)
        buttons = [Button("Drop them", id="drop", variant="error", compact=True)]
        if self._batch.never_sent:
            buttons.insert(0, Button("Look at them", id="look", variant="primary", compact=True))
        with VerticalScroll(classes="page"):
            yield Static("Changes of an earlier run were not sent", classes="title")
            yield Static(self._about, classes="story")
            # Above the list, which may be long: the page scrolls to where the focus is.
            yield Static(id="message", classes="message")
            yield from self.compose_buttons(*buttons)
            yield Static(titles)
