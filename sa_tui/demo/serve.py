"""Serves the demo Konnect on a loopback socket only, for any Konnect client.

The server, uvicorn, is an optional extra, and imported only when it is needed.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import parse_qsl

from sa_tui.base.installing import install_command

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping

    from sa_tui.demo.answers import Reply
    from sa_tui.demo.konnect import FakeKonnect

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

HOST = "127.0.0.1"


class ServeError(Exception):
    """The server cannot start; the message says why and what to do."""


class Address(TypedDict):
    """The addresses of a demo Konnect, and the token that it accepts."""

    base_url: str
    regional_url: str
    token: str


@asynccontextmanager
async def serving(
    fake: FakeKonnect, *, port: int = 0, latency_seconds: float = 0.0
) -> AsyncIterator[Address]:
    """Serves while the context is open. Raises ServeError."""
    try:
        from sa_tui.demo.sockets import DemoServer
    except ImportError as error:
        raise ServeError(
            "The demo server needs the package uvicorn, which is not installed. "
            f"Install it: {install_command('uvicorn')}"
        ) from error
    server = DemoServer(asgi_app(fake, latency_seconds=latency_seconds))
    with _listener(port) as listener:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await server.listening.wait()
            if not server.started:
                await task  # it raises the error
            base_url = f"http://{HOST}:{listener.getsockname()[1]}"
            yield Address(
                base_url=base_url,
                regional_url=base_url + "/{region}",
                token=fake.operator_token,
            )
        finally:
            server.should_exit = True
            await task


def _listener(port: int) -> socket.socket:
    # asyncio sets TCP_NODELAY only if the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise ServeError(
            f"Port {port} on {HOST} cannot be used: {str(error).rstrip('.')}. "
            "Choose another with --port, or --port 0 for any free one."
        ) from error
    return listener


def asgi_app(fake: FakeKonnect, *, latency_seconds: float = 0.0) -> App:
    """The demo Konnect as an ASGI application.

    To cut a connection, it needs the extension `sa_tui.connection` of the server, with the
    functions `close` and `reset`.
    """

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        body = await _request_body(receive)
        await asyncio.sleep(latency_seconds / 2)
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        headers = {
            name.decode("latin-1"): text.decode("latin-1") for name, text in scope["headers"]
        }
        answer = fake.answer(scope["method"], scope["path"], dict(query), headers, body)
        await asyncio.sleep(latency_seconds / 2)
        if answer.delivery in ("cut-before", "cut-after"):
            connection = scope["extensions"]["sa_tui.connection"]
            (connection.close if answer.delivery == "cut-before" else connection.reset)()
            while (await receive())["type"] != "http.disconnect":
                pass
        else:
            await _send(answer, send)

    return app


async def _request_body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _send(answer: Reply, send: Send) -> None:
    headers = [(name.encode(), text.encode()) for name, text in answer.headers.items()]
    if answer.status != 204:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if answer.delivery == "slow":
        for seconds, piece in answer.trickle():
            await asyncio.sleep(seconds)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.body", "body": answer.body})
