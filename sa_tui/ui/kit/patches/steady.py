"""An application that an error in one of its parts does not end: it reports the error and goes on.

Keys and actions reach a page only while its widgets exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.worker import WorkerFailed

from sa_tui.ui.kit.page import Page
from sa_tui.ui.kit.patches.key_order import KeyOrder
from sa_tui.ui.kit.patches.steady_pump import SteadyPump

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode
    from textual.worker import Worker


class SteadyApp(SteadyPump, KeyOrder):
    """Ends only when a page could not be made."""

    def run_worker(self, *work: Any, **options: Any) -> Worker[Any]:
        """Runs work as the application's own: as a page's own, it would end with the page."""
        with self._context():
            return super().run_worker(*work, **options)

    @property
    def _has_page(self) -> bool:
        """Whether the screen on top can take a key; a screen that is no `Page` always can."""
        top = self.screen_stack[-1] if self.screen_stack else None
        return not isinstance(top, Page) or top.is_ready

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """Gives a key to the page that it was typed for, never to one that is not complete."""
        if not (priority or self._has_page):
            return True
        return await super()._check_bindings(key, priority)

    def _check_action_state(self, action: str, default_namespace: DOMNode) -> bool | None:
        if isinstance(default_namespace, Page) and not default_namespace.is_ready:
            return False
        return super()._check_action_state(action, default_namespace)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Any = None,
    ) -> bool:
        """Runs an action of a complete page, and reports an error in it."""
        if isinstance(default_namespace, Page) and not default_namespace.is_ready:
            return True
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:  # noqa: BLE001 - reported
            self.report(error)
            return True

    def _handle_exception(self, error: Exception) -> None:
        """Handles an error that nothing caught: in a worker, a callback, or the making of a widget.

        The program ends only if no page can show the error or a page could not be made; never while
        a secret that nobody has is on the screen.
        """
        if isinstance(error, WorkerFailed):
            self.report(error.error)
        elif self._must_stay:
            self.report(error)
            self.call_later(self._clear)
        else:
            super()._handle_exception(error)

    @property
    def _must_stay(self) -> bool:
        """Whether a complete page cannot be left now."""
        return any(
            isinstance(screen, Page) and screen.must_stay and screen.is_ready
            for screen in self.screen_stack
        )

    def _clear(self) -> None:
        """Removes the screens on top that could not be made."""
        while self._must_stay and not self.screen.is_running:
            self.pop_screen()
