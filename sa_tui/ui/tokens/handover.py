"""The dialog that shows a new secret once, masked, until the operator says where it went.

It cannot be left by accident, and it keeps nothing of the secret when it closes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from rich.text import Text
from textual import on
from textual.containers import VerticalScroll

from sa_tui.base.secrets import NOT_DRAWN, is_drawable
from sa_tui.base.text import one_line
from sa_tui.base.times import until, utc
from sa_tui.handover.clipboard import ClipboardDestination
from sa_tui.handover.file import FileDestination
from sa_tui.konnect.errors import KonnectError, NotSignedIn
from sa_tui.org.issuing import deliver
from sa_tui.ui.kit.clipboard import secret_routes
from sa_tui.ui.kit.confirm import ConfirmDialog
from sa_tui.ui.kit.delivery_notes import UnselectableText
from sa_tui.ui.kit.key_bar import KeyBar
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.kit.terminal import show_bare
from sa_tui.ui.tokens.copying import CopyingDialog
from sa_tui.ui.tokens.deliver import DeliverDialog
from sa_tui.ui.tokens.secret import REVEAL_SECONDS, SecretLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import SecretStr
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.handover.delivery import Delivery, Destination
    from sa_tui.org.issuing import Issued
    from sa_tui.ui.kit.page import Value

Settled = Literal["acknowledged", "revoked"]

_RECORDERS = "Session recorders and scrollback keep what is shown."
_REVEALED = f"Masked again in {REVEAL_SECONDS:.0f} s. {_RECORDERS}"
_ID_CHARACTERS = 8


class HandoverDialog(CopyingDialog[Settled]):
    """Holds the secret of one token; dismissed with what became of the token.

    It is left by Enter after a confirmed delivery, by typing the account's name, or by revoking.
    Where the secret went has lines of its own, which no message replaces. `removed` says what
    became of the files that were to be removed with a revoked token.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.OPEN, "done", "Done", "Leave once delivered", name="secret.done"),
        bind(Means.DELIVER, "deliver", help="To a file or a command", name="secret.deliver"),
        bind(Means.REVOKE_ALL, "revoke", "Revoke", "Delete the token", name="secret.revoke"),
        bind(Means.COPY, "copy", help="Copy to the clipboard", name="secret.copy", only="y"),
        bind(Means.SHOW, "reveal", help="Show it for 20 s, or mask it", name="secret.reveal"),
        bind(Means.BARE, "plain", help="Alone on a bare page", name="secret.plain"),
        bind(Means.VERIFY, "verify", help="One call with the token", name="secret.verify"),
        bind(Means.TEST, "test", help="Copy a harmless word", name="secret.test"),
        bind(Means.BLANK, "blank", help="Overwrite the clipboard", name="secret.blank"),
        bind(
            Means.BACK,
            "stay",
            "Stay",
            "How to leave",
            name="secret.stay",
            only="escape,q",
            in_footer=False,
        ),
    ]

    must_stay = "First say where the token went: press Enter."

    def __init__(self, issued: Issued) -> None:
        super().__init__()
        self._label = issued.label
        self._entry = issued.entry
        self._delivery = issued.delivery
        self._secret: SecretStr | None = issued.token.secret
        self._line: SecretLine | None = None
        self._chosen = issued.destination
        if isinstance(issued.destination, ClipboardDestination):
            self.copies.append(issued.destination.route)
        self._files: list[FileDestination] = []
        self.removed: list[str] = []

    @property
    def delivered(self) -> str:
        """The last confirmed delivery that still holds, in a sentence; empty without one."""
        return self.notes.confirmed

    # Drawing

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="page"):
            yield UnselectableText("Access token issued", classes="title", markup=False)
            yield UnselectableText(self._about(), markup=False)
            if self._secret is not None:
                self._line = SecretLine(self._secret, sleep=self.host.dependencies.sleep)
                yield self._line
            yield self.notes
            yield UnselectableText(id="message", classes="message", markup=False)
            yield UnselectableText(id="detail", markup=False)
            yield UnselectableText(id="leaving", markup=False)
            yield Input(placeholder=self._label.account_name, id="account-name", compact=True)
        yield KeyBar()

    def _about(self) -> Text:
        label = self._label
        text = Text("Konnect shows its secret this once and never again.\n\n", style="bold")
        text.append(f"Token    {one_line(label.token_name)}\n", style="not bold")
        text.append(f"Account  {one_line(label.account_name)}", style="not bold")
        if label.expires_at is not None:
            time_left = until(label.expires_at, self.host.now())
            text.append(f"\nExpires  {utc(label.expires_at)}, {time_left}", style="not bold")
        return text

    def on_mount(self) -> None:
        self.routes = secret_routes(self.host.dependencies.environ)
        for route in tuple(self.copies):
            self.note_copy(route)
        name = self.query_one("#account-name", Input)
        name.display, name.cursor_blink = False, False
        if self._delivery is not None and self._chosen is not None:
            self._report(self._delivery, to=self._chosen)
        self.say_how_to_leave()

    def on_screen_suspend(self) -> None:
        self._mask()

    def value_changed(self, value: Value) -> None:
        super().value_changed(value)
        if value == "app_focus" and not self.app.app_focus:
            self._mask()

    def _mask(self) -> None:
        if self._line is not None:
            self._line.is_revealed = False

    def tell(self, text: str, *, tone: str = "bad", is_line: bool = True, detail: str = "") -> None:
        """Replaces the message, and below it what a program said."""
        self.when_ready(self._say_in, "#detail", detail)
        super().tell(text, tone=tone, is_line=is_line)

    def _report(self, delivery: Delivery, *, to: Destination) -> None:
        if delivery.status == "failed":
            self.tell(delivery.message, detail=delivery.detail)
        else:
            self.tell("", detail=delivery.detail)
            self.notes.note(delivery, kind=to.kind)
            if isinstance(to, FileDestination) and delivery.status == "delivered":
                self._files.append(to)
        self.say_how_to_leave()

    def _say_in(self, selector: str, text: str) -> None:
        self.query_one(selector, Static).update(text)

    def say_how_to_leave(self) -> None:
        """Says what Enter does now."""
        self.when_ready(
            self._say_in,
            "#leaving",
            "Delivered: Enter leaves this page, and the secret is gone from here. "
            f"{self.what_is_left()}"
            if self.delivered
            else "Not confirmed as delivered. Deliver it, revoke it (X), or press Enter and "
            "type the account's name to leave anyway.",
        )

    # Handing over

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offers B once something was copied, and few keys while the secret is in use."""
        if action == "blank" and not self.copies:
            return False
        is_calm = action in ("reveal", "stay", "copy_text")
        return None if self.is_busy and not is_calm else True

    async def hand_over(self, destination: Destination) -> None:
        """Delivers the secret to the destination and says what is known of the delivery."""
        org = self.host.org
        if self._secret is None or org is None:
            return
        if isinstance(destination, ClipboardDestination):
            self.note_copy(destination.route)
        destination = destination.filled(self._label)
        self.begin_delivery(destination)
        try:
            delivery = await deliver(
                self._secret,
                destination,
                label=self._label,
                entry=self._entry,
                org=org,
                journal=self.host.journal,
                stop=self.stop,
            )
        finally:
            self.end_delivery()
        self._report(delivery, to=destination)

    def action_deliver(self) -> None:
        """Asks for a file or a command and delivers there."""
        self.app.push_screen(DeliverDialog(self._label), self._destination_chosen)

    def _destination_chosen(self, destination: Destination | None) -> None:
        if destination is not None:
            self.begin_work(self.hand_over(destination))

    def action_reveal(self) -> None:
        """Shows the secret for a while, whole and in groups; a second press masks it."""
        if (line := self._line) is None:
            return
        if not line.is_drawable:
            self.tell(NOT_DRAWN, tone="warn")
            return
        line.is_revealed = not line.is_revealed
        if line.is_revealed:
            self.tell(_REVEALED, tone="warn")

    @on(SecretLine.Masked)
    def _masked_again(self) -> None:
        self.take_back(_REVEALED)

    def action_plain(self) -> None:
        """Shows a bare page with the secret alone on a line, in place of the application."""
        if self._secret is not None and not is_drawable(self._secret):
            self.tell(NOT_DRAWN, tone="warn")
        elif self._secret is not None:
            lines = [f"Token {self._label.token_name} of {self._label.account_name}.", _RECORDERS]
            show_bare(self.app, lines, self._secret)

    def action_verify(self) -> None:
        """Proves with one call that the token works."""
        self.tell("Asking Konnect with the new token…", tone="warn")
        self.begin_work(self._verify())

    async def _verify(self) -> None:
        org, secret = self.host.org, self._secret
        if org is None or secret is None:
            return
        try:
            organization = await org.verify(secret)
        except NotSignedIn:
            self.tell("Konnect does not accept the token yet. Wait a moment, then press V again.")
        except KonnectError as error:
            self.tell(f"Not verified: {error}")
        else:
            self.tell(f"Works: Konnect answered for {organization.name}.", tone="good")

    # Leaving

    def action_stay(self) -> None:
        """Says how to leave, for the keys that close other pages; stops a running delivery."""
        if self.stop_delivery():
            return
        name = self.query_one("#account-name", Input)
        if name.display:
            name.display = False
            self.set_focus(None)
        self.say_how_to_leave()

    def action_done(self) -> None:
        """Leaves after a confirmed delivery; else asks for the account's name."""
        if self.delivered:
            self._leave()
            return
        name = self.query_one("#account-name", Input)
        name.display = True
        # Not `focus()`: it comes after keys that were typed ahead, and X among them would revoke.
        self.set_focus(name)
        self.tell(
            f"To leave, type the account's name, or {self._short_id}, the start of its id: "
            f"{self._label.account_name}",
            tone="warn",
        )
        self.show_focused()

    @property
    def _short_id(self) -> str:
        """The beginning of the account's id, for a name that cannot be typed."""
        return self._label.account_id[:_ID_CHARACTERS]

    @on(Input.Submitted, "#account-name")
    def _name_typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() in (self._label.account_name.strip() or None, self._short_id):
            self._leave()
        else:
            self.tell("That is not the account's name. Esc goes back to the secret.")
            self.show_focused()

    def action_revoke(self) -> None:
        """Deletes the token by its id: at once, or after a yes if somebody may have the secret."""
        if not self.delivered:
            self._revoke_now()
            return
        reasons = [f"{self.delivered} What uses it from there stops working."]
        files = " and ".join(str(file.target) for file in self._files)
        also = f"Also remove {files}" if files else ""
        title = f"Revoke token {self._label.token_name}?"
        self.app.push_screen(ConfirmDialog(title, reasons, also=also), self._revoke_answered)

    def _revoke_answered(self, answer: str | None) -> None:
        if answer in ("yes", "also"):
            self._revoke_now(self._files if answer == "also" else ())

    def _revoke_now(self, files: Sequence[FileDestination] = ()) -> None:
        self.tell("Revoking…", tone="warn")
        self.begin_work(self._revoke(files))

    async def _revoke(self, files: Sequence[FileDestination]) -> None:
        org, label = self.host.org, self._label
        if org is None or label.token_id is None:
            return
        try:
            await org.revoke_token(label.account_id, label.token_id)
        except KonnectError as error:
            self.tell(f"Not confirmed as revoked. Press X to try again. {error}")
            return
        secret = self._secret
        self._drop()
        if secret is not None:
            self.removed += [await file.remove(secret, label) for file in files]
        await self.leave("revoked")

    def _leave(self) -> None:
        self._drop()
        self.dismiss("acknowledged")

    def _drop(self) -> None:
        """Forgets the secret."""
        self._secret = None
        if self._line is not None:
            self._line.drop()
