"""The form that orders an access token: everything is settled before anything is created."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.events import DescendantFocus
from textual.widgets import Button

from sa_tui.base.label import Label
from sa_tui.base.text import one_line
from sa_tui.base.times import LIFETIME_PRESETS, days_between, parse_lifetime, utc
from sa_tui.base.typable import is_typable, trimmed
from sa_tui.base.words import plural, short_id
from sa_tui.handover.formats import slug
from sa_tui.org.issuing import Order
from sa_tui.org.names import alike_words, looks_like
from sa_tui.org.rotating import NAME_CHARACTERS
from sa_tui.ui.kit.clipboard import copy_text
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static, shown_line
from sa_tui.ui.roles.entity_words import read_names
from sa_tui.ui.tokens.carried import carried, shown_roles
from sa_tui.ui.tokens.delivering import RunningDelivery
from sa_tui.ui.tokens.destination import DIGIT_KEYS, DestinationPicker
from sa_tui.ui.tokens.destination_list import DestinationList

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.konnect.models import SystemAccount
    from sa_tui.org.issuing import Stage
    from sa_tui.org.snapshot import Snapshot

DEFAULT_LIFETIME = "30d"
_WOULD_SEND = "Nothing is sent yet. Enter would send:"
STAGES: dict[Stage, str] = {
    "checking": "Checking the destination and the name…",
    "sending": "Asking Konnect for the token…",
    "looking": "No answer says whether it was made: looking for the token…",
}
_KEYS = "1-8 and arrows choose · Tab moves · Enter {enter} · F2 request · Esc cancels"


class IssueForm(Dialog[None]):
    """Stays until its order is done, so that a refusal loses nothing that was typed.

    A subclass has its own `heading` and `lifetime`, proposes another name and places its order.
    """

    heading = "Issue an access token"
    lifetime = DEFAULT_LIFETIME
    is_rotation = False
    AUTO_FOCUS = "#kind"

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(
            Means.REQUESTS, "request", "Request", "Show it as curl", name="issue.request", only="f2"
        ),
        bind(Means.COPY, "copy", help="Copy the request as curl", name="issue.copy", only="f3"),
        bind(Means.BACK, "cancel", "Cancel", "Leave without a token", only="escape"),
        *DIGIT_KEYS,
    ]

    def __init__(
        self, account: SystemAccount, *, place: Callable[[Order, IssueForm], None]
    ) -> None:
        super().__init__()
        self._place = place
        self._account = account
        self._proposed_name = ""
        self._warned_name = ""

    @property
    def crumb(self) -> str:
        return "Issue token"

    def compose_body(self) -> ComposeResult:
        self._proposed_name = self.free_name(self._taken_names())
        with VerticalScroll(classes="page", can_focus=False):
            yield Static(self.heading, classes="title", markup=False)
            with Horizontal(classes="fact"):
                yield Static("Account", classes="caption", markup=False)
                yield Static(self._about(), classes="value", markup=False)
            with Horizontal(classes="fact"):
                yield Static("Carries", classes="caption", markup=False)
                yield Static(
                    carried(self.host.snapshot, self._account.id),
                    id="carries",
                    classes="value",
                    markup=False,
                )
            with Horizontal(classes="field spaced"):
                yield Static("Name", classes="caption", markup=False)
                yield Input(
                    self._proposed_name, id="name", compact=True, max_length=NAME_CHARACTERS
                )
            with Horizontal(classes="field"):
                yield Static("Lifetime", classes="caption", markup=False)
                yield Input(self.lifetime, id="lifetime", compact=True)
                for preset in LIFETIME_PRESETS:
                    yield Button(preset, compact=True, classes="preset", name=preset)
            with Horizontal(classes="fact"):
                yield Static("Expires", classes="caption", markup=False)
                yield Static(id="expiry", classes="value", markup=False)
            yield from self.compose_more()
            yield Static("Hand it over to", classes="section spaced", markup=False)
            yield DestinationPicker(label=self._label, is_rotation=self.is_rotation)
            yield RunningDelivery(monotonic=self.host.dependencies.monotonic)
            yield Static(id="message", classes="message", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Issue token", id="issue", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
            yield Static(id="keys", classes="hint", markup=False)

    def compose_more(self) -> ComposeResult:
        """More fields, of a subclass."""
        yield from ()

    def on_mount(self) -> None:
        for field in self.query(Input):
            field.cursor_blink = False
        # What the token will carry must be up to date.
        self.host.read_details([self._account.id], again=True)

    @on(DescendantFocus)
    @on(Input.Changed)
    def _keys_may_differ(self) -> None:
        self.when_ready(self._say_keys)

    def _say_keys(self) -> None:
        """Says what Enter does: it issues the token from a field and from its button only."""
        focused = self.focused
        is_issuing = isinstance(focused, (Input, DestinationList)) or (
            focused is not None and focused.id == "issue"
        )
        self.set_text("#keys", _KEYS.format(enter="issues" if is_issuing else "chooses"))

    # What the token will be

    def _about(self) -> Text:
        """The account and where it is, so that a token is never issued in the wrong place."""
        profile, organization = self.host.profile, self.host.snapshot.organization.value
        # Made safe before Rich gets it: Rich drops a bell or a carriage return without a trace.
        text = Text(one_line(self._account.name) or "(no name)", style="bold")
        text.append(f" ({short_id(self._account.id)}) in ", style="not bold")
        text.append(organization.name if organization else "an unknown organisation")
        if profile is not None:
            text.append(f", profile {profile.name}", style="not bold")
            text.append(f" [{profile.label}]" if profile.label else "", style="reverse")
        return shown_line(text)

    def show(self, snapshot: Snapshot) -> None:
        read_names(self.host, shown_roles(snapshot.details_of(self._account.id).roles.rows))
        self.query_one("#carries", Static).update(carried(snapshot, self._account.id))
        name = self.query_one("#name", Input)
        if name.value == self._proposed_name and not self.must_stay:
            name.value = self._proposed_name = self.free_name(self._taken_names())

    def _taken_names(self) -> set[str]:
        return {token.name for token in self.host.snapshot.details_of(self._account.id).tokens.rows}

    def free_name(self, taken: set[str]) -> str:
        """The name to propose, which is not taken."""
        base = f"{slug(self._account.name)}-{self.host.now():%Y-%m-%d}"
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        return name

    @on(Input.Changed, "#lifetime")
    def _show_expiry(self) -> None:
        line = self.query_one("#expiry", Static)
        try:
            expires_at = self._expires_at()
        except ValueError as error:
            line.set_classes("value bad")
            line.update(Text(str(error)))
        else:
            line.set_classes("value")
            days = days_between(self._whole_now(), expires_at)
            ends = f"{utc(expires_at)}, in {plural(days, 'day')}"
            line.update(f"{ends}{self.host.by_whose_clock}")

    def _expires_at(self) -> datetime:
        return parse_lifetime(self.query_one("#lifetime", Input).value, self._whole_now())

    def _whole_now(self) -> datetime:
        """The current second: Konnect keeps no fractions, and 30d must mean exactly 30 days."""
        return self.host.now().replace(microsecond=0)

    @on(Button.Pressed, ".preset")
    def _preset(self, event: Button.Pressed) -> None:
        self.query_one("#lifetime", Input).value = event.button.name or DEFAULT_LIFETIME

    def _label(self) -> Label:
        """What a token issued now would belong to; its names are filled in."""
        profile, organization = self.host.profile, self.host.snapshot.organization.value
        return Label(
            self._account.id,
            account_name=self._account.name,
            token_name=self.query_one("#name", Input).value,
            token_id=None,
            expires_at=None,
            base_url=profile.base_url if profile else "",
            organization_name=organization.name if organization else None,
        )

    # Ordering it

    def action_choose(self, number: int) -> None:
        """Chooses the destination of this number."""
        if not self.must_stay:
            self.query_one(DestinationPicker).choose(number)

    @property
    def running(self) -> RunningDelivery:
        """The delivery under way."""
        return self.query_one(RunningDelivery)

    def remember(self) -> None:
        """Notes where the token went, to begin there the next time."""
        self.query_one(DestinationPicker).remember()

    @on(Input.Submitted)
    @on(DestinationList.Accepted)
    @on(Button.Pressed, "#issue")
    def _order(self) -> None:
        if self.must_stay:
            return
        try:
            order = self._ordered()
        except ValueError as error:
            self.tell(str(error))
            return
        self.must_stay = "The answer is on its way: wait for it."
        self.place(order)

    def place(self, order: Order) -> None:
        """Hands the order to the application."""
        self._place(order, self)

    def _curl(self) -> str:
        """What would be sent, as curl; empty after saying why nothing can be ordered."""
        try:
            order = self._ordered()
        except ValueError as error:
            self.tell(str(error))
            return ""
        return order.request.as_curl(order.base_url)

    def action_request(self) -> None:
        """Shows what Enter would send."""
        if not self.must_stay and (curl := self._curl()):
            self.tell(f"{_WOULD_SEND}\n{curl}\nF3 copies it.", tone="warn", is_line=False)

    def action_copy(self) -> None:
        """Copies what Enter would send."""
        if not self.must_stay and (curl := self._curl()):
            self.run_worker(self._copy(curl), group="copy")

    async def _copy(self, curl: str) -> None:
        environ = self.host.dependencies.environ
        if message := await copy_text(self.app, f"{curl}\n", environ=environ):
            self.tell(f"The request as curl: {message}", tone="good")
        else:
            self.tell("No clipboard can be reached from here: F2 shows the request.")

    @on(Input.Changed, "#name, #lifetime")
    def _changed(self) -> None:
        line = self.query_one("#message", Static)
        if str(line.content).startswith(_WOULD_SEND):  # what was shown is out of date
            line.update("")
        self.when_ready(self.query_one(DestinationPicker).explain)

    def _ordered(self) -> Order:
        name = trimmed(self.query_one("#name", Input).value, before=self._proposed_name)
        if not name.strip() or not is_typable(name, before=self._proposed_name):
            raise ValueError("Give the token a name of printable characters.")
        if name in self._taken_names():
            raise ValueError(
                f"{self._account.name} already has a token named {name}. Choose another name."
            )
        alike = looks_like(name, sorted(self._taken_names()))
        if alike is not None and self._warned_name != name:
            self._warned_name = name
            raise ValueError(f"{alike_words(alike)} Enter again goes on.")
        organization = self.host.snapshot.organization.value
        profile = self.host.profile
        if profile is None:
            raise ValueError("There is no profile: choose one first.")
        return Order(
            account_id=self._account.id,
            account_name=self._account.name,
            name=name,
            expires_at=self._expires_at(),
            destination=self.query_one(DestinationPicker).destination(),
            profile=profile.name,
            base_url=profile.base_url,
            organization_id=organization.id if organization else None,
            organization_name=organization.name if organization else None,
        )

    def reached(self, stage: Stage, order: Order) -> None:
        """Says how far the order has come."""
        if stage == "delivering":
            if order.place is not None:
                self.tell("")
                self.running.begin(order.place)
        else:
            self.tell(STAGES[stage], tone="warn")

    def explain(self, reason: str) -> None:
        """Says why there is no token and takes orders again; the fields keep what was typed."""
        self.must_stay = ""
        self.tell(reason)

    def failed(self) -> None:
        """Says that it is not known what became of the order."""
        self.running.end()
        self.explain(
            "It is not known whether Konnect made the token: look at the account's tokens before "
            "you try again."
        )

    async def settled(self) -> None:
        """Leaves, once nothing covers it."""
        await self.leave()

    def show_wait(self, wait: str) -> None:
        if self.must_stay:
            self.tell(wait or "Waiting for Konnect…", tone="warn")

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Leaves without a token, unless one may be on its way."""
        if not self.must_stay:
            self.dismiss()
        elif not self.running.ask_to_stop():
            self.tell(self.must_stay, tone="warn")
