"""The dialog that asks where to deliver a secret that was issued already."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button

from sa_tui.handover.delivery import Destination
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.tokens.destination import DIGIT_KEYS, DestinationPicker
from sa_tui.ui.tokens.destination_list import DestinationList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.base.label import Label

_KEYS = "1-8 and arrows choose · Tab moves · Enter delivers · Esc goes back"


class DeliverDialog(Dialog[Destination | None]):
    """Dismissed with a destination that passed its check, or None."""

    AUTO_FOCUS = "#kind"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "cancel", "Cancel", "Back without delivering", only="escape"),
        *DIGIT_KEYS,
    ]

    def __init__(self, label: Label) -> None:
        super().__init__()
        self._label = label

    @property
    def crumb(self) -> str:
        return "Deliver"

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="page", can_focus=False):
            yield Static("Deliver the token", classes="title", markup=False)
            yield DestinationPicker(label=lambda: self._label, without_show=True)
            yield Static(id="message", classes="message", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Deliver", id="deliver", variant="primary", compact=True)
                yield Button("Back", id="cancel", compact=True)
            yield Static(_KEYS, classes="hint", markup=False)

    def action_choose(self, number: int) -> None:
        """Chooses the destination of this number."""
        self.query_one(DestinationPicker).choose(number)

    @on(Input.Submitted)
    @on(DestinationList.Accepted)
    @on(Button.Pressed, "#deliver")
    async def _choose(self) -> None:
        picker = self.query_one(DestinationPicker)
        try:
            destination = picker.destination()
        except ValueError as error:
            self.tell(str(error))
            return
        if destination is not None:
            destination = destination.filled(self._label)
            if problem := await destination.check():
                self.tell(problem)
                return
        picker.remember()
        self.dismiss(destination)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Goes back without delivering."""
        self.dismiss(None)
