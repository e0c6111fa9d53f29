"""The form that creates, clones or edits a system account.

It sends nothing itself: its changes are reviewed first, and it keeps what was typed until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button

from sa_tui.access.effects.accounts import access_lines
from sa_tui.base.typable import is_typable, trimmed
from sa_tui.org.names import alike_words, looks_like
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.effect_lines import effect_text
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.place import place
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.roles.entity_words import read_names

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.konnect.models import SystemAccount
    from sa_tui.org.changes.change import Change, Outcome
    from sa_tui.org.snapshot import Snapshot

_NAMES_SHOWN = 3
_KEYS = "Tab moves · Enter goes on to the review · Esc cancels"


class _Fields(NamedTuple):
    name: str
    description: str


class AccountForm(Dialog["str | None"]):
    """Dismissed with the account's id once Konnect has what the form says, or with None.

    `account` is the account to edit. `like` is the account whose access the new one will get: if
    the typed name is taken, a second Enter chooses the existing account of that name.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "cancel", "Cancel", "Leave without a change", only="escape"),
    ]

    def __init__(
        self, account: SystemAccount | None = None, *, like: SystemAccount | None = None
    ) -> None:
        super().__init__()
        self._account = account
        self._like = like
        self._awaited_name = ""
        self._warned_name = ""

    # Drawing

    @property
    def crumb(self) -> str:
        if self._account is not None:
            return "Edit"
        return "Clone" if self._like is not None else "New account"

    def compose_body(self) -> ComposeResult:
        account, like = self._account, self._like
        title = "New system account"
        if account is not None:
            title = f"Edit system account {account.name}"
        elif like is not None:
            title = f"New system account like {like.name}"
        with VerticalScroll(classes="page", can_focus=False):
            yield Static(title, classes="title", markup=False)
            with Horizontal(classes="fact"):
                yield Static("Where", classes="caption", markup=False)
                yield Static(place(self.host, account), classes="value", markup=False)
            if like is not None:
                with Horizontal(classes="fact"):
                    yield Static("Gets", classes="caption", markup=False)
                    yield Static(id="gets", classes="value", markup=False)
            with Horizontal(classes="field spaced"):
                yield Static("Name", classes="caption", markup=False)
                yield Input(self._before.name, id="account-name", compact=True)
            with Horizontal(classes="field"):
                yield Static("Purpose", classes="caption", markup=False)
                yield Input(self._before.description, id="account-description", compact=True)
            yield Static(id="message", classes="message", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Review", id="review", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
            yield Static(_KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        for field in self.query(Input):
            field.cursor_blink = False
        self.query_one("#account-name", Input).focus()
        if self._like is not None:
            self.host.read_details([self._like.id], again=True)

    def show(self, snapshot: Snapshot) -> None:
        if self._like is not None:
            details = snapshot.details_of(self._like.id)
            lines = access_lines(snapshot, details, limit=_NAMES_SHOWN)
            self.query_one("#gets", Static).update(effect_text(lines))
            if (roles := details.roles.value) is not None:
                read_names(self.host, roles.rows)
        if self._awaited_name:
            self._arrive(self._awaited_name)

    # Reviewing

    @property
    def _before(self) -> _Fields:
        """What the fields held before anything was typed."""
        if (account := self._account) is not None:
            return _Fields(account.name, account.description)
        return _Fields("", self._like.description if self._like is not None else "")

    def _typed(self) -> _Fields:
        """The name and the description that the operator means."""
        name = self.query_one("#account-name", Input).value
        description = self.query_one("#account-description", Input).value
        return _Fields(
            trimmed(name, before=self._before.name),
            trimmed(description, before=self._before.description),
        )

    @on(Input.Changed)
    def _changed(self) -> None:
        self._awaited_name = self._warned_name = ""

    @on(Input.Submitted)
    @on(Button.Pressed, "#review")
    def _review(self) -> None:
        name, description = self._typed()
        is_printable = is_typable(name, before=self._before.name) and is_typable(
            description, before=self._before.description
        )
        if self._awaited_name:
            self.host.load()
        elif not name.strip() or not is_printable:
            self.tell("Give the account a name, and use printable characters only.")
        elif (namesake := self._namesake(name)) is not None:
            self._explain_namesake(namesake)
        elif (alike_name := self._alike(name)) is not None and self._warned_name != name:
            self._warned_name = name
            self.tell(f"{alike_words(alike_name)} Enter again goes on.", tone="warn")
        elif changes := self._changes(name, description):
            self.host.review(
                self._title(name) if self._like or len(changes) > 1 else "",
                changes,
                notes=self._changed_meanwhile(),
                then=self._reviewed,
            )
        else:
            self.tell("Nothing is changed: there is nothing to send.", tone="warn")

    def _explain_namesake(self, namesake: SystemAccount) -> None:
        there = f"There is an account named {namesake.name} already."
        if self._like is None or namesake.id == self._like.id:
            self.tell(f"{there} Choose another name.")
        elif self._warned_name == namesake.name:
            self.dismiss(namesake.id)
        else:
            self._warned_name = namesake.name
            go_on = f"Press Enter again to keep it and give it the access of {self._like.name}."
            self.tell(f"{there} {go_on}", tone="warn")

    def _changed_meanwhile(self) -> tuple[str, ...]:
        """What somebody else changed while the form was open, a sentence for each field."""
        opened = self._account
        current = self.host.snapshot.account(opened.id) if opened is not None else None
        if opened is None or current is None:
            return ()
        fields = (
            ("name", opened.name, current.name),
            ("description", opened.description, current.description),
        )
        return tuple(
            f"Somebody changed the {field} meanwhile: it was {was!r}, and is {now!r} now."
            for field, was, now in fields
            if was != now
        )

    def _title(self, name: str) -> str:
        if self._account is not None:
            return f"Edit system account {self._account.name}"
        then = f"Its access, like {self._like.name}'s, is reviewed next." if self._like else ""
        return f"Create system account {name}. {then}".strip()

    def _changes(self, name: str, description: str) -> list[Change]:
        from sa_tui.org.changes.accounts import create_account, describe_account, rename_account

        if (account := self._account) is None:
            return [create_account(name, description=description)]
        changes = []
        now = self.host.snapshot.account(account.id) or account
        # Sends only what was changed here and Konnect does not have yet. The description goes
        # first: its title calls the account by the name that it still has.
        if description not in (account.description, now.description):
            changes.append(describe_account(now, description=description))
        if name not in (account.name, now.name):
            changes.append(rename_account(now, name=name))
        return changes

    def _alike(self, name: str) -> str | None:
        """Another account's name that could be mistaken for this new one."""
        edited, rows = self._account, self.host.snapshot.accounts.rows
        if edited is not None and edited.name.strip() == name:
            return None
        return looks_like(name, (row.name for row in rows if edited is None or row.id != edited.id))

    def _namesake(self, name: str) -> SystemAccount | None:
        """Another account that has this name already."""
        account = self._account_named(name)
        is_other = self._account is None or account is None or account.id != self._account.id
        return account if is_other else None

    def _account_named(self, name: str) -> SystemAccount | None:
        rows = self.host.snapshot.accounts.rows
        return next((account for account in rows if account.name == name), None)

    # After the review

    def _reviewed(self, outcomes: tuple[Outcome, ...] | None) -> None:
        if not outcomes or not all(outcome.is_good for outcome in outcomes):
            return
        if self._account is not None:
            self.dismiss(self._account.id)
        else:
            self._arrive(self._typed().name)

    def _arrive(self, name: str) -> None:
        """Leaves with the new account's id once Konnect lists it."""
        if (account := self._account_named(name)) is not None:
            self._awaited_name = ""
            self.dismiss(account.id)
        else:
            self._awaited_name = name
            self.tell(
                f"{name} is created, but is not in the list that was read last. Enter reads again.",
                tone="warn",
            )

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Leaves without a change."""
        self.dismiss(None)
