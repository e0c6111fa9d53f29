"""What is copied; where secrets went, each copy is taken back: in a minute, or when leaving.

Only what can be taken back for certain: a terminal's own clipboard may hold something else by then.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_tui.ui.terminal import write_raw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.handover.clipboard import Route
    from sa_tui.ui.session import Session

COPY_SECONDS = 60.0


async def copy_text(app: Session, text: str) -> str:
    """Copies what is no secret; what is known of that, or nothing without a way to a clipboard."""
    from pydantic import SecretStr

    from sa_tui.ui.widgets.destination import clipboard_routes

    routes = clipboard_routes(app.wiring.environ)
    if not routes:
        return ""
    return (await routes[0].send(SecretStr(text), write=partial(write_raw, app))).message


class Copies:
    """The copies that this run of the application has made and not taken back."""

    def __init__(self, app: Session) -> None:
        self._app = app
        self._routes: list[Route] = []

    def remember(self, route: Route) -> None:
        """Notes a copy before it is made, so that leaving at any moment takes it back."""
        if route not in self._routes:
            self._routes.append(route)

    def forget_later(self, routes: Iterable[Route]) -> None:
        """Takes these copies back in a minute."""
        self._app.run_worker(self._forget_later(tuple(routes)), group="later")

    async def _forget_later(self, routes: tuple[Route, ...]) -> None:
        await self._app.wiring.sleep(COPY_SECONDS)
        await self._forget(routes)

    async def forget_all(self) -> None:
        """Takes every copy back now."""
        await self._forget(tuple(self._routes))

    async def _forget(self, routes: Iterable[Route]) -> None:
        for route in routes:
            if route in self._routes:
                self._routes.remove(route)
                await route.clear(write=partial(write_raw, self._app))
