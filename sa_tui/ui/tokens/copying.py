"""How a page copies a secret: by the best route, claiming no more than what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sa_tui.handover.clipboard import ClipboardDestination, first_usable, send_test
from sa_tui.handover.tmux import SECRET_SECONDS, TmuxRoute
from sa_tui.ui.kit.clipboard import secret_routes
from sa_tui.ui.kit.patches.inside import write_raw

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from sa_tui.handover.clipboard import Route
    from sa_tui.handover.delivery import Destination
    from sa_tui.ui.kit.dialog import Dialog

_IN_TMUX = f"tmux deletes its buffer {SECRET_SECONDS} s after the copy, even when you have left."
_GONE_FROM_TMUX = "tmux has deleted its buffer, after {seconds} s: press y to copy again."
_IN_CLIPBOARD = "The clipboard keeps what was copied: press B to overwrite it."


class Copying:
    """Copies the secret of a page, tests the route, and overwrites what was copied.

    `hand_over` delivers the secret; `forgotten` is called when no copy can be pasted any more, and
    returns whether one had counted as delivered. `copies` are the routes by which it was copied.
    """

    def __init__(
        self,
        page: Dialog[Any],
        *,
        hand_over: Callable[[Destination], Awaitable[None]],
        forgotten: Callable[[], bool],
    ) -> None:
        self._page = page
        self._hand_over = hand_over
        self._forgotten = forgotten
        self._routes: tuple[Route, ...] = ()
        self.copies: list[Route] = []

    def find_routes(self) -> None:
        """Finds the ways to the clipboard; called when the page is there."""
        self._routes = secret_routes(self._page.host.dependencies.environ)

    @property
    def what_is_left(self) -> str:
        """What becomes of the copies; empty when there is none."""
        if not self.copies:
            return ""
        is_in_tmux = all(isinstance(route, TmuxRoute) for route in self.copies)
        return _IN_TMUX if is_in_tmux else _IN_CLIPBOARD

    def note(self, route: Route) -> None:
        """Notes a copy before it is made."""
        self._page.host.copies.remember(route)
        if route not in self.copies:
            self.copies.append(route)
        if isinstance(route, TmuxRoute) and route.keep_seconds is not None:
            self._page.run_worker(self._forget(route.keep_seconds), group="later", exclusive=True)

    async def _forget(self, keep_seconds: int) -> None:
        """Says when tmux has deleted the copy: nothing could be pasted after leaving."""
        await self._page.host.dependencies.sleep(keep_seconds)
        if self._forgotten():
            self._page.tell(_GONE_FROM_TMUX.format(seconds=keep_seconds), tone="warn")

    def copy(self) -> Coroutine[object, object, None] | None:
        """The work of copying the secret by the best route; None when there is no route."""
        return self._by_best_route(self._copy)

    def test(self) -> Coroutine[object, object, None] | None:
        """The work of copying a harmless word by the route that the secret would take."""
        return self._by_best_route(self._test)

    def _by_best_route(
        self, work: Callable[[Route], Coroutine[object, object, None]]
    ) -> Coroutine[object, object, None] | None:
        if self._routes:
            return self._do(work)
        self._page.tell("No clipboard can be reached from here: press d for a file or a command.")
        return None

    async def _do(self, work: Callable[[Route], Coroutine[object, object, None]]) -> None:
        route = await first_usable(self._routes)
        if route is not None:
            await work(route)

    async def _copy(self, route: Route) -> None:
        await self._hand_over(ClipboardDestination(route, write=self._write))

    async def _test(self, route: Route) -> None:
        self.note(route)
        delivery = await send_test(route, write=self._write)
        self._page.tell(delivery.message, tone="bad" if delivery.status == "failed" else "warn")
        if delivery.status != "failed":
            self._forgotten()

    async def blank(self) -> None:
        """Overwrites the clipboard, even where nothing can confirm that it worked."""
        for route in self.copies:
            delivery = await route.clear(write=self._write, overwrite=True)
            is_failed = delivery.status == "failed"
            self._page.tell(delivery.message, tone="bad" if is_failed else "warn")
            if not is_failed:
                self._page.host.copies.forget(route)
        self._forgotten()

    def _write(self, sequence: str) -> None:
        write_raw(self._page.app, sequence)
