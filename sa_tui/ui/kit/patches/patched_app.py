"""An application for slow lines: it sends a page once, and only the lines that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events

from sa_tui.ui.kit import terminal
from sa_tui.ui.kit.patches.changed_lines import ChangedLines
from sa_tui.ui.kit.patches.steady import SteadyApp
from sa_tui.ui.kit.too_small import TooSmall, is_too_small

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.await_complete import AwaitComplete
    from textual.driver import Driver
    from textual.geometry import Size
    from textual.screen import Screen

HOLD_SECONDS = 0.04
ROOT_DEPTH = 2
"""The screens that stay when the organisation changes: Textual's own and the list of accounts."""


class PatchedApp(SteadyApp):
    """Sends little, covers itself in a terminal that is too small, and crashes without values."""

    def __init__(self, *, is_colourless: bool) -> None:
        super().__init__(ansi_color=is_colourless)
        self.changed_lines = ChangedLines()
        self._held = 0
        self._is_painted = False
        self.animation_level = "none"

    def get_driver_class(self) -> type[Driver]:
        """The driver that reads only keys as keys."""
        from sa_tui.ui.kit.patches.key_driver import KeyDriver

        return KeyDriver

    async def on_event(self, event: events.Event) -> None:
        # Keys that are typed before the screen shows anything are not meant for it.
        if self._is_painted or not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)

    def watch_terminal(self) -> None:
        """Sends the whole screen again after another program may have written on the terminal."""
        self.app_resume_signal.subscribe(
            self, lambda _: self.changed_lines.forget(), immediate=True
        )

    def on_resize(self, event: events.Resize) -> None:
        self.changed_lines.forget()
        if len(self.screen_stack) >= ROOT_DEPTH:
            self.cover(event.size)

    def cover(self, size: Size) -> None:
        """Covers all pages while the terminal has a size that is too small."""
        if not is_too_small(size):
            if isinstance(self.screen, TooSmall):
                self.pop_screen()
        elif not any(isinstance(screen, TooSmall) for screen in self.screen_stack):
            self.push_screen(TooSmall())

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Sends only lines that differ, and nothing while a page finds its layout."""
        if not self.is_holding:
            self._is_painted = True
            super()._display(screen, self.changed_lines.only_changed(renderable))

    @property
    def is_holding(self) -> bool:
        """Whether nothing is sent until a page has found its layout."""
        return self._held > 0

    def _hold(self) -> None:
        """Sends nothing while a page finds its layout, which takes Textual several drawings."""
        self._held += 1
        self.set_timer(HOLD_SECONDS, self._release)

    def _release(self) -> None:
        self._held -= 1
        if self.screen_stack:  # none when the application was left meanwhile
            self.screen.refresh()

    def push_screen(self, *args: Any, **options: Any) -> Any:
        """Shows a page once its layout is found; the very first page at once."""
        if len(self.screen_stack) >= ROOT_DEPTH:
            self._hold()
        return super().push_screen(*args, **options)

    def pop_screen(self) -> AwaitComplete:
        """Leaves a page, and shows the one below once its layout is found."""
        self._hold()
        return super().pop_screen()

    def action_redraw(self) -> None:
        """Sends the whole screen again: another program may have written on the terminal."""
        self.changed_lines.forget()
        self.refresh(layout=True)

    def _fatal_error(self) -> None:
        """Reports a crash without local variables, which may contain a secret."""
        self.bell()
        self._exit_renderables.append(terminal.crash_report())
        self._close_messages_no_wait()
