"""The form that gives a destination a name and saves it to profiles.toml."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, VerticalScroll

from sa_tui.base.destination import NamedDestination
from sa_tui.profiles.errors import ProfileError
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static

if TYPE_CHECKING:
    from collections.abc import Collection

    from textual.app import ComposeResult
    from textual.binding import BindingType


class SaveForm(Dialog[NamedDestination | None]):
    """Dismissed with the destination that was saved; `taken` are the names that are not free."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "cancel", "Cancel", "Back without saving", only="escape"),
    ]

    def __init__(self, named: NamedDestination, *, taken: Collection[str]) -> None:
        super().__init__()
        self._named = named
        self._taken = taken

    @property
    def crumb(self) -> str:
        return "Save destination"

    def compose_body(self) -> ComposeResult:
        place = self._named.path or shlex.join(self._named.command)
        with VerticalScroll(classes="page", can_focus=False):
            yield Static("Save the destination as…", classes="title", markup=False)
            yield Static(place, markup=False)
            for caption, id in (("Name", "destination-name"), ("Note", "note")):
                with Horizontal(classes="field spaced" if caption == "Name" else "field"):
                    yield Static(caption, classes="caption", markup=False)
                    field = Input(self._named.note if id == "note" else "", id=id, compact=True)
                    field.cursor_blink = False
                    yield field
            yield Static(id="message", classes="message", markup=False)
            hint = "Enter saves it to profiles.toml · Tab moves · Esc goes back"
            yield Static(hint, classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one("#destination-name", Input).focus()

    @on(Input.Submitted)
    def _save(self, event: Input.Submitted) -> None:
        event.stop()
        name = self.query_one("#destination-name", Input).value.strip()
        note = self.query_one("#note", Input).value.strip()
        if name in self._taken:
            self.tell(f"There is a destination {name} already: choose another name.")
            return
        named = replace(self._named, name=name, note=note)
        try:
            self.host.dependencies.save_destination(named)
        except (ProfileError, OSError) as error:
            self.tell(str(error))
        else:
            self.dismiss(named)

    def action_cancel(self) -> None:
        """Goes back without saving."""
        self.dismiss(None)
