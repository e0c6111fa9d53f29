"""The dialog about changes that an earlier run never sent: review them, drop them, or wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, cast

from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button

from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.keys import main_key
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.records.batches import Unsent

Choice = Literal["look", "later", "drop"]


class UnsentDialog(Dialog[Choice]):
    """Lists what was never sent; the harmless choice has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        main_key("escape", "choose('later')", "Later", "Ask at the next start", id="later"),
    ]

    def __init__(self, batch: Unsent, *, about: str) -> None:
        super().__init__()
        self._batch = batch
        self._about = about

    def compose(self) -> ComposeResult:
        titles = "\n".join(f"· {planned.title}" for planned in self._batch.never_sent)
        with VerticalScroll(classes="page"):
            yield Static("Changes of an earlier run were not sent", classes="title")
            yield Static(self._about, classes="story")
            yield Static(titles)
            yield Static(id="message", classes="message")
            with Horizontal(classes="buttons"):
                yield Button("Ask me at the next start", id="later", compact=True)
                if self._batch.never_sent:
                    yield Button("Look at them", id="look", variant="primary", compact=True)
                yield Button("Drop them", id="drop", variant="error", compact=True)
            yield Static("Tab moves · Enter chooses · Esc asks later", classes="hint")

    def on_mount(self) -> None:
        self.query_one("#later", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_choose(cast("Choice", event.button.id))

    def action_choose(self, choice: Choice) -> None:
        """Answers with the choice."""
        self.dismiss(choice)
