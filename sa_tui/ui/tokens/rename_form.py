"""The form that renames an access token."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, VerticalScroll

from sa_tui.base.typable import is_typable, trimmed
from sa_tui.org.names import alike_words, looks_like
from sa_tui.org.rotating import NAME_CHARACTERS
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.tokens.rows import exact_dates

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.org.changes.change import Outcome


class RenameForm(Dialog[None]):
    """Sends nothing itself: the new name is reviewed first, and stays here until it was sent."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "cancel", "Cancel", "Leave without a change", only="escape"),
    ]

    def __init__(self, account: SystemAccount, token: AccessToken) -> None:
        super().__init__()
        self._account = account
        self._token = token
        self._warned_name = ""

    @property
    def crumb(self) -> str:
        return "Rename"

    def compose_body(self) -> ComposeResult:
        title = f"Rename token {self._token.name} of {self._account.name}"
        with VerticalScroll(classes="page", can_focus=False):
            yield Static(title, classes="title", markup=False)
            yield Static(exact_dates(self._token), markup=False)
            with Horizontal(classes="field spaced"):
                yield Static("Name", classes="caption", markup=False)
                field = Input(
                    self._token.name, id="token-name", compact=True, max_length=NAME_CHARACTERS
                )
                field.cursor_blink = False
                yield field
            yield Static(id="message", classes="message", markup=False)
            yield Static("Enter goes on to the review · Esc cancels", classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one("#token-name", Input).focus()

    @on(Input.Submitted)
    def _review(self, event: Input.Submitted) -> None:
        from sa_tui.org.changes.accounts import rename_token

        name = trimmed(event.value, before=self._token.name)
        tokens = self.host.snapshot.details_of(self._account.id).tokens.value
        taken_names = (
            {token.name for token in tokens.rows if token.id != self._token.id} if tokens else set()
        )
        if not name.strip() or not is_typable(name, before=self._token.name):
            self.tell("Give the token a name of printable characters.")
        elif name == self._token.name:
            self.tell("The token has this name already: there is nothing to send.", tone="warn")
        elif name in taken_names:
            self.tell(f"{self._account.name} already has a token named {name}.")
        elif (
            alike_name := looks_like(name, taken_names)
        ) is not None and self._warned_name != name:
            self._warned_name = name
            self.tell(f"{alike_words(alike_name)} Enter again goes on.", tone="warn")
        else:
            change = rename_token(self._account, self._token, name=name)
            self.host.review("", [change], then=self._reviewed)

    def _reviewed(self, outcomes: tuple[Outcome, ...] | None) -> None:
        if outcomes and all(outcome.is_good for outcome in outcomes):
            self.dismiss()

    def action_cancel(self) -> None:
        """Leaves the name as it is."""
        self.dismiss()
