"""The dialog about a token that nobody took charge of: revoke it, keep it, or be asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, cast

from rich.text import Text
from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button

from sa_tui.base.text import one_line
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.keys import main_key
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.base.label import Label

Choice = Literal["revoke", "keep", "look", "later"]


class OrphanDialog(Dialog[Choice]):
    """Tells what is known of the token; the harmless choice has the focus.

    A token without an id was not found: it can be looked for again, but not revoked. `problem`
    says why the last choice could not be carried out.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        main_key("escape", "choose('later')", "Later", "Ask at the next start", id="later"),
    ]

    must_stay = "Choose first; Esc asks at the next start."

    def __init__(self, title: str, *, story: str, label: Label, problem: str = "") -> None:
        super().__init__()
        self._title = title
        self._story = story
        self._label = label
        self._problem = problem

    def compose(self) -> ComposeResult:
        is_found = self._label.token_id is not None
        label = self._label
        text = Text(
            f"Token    {one_line(label.token_name)}\nAccount  {one_line(label.account_name)}"
        )
        if is_found:
            text.append(f"\nId       {self._label.token_id}")
        with VerticalScroll(classes="page"):
            yield Static(self._title, classes="title", markup=False)
            yield Static(text, markup=False)
            yield Static(self._story, classes="story", markup=False)
            yield Static(self._problem, id="message", classes="message bad", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Ask me at the next start", id="later", compact=True)
                if is_found:
                    yield Button("Revoke it", id="revoke", variant="error", compact=True)
                    yield Button("Leave it as it is", id="keep", compact=True)
                else:
                    yield Button("Look again", id="look", compact=True)
                    yield Button("Ask no more", id="keep", compact=True)
            yield Static("Tab moves · Enter chooses · Esc asks later", classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one("#later", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_choose(cast("Choice", event.button.id))

    def action_choose(self, choice: Choice) -> None:
        """Answers with the choice."""
        self.dismiss(choice)
