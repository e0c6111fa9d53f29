"""One system account on the whole screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding

from sa_tui.org.summary import is_read
from sa_tui.ui.format import utc
from sa_tui.ui.screen import SnapshotScreen
from sa_tui.ui.widgets.account_pane import AccountPane

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.snapshot import Details, Snapshot


class AccountScreen(SnapshotScreen):
    """What one account is, its tokens, its direct roles and its teams."""

    AUTO_FOCUS = ""  # it would scroll to the middle of a page that has no layout yet

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,left", "back", "Back", tooltip="Back to the list", id="back"),
        Binding("q", "back", "Back", show=False, tooltip="Back to the list", id="back-too"),
        Binding("i", "issue", "Issue token", tooltip="Issue an access token", id="issue"),
        Binding(
            "r",
            "refresh",
            "Refresh",
            tooltip="Read its tokens, roles and teams again",
            id="refresh",
        ),
        Binding("y", "copy_id", "Copy id", tooltip="Copy the account's id", id="copy-id"),
    ]

    def __init__(self, account_id: str) -> None:
        super().__init__()
        self.account_id = account_id
        self._outdated: Details | None = None

    def compose_body(self) -> ComposeResult:
        yield AccountPane()

    def on_mount(self) -> None:
        super().on_mount()
        self.sa_tui.read_details([self.account_id])
        self.query_one("#tokens").focus(scroll_visible=False)

    def show(self, snapshot: Snapshot) -> None:
        self.query_one(AccountPane).show(self.account_id)

    def summary(self, snapshot: Snapshot) -> Text:
        details = snapshot.details_of(self.account_id)
        if details.is_unread:
            return Text("Reading tokens, roles and teams…")
        if details is self._outdated:
            return Text("Reading tokens, roles and teams again…")
        moments = [
            part.read_at
            for part in (details.tokens, details.roles, details.teams)
            if part.read_at is not None
        ]
        line = Text(f"read {utc(min(moments))}" if moments else "Nothing could be read")
        if not is_read(details):
            line.append(" · not everything could be read: r reads again", style="bold yellow")
        return line

    def action_back(self) -> None:
        self.dismiss()

    def action_issue(self) -> None:
        self.sa_tui.issue_token(self.account_id)

    def action_refresh(self) -> None:
        self._outdated = self.sa_tui.snapshot.details_of(self.account_id)
        self.sa_tui.read_details([self.account_id], again=True)
        self.say()

    def action_copy_id(self) -> None:
        self.sa_tui.copy_id(self.account_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Greys out what a read-only profile refuses."""
        return None if action == "issue" and self.sa_tui.is_read_only else True
