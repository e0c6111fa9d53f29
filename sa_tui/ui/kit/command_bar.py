"""The line that `:` opens: every action by its name, and a few that take an argument."""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.containers import Horizontal
from textual.suggester import Suggester

from sa_tui.ui.kit import go
from sa_tui.ui.kit.commands import completions
from sa_tui.ui.kit.keys import main_key
from sa_tui.ui.kit.safe import Input, Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from sa_tui.ui.kit.commands import Commanded


MOST_SAID = 30
"""Of what a command may become: more has no room on any terminal."""


class _First(Suggester):
    """Suggests the first of what can be typed."""

    def __init__(self, app: Commanded) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._app = app

    async def get_suggestion(self, value: str) -> str | None:
        return next(iter(completions(self._app, value)), None)


class CommandBar(Horizontal):
    """Hidden until `:`; Tab or Right completes, Enter runs it, Esc goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        main_key("tab", "complete", "Complete", "Complete", id="command.complete"),
        main_key("escape", "close", "Cancel", "Back to the screen", id="command.cancel"),
    ]

    _was_focused: Widget | None = None
    _offered: Sequence[str] = ()
    _taken = ""

    def compose(self) -> ComposeResult:
        yield Static(":", classes="prompt", markup=False)
        line = Input(placeholder="a command; Tab completes it, Esc goes back", compact=True)
        line.cursor_blink = False
        yield line

    def on_mount(self) -> None:
        self.display = False

    def open(self) -> None:
        """Shows the line, ready to be typed in."""
        line = self.query_one(Input)
        self._was_focused = self.screen.focused
        line.suggester = _First(cast("Commanded", self.app))
        line.value = self._taken = ""
        self.display = True
        # At once: `focus()` comes after keys that were typed ahead, which the list would take.
        self.screen.set_focus(line)

    def action_close(self) -> None:
        """Hides the line and goes back to where the operator was."""
        self.display = False
        if self._was_focused is not None:
            self.screen.set_focus(self._was_focused)

    def action_complete(self) -> None:
        """Completes as far as it is certain, and says what it may become; again takes the next."""
        app, line = cast("Commanded", self.app), self.query_one(Input)
        if line.value != self._taken or not self._offered:
            self._offered = completions(app, line.value)
            taken = commonprefix(self._offered)  # noqa: RUF071 - letter by letter is what is meant
            if len(taken) <= len(line.value):
                taken = self._offered[0] if self._offered else line.value
        else:
            at = self._offered.index(self._taken) if self._taken in self._offered else -1
            taken = self._offered[(at + 1) % len(self._offered)]
        line.value = self._taken = taken
        line.cursor_position = len(taken)
        last_words = [each.partition(" ")[2] or each for each in self._offered]
        app.say("  ".join(last_words[:MOST_SAID]) or "Nothing is known that begins so.")

    @on(Input.Submitted)
    def _run(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_close()
        self.post_message(go.RunCommand(event.value))
