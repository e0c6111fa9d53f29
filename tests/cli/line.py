"""The way to Konnect, on which signals come before or after a change is answered."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.cli.signals import Signals


@dataclass
class Line(httpx.AsyncBaseTransport):
    """The way to Konnect, on which things happen before and after a request to change something."""

    inner: httpx.AsyncBaseTransport
    signals: Callable[[], Signals]
    before: int = 0
    after: int = 0
    methods: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self.inner.handle_async_request(request)
        before, self.before = self.before, 0
        await self._signal(before)
        response = await self.inner.handle_async_request(request)
        self.methods.append(request.method)
        after, self.after = self.after, 0
        await self._signal(after)
        return response

    async def _signal(self, times: int) -> None:
        for _ in range(times):
            self.signals().take(signal.SIGTERM)
            for _ in range(5):
                await asyncio.sleep(0)
