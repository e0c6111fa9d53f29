"""The line that `:` opens: every action by its name, and a few that take an argument."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.suggester import SuggestFromList

from sa_tui.ui.commands import names
from sa_tui.ui.widgets.safe import Input, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from sa_tui.ui.app import SaTui


class CommandBar(Horizontal):
    """Hidden until `:`; Right takes the suggestion, Enter runs it, Esc goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Cancel", tooltip="Back to the screen", id="command.cancel"),
    ]

    _was_focused: Widget | None = None

    def compose(self) -> ComposeResult:
        yield Static(":", classes="prompt", markup=False)
        line = Input(placeholder="a command; Right completes it, Esc goes back", compact=True)
        line.cursor_blink = False
        yield line

    def on_mount(self) -> None:
        self.display = False

    def open(self) -> None:
        """Shows the line, ready to be typed in."""
        line = self.query_one(Input)
        self._was_focused = self.screen.focused
        line.suggester = SuggestFromList(names(self.screen), case_sensitive=False)
        line.value = ""
        self.display = True
        # At once: `focus()` comes after keys that were typed ahead, which the list would take.
        self.screen.set_focus(line)

    def action_close(self) -> None:
        """Hides the line and goes back to where the operator was."""
        self.display = False
        if self._was_focused is not None:
            self.screen.set_focus(self._was_focused)

    @on(Input.Submitted)
    def _run(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_close()
        cast("SaTui", self.app).run_command(event.value)
