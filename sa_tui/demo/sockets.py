"""A uvicorn server that can cut a TCP connection, so that an answer is really lost."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator


@dataclass(frozen=True)
class Connection:
    """One TCP connection, and two ways to end it early."""

    transport: asyncio.Transport

    def close(self) -> None:
        """Closes it; the client reads an end of file instead of an answer."""
        self.transport.close()

    def reset(self) -> None:
        """Resets it; the client's read fails with ECONNRESET."""
        no_linger = struct.pack("ii", 1, 0)
        tcp = self.transport.get_extra_info("socket")
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
        self.transport.abort()


class _DemoProtocol(H11Protocol):
    """Passes the connection of a request to the application."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app, connection = self.app, Connection(transport)

        async def app_with_connection(scope: Any, receive: Any, send: Any) -> None:
            extensions = {**scope.get("extensions", {}), "sa_tui.connection": connection}
            await app({**scope, "extensions": extensions}, receive, send)

        self.app = app_with_connection


class DemoServer(Server):
    """Serves an ASGI application without a log."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        super().__init__(
            Config(
                app,
                http=_DemoProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,  # the demo's clock is the application's
                timeout_graceful_shutdown=1,
            )
        )
        self.listening = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals to the caller: uvicorn would replace and raise them."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, then sets `listening`, even after an error."""
        try:
            await super().startup(sockets)
        finally:
            self.listening.set()
