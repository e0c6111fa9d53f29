"""The form that orders the successors of several tokens: lifetime, names and one destination.

The rule it keeps: what would give two tokens the same name or place is refused before it is sent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.base.times import LIFETIME_PRESETS, in_words, parse_lifetime
from sa_tui.base.words import plural
from sa_tui.org.issuing import Order
from sa_tui.org.names import alike_words, looks_like
from sa_tui.org.rotating import names_of_successors, parse_idle, shared_place
from sa_tui.records.rotations import IDLE_FOR
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.tokens.destination import DIGIT_KEYS, DestinationPicker
from sa_tui.ui.tokens.destination_list import DestinationList
from sa_tui.ui.tokens.issue_form import DEFAULT_LIFETIME
from sa_tui.ui.tokens.rotating_many import Rotating, taken_names
from sa_tui.ui.tokens.rotation_form import lifetime_of
from sa_tui.ui.tokens.rotations_page import RotationsPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.base.label import Label
    from sa_tui.org.rotating import Old

_PATTERN = "{next}"
_NAMES_SHOWN = 3
_KEYS = "1-8 and arrows choose · Tab moves · Enter goes on, nothing is sent yet · Esc cancels"


class RotationsForm(Dialog[None]):
    """Stays below the page that issues them, so that going back loses nothing that was typed."""

    AUTO_FOCUS = "#kind"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "cancel", "Cancel", "Leave, nothing is sent", only="escape"),
        *DIGIT_KEYS,
    ]

    def __init__(self, olds: Sequence[Old], *, notes: Sequence[str] = ()) -> None:
        super().__init__()
        self._olds = tuple(olds)
        self._notes = tuple(notes)
        self._warned: list[str] = []

    @property
    def crumb(self) -> str:
        return "Rotate"

    def compose_body(self) -> ComposeResult:
        lifetimes = {lifetime_of(old.token) for old in self._olds}
        lifetime = lifetimes.pop() if len(lifetimes) == 1 else ""
        with VerticalScroll(classes="page", can_focus=False):
            count = plural(len(self._olds), "token")
            yield Static(f"Rotate {count}: order their successors", classes="title", markup=False)
            with Horizontal(classes="field"):
                yield Static("Name", classes="caption", markup=False)
                yield Input(_PATTERN, id="name", compact=True)
            with Horizontal(classes="fact"):
                yield Static("", classes="caption", markup=False)
                yield Static(id="names", classes="value", markup=False)
            with Horizontal(classes="field"):
                yield Static("Lifetime", classes="caption", markup=False)
                yield Input(lifetime or DEFAULT_LIFETIME, id="lifetime", compact=True)
                for preset in LIFETIME_PRESETS:
                    yield Button(preset, compact=True, classes="preset", name=preset)
            with Horizontal(classes="field"):
                yield Static("Idle", classes="caption", markup=False)
                yield Input(in_words(IDLE_FOR).replace(" ", ""), id="idle", compact=True)
            yield Static("Hand them over to", classes="section spaced", markup=False)
            yield DestinationPicker(label=self._first_label, without_show=True, is_rotation=True)
            yield Static(id="message", classes="message", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Go on", id="go-on", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
            yield Static(_KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        for field in self.query(Input):
            field.cursor_blink = False

    # What is ordered

    def _names(self) -> list[str]:
        """The names of the successors. Raises ValueError."""
        pattern = self.query_one("#name", Input).value
        taken = taken_names(self.host.snapshot, self._olds)
        return names_of_successors(pattern, self._olds, taken=taken, now=self.host.now())

    @on(Input.Changed, "#name")
    def _show_names(self) -> None:
        try:
            names = self._names()
        except ValueError as error:
            text = str(error)
        else:
            pairs = zip(self._olds, names, strict=True)
            texts = [f"{old.token.name} → {name}" for old, name in pairs]
            more = len(texts) - _NAMES_SHOWN
            text = ", ".join(texts[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
            text += ". {next}, {token} and {account} are filled in."
        self.query_one("#names", Static).update(one_line(text, limit=PROSE_LIMIT))
        self.when_ready(self.query_one(DestinationPicker).explain)

    def _first_label(self) -> Label:
        """The label of the first successor; its names are filled in to show an example."""
        try:
            name = self._names()[0]
        except ValueError:
            name = ""
        return self._order(self._olds[0], name).label

    def _order(self, old: Old, name: str) -> Order:
        profile, organization = self.host.profile, self.host.snapshot.organization.value
        now = self.host.now().replace(microsecond=0)
        return Order(
            account_id=old.account.id,
            account_name=old.account.name,
            name=name,
            expires_at=now,
            destination=None,
            profile=profile.name if profile else "",
            base_url=profile.base_url if profile else "",
            organization_id=organization.id if organization else None,
            organization_name=organization.name if organization else None,
        )

    def _rotating(self) -> list[Rotating]:
        """What is ordered. Raises ValueError with a text for the operator."""
        if self.host.profile is None:
            raise ValueError("There is no profile: choose one first.")
        now = self.host.now().replace(microsecond=0)
        expires_at = parse_lifetime(self.query_one("#lifetime", Input).value, now)
        place = self.query_one(DestinationPicker).destination()
        names = self._names()
        orders = [
            replace(self._order(old, name), expires_at=expires_at, destination=place)
            for old, name in zip(self._olds, names, strict=True)
        ]
        if problem := shared_place(orders):
            raise ValueError(problem)
        self._warn_of_alike(names)
        pairs = zip(self._olds, orders, strict=True)
        return [Rotating(old=old, order=order) for old, order in pairs]

    def _warn_of_alike(self, names: list[str]) -> None:
        """Raises ValueError once when a name looks like another of its account."""
        taken = taken_names(self.host.snapshot, self._olds)
        for old, name in zip(self._olds, names, strict=True):
            alike = looks_like(name, sorted(taken[old.account.id]))
            if alike is not None and self._warned != names:
                self._warned = names
                raise ValueError(f"{old.account.name}: {alike_words(alike)} Enter again goes on.")

    # What the operator does

    def action_choose(self, number: int) -> None:
        """Chooses the destination of this number."""
        self.query_one(DestinationPicker).choose(number)

    @on(Button.Pressed, ".preset")
    def _preset(self, event: Button.Pressed) -> None:
        self.query_one("#lifetime", Input).value = event.button.name or DEFAULT_LIFETIME

    @on(Input.Submitted)
    @on(DestinationList.Accepted)
    @on(Button.Pressed, "#go-on")
    def _go_on(self) -> None:
        try:
            rotating = self._rotating()
            idle_for = parse_idle(self.query_one("#idle", Input).value)
        except ValueError as error:
            self.tell(str(error))
            return
        self.tell("")
        remember = self.query_one(DestinationPicker).remember
        page = RotationsPage(rotating, idle_for=idle_for, notes=self._notes, remember=remember)
        self.app.push_screen(page, self._left)

    def _left(self, has_sent: bool | None) -> None:
        """Leaves when anything was sent; until then all can be changed."""
        if has_sent:
            self.dismiss()

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Leaves; nothing was sent."""
        self.dismiss()
