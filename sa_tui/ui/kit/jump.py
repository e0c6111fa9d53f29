"""Goes to anything by a few characters of its name, the best name first.

The rule it keeps: Enter opens what the newest text finds, also when it was typed ahead.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal

from sa_tui.access.jumps import MOST_FOUND, Jump
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Line, Static
from sa_tui.ui.kit.table.table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.jumps import JumpList
    from sa_tui.org.snapshot import Snapshot

COLUMNS = (
    Column("name", "NAME", width=24, grow=1),
    Column("kind", "KIND", width=7),
    Column("where", "WHERE", width=16, grow=2),
)


class JumpDialog(Dialog[Jump | None]):
    """Dismissed with what to go to, or None. `pages` and `queries` are to be found as well."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "cancel", "Cancel", "Back without going anywhere", only="escape"),
        bind(Means.UP, "move(-1)", name="jump.up", only="up"),
        bind(Means.DOWN, "move(1)", name="jump.down", only="down"),
        bind(Means.PAGE_UP, "move(-10)", help="Ten up", name="jump.page-up", only="pageup"),
        bind(Means.PAGE_DOWN, "move(10)", help="Ten down", name="jump.page-down", only="pagedown"),
    ]
    # A key draws most lines anew: more of them would be too much for a slow terminal.
    DEFAULT_CSS: ClassVar[str] = """
    JumpDialog LineTable { height: 1fr; max-height: 13; }
    JumpDialog #message { height: auto; max-height: 4; margin: 0; padding: 0 1; }
    JumpDialog #jump-notice { height: 1; padding: 0 1; color: $text-muted; }
    """

    def __init__(
        self, jumps: JumpList, *, pages: Sequence[Jump], queries: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._jumps = jumps
        self._pages = pages
        self._queries = queries
        self._found: dict[str, Jump] = {}
        self._is_updating = False
        self._is_up_to_date = False
        self._is_entered = False

    @property
    def crumb(self) -> str:
        return "Jump"

    def compose_body(self) -> ComposeResult:
        with Horizontal(classes="prompt-line"):
            yield Static(">", classes="prompt", markup=False)
            line = Input(placeholder="where to: a name, or cpd for ci-prod-deployer", compact=True)
            line.cursor_blink = False
            yield line
        yield LineTable(COLUMNS, row=self._row)
        message = Static(id="message", classes="message", markup=False)
        message.display = False
        yield message
        yield Line(id="jump-notice", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.set_focus(self.query_one(Input))

    def _show_message(self) -> None:
        self.query_one("#message").display = True
        super()._show_message()

    # Finding

    def show(self, snapshot: Snapshot) -> None:
        if not self._is_updating:
            self._is_updating = True
            self.run_worker(self._update(), group="jump")

    async def _update(self) -> None:
        """Takes the newest snapshot, and each that comes meanwhile."""
        taken: Snapshot | None = None
        while (snapshot := self.host.snapshot) is not taken:
            for _ in self._jumps.update(snapshot, pages=self._pages, queries=self._queries):
                await asyncio.sleep(0)
            taken = snapshot
            self._is_up_to_date = True
            self._find()
        self._is_updating = False
        if self._is_entered:
            self.query_one(LineTable).action_open()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._find()
        if self._found:
            self.query_one(LineTable).move_to(next(iter(self._found)))

    def _find(self) -> None:
        typed = self.query_one(Input).value
        self._found = {jump.key: jump for jump in self._jumps.find(typed)}
        table = self.query_one(LineTable)
        table.set_keys(tuple(self._found))
        table.set_message(self._why_empty())
        table.redraw()
        self._show_notice()

    def _why_empty(self) -> str:
        return "Nothing that was read has such a name." if self._is_up_to_date else "Looking…"

    def _show_notice(self) -> None:
        """Says what is not searched, and that more was found than is shown."""
        parts = []
        if len(self._found) >= MOST_FOUND:
            parts.append(f"the first {MOST_FOUND}")
        if self._jumps.unread:
            parts.append(f"not read: {self._jumps.unread}")
        notice = self.query_one("#jump-notice", Static)
        text = " · ".join(parts) or "Enter opens, Esc goes back"
        if notice.content != text:
            notice.update(text, layout=False)

    def _row(self, key: str) -> Sequence[str]:
        jump = self._found.get(key)
        if jump is None:
            return ("",) * len(COLUMNS)
        return jump.name or "(no name)", jump.kind, jump.where

    # What the operator does

    def action_move(self, rows: int) -> None:
        """Moves in the list while the line keeps the focus."""
        self.query_one(LineTable).action_move_by(rows)

    @on(Input.Submitted)
    def _chosen(self) -> None:
        if self._is_up_to_date:
            self.query_one(LineTable).action_open()
        else:  # typed ahead
            self._is_entered = True

    @on(LineTable.Opened)
    def _opened(self, event: LineTable.Opened) -> None:
        self.dismiss(self._found.get(event.key))

    def action_cancel(self) -> None:
        self.dismiss(None)
