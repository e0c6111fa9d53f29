"""The hand-overs of this machine and the rotations under way: what became of each, what is due.

It shows what the records on the disk say; what waits for somebody comes first.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import Container, VerticalScroll

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.base.words import plural
from sa_tui.records.journal import JournalError
from sa_tui.ui.kit import go
from sa_tui.ui.kit.beside import DETAIL
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Static
from sa_tui.ui.kit.screen import SnapshotScreen
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.kit.workers import QUESTIONS
from sa_tui.ui.tokens import rotating
from sa_tui.ui.tokens.waiting import all_work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.verbs import Verb
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.records.journal import Unfinished
    from sa_tui.ui.tokens.waiting import Work

COLUMNS = (
    Column("state", "STATE", width=20),
    Column("token", "TOKEN", width=20, grow=2),
    Column("account", "ACCOUNT", width=16, grow=1),
    Column("when", "BEGUN UTC", width=16, priority=1),
)
_EMPTY = "No token was handed over from this machine, and none is being rotated."


class HandoversScreen(SnapshotScreen):
    """The list, and everything that is known of the row under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.RETIRE, "retire", help="Retire the old token", verb=verbs.RETIRE_TOKEN),
        bind(Means.REFRESH, "refresh", help="Read everything again"),
        bind(Means.BACK, "back"),
        bind(Means.LEFT, "back", "Back", name="back-too", only="left"),
    ]
    DEFAULT_CSS: ClassVar[str] = """
    HandoversScreen LineTable { height: 1fr; min-height: 3; }
    HandoversScreen #about-work { height: 8; padding: 0 1; border-top: solid $panel;
                                  scrollbar-size-vertical: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, Work] = {}
        self._problem = ""

    @property
    def crumb(self) -> str:
        return "Hand-overs"

    # Drawing

    def compose_body(self) -> ComposeResult:
        with Container(classes="beside"):
            yield LineTable(COLUMNS, row=self._row, empty=_EMPTY, id="handovers")
            with VerticalScroll(id="about-work", classes=f"aside {DETAIL}", can_focus=False):
                yield Static(id="work", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(LineTable).focus()

    def show(self, snapshot: Snapshot) -> None:
        try:
            rows, self._problem = all_work(self.host), ""
        except JournalError as error:
            rows, self._problem = (), str(error)
        self._rows = {row.key: row for row in rows}
        # Whether a rotation is due depends on the last use of its old token.
        self.host.read_details(
            [row.account_id for row in rows if row.handover is None and row.state == "rotating"]
        )
        table = self.query_one(LineTable)
        table.set_keys(tuple(self._rows))
        table.redraw()
        self._show_chosen()

    def _row(self, key: str) -> Sequence[Text | str]:
        row = self._rows.get(key)
        if row is None:
            return ("(gone)", *[""] * (len(COLUMNS) - 1))
        return (
            Text(row.state, style=row.tone),
            row.token_name,
            row.account_name,
            f"{row.at.astimezone(UTC):%Y-%m-%d %H:%M}",
        )

    @property
    def _chosen(self) -> Work | None:
        return self._rows.get(self.query_one(LineTable).cursor_key or "")

    @on(LineTable.Highlighted)
    def _show_chosen(self) -> None:
        row = self._chosen
        lines = () if row is None else (f"{row.token_name} of {row.account_name}", *row.lines)
        self.set_text("#work", "\n".join(one_line(line, limit=PROSE_LIMIT) for line in lines))
        self.refresh_bindings()

    def summary(self, snapshot: Snapshot) -> Text:
        waiting = sum(row.waits for row in self._rows.values())
        return Text(f"{plural(len(self._rows), 'hand-over')}, {waiting} to settle")

    def trouble(self, snapshot: Snapshot) -> Text | None:
        notices = (
            self._problem,
            *self.host.records.journal.notices,
            *self.host.records.rotations.notices,
        )
        text = " ".join(filter(None, notices))
        return Text(text, style="bold red") if text else None

    # What the operator does

    @on(LineTable.Opened)
    def _open(self) -> None:
        """Asks what becomes of a token that nobody acknowledged; else shows its account."""
        row = self._chosen
        if row is None:
            return
        if row.handover is None or not row.waits:
            self.post_message(go.OpenAccount(row.account_id, row.token_id))
        elif self.host.is_read_only:
            self.host.say("This profile is read-only: open it without read-only to settle this.")
        else:
            self.host.run_worker(self._settle(row.handover.entry), group=QUESTIONS)

    async def _settle(self, entry: Unfinished) -> None:
        from sa_tui.ui.tokens.issuing import recover

        if self.host.org is not None and self.host.profile is not None:
            base_url = self.host.profile.base_url
            await recover(self.host, [entry], org=self.host.org, base_url=base_url)
            self.refresh_page()

    def targets(self, verb: Verb) -> tuple[Sequence[Target], int]:
        row = self._chosen
        return ([Target(account_id=row.account_id)] if row is not None else []), 0

    def action_retire(self) -> None:
        if (row := self._chosen) is not None and row.handover is None:
            rotating.retire(self.host, row.account_id, row.token_id)
        else:
            self.host.say("Only the old token of a rotation is retired.")

    def action_refresh(self) -> None:
        self.host.load()

    def action_back(self) -> None:
        """Goes back."""
        self.dismiss()
