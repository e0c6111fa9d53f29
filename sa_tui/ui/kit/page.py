"""What pages, dialogs and panes share: they are told only while their parts are there.

The application tells every page of each new value; a page takes what came before it was complete
once, when it is, and nothing once it is gone. So whatever shows a value may look for its parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from textual import events
from textual.await_complete import AwaitComplete

from sa_tui.ui.kit.patches.inside import is_being_removed, mounted
from sa_tui.ui.kit.patches.steady_pump import SteadyPump

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen
    from textual.widget import Widget

    from sa_tui.ui.kit.host import Host

    _Widget = Widget
    _Screen = Screen[Any]
else:  # no part of the line of classes that style sheets and handlers go by
    _Widget = _Screen = object

Value = Literal["snapshot", "status", "wait", "progress", "problem", "app_focus"]
"""What the application tells its pages of, by the names of its attributes."""


class Composed(_Widget):
    """A widget that knows whether its parts are there: after `on_mount`, until it is removed."""

    _is_complete = False

    @property
    def host(self) -> Host:
        """The application, as far as a page may know it."""
        return cast("Host", self.app)

    @property
    def is_ready(self) -> bool:
        """Whether every part can be found."""
        return self._is_complete and self.is_running

    def on_mount(self) -> None:
        self.call_next(self._complete)  # after every other `on_mount` of this widget

    def _complete(self) -> None:
        if not (self._is_complete or is_being_removed(self)):  # or it was left meanwhile
            self._is_complete = True
            self.completed()

    def completed(self) -> None:
        """The parts are there from now on."""


class Page(SteadyPump, Composed, _Screen):
    """A screen of this application."""

    must_stay = ""
    """Why it cannot be left now; empty when it can."""

    _is_to_leave = False
    _result: Any = None
    _was_shown = False

    def completed(self) -> None:
        if self._is_to_leave:
            self.dismiss(self._result)
        else:
            self.begin()

    async def made(self) -> None:
        """Waits until its parts are there, or it is known that they could not be made.

        Of a page that is left before, Textual makes no more parts, and it looks for them in vain.
        """
        await mounted(self)

    def begin(self) -> None:
        """Shows all that the application knows by now."""

    def value_changed(self, value: Value) -> None:
        """Is told, while its parts are there, that a value of the application is another one."""

    def when_ready(self, act: Callable[..., object], *values: Any) -> None:
        """Does it now or once the parts are there, and never when they are gone."""
        if self.is_ready:
            act(*values)
        elif not self._is_complete:
            self.call_later(self.when_ready, act, *values)

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leaves the page; what lies on top of it is left first, and what is gone stays so.

        Textual's own would close whatever is on top.
        """
        if self.app.screen is self and self._is_complete:
            self._is_to_leave = False
            left: AwaitComplete = super().dismiss(result)
            return left
        if self in self.app.screen_stack:
            self._is_to_leave, self._result = True, result
        return AwaitComplete()

    def report(self, error: BaseException) -> None:
        self.host.report(error)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.ScreenResume) and not self._was_shown:
            # Its parts have their styles from when they were made: a page opens in half the time.
            event.refresh_styles, self._was_shown = False, True
        await super().on_event(event)

    def on_screen_resume(self) -> None:
        if self._is_to_leave:
            self.dismiss(self._result)
