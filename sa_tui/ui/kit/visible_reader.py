"""Reads what the accounts on the screen hold; the last to ask is served next.

Scrolling through thousands thus never asks for what has gone by already.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from textual.worker import Worker

    from sa_tui.org.store import Org


class VisibleReader:
    """`org` gives the organisation that is open; `begin` does work beside."""

    def __init__(
        self,
        org: Callable[[], Org | None],
        *,
        begin: Callable[[Coroutine[Any, Any, None]], Worker[None]],
    ) -> None:
        self._org = org
        self._begin = begin
        self._wanted_ids: tuple[str, ...] = ()
        self._lock = asyncio.Lock()
        self._worker: Worker[None] | None = None

    def ask(self, account_ids: Iterable[str], *, is_held: bool) -> None:
        """Reads these next; while it `is_held`, only notes them."""
        self._wanted_ids = tuple(account_ids)
        if not is_held and (self._worker is None or self._worker.is_finished):
            self._worker = self._begin(self._read())

    async def done(self) -> None:
        """Waits until what was asked for is there."""
        async with self._lock:
            pass  # whoever read it is done

    async def _read(self) -> None:
        async with self._lock:
            while self._wanted_ids and (org := self._org()) is not None:
                account_ids, self._wanted_ids = self._wanted_ids, ()
                await org.read_details(account_ids)
