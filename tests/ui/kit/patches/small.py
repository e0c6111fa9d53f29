"""A small application over the patches, to be run on a terminal of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen
from textual.widgets import Static

from sa_tui.ui.kit.page import Page
from sa_tui.ui.kit.patches.drawn_input import DrawnInput
from sa_tui.ui.kit.patches.patched_app import PatchedApp
from sa_tui.ui.kit.patches.radio import Radio

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Key


def fail(message: str) -> None:
    """Raises, with a secret among its local variables."""
    secret = "Local0" + "Secret1"
    raise RuntimeError(f"{message} of {len(secret)}")


class Broken(Screen[None]):
    """Cannot be made."""

    def on_mount(self) -> None:
        fail("crash")


class Late(Page, Screen[None]):
    """Never complete: what it is asked ends the application, and so does a key meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [("x", "end", "End")]

    @property
    def is_ready(self) -> bool:
        return False

    def action_end(self) -> None:
        self.app.exit(message="too early")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        self.app.exit(message="too early")
        return True


class Small(PatchedApp):
    """F1 fails in a handler, F2 in a worker; F3 opens a page that cannot be made, F4 a late one."""

    BINDINGS: ClassVar[list[BindingType]] = [("z", "end", "End")]

    def __init__(self) -> None:
        super().__init__(is_colourless=True)

    def compose(self) -> ComposeResult:
        yield DrawnInput()
        yield Radio("chosen", value=True)
        yield Static("ready", id="report")

    def report(self, error: BaseException, *, doing: str = "") -> None:
        self.query_one("#report", Static).update(f"reported: {error}")

    def on_key(self, event: Key) -> None:
        if event.key == "f1":
            fail("handler")
        elif event.key == "f2":
            self.run_worker(self.work())
        elif event.key == "f3":
            self.push_screen(Broken())
        elif event.key == "f4":
            self.push_screen(Late())
            self.call_later(lambda: self.screen.active_bindings)

    def action_end(self) -> None:
        self.exit(message="too early")

    async def work(self) -> None:
        fail("worker")


if __name__ == "__main__":
    app = Small()
    app.run()
    sys.exit(app.return_code)
