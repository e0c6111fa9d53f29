"""Where a secret is to go: the named destinations, and the fields of the one that is chosen."""

from __future__ import annotations

import shlex
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, RadioSet

from sa_tui.base.destination import NamedDestination
from sa_tui.base.secrets import is_secret_inside
from sa_tui.handover.clipboard import ClipboardDestination
from sa_tui.handover.command import CommandDestination, parse_command
from sa_tui.handover.file import FileDestination
from sa_tui.handover.filling import fill_text
from sa_tui.handover.formats import FORMATS
from sa_tui.handover.presets import named_destinations
from sa_tui.profiles.errors import ProfileError
from sa_tui.records.last_destinations import FILE_NAME, LastDestination, LastDestinations
from sa_tui.ui.kit.clipboard import secret_routes
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.page import Composed
from sa_tui.ui.kit.patches.inside import write_raw
from sa_tui.ui.kit.patches.radio import Radio
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.tokens.destination_list import DIGITS, DestinationList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from sa_tui.base.destination import SecretFormat
    from sa_tui.base.label import Label
    from sa_tui.handover.clipboard import Route
    from sa_tui.handover.delivery import Destination

PLAIN = (
    NamedDestination("Show", kind="show"),
    NamedDestination("File", kind="file", path="~/{account}.token"),
    NamedDestination("Clipboard", kind="clipboard"),
    NamedDestination("Command", kind="command"),
)
"""What needs no name: it is chosen and then filled in."""

DIGIT_KEYS = [
    bind(
        Means.SECTION,
        f"choose({digit})",
        f"Destination {digit}",
        "Choose this destination",
        name=f"destination-{digit}",
        only=digit,
        in_footer=False,
    )
    for digit in DIGITS
]
"""The keys that choose a destination, for the dialogs that have a picker."""

_SHOW_HINT = "Masked in the next dialog; copy it, save it or send it from there."
_CHANGES = (
    "{token} changes with each rotation: whoever reads this path will not find the successor."
)
_COMMAND_HINT = "Gets the token on its standard input; no shell. {account}, {token} are filled in."
_HOLDS_ONE = "What you typed looks like a token: it must be in no name, path or command."
_NO_ROUTE = "No clipboard can be reached from here: choose a file or a command."


class DestinationPicker(Composed, Vertical):
    """The list of destinations, and the fields of the chosen one.

    `label` says what is filled in. `without_show` leaves out Show, for a dialog that shows the
    secret already.
    """

    def __init__(
        self, *, label: Callable[[], Label], without_show: bool = False, is_rotation: bool = False
    ) -> None:
        super().__init__()
        self._label = label
        self._without_show = without_show
        self._is_rotation = is_rotation
        self._choices: list[NamedDestination] = []
        self._routes: tuple[Route, ...] = ()
        self._texts: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        self._problem = ""

    def compose(self) -> ComposeResult:
        self._routes = secret_routes(self.host.dependencies.environ)
        index = self._load()
        yield DestinationList([each.name for each in self._choices], index=index)
        with Vertical(id="destination-fields"):
            with Vertical(id="for-show", classes="fields"):
                yield Static(_SHOW_HINT, classes="hint", markup=False)
            with Vertical(id="for-text", classes="fields"):
                with Horizontal(classes="field"):
                    yield Input(id="place", compact=True, select_on_focus=False)
                    yield Button("Save as…", id="save-as", compact=True)
                with RadioSet(id="format", compact=True, classes="across"):
                    for form in FORMATS:
                        yield Radio(form, value=form == FORMATS[0], compact=True)
                yield Static(id="about-place", classes="hint")
            with Vertical(id="for-clipboard", classes="fields"):
                yield from self._compose_routes()

    def _load(self) -> int:
        """Finds the destinations; the place of the last one, else of the first own one, else 0."""
        own: Sequence[NamedDestination] = ()
        try:
            own = self.host.dependencies.destinations()
        except ProfileError as error:
            self._problem = str(error)
        plain = [each for each in PLAIN if not (self._without_show and each.kind == "show")]
        self._choices = [*plain, *named_destinations(own)]
        names = [each.name for each in self._choices]
        profile = self.host.profile
        last = None if profile is None else self._memory.of(profile.name)
        if last is None or last.name not in names:
            return next((names.index(each.name) for each in own if not each.problem), 0)
        if last.text:
            self._texts[last.name] = last.text
        if last.format in FORMATS:
            self._forms[last.name] = last.format
        return names.index(last.name)

    @property
    def _memory(self) -> LastDestinations:
        return LastDestinations(self.host.records.path(FILE_NAME))

    def remember(self) -> None:
        """Notes the destination, to begin with it the next time."""
        if self.host.profile is not None:
            self._memory.remember(self.host.profile.name, self._last)

    def completed(self) -> None:
        self._show_fields()
        if self._problem and isinstance(self.screen, Dialog):
            self.screen.tell(self._problem)

    def _compose_routes(self) -> ComposeResult:
        if not self._routes:
            yield Static(_NO_ROUTE, classes="hint", markup=False)
            return
        with RadioSet(id="route", compact=True):
            for index, route in enumerate(self._routes):
                yield Radio(route.describe(), value=index == 0, compact=True)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#place", Input).cursor_blink = False

    @property
    def chosen(self) -> NamedDestination:
        """The destination that is chosen, as it is written down."""
        return self._choices[self._list.index]

    @property
    def kind(self) -> str:
        """`show`, `file`, `command` or `clipboard`."""
        return self.chosen.kind

    @property
    def _list(self) -> DestinationList:
        return self.query_one("#kind", DestinationList)

    def choose(self, number: int) -> None:
        """Chooses the destination of this number, from 1, and goes to the list."""
        self._list.choose(number - 1)
        self.screen.set_focus(self._list)

    @on(DestinationList.Chosen)
    def _show_fields(self) -> None:
        """Shows the fields of the chosen destination; each keeps what was typed for it."""
        chosen = self.chosen
        shown = {"file": "text", "command": "text"}.get(chosen.kind, chosen.kind)
        if chosen.problem:
            shown = ""
            self._tell(chosen.problem)
        for part in ("show", "text", "clipboard"):
            self.query_one(f"#for-{part}").display = part == shown
        if shown == "text":
            field = self.query_one("#place", Input)
            field.value = self._texts.get(chosen.name, self._written)
            field.cursor_position = len(field.value)
            field.placeholder = "" if chosen.kind == "file" else "program and arguments"
            formats = self.query_one("#format", RadioSet)
            formats.display = chosen.kind == "file"
            self._choose_format(self._forms.get(chosen.name, chosen.format))
            self.explain()

    def _choose_format(self, form: str) -> None:
        for radio, known in zip(self.query("#format Radio").results(Radio), FORMATS, strict=True):
            radio.value = radio.value or known == form

    @on(Input.Changed, "#place")
    def _typed(self, event: Input.Changed) -> None:
        self._texts[self.chosen.name] = event.value
        self.explain()

    def explain(self) -> None:
        """Says what to know of the destination, and what it is with all names filled in."""
        if self.kind not in ("file", "command"):
            return
        text, chosen = self._text, self.chosen
        lines = [chosen.note or (_COMMAND_HINT if chosen.kind == "command" else "")]
        if self._is_rotation and "{token}" in text:
            lines.append(_CHANGES)
        if self._verify:
            lines.append(f"Proved by {shlex.join(self._verify)}")
        filled = fill_text(text, self._label())
        if filled != text:
            lines.append(f"→ {filled}")
        line = self.query_one("#about-place", Static)
        about = "\n".join(filter(None, lines))
        if line.content != about:
            line.update(about)

    @on(Button.Pressed, "#save-as")
    def _save_as(self, event: Button.Pressed) -> None:
        """Asks for a name for what is filled in, and saves it to profiles.toml."""
        from sa_tui.ui.tokens.save_form import SaveForm

        event.stop()
        try:
            place = self._named()
        except ValueError as error:
            self._tell(str(error))
            return
        taken = [each.name for each in self._choices[len(PLAIN) :]]
        self.app.push_screen(SaveForm(place, taken=taken), self._saved)

    def _named(self) -> NamedDestination:
        """What is filled in, as it would be written down. Raises ValueError."""
        chosen, place = self.chosen, self.destination()
        if isinstance(place, CommandDestination):
            return replace(chosen, command=place.argv, verify=place.verify)
        if isinstance(place, FileDestination):
            return replace(chosen, path=str(place.path), format=place.format)
        raise ValueError("Only a file or a command is saved under a name.")

    def _saved(self, named: NamedDestination | None) -> None:
        if named is not None:
            self._choices.append(named)
            self._list.add(named.name)
            self.screen.set_focus(self._list)
            self._tell(f"Saved as {named.name}.", tone="good")

    def _tell(self, text: str, *, tone: str = "bad") -> None:
        if isinstance(self.screen, Dialog):
            self.screen.tell(text, tone=tone)

    # What is chosen

    @property
    def _text(self) -> str:
        return self.query_one("#place", Input).value.strip()

    @property
    def _written(self) -> str:
        """The path or command of the chosen destination, before it was edited."""
        chosen = self.chosen
        return chosen.path if chosen.kind == "file" else shlex.join(chosen.command)

    @property
    def _last(self) -> LastDestination:
        chosen = self.chosen
        if chosen.kind not in ("file", "command"):
            return LastDestination(chosen.name)
        form = self._format if chosen.kind == "file" and self._format != chosen.format else ""
        text = "" if self._text == self._written else self._text
        return LastDestination(chosen.name, text=text, format=form)

    @property
    def _format(self) -> str:
        return FORMATS[max(0, self.query_one("#format", RadioSet).pressed_index)]

    @property
    def _verify(self) -> tuple[str, ...]:
        """The command that proves what arrived; none for a command that was edited."""
        return self.chosen.verify if self._text == self._written else ()

    def destination(self) -> Destination | None:
        """What was chosen; None for showing. Raises ValueError with a text for the operator."""
        kind, chosen = self.kind, self.chosen
        if chosen.problem:
            raise ValueError(chosen.problem)
        text = self._text if kind in ("file", "command") else ""
        if is_secret_inside(text) or is_secret_inside(self._label().token_name):
            raise ValueError(_HOLDS_ONE)
        if kind == "file":
            if not self._text:
                raise ValueError("Name the file that is to hold the token.")
            return FileDestination(Path(self._text), format=cast("SecretFormat", self._format))
        if kind == "command":
            return CommandDestination(
                parse_command(self._text),
                environ=self.host.dependencies.environ,
                format=chosen.format,
                verify=self._verify,
            )
        if kind == "clipboard":
            if not self._routes:
                raise ValueError("No clipboard can be reached from here.")
            index = max(0, self.query_one("#route", RadioSet).pressed_index)
            return ClipboardDestination(self._routes[index], write=partial(write_raw, self.app))
        return None
