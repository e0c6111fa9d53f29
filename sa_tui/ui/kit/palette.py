"""Every action of a screen in one list that is filtered as you type.

Textual's own palette sends three times as many bytes and draws a moving indicator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import Horizontal

from sa_tui.ui.kit.commands import Action, why_not
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.kit.table.table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

COLUMNS = (
    Column("title", "ACTION", width=16),
    Column("keys", "KEY", width=12),
    Column("help", "WHAT IT DOES", width=30, grow=1),
)


class PaletteDialog(Dialog[Action | None]):
    """Dismissed with the action that was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "cancel", "Cancel", "Back without doing anything", only="escape"),
        bind(Means.UP, "move(-1)", name="palette.up", only="up"),
        bind(Means.DOWN, "move(1)", name="palette.down", only="down"),
    ]

    def __init__(self, actions: Iterable[Action]) -> None:
        super().__init__()
        self._actions = {
            action.name: action for action in actions if action.is_enabled or why_not(action)
        }

    @property
    def crumb(self) -> str:
        return "Palette"

    def compose_body(self) -> ComposeResult:
        with Horizontal(classes="prompt-line"):
            yield Static(">", classes="prompt", markup=False)
            line = Input(placeholder="what to do; Enter does it, Esc goes back", compact=True)
            line.cursor_blink = False
            yield line
        yield LineTable(COLUMNS, row=self._row, empty="No action of that name.")

    def on_mount(self) -> None:
        self.query_one(LineTable).set_keys(tuple(self._actions))
        self.query_one(Input).focus()

    def _row(self, name: str) -> Sequence[Text | str]:
        action = self._actions[name]
        if reason := why_not(action):
            return tuple(Text(cell, style="quiet") for cell in (action.title, "", reason))
        return action.title, " ".join(action.keys), action.help

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        words = event.value.casefold().split()
        self.query_one(LineTable).set_keys(
            [
                name
                for name, action in self._actions.items()
                if all(word in f"{name} {action.title} {action.help}".casefold() for word in words)
            ]
        )

    def action_move(self, rows: int) -> None:
        """Moves in the list while the line keeps the focus."""
        self.query_one(LineTable).action_move_by(rows)

    @on(Input.Submitted)
    def _chosen(self) -> None:
        self.query_one(LineTable).action_open()

    @on(LineTable.Opened)
    def _opened(self, event: LineTable.Opened) -> None:
        self.dismiss(self._actions[event.key])

    def action_cancel(self) -> None:
        self.dismiss(None)
