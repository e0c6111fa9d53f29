"""What dialogs share: an opaque page with one line for messages, which closes when it may."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.text import Text
from textual.containers import Container
from textual.screen import ModalScreen

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.ui.kit.key_bar import KeyBar
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.page import Page
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.kit.sections import SECTIONS

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.page import Value

T = TypeVar("T")

PANEL_COLUMNS = 101
"""In a terminal of this width a form is a panel in the middle; below it has the whole width."""


class Dialog(Page, ModalScreen[T]):
    """A page of its own, which shows each snapshot and wait also while something covers it.

    Opaque, because a translucent one sends five times the bytes over a slow line. The keys that go
    elsewhere work here too, unless a text field or the dialog itself takes them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.JUMP, "app.jump", name="dialog.jump", only="g", in_footer=False),
        bind(Means.HELP, "app.help", name="dialog.help"),
        *(
            bind(
                Means.SECTION,
                f"app.section('{item.name}')",
                help="Go to a section",
                name=f"dialog.{item.name}",
                only=item.digit,
                in_footer=False,
            )
            for item in SECTIONS
        ),
        bind(Means.BEFORE, "app.previous", name="dialog.before"),
        bind(Means.HISTORY_BACK, "app.go_back(1)", name="dialog.history-back"),
        bind(Means.HISTORY_ON, "app.go_back(-1)", name="dialog.history-on"),
    ]

    HORIZONTAL_BREAKPOINTS = [(0, "-full"), (PANEL_COLUMNS, "-panel")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - Textual's own type

    has_key_bar: ClassVar[bool] = False
    """Whether the keys of the dialog stand on its last line."""

    def __init__(self) -> None:
        super().__init__()
        self._is_on_top = asyncio.Event()
        self._is_gone = asyncio.Event()
        self._message: tuple[str, str] | None = None
        self._complaint = ""

    def compose(self) -> ComposeResult:
        yield from self.compose_frame()
        with Container(classes="desk"):
            yield from self.compose_body()
        if self.has_key_bar:
            yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """The widgets of the dialog, in the middle of a wide terminal."""
        raise NotImplementedError

    def begin(self) -> None:
        self.show_frame()
        self._complaint = self.host.complaint
        if self._message is not None or self._complaint:
            self._show_message()
        self.show(self.host.snapshot)
        if self.host.wait:
            self.show_wait(self.host.wait)

    def value_changed(self, value: Value) -> None:
        if value in ("snapshot", "problem", "key"):
            self.show_frame()
        if value == "snapshot":
            self.show(self.host.snapshot)
        elif value == "wait":
            self.show_wait(self.host.wait)
        elif value == "status" and self._complaint != self.host.complaint:
            self._complaint = self.host.complaint  # before the message, until the next key
            self._show_message()

    def show(self, snapshot: Snapshot) -> None:
        """Shows what the dialog needs of the snapshot; called when the dialog's widgets exist."""

    def show_wait(self, wait: str) -> None:
        """Shows the wait for Konnect; an empty text when it is over."""

    @property
    def is_without_focus(self) -> bool:
        """Whether a field has just lost the focus: a token that it refused may still be typed."""
        return self.focused is None and bool(self.query(Input))

    def abandon(self) -> None:
        """Leaves the dialog without doing anything, because the operator goes elsewhere."""
        self.dismiss(None)

    def leave_soon(self) -> bool:
        """Prepares to leave; True if the dialog closes once the act under way is done."""
        return False

    def on_screen_resume(self) -> None:
        if self.is_ready:
            self.show_frame()
        self._is_on_top.set()

    def on_screen_suspend(self) -> None:
        self._is_on_top.clear()

    def on_unmount(self) -> None:
        self._is_gone.set()

    async def leave(self, result: T | None = None) -> None:
        """Closes the dialog with this result as soon as nothing covers it; returns once it is gone.

        For a change under way: dismissing a covered screen would close the one on top of it.
        """
        await self._is_on_top.wait()
        self.dismiss(result)
        await self.gone()

    async def gone(self) -> None:
        await self._is_gone.wait()

    def on_resize(self) -> None:
        self.show_focused()  # a smaller terminal may have pushed it out of view

    def show_focused(self) -> None:
        """Scrolls to the widget with the focus, once it and the message have their places."""
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def tell(self, text: str, *, tone: str = "bad", is_line: bool = True) -> None:
        """Shows one message, at the latest when the dialog's widgets exist.

        `tone` is good, warn or bad. Line ends are replaced, since they come from names, unless
        `is_line` is False.
        """
        self._message = (one_line(text, limit=PROSE_LIMIT) if is_line else text, tone)
        if self.is_ready:
            self._show_message()

    def take_back(self, text: str) -> None:
        """Removes this message, which is true no longer, if it is still shown."""
        if self._message is not None and self._message[0] == text:
            self.tell("")

    def _show_message(self) -> None:
        text, tone = self._message or ("", "bad")
        if self._complaint:
            text, tone = f"{self._complaint} {text}", "bad"
        for line in self.query("#message").results(Static):
            line.set_classes(f"message {tone}")
            line.update(Text(text))
            # Only then does the layout know how many lines the message takes.
            self.call_after_refresh(line.scroll_visible, animate=False)
