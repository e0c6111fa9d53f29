"""The demo Konnect as an httpx transport; a cut raises the error of a real socket."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sa_tui.demo.answers import Reply

    Sleep = Callable[[float], Awaitable[None]]


class DemoTransport(httpx.AsyncBaseTransport):
    """Passes every request to the `answer` of a demo Konnect, whatever the host."""

    def __init__(
        self, answer: Callable[..., Reply], *, latency_seconds: float, sleep: Sleep
    ) -> None:
        self._answer = answer
        self._latency_seconds = latency_seconds
        self._sleep = sleep

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answers a request, with half of the latency before the change and half after it."""
        body = await request.aread()
        await self._travel()
        answer = self._answer(
            request.method,
            request.url.path,
            dict(request.url.params),
            dict(request.headers),
            body,
        )
        await self._travel()
        if answer.delivery == "cut-before":
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        if answer.delivery == "cut-after":
            raise httpx.ReadError("Connection reset by peer")
        headers = [*answer.headers.items(), ("content-length", str(len(answer.body)))]
        if answer.delivery == "slow":
            stream = _Trickle(answer, sleep=self._sleep)
            return httpx.Response(answer.status, headers=headers, stream=stream)
        return httpx.Response(answer.status, headers=headers, content=answer.body)

    async def _travel(self) -> None:
        if self._latency_seconds:
            await self._sleep(self._latency_seconds / 2)
        else:
            # As with a network, other tasks run meanwhile.
            await asyncio.sleep(0)


class _Trickle(httpx.AsyncByteStream):
    def __init__(self, answer: Reply, *, sleep: Sleep) -> None:
        self._answer = answer
        self._sleep = sleep

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for seconds, piece in self._answer.trickle():
            await self._sleep(seconds)
            yield piece
