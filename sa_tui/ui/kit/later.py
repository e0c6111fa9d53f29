"""What the dialogs about an earlier run share: they can be answered later, at the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import on
from textual.containers import Horizontal
from textual.widgets import Button

from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

T = TypeVar("T")


class LaterDialog(Dialog[T]):
    """Dismissed with the id of a button; the harmless one, `later`, has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(
            Means.BACK,
            "choose('later')",
            "Later",
            "Ask at the next start",
            name="later",
            only="escape",
        ),
    ]

    def compose_buttons(self, *buttons: Button) -> ComposeResult:
        """The button that asks later, these buttons, and the keys."""
        with Horizontal(classes="buttons"):
            yield Button("Ask me later", id="later", compact=True)
            yield from buttons
        yield Static(
            "Tab moves · Enter chooses · Esc asks at the next start", classes="hint", markup=False
        )

    def on_mount(self) -> None:
        self.query_one("#later", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_choose(cast("T", event.button.id))

    def action_choose(self, choice: T) -> None:
        """Answers with the choice."""
        self.dismiss(choice)
