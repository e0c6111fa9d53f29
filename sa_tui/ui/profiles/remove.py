"""The question before a saved profile is removed; its token is not touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button

from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.profiles.model import Profile


class RemoveDialog(Dialog[str | None]):
    """Dismissed with the name of the profile to remove, or None; Enter keeps it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.TAKE_AWAY, "remove", "Remove", "Remove the profile", name="remove.yes"),
        bind(
            Means.BACK,
            "keep",
            "Keep",
            "Back, nothing is removed",
            name="remove.no",
            only="escape,q",
        ),
    ]

    def __init__(self, profile: Profile, *, is_current: bool) -> None:
        super().__init__()
        self._profile = profile
        self._is_current = is_current

    @property
    def crumb(self) -> str:
        return "Remove"

    def compose_body(self) -> ComposeResult:
        profile = self._profile
        story = f"The token itself stays where it is: {profile.source.describe()}."
        if self._is_current:
            story += "\nIts organisation stays open until another one is opened."
        with VerticalScroll(classes="page"):
            yield Static(f"Remove the profile {profile.name}?", classes="title", markup=False)
            yield Static(story, markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Keep it", id="keep", compact=True)
                yield Button("Remove it", id="remove", variant="error", compact=True)
            yield Static("x removes · Enter or Esc keeps", classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one("#keep", Button).focus()

    @on(Button.Pressed, "#remove")
    def action_remove(self) -> None:
        """Answers yes."""
        self.dismiss(self._profile.name)

    @on(Button.Pressed, "#keep")
    def action_keep(self) -> None:
        """Answers no."""
        self.dismiss(None)
