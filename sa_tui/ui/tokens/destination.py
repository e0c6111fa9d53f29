"""Where a secret is to go: the kinds of destination, their fields, and the one that is chosen."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.suggester import SuggestFromList
from textual.widgets import RadioSet

from sa_tui.handover.clipboard import ClipboardDestination
from sa_tui.handover.command import CommandDestination, parse_command
from sa_tui.handover.file import FileDestination
from sa_tui.handover.formats import FORMATS
from sa_tui.handover.presets import PRESETS
from sa_tui.ui.kit.clipboard import secret_routes
from sa_tui.ui.kit.patches.inside import write_raw
from sa_tui.ui.kit.patches.radio import Radio
from sa_tui.ui.kit.safe import Input, Static

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from sa_tui.base.destination import NamedDestination
    from sa_tui.handover.delivery import Destination

KINDS = {"show": "Show", "file": "File", "command": "Command", "clipboard": "Clipboard"}

_SHOW_HINT = "Masked in the next dialog; copy it, save it or send it from there."
_CHANGES = (
    "{token} changes with each rotation: whoever reads this path will not find the successor."
)
_LOOK = "Read the command as it stands now; Enter runs it."
_COMMAND_HINT = "Gets the token on its standard input. Type {} for a ready-made one."


class DestinationPicker(Vertical):
    """Radio buttons for the kinds of destination, and the fields of the chosen one.

    `without_show` leaves out the kind Show, for a dialog that shows the secret already. For a
    rotation, the ready-made commands always write to the same path.
    """

    def __init__(
        self,
        *,
        environ: Mapping[str, str],
        path: str,
        without_show: bool = False,
        is_rotation: bool = False,
    ) -> None:
        super().__init__()
        self._is_rotation = is_rotation
        self._presets = PRESETS
        self._environ = environ
        self._path = path
        self._routes = secret_routes(environ)
        self.kinds = [kind for kind in KINDS if not (without_show and kind == "show")]

    def compose(self) -> ComposeResult:
        with RadioSet(id="kind", compact=True, classes="across"):
            for kind in self.kinds:
                yield Radio(KINDS[kind], value=kind == self.kinds[0], compact=True)
        with Vertical(id="for-show", classes="fields"):
            yield Static(_SHOW_HINT, classes="hint", markup=False)
        with Vertical(id="for-file", classes="fields"):
            yield Input(self._path, id="path", compact=True, select_on_focus=False)
            with RadioSet(id="format", compact=True, classes="across"):
                for form in FORMATS:
                    yield Radio(form, value=form == FORMATS[0], compact=True)
        with Vertical(id="for-command", classes="fields"):
            yield Input(
                placeholder="program and arguments, without a shell",
                id="argv",
                compact=True,
                suggester=SuggestFromList([shlex.join(preset.command) for preset in self._presets]),
            )
            yield Static(self._about_command(""), id="about-command", classes="hint")
        with Vertical(id="for-clipboard", classes="fields"):
            yield from self._compose_routes()

    def _compose_routes(self) -> ComposeResult:
        if not self._routes:
            yield Static(
                "No clipboard can be reached from here: choose a file or a command.",
                classes="hint",
                markup=False,
            )
            return
        with RadioSet(id="route", compact=True):
            for index, route in enumerate(self._routes):
                yield Radio(route.describe(), value=index == 0, compact=True)

    def on_mount(self) -> None:
        for field in self.query(Input):
            field.cursor_blink = False
        self._show_fields()

    @property
    def kind(self) -> str:
        """`show`, `file`, `command` or `clipboard`."""
        return self.kinds[max(0, self.query_one("#kind", RadioSet).pressed_index)]

    @on(RadioSet.Changed, "#kind")
    def _show_fields(self) -> None:
        for kind in KINDS:
            self.query_one(f"#for-{kind}").display = kind == self.kind

    @on(Input.Changed, "#argv")
    def _explain_command(self, event: Input.Changed) -> None:
        self.query_one("#about-command", Static).update(self._about_command(event.value))

    def _about_command(self, text: str) -> str:
        """What to know about the command that is typed."""
        words = text.split()
        chosen = _completed(text)
        if chosen is None and words:
            alike = (preset for preset in self._presets if list(preset.command[:2]) == words[:2])
            chosen = next(alike, None)
        if chosen is None:
            about = _COMMAND_HINT.format(", ".join(preset.name for preset in self._presets))
        else:
            about = chosen.note
        return f"{about} {_CHANGES}" if self._is_rotation and "{token}" in text else about

    @property
    def is_to_fill_in(self) -> bool:
        """Whether Enter first replaces the name of a ready-made command by the command."""
        text = self.query_one("#argv", Input).value
        return self.kind == "command" and _completed(text) is not None

    def _command(self) -> CommandDestination:
        """The typed command. Raises ValueError once it has replaced a ready-made one's name."""
        field = self.query_one("#argv", Input)
        if (preset := _completed(field.value)) is not None:
            field.value = shlex.join(preset.command)
            field.cursor_position = len(field.value)
            raise ValueError(f"{preset.note} {_LOOK}")
        return CommandDestination(parse_command(field.value), environ=self._environ)

    def destination(self) -> Destination | None:
        """What was chosen; None for showing. Raises ValueError with a text for the operator."""
        kind = self.kind
        if kind == "file":
            path = self.query_one("#path", Input).value.strip()
            if not path:
                raise ValueError("Name the file that is to hold the token.")
            form = FORMATS[max(0, self.query_one("#format", RadioSet).pressed_index)]
            return FileDestination(Path(path), format=form)
        if kind == "command":
            return self._command()
        if kind == "clipboard":
            if not self._routes:
                raise ValueError("No clipboard can be reached from here.")
            index = max(0, self.query_one("#route", RadioSet).pressed_index)
            return ClipboardDestination(self._routes[index], write=partial(write_raw, self.app))
        return None


def _completed(text: str) -> NamedDestination | None:
    """The ready-made command that this text is the beginning of, the first; None for its whole."""
    text = text.strip()
    for preset in PRESETS if text else ():
        line = shlex.join(preset.command)
        if line != text and (text == preset.name or line.startswith(text)):
            return preset
    return None
