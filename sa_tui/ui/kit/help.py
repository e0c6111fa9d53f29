"""The keys that work on a screen, taken from the screen's own bindings."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.containers import VerticalScroll

from sa_tui.access.query.account_terms import IDLE_AFTER
from sa_tui.ui.kit import commands
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.screen import Screen

    from sa_tui.ui.kit.commands import Action

_SIGNS = (
    ("…", "not read yet"),
    ("?", "could not be read, or is not certain: unknown, never zero"),
    ("!", "a live token expires within 14 days"),
    ("x", f"beside a count of live tokens: none was used for {IDLE_AFTER.days} days"),
)

_MARGIN = 6
"""The cells of a line that the dialog's edge and its scroll bar take."""
_KEYS_WIDTH = 17
_NAMES_WIDTH = 16


class HelpDialog(Dialog[None]):
    """One line for each action, with its key and its name for `:`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "close", "Close", "Back", name="help.close", only="escape,q"),
        bind(Means.HELP, "close", "Close", "Back", name="help.help"),
    ]

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self._screen = screen
        self._width = 0

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="page"):
            yield Static("Keys · Esc closes", classes="title", markup=False)
            self._width = self.host.size.width
            yield Static(self._keys(), id="keys", markup=False)

    def on_resize(self) -> None:
        super().on_resize()
        if self._width != self.size.width:
            self._width = self.size.width
            self.query_one("#keys", Static).update(self._keys())

    def _keys(self) -> Text:
        text, width = Text(), self._width - _MARGIN
        actions = commands.actions(self._screen)
        list_actions = commands.actions_in_list(self._screen)
        command_lines = commands.with_argument(self._screen).values()
        here = ((_keys(action), _explain(action)) for action in actions)
        _section(text, "Here", here, width=width, indent=_NAMES_WIDTH)
        in_list = ((_keys(action), action.help) for action in list_actions)
        _section(text, "In a list", in_list, width=width)
        _section(text, "What the signs mean", _SIGNS, width=width)
        with_argument = ((":", line) for line in command_lines)
        _section(text, "Commands with an argument", with_argument, width=width)
        return text

    def action_close(self) -> None:
        self.dismiss()


def _keys(action: Action) -> str:
    return " ".join(action.keys)


def _explain(action: Action) -> str:
    refused = "" if action.is_enabled else " (not now)"
    return f":{action.name:<14} {action.help}{refused}"


def _section(
    text: Text, title: str, rows: Iterable[tuple[str, str]], *, width: int, indent: int = 0
) -> None:
    """Adds a title and its rows; what does not fit on a line goes on below its own column."""
    text.append(f"\n{title}\n", style="bold")
    for keys, explanation in rows:
        text.append(f"  {keys:<14} ", style="bold")
        lines = wrap(explanation, max(20, width - _KEYS_WIDTH), subsequent_indent=" " * indent)
        text.append(f"\n{' ' * _KEYS_WIDTH}".join(lines) + "\n", style="not bold")
