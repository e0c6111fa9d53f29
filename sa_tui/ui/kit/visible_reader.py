"""Reads what the accounts on the screen hold; the newest request is served first.

So scrolling through thousands of accounts never reads those that are out of view again.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from textual.worker import Worker

    from sa_tui.org.store import Org


class VisibleReader:
    """Reads accounts of the organisation that `org` gives; `begin` starts a worker."""

    def __init__(
        self,
        org: Callable[[], Org | None],
        *,
        begin: Callable[[Coroutine[Any, Any, None]], Worker[None]],
    ) -> None:
        self._org = org
        self._begin = begin
        self._next_ids: tuple[str, ...] = ()
        self._lock = asyncio.Lock()
        self._worker: Worker[None] | None = None

    def ask(self, account_ids: Iterable[str], *, is_held: bool) -> None:
        """Reads these accounts next; with `is_held` it only notes them for later."""
        self._next_ids = tuple(account_ids)
        if not is_held and (self._worker is None or self._worker.is_finished):
            self._worker = self._begin(self._read())

    async def done(self) -> None:
        """Waits until a reading under way has ended."""
        async with self._lock:
            pass  # the reading holds the lock

    async def _read(self) -> None:
        async with self._lock:
            while self._next_ids and (org := self._org()) is not None:
                account_ids, self._next_ids = self._next_ids, ()
                await org.read_details(account_ids)
