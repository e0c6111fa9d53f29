"""The keys that work on a screen, told by the screen's own bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from sa_tui.ui.commands import WITH_ARGUMENT
from sa_tui.ui.dialogs.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.ui.commands import Action

_MOVING = (
    ("↑ ↓ j k", "one row"),
    ("PgUp PgDn", "one screenful; also Ctrl+U, Ctrl+D"),
    ("g G", "first and last row; also Home, End"),
    ("Enter", "open the row"),
    ("Tab", "the next part of the screen"),
)
_SIGNS = (
    ("…", "not read yet"),
    ("?", "could not be read, or is not certain: unknown, never zero"),
    ("!", "a live token expires within 14 days"),
)


class HelpDialog(Dialog[None]):
    """One line for each action, with its key and its name for `:`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "close", "Close", id="close"),
    ]

    def __init__(self, actions: Iterable[Action]) -> None:
        super().__init__()
        self._actions = tuple(actions)

    def compose(self) -> ComposeResult:
        text = Text()
        _section(text, "Here", ((_keys(action), _what(action)) for action in self._actions))
        _section(text, "In a list", _MOVING)
        _section(text, "What the signs mean", _SIGNS)
        _section(
            text, "Commands with a word after them", ((":", row) for row in WITH_ARGUMENT.values())
        )
        with VerticalScroll(classes="page"):
            yield Static("Keys · Esc closes", classes="title", markup=False)
            yield Static(text, markup=False)

    def action_close(self) -> None:
        """Back to the screen."""
        self.dismiss()


def _keys(action: Action) -> str:
    return " ".join(action.keys)


def _what(action: Action) -> str:
    refused = "" if action.is_enabled else " (not now)"
    return f":{action.name:<14} {action.help}{refused}"


def _section(text: Text, title: str, rows: Iterable[tuple[str, str]]) -> None:
    text.append(f"\n{title}\n", style="bold")
    for keys, what in rows:
        text.append(f"  {keys:<14} ", style="bold")
        text.append(f"{what}\n", style="not bold")
