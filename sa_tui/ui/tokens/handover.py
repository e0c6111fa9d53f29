"""The dialog that shows a new secret once, masked, until the operator says where it went.

It cannot be left by accident, and it keeps nothing of the secret when it closes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on

from sa_tui.base.secrets import NOT_DRAWN, is_drawable
from sa_tui.ui.kit.confirm import ConfirmDialog
from sa_tui.ui.kit.delivery_notes import UnselectableText, headline
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.kit.scroll import Scroll
from sa_tui.ui.kit.terminal import show_bare
from sa_tui.ui.tokens.deliver import DeliverDialog
from sa_tui.ui.tokens.delivering import RunningDelivery
from sa_tui.ui.tokens.handing_over import HandingOver
from sa_tui.ui.tokens.paste_back import NameField
from sa_tui.ui.tokens.secret import REVEAL_SECONDS, SecretLine
from sa_tui.ui.tokens.secret_work import SecretWork, removed_files, revoked, verified
from sa_tui.ui.tokens.token_facts import facts, next_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.handover.delivery import Destination
    from sa_tui.handover.file import FileDestination
    from sa_tui.org.issuing import Issued
    from sa_tui.ui.kit.page import Value

Settled = Literal["acknowledged", "revoked"]

_RECORDERS = "Session recorders and scrollback keep what is shown."
_REVEALED = f"Masked again in {REVEAL_SECONDS:.0f} s. {_RECORDERS}"
_ID_CHARACTERS = 8
_WITH_SECRET = frozenset({"again", "deliver", "copy", "reveal", "plain", "verify", "test", "blank"})
_TO_SAY = "First say where the token went: press Enter."
_DELIVERED = "First press Enter: it leaves this page."
_NEVER_HERE = "This program never had the secret: the process that made it delivered and forgot it."


class HandoverDialog(Dialog[Settled]):
    """Holds the secret of one token; dismissed with what became of the token.

    It is left by Enter after a confirmed delivery, by typing the account's name, or by revoking.
    Where the secret went has lines of its own, which no message replaces. `removed` says what
    became of the files that were to be removed with a revoked token.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.OPEN, "done", "Done", "Leave once delivered", name="secret.done"),
        bind(Means.DELIVER, "deliver", help="To a file or a command", name="secret.deliver"),
        bind(Means.RETRY, "again", "Again", "Deliver to the same place", name="secret.again"),
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

    must_stay = _TO_SAY

    def __init__(self, issued: Issued) -> None:
        super().__init__()
        self._label = issued.label
        self._handing = HandingOver(self, issued, changed=self._changed)
        self._line: SecretLine | None = None
        self._work = SecretWork(self)
        self.removed: list[str] = []

    @property
    def delivered(self) -> str:
        """The last confirmed delivery that still holds, in a sentence; empty without one."""
        note = self._handing.notes.confirmed
        return note.delivery.message if note is not None else ""

    @property
    def is_busy(self) -> bool:
        """Whether something is being done with the secret."""
        return self._work.is_busy

    # Drawing

    has_key_bar = True

    @property
    def crumb(self) -> str:
        return "Hand-over"

    def compose_body(self) -> ComposeResult:
        with Scroll(classes="page"):
            yield UnselectableText("Access token issued", classes="title", markup=False)
            yield UnselectableText(id="headline", markup=False)
            yield self._handing.notes
            yield RunningDelivery(monotonic=self.host.dependencies.monotonic)
            yield UnselectableText(id="message", classes="message", markup=False)
            yield UnselectableText(id="detail", markup=False)
            yield UnselectableText(id="leaving", markup=False)
            yield NameField(placeholder=self._label.account_name, is_secret=self._handing.is_secret)
            if self._handing.secret is not None:
                self._line = SecretLine(self._handing.secret, sleep=self.host.dependencies.sleep)
                yield self._line
            else:
                yield UnselectableText(_NEVER_HERE, classes="story", markup=False)
            yield UnselectableText(facts(self.host, self._label), classes="story", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        name = self.query_one("#account-name", Input)
        name.display, name.cursor_blink = False, False
        self._handing.begin()
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

    def tell(self, text: str, *, tone: str = "bad", is_line: bool = True) -> None:
        """Replaces the message, and removes what a program said."""
        self.when_ready(self._say_in, "#detail", "")
        super().tell(text, tone=tone, is_line=is_line)

    def _changed(self, detail: str) -> None:
        """Shows what is known of the secret, and what a program said."""
        printed = f"The command printed: {detail}" if detail else ""
        self.when_ready(self._say_in, "#detail", printed)
        self.refresh_bindings()
        self.say_how_to_leave()

    def _say_in(self, selector: str, text: str | Text) -> None:
        self.query_one(selector, Static).update(text)

    def say_how_to_leave(self) -> None:
        """Says whether the secret is delivered, and what to do next."""
        notes = self._handing.notes
        left, has_secret = self._handing.copying.what_is_left, self._handing.secret is not None
        text = next_step(notes, has_secret=has_secret, left=left)
        self.must_stay = _TO_SAY if notes.confirmed is None else _DELIVERED
        self.when_ready(self._say_in, "#headline", headline(notes.confirmed))
        self.when_ready(self._say_in, "#leaving", text)

    # Handing over

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offers B once something was copied, and few keys while the secret is in use."""
        if action == "blank" and not self._handing.copying.copies:
            return False
        if action == "again" and self._handing.failed is None:
            return False
        if action in _WITH_SECRET and self._handing.secret is None:
            return False
        is_calm = action in ("reveal", "stay", "copy_text")
        return None if self.is_busy and not is_calm else True

    def action_again(self) -> None:
        """Delivers to the place where the last delivery failed."""
        if self._handing.failed is not None:
            self._work.begin(self._handing.hand_over(self._handing.failed))

    def action_copy(self) -> None:
        """Copies the secret by the best route."""
        self._work.begin(self._handing.copying.copy())

    def action_copy_text(self) -> None:
        """Copies as y does when the revealed secret is selected.

        Textual's own copying would keep the secret, and tmux would drop it without a word.
        """
        if not self.get_selected_text():
            self.tell(self.must_stay, tone="warn")
        elif not self.is_busy:
            self.action_copy()

    def action_test(self) -> None:
        """Copies a harmless word by the route that the token would take."""
        self._work.begin(self._handing.copying.test())

    def action_blank(self) -> None:
        """Overwrites the clipboard, even where nothing can confirm that it worked."""
        self._work.begin(self._handing.copying.blank())

    def on_paste(self, event: events.Paste) -> None:
        """Takes a token that is pasted back as the proof that it arrived."""
        event.stop()
        self._handing.take_paste(event.text)

    def action_deliver(self) -> None:
        """Asks for a file or a command and delivers there."""
        self.app.push_screen(DeliverDialog(self._label), self._destination_chosen)

    def _destination_chosen(self, destination: Destination | None) -> None:
        if destination is not None:
            self._work.begin(self._handing.hand_over(destination))

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
        if self._handing.secret is not None and not is_drawable(self._handing.secret):
            self.tell(NOT_DRAWN, tone="warn")
        elif self._handing.secret is not None:
            lines = [f"Token {self._label.token_name} of {self._label.account_name}.", _RECORDERS]
            show_bare(self.app, lines, self._handing.secret)

    def action_verify(self) -> None:
        """Proves with one call that the token works."""
        self.tell("Asking Konnect with the new token…", tone="warn")
        self._work.begin(self._verify())

    async def _verify(self) -> None:
        if self.host.org is not None and self._handing.secret is not None:
            text, tone = await verified(self._handing.secret, org=self.host.org)
            self.tell(text, tone=tone)

    # Leaving

    def action_stay(self) -> None:
        """Says how to leave, for the keys that close other pages; stops a running delivery."""
        if self.query_one(RunningDelivery).ask_to_stop():
            return
        name = self.query_one("#account-name", Input)
        if name.display:
            name.display = False
            self.set_focus(None)
            self.tell("")  # what it said was about the name
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
        files = " and ".join(str(file.target) for file, _ in self._handing.files)
        also = f"Also remove {files}" if files else ""
        title = f"Revoke token {self._label.token_name}?"
        self.app.push_screen(ConfirmDialog(title, reasons, also=also), self._revoke_answered)

    def _revoke_answered(self, answer: str | None) -> None:
        if answer in ("yes", "also"):
            self._revoke_now(self._handing.files if answer == "also" else ())

    def _revoke_now(self, files: Sequence[tuple[FileDestination, str]] = ()) -> None:
        self.tell("Revoking…", tone="warn")
        self._work.begin(self._revoke(files))

    async def _revoke(self, files: Sequence[tuple[FileDestination, str]]) -> None:
        if self.host.org is None:
            return
        if problem := await revoked(self._label, org=self.host.org):
            self.tell(problem)
            return
        self._drop()
        self.removed += await removed_files(files)
        await self.leave("revoked")

    def _leave(self) -> None:
        self._drop()
        self.dismiss("acknowledged")

    def _drop(self) -> None:
        """Forgets the secret."""
        self._handing.drop()
        if self._line is not None:
            self._line.drop()
