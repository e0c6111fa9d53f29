"""One question before a harmful change: what to know, and what to type to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from rich.text import Text
from textual import on
from textual.containers import Horizontal, VerticalScroll

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType


ConfirmAnswer = Literal["yes", "also", "no"]


class ConfirmDialog(Dialog[ConfirmAnswer]):
    """Dismissed with the answer: yes by typing `to_type`, or by Y if that is empty.

    `also` names a second act that Space adds to the first, and takes away again.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.SEND, "confirm", "Yes", "Go on", name="confirm.yes"),
        bind(Means.MARK, "also", "And also", "Do that too, or not", name="confirm.also"),
        bind(
            Means.BACK, "cancel", "No", "Back, nothing is done", name="confirm.no", only="escape,q"
        ),
    ]

    def __init__(
        self, title: str, reasons: Sequence[str], *, to_type: str = "", also: str = ""
    ) -> None:
        super().__init__()
        self._title = title
        self._reasons = reasons
        self._to_type = to_type
        self._also = also
        self._is_also_wanted = False

    has_key_bar = True

    @property
    def crumb(self) -> str:
        return "Question"

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(classes="page", can_focus=False):
            yield Static(self._title, classes="title", markup=False)
            reasons = "\n".join(one_line(reason, limit=PROSE_LIMIT) for reason in self._reasons)
            yield Static(Text(reasons, style="bold red"), markup=False)
            yield Static(self._option(), id="also", markup=False)
            yield Static(id="message", classes="message", markup=False)
            if self._to_type:
                with Horizontal(id="confirm-line", classes="prompt-line"):
                    yield Static(">", classes="prompt", markup=False)
                    line = Input(id="confirm", compact=True)
                    line.cursor_blink = False
                    yield line

    def on_mount(self) -> None:
        if self._to_type:
            self.query_one("#confirm").focus()
            self.tell(f"To go on, type {self._to_type} and press Enter. Esc leaves.", tone="warn")
        else:
            option = " Space switches the option," if self._also else ""
            self.tell(f"Y goes on,{option} Esc leaves.", tone="warn")
        self.query_one("#also").display = self._has_option

    @property
    def _has_option(self) -> bool:
        return bool(self._also) and not self._to_type

    def _option(self) -> str:
        return f"[{'x' if self._is_also_wanted else ' '}] {self._also}"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves letters to the line where a word is typed."""
        if action == "also":
            return self._has_option
        return not (action == "confirm" and self._to_type)

    @on(Input.Submitted, "#confirm")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() == self._to_type:
            self.dismiss("yes")
        else:
            self.tell(f"That is not {self._to_type}. Nothing was done.")

    def action_confirm(self) -> None:
        self.dismiss("also" if self._is_also_wanted else "yes")

    def action_also(self) -> None:
        """Switches the second act on or off."""
        self._is_also_wanted = not self._is_also_wanted
        self.set_text("#also", self._option())

    def abandon(self) -> None:
        self.dismiss("no")

    def action_cancel(self) -> None:
        self.dismiss("no")
