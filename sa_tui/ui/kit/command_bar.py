"""The line that `:` opens: it runs every action by its name, and a few commands with arguments.

What was run before comes back with Up and Down, also after the next start.
"""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.containers import Horizontal
from textual.suggester import Suggester

from sa_tui.ui.kit import go
from sa_tui.ui.kit.commands import completions
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from sa_tui.ui.kit.commands import CommandHost
    from sa_tui.ui.kit.history import History
    from sa_tui.ui.kit.host import Host


MOST_SHOWN = 30
"""So many completions are shown at most: no terminal has room for more."""


class _FirstCompletion(Suggester):
    """Suggests the first completion of what was typed."""

    def __init__(self, host: CommandHost) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._host = host

    async def get_suggestion(self, value: str) -> str | None:
        return next(iter(completions(self._host, value, with_queries=False)), None)


class CommandBar(Horizontal):
    """Hidden until `:` opens it; Tab or Right completes, Enter runs the command, Esc goes back."""

    HELP_TITLE = "While you type a command"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.NEXT, "complete", "Complete", "Complete", name="command.complete"),
        bind(Means.UP, "recall(True)", "Before", name="command.earlier", only="up"),
        bind(Means.DOWN, "recall(False)", "After", name="command.later", only="down"),
        bind(
            Means.BACK,
            "close",
            "Cancel",
            "Back to the screen",
            name="command.cancel",
            only="escape",
        ),
    ]

    _was_focused: Widget | None = None
    _completions: Sequence[str] = ()
    _completed = ""

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
        line.suggester = _FirstCompletion(cast("CommandHost", self.app))
        line.value = self._completed = ""
        self.display = True
        # Not `focus()`, which takes effect too late: keys typed ahead would go to the list.
        self.screen.set_focus(line)

    def action_close(self) -> None:
        """Hides the line and gives the focus back to the widget that had it."""
        self.display = False
        if self._was_focused is not None:
            self.screen.set_focus(self._was_focused)

    def action_complete(self) -> None:
        """Completes what all completions share and lists them; a further Tab takes the next one."""
        host, line = cast("CommandHost", self.app), self.query_one(Input)
        if line.value != self._completed or not self._completions:
            self._completions = completions(host, line.value)
            text = commonprefix(self._completions)  # noqa: RUF071 - character by character
            if len(text) <= len(line.value):
                text = self._completions[0] if self._completions else line.value
        else:
            is_one = self._completed in self._completions
            place = self._completions.index(self._completed) if is_one else -1
            text = self._completions[(place + 1) % len(self._completions)]
        line.value = self._completed = text
        line.cursor_position = len(text)
        last_words = [command.partition(" ")[2] or command for command in self._completions]
        host.say("  ".join(last_words[:MOST_SHOWN]) or "Nothing begins with that.")

    @property
    def _history(self) -> History:
        return cast("Host", self.app).memory.commands

    def action_recall(self, is_earlier: bool) -> None:
        """Shows the command before or after this one in the history."""
        line = self.query_one(Input)
        history = self._history
        text = history.earlier(line.value) if is_earlier else history.later(line.value)
        if text is not None:
            line.value = text
            line.cursor_position = len(text)

    @on(Input.Submitted)
    def _run(self, event: Input.Submitted) -> None:
        event.stop()
        self._history.add(event.value)
        self.action_close()
        self.post_message(go.RunCommand(event.value))
