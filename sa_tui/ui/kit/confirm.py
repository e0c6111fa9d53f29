"""One question before a harmful change: what to know, and what to type to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from rich.text import Text
from textual import on
from textual.containers import Horizontal, VerticalScroll

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_bar import KeyBar
from sa_tui.ui.kit.keys import main_key
from sa_tui.ui.kit.safe import Input, Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType


ConfirmAnswer = Literal["yes", "also", "no"]


class ConfirmDialog(Dialog[ConfirmAnswer]):
    """Dismissed with the answer: yes by typing `to_type`, or by y if that is empty.

    `also` names a second act that the key a adds to the first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        main_key("y", "confirm", "Yes", "Go on", id="confirm.yes"),
        main_key("a", "also", "Yes, and also", "Go on, and do that too", id="confirm.also"),
        main_key("escape,n,q", "cancel", "No", "Back, nothing is done", id="confirm.no"),
    ]

    def __init__(
        self, title: str, reasons: Sequence[str], *, to_type: str = "", also: str = ""
    ) -> None:
        super().__init__()
        self._title = title
        self._reasons = reasons
        self._to_type = to_type
        self._also = also

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="page", can_focus=False):
            yield Static(self._title, classes="title", markup=False)
            reasons = "\n".join(one_line(reason, limit=PROSE_LIMIT) for reason in self._reasons)
            yield Static(Text(reasons, style="bold red"), markup=False)
            yield Static(id="message", classes="message", markup=False)
            if self._to_type:
                with Horizontal(id="confirm-line", classes="prompt-line"):
                    yield Static(">", classes="prompt", markup=False)
                    line = Input(id="confirm", compact=True)
                    line.cursor_blink = False
                    yield line
        yield KeyBar()

    def on_mount(self) -> None:
        if self._to_type:
            self.query_one("#confirm").focus()
            self.tell(f"To go on, type {self._to_type} and press Enter. Esc leaves.", tone="warn")
        else:
            also = f" a goes on and {self._also}," if self._also else ""
            self.tell(f"y goes on,{also} Esc leaves.", tone="warn")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves letters to the line where a word is typed."""
        if action == "also":
            return bool(self._also) and not self._to_type
        return not (action == "confirm" and self._to_type)

    @on(Input.Submitted, "#confirm")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() == self._to_type:
            self.dismiss("yes")
        else:
            self.tell(f"That is not {self._to_type}. Nothing was done.")

    def action_confirm(self) -> None:
        self.dismiss("yes")

    def action_also(self) -> None:
        self.dismiss("also")

    def action_cancel(self) -> None:
        self.dismiss("no")
