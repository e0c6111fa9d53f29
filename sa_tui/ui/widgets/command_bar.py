"""The line that `:` opens: every action by its name, and a few that take an argument."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import Binding
from textual.suggester import SuggestFromList
from textual.widgets import Input

from sa_tui.ui.commands import names

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.widget import Widget

    from sa_tui.ui.app import SaTui


class CommandBar(Input):
    """Hidden until `:`; Right takes the suggestion, Enter runs it, Esc goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Cancel", id="command.cancel"),
    ]

    def __init__(self) -> None:
        super().__init__(placeholder="command, such as accounts or profile NAME", compact=True)
        self.display = False
        self.cursor_blink = False
        self._was_focused: Widget | None = None

    def open(self) -> None:
        """Shows the line, ready to be typed in."""
        self._was_focused = self.screen.focused
        self.suggester = SuggestFromList(names(self.screen), case_sensitive=False)
        self.value = ""
        self.display = True
        self.focus()

    def action_close(self) -> None:
        """Hides the line and goes back to where the operator was."""
        self.display = False
        if self._was_focused is not None:
            self._was_focused.focus()

    @on(Input.Submitted)
    def _run(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_close()
        cast("SaTui", self.app).run_command(event.value)
