"""What pages, dialogs and panes share: they receive values only while their widgets exist.

The application sends each new value to every page. A page shows all values once when it is
complete, then each new one, and none when it is gone: so code that shows a value may query widgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from textual import events
from textual.await_complete import AwaitComplete

from sa_tui.ui.kit.crumb_bar import CrumbBar, crumbs_of
from sa_tui.ui.kit.patches.held_screen import HeldScreen
from sa_tui.ui.kit.patches.inside import is_being_removed, mounted
from sa_tui.ui.kit.patches.steady_pump import SteadyPump
from sa_tui.ui.kit.safe import Static
from sa_tui.ui.kit.top_bar import TopBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.text import Text
    from textual.app import ComposeResult
    from textual.screen import Screen
    from textual.widget import Widget

    from sa_tui.ui.kit.host import Host

    _Widget = Widget
    _Screen = Screen[Any]
else:  # no base class at run time: style sheets and handlers would find it
    _Widget = _Screen = object

Value = Literal["snapshot", "status", "wait", "progress", "problem", "app_focus", "key"]
"""The attributes of the application whose new values are sent to pages, and each key."""


class Composed(_Widget):
    """A widget that knows whether its children exist: from after `on_mount` until its removal."""

    _is_complete = False

    @property
    def host(self) -> Host:
        """The application, as a page may know it."""
        return cast("Host", self.app)

    @property
    def is_ready(self) -> bool:
        """Whether every child widget can be queried."""
        return self._is_complete and self.is_running

    def on_mount(self) -> None:
        self.call_next(self._complete)  # after every other `on_mount` of this widget

    def _complete(self) -> None:
        if not (self._is_complete or is_being_removed(self)):  # it may have been left meanwhile
            self._is_complete = True
            self.completed()

    def completed(self) -> None:
        """Acts as soon as the child widgets exist."""

    def set_text(self, selector: str, text: Text | str) -> None:
        """Replaces the text of a child if it differs: an update lays the page out again."""
        child = self.query_one(selector, Static)
        if child.content != text:
            child.update(text)


class Page(SteadyPump, HeldScreen, Composed, _Screen):
    """A screen of this application, below the two lines that stand on every page."""

    must_stay = ""
    """Why the page cannot be left now; empty when it can."""

    section = ""
    """The section that begins with this page; empty for a page on the way from one."""

    _is_to_leave = False
    _result: Any = None
    _was_shown = False

    @property
    def crumb(self) -> str:
        """What the page is called on the second line."""
        return self.section.capitalize()

    def compose_frame(self) -> ComposeResult:
        """The two lines at the top."""
        yield TopBar()
        yield CrumbBar()

    def show_frame(self) -> None:
        """Shows the state of the application, and the way to this page."""
        width = self.app.size.width
        for top_bar in self.query(TopBar):
            top_bar.show(self.host, width=width)
        for crumb_bar in self.query(CrumbBar):
            crumb_bar.show(*crumbs_of(self.host, self), width=width)

    def on_resize(self) -> None:
        if self.is_ready:
            self.show_frame()

    def completed(self) -> None:
        if self._is_to_leave:
            self.dismiss(self._result)
        else:
            self.begin()

    async def made(self) -> None:
        """Waits until its widgets exist, or could not be made.

        For a page that is left earlier, Textual makes no more widgets and then fails to find them.
        """
        await mounted(self)

    def begin(self) -> None:
        """Shows all values of the application, as soon as the page is complete."""

    def value_changed(self, value: Value) -> None:
        """Shows a value of the application that has changed; called while the widgets exist."""

    def when_ready(self, act: Callable[..., object], *values: Any) -> None:
        """Calls `act` now or once the widgets exist, and never when they are gone."""
        if self.is_ready:
            act(*values)
        elif not self._is_complete:
            self.call_later(self.when_ready, act, *values)

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leaves the page, at once or when nothing covers it any more.

        Textual's own method would close whatever is on top.
        """
        if self.app.screen is self and self._is_complete:
            self._is_to_leave = False
            completion: AwaitComplete = super().dismiss(result)
            return completion
        if self in self.app.screen_stack:
            self._is_to_leave, self._result = True, result
        return AwaitComplete()

    def report(self, error: BaseException, *, doing: str = "") -> None:
        self.host.report(error, doing=doing)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.ScreenResume) and not self._was_shown:
            # The widgets got their styles when they were made: a page opens in half the time.
            event.refresh_styles, self._was_shown = False, True
        await super().on_event(event)

    def on_screen_resume(self) -> None:
        if self._is_to_leave:
            self.dismiss(self._result)
