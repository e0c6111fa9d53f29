"""Waits before a request is sent, or sent again; they are reported, and can be stopped."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sa_tui.konnect.models import Wait

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

REPORTED_SECONDS = 1.0
"""A shorter wait for a turn is not reported: it only paces the requests."""


class StoppedError(Exception):
    """The wait was stopped."""


class Waits:
    """Reports when requests begin to wait, and once when no request waits any more.

    `stop` ends the waits of all requests that have begun, also of those that queue behind others.
    """

    def __init__(
        self,
        *,
        on_wait: Callable[[Wait], None] | None,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._on_wait = on_wait
        self._monotonic = monotonic
        self._sleep = sleep
        self._waiting = 0
        self._ends_at: float | None = None
        self._stopped = asyncio.Event()

    @property
    def ticket(self) -> asyncio.Event:
        """The event that stops the waits of a request that begins now."""
        return self._stopped

    def stop(self) -> None:
        """Ends every wait; requests that begin later wait as usual."""
        self._stopped.set()
        self._stopped = asyncio.Event()

    async def hold(self, seconds: float, reason: str, *, ticket: asyncio.Event) -> None:
        """Waits, and reports it. Raises StoppedError."""
        with self._announced(seconds, reason):
            await self._rest(seconds, ticket)

    async def turn(self, seconds: float, reason: str, *, ticket: asyncio.Event) -> None:
        """Waits for a turn, and reports a long wait. Raises StoppedError."""
        if seconds >= REPORTED_SECONDS:
            await self.hold(seconds, reason, ticket=ticket)
        else:
            await self._rest(seconds, ticket)

    async def _rest(self, seconds: float, ticket: asyncio.Event) -> None:
        sleeping = asyncio.ensure_future(self._sleep(seconds))
        stopping = asyncio.ensure_future(ticket.wait())
        try:
            await asyncio.wait((sleeping, stopping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            stopping.cancel()
        if ticket.is_set():
            raise StoppedError

    @contextmanager
    def _announced(self, seconds: float, reason: str) -> Iterator[None]:
        ends_at = self._monotonic() + seconds
        self._waiting += 1
        if self._ends_at is None or ends_at > self._ends_at:
            self._ends_at = ends_at
            self._tell(Wait(seconds, reason))
        try:
            yield
        finally:
            self._waiting -= 1
            if self._ends_at is not None and self._waiting == 0:
                self._ends_at = None
                self._tell(Wait(0.0, ""))

    def _tell(self, wait: Wait) -> None:
        if self._on_wait is not None:
            self._on_wait(wait)
