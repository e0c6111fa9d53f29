"""The dialog about a token that nobody took charge of: revoke it, keep it, or be asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Button

from sa_tui.base.text import one_line
from sa_tui.ui.kit.later import LaterDialog
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sa_tui.base.label import Label

OrphanChoice = Literal["revoke", "keep", "look", "later"]


class OrphanDialog(LaterDialog[OrphanChoice]):
    """Tells what is known about the token.

    A token without an id was not found: it can be looked for again, but not revoked. `problem`
    says why the last choice could not be carried out.
    """

    must_stay = "Choose first; Esc asks at the next start."

    def __init__(self, title: str, *, story: str, label: Label, problem: str = "") -> None:
        super().__init__()
        self._title = title
        self._story = story
        self._label = label
        self._problem = problem

    @property
    def crumb(self) -> str:
        return "Left-over token"

    def compose_body(self) -> ComposeResult:
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
            if is_found:
                yield from self.compose_buttons(
                    Button("Revoke it", id="revoke", variant="error", compact=True),
                    Button("Leave it as it is", id="keep", compact=True),
                )
            else:
                yield from self.compose_buttons(
                    Button("Look again", id="look", compact=True),
                    Button("Ask no more", id="keep", compact=True),
                )
