"""The one-time dialog: a fresh secret, masked, until the operator says where it went.

It cannot be left by accident. Nothing covers it, and nothing of it is kept when it closes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from rich.text import Text
from textual import events, on
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Footer, Input, Static

from sa_tui.api.errors import KonnectError, NotSignedIn
from sa_tui.handover.clipboard import send_test
from sa_tui.handover.masked import chunks, mask
from sa_tui.ui.dialogs.deliver import DeliverDialog
from sa_tui.ui.dialogs.dialog import Dialog
from sa_tui.ui.format import until, utc
from sa_tui.ui.terminal import show_bare, write_raw
from sa_tui.ui.widgets.destination import clipboard_routes

if TYPE_CHECKING:
    from pydantic import SecretStr
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from sa_tui.handover.clipboard import Route
    from sa_tui.handover.delivery import Delivery
    from sa_tui.org.issuing import Issued

REVEAL_SECONDS = 20.0

Settled = Literal["acknowledged", "revoked"]

_RECORDERS = "Session recorders and scrollback keep what is shown."


class HandoverDialog(Dialog[Settled]):
    """Holds the secret of one token; dismissed with what became of it.

    Left by Enter after a confirmed delivery, by typing the account's name, or by revoking.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Copy", tooltip="Copy to the clipboard", id="secret.copy"),
        Binding("d", "deliver", "File or command", tooltip="Deliver it", id="secret.deliver"),
        Binding("r", "reveal", "Reveal", tooltip="Show it for 20 s", id="secret.reveal"),
        Binding("p", "plain", "Plain page", tooltip="Alone on a bare page", id="secret.plain"),
        Binding("v", "verify", "Verify", tooltip="One call with the token", id="secret.verify"),
        Binding("t", "test", "Test clipboard", tooltip="Copy a harmless word", id="secret.test"),
        Binding("X", "revoke", "Revoke now", tooltip="Delete the token", id="secret.revoke"),
        Binding("enter", "done", "Done", tooltip="Leave once delivered", id="secret.done"),
        Binding("escape,q", "stay", show=False, id="secret.stay"),
    ]

    must_stay = "Say where the token went first: Enter."

    def __init__(self, issued: Issued) -> None:
        super().__init__()
        self._issued = issued
        self._secret: SecretStr | None = issued.token.secret
        self._route: Route | None = None
        self._is_delivered = False
        self._is_copied = False
        self._masking: Timer | None = None

    # Drawing

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="page"):
            yield Static("Access token issued", classes="title", markup=False)
            yield Static(self._about(), markup=False)
            yield Static(id="secret", markup=False)
            yield Static(id="message", classes="message", markup=False)
            yield Static(id="detail", markup=False)
            yield Static(id="leaving", markup=False)
            yield Input(
                placeholder=self._issued.label.account_name, id="account-name", compact=True
            )
        yield Footer(compact=True, show_command_palette=False)

    def _about(self) -> Text:
        label = self._issued.label
        text = Text("Konnect shows this secret once. It is nowhere else yet.\n\n", style="bold")
        text.append(f"Token    {label.token_name}\nAccount  {label.account_name}", style="not bold")
        if label.expires_at is not None:
            until_then = until(label.expires_at, self.sa_tui.now())
            text.append(f"\nExpires  {utc(label.expires_at)}, {until_then}", style="not bold")
        return text

    def on_mount(self) -> None:
        routes = clipboard_routes(self.sa_tui.wiring.environ)
        self._route = routes[0] if routes else None
        name = self.query_one("#account-name", Input)
        name.display, name.cursor_blink = False, False
        self._mask()
        if self._issued.delivery is not None:
            self._report(self._issued.delivery)
        self._say_how_to_leave()

    def _mask(self) -> None:
        if self._masking is not None:
            self._masking.stop()
            self._masking = None
        if self._secret is not None:
            self._show_secret(Text(mask(self._secret)), is_revealed=False)

    def _show_secret(self, text: Text, *, is_revealed: bool) -> None:
        line = self.query_one("#secret", Static)
        line.set_class(is_revealed, "revealed")
        line.update(text)

    def _report(self, delivery: Delivery) -> None:
        tones = {"delivered": "good", "sent": "warn", "failed": "bad"}
        self._is_delivered = self._is_delivered or delivery.status == "delivered"
        self.tell(delivery.message, tone=tones[delivery.status])
        self.query_one("#detail", Static).update(delivery.detail)
        self._say_how_to_leave()

    def _say_how_to_leave(self) -> None:
        self.query_one("#leaving", Static).update(
            "Delivered: Enter leaves this page. The secret is then gone from here."
            if self._is_delivered
            else "Not confirmed as delivered. Deliver it, revoke it (X), or Enter and type the "
            "account's name to leave all the same."
        )

    # Handing over

    async def action_copy(self) -> None:
        """Copies the secret by the best route; says no more than what is known."""
        if self._route is None:
            self.tell("No way to a clipboard is known here: d delivers to a file or a command.")
        elif self._secret is not None:
            self._is_copied = True
            self._report(await self._route.send(self._secret, write=self._write))

    async def action_test(self) -> None:
        """Copies a harmless word by the same route."""
        if self._route is None:
            self.tell("No way to a clipboard is known here.")
        else:
            delivery = await send_test(self._route, write=self._write)
            tone = "bad" if delivery.status == "failed" else "warn"
            self.tell(delivery.message, tone=tone)

    def _write(self, sequence: str) -> None:
        write_raw(self.app, sequence)

    def action_deliver(self) -> None:
        """Asks for a file or a command and delivers there."""
        self.run_worker(self._deliver_elsewhere())

    async def _deliver_elsewhere(self) -> None:
        destination = await self.app.push_screen_wait(DeliverDialog(self._issued.label))
        if destination is not None and self._secret is not None:
            self.tell(f"Delivering to {destination.describe()}…", tone="warn")
            self._is_copied = self._is_copied or destination.kind == "clipboard"
            self._report(await destination.deliver(self._secret, self._issued.label))

    def action_reveal(self) -> None:
        """Shows the secret for a while, whole and in groups; a second press masks it again."""
        if self._masking is not None:
            self._mask()
        elif self._secret is not None:
            text = Text(self._secret.get_secret_value(), style="bold")
            text.append("\n" + " ".join(chunks(self._secret)), style="not bold dim")
            self._show_secret(text, is_revealed=True)
            self._masking = self.set_timer(REVEAL_SECONDS, self._mask)
            self.tell(f"Masked again in {REVEAL_SECONDS:.0f} s. {_RECORDERS}", tone="warn")

    @on(events.AppBlur)
    def _looked_away(self) -> None:
        self._mask()

    def action_plain(self) -> None:
        """Leaves the application's page for a bare one with the secret alone on a line."""
        if self._secret is not None:
            label = self._issued.label
            lines = [f"Token {label.token_name} of {label.account_name}.", _RECORDERS]
            show_bare(self.app, lines, self._secret.get_secret_value())

    def action_verify(self) -> None:
        """Proves with one call that the token works."""
        self.tell("Asking Konnect with the new token…", tone="warn")
        self.run_worker(self._verify(), exclusive=True, group="verify")

    async def _verify(self) -> None:
        org, secret = self.sa_tui.org, self._secret
        if org is None or secret is None:
            return
        try:
            organization = await org.verify(secret)
        except NotSignedIn:
            self.tell(
                "Konnect does not take the token yet. A new one can need a moment: v tries again."
            )
        except KonnectError as error:
            self.tell(f"Not verified: {error}")
        else:
            self.tell(f"Works: Konnect answered for {organization.name}.", tone="good")

    # Leaving

    def action_stay(self) -> None:
        """Answers the keys that close other pages."""
        name = self.query_one("#account-name", Input)
        if name.display:
            name.display = False
            self.set_focus(None)
        self._say_how_to_leave()

    def insist(self) -> None:
        """Says why the application cannot be left now."""
        self.tell(self.must_stay, tone="warn")

    def action_done(self) -> None:
        """Leaves after a confirmed delivery; else asks for the account's name."""
        if self._is_delivered:
            self.run_worker(self._leave("acknowledged"))
            return
        name = self.query_one("#account-name", Input)
        name.display = True
        name.focus()
        self.tell(
            f"Type the account's name to leave: {self._issued.label.account_name}", tone="warn"
        )

    @on(Input.Submitted, "#account-name")
    def _name_typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() == self._issued.label.account_name.strip():
            self.run_worker(self._leave("acknowledged"))
        else:
            self.tell("That is not the account's name. Esc goes back to the secret.")

    def action_revoke(self) -> None:
        """Deletes the token at once, by its id."""
        self.tell("Revoking…", tone="warn")
        self.run_worker(self._revoke(), exclusive=True, group="revoke")

    async def _revoke(self) -> None:
        org, label = self.sa_tui.org, self._issued.label
        if org is None or label.token_id is None:
            return
        try:
            await org.revoke_token(label.account_id, label.token_id)
        except KonnectError as error:
            self.tell(f"NOT revoked: {error}")
        else:
            await self._leave("revoked")

    async def _leave(self, settled: Settled) -> None:
        if self._is_copied and self._route is not None:
            await self._route.clear(write=self._write)
        self._secret = None
        self.query_one("#secret", Static).update("")
        self.dismiss(settled)
