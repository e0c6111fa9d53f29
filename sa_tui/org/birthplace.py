"""The short-lived process in which a secret is born, delivered, proved and forgotten.

It takes one order from its standard input and tells on its standard output what becomes of it. The
secret goes to its destination; only when it could not be delivered there it is told, because then
nobody has it. When the standard input is closed, the application is gone: what runs is killed.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from sa_tui.base.label import Label
from sa_tui.base.secrets import fingerprint
from sa_tui.handover.command import CommandDestination
from sa_tui.handover.file import FileDestination
from sa_tui.handover.harden import disable_core_dumps
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.errors import Broken, KonnectError, Unreachable
from sa_tui.konnect.models import AccessToken, IssuedToken
from sa_tui.konnect.proxies import Proxies
from sa_tui.konnect.requests import Request
from sa_tui.konnect.settings import Settings
from sa_tui.org.delivering import attempt, proven

if TYPE_CHECKING:
    from sa_tui.handover.delivery import Destination

    Message = dict[str, Any]

_FACTS = ("id", "name", "created_at", "updated_at", "expires_at", "last_used_at")


def main() -> None:
    """Runs until the order is done, or the application is gone."""
    disable_core_dumps()
    asyncio.run(_run())


async def _run() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2**20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    _tell({"event": "ready"})
    line = await reader.readline()
    if not line.endswith(b"\n"):  # there is nothing to order, or nobody who orders
        return
    order, stop = json.loads(line), asyncio.Event()
    client = _client(order.pop("token"), order["settings"])
    work = asyncio.create_task(_bear(order, client, stop))
    listening = asyncio.create_task(_listen(reader, client, stop))
    await asyncio.wait((work, listening), return_when=asyncio.FIRST_COMPLETED)
    for task in (work, listening):
        task.cancel()  # it kills a command and its child processes
    await asyncio.wait((work, listening))


async def _listen(reader: asyncio.StreamReader, client: KonnectClient, stop: asyncio.Event) -> None:
    """Does what the application says; returns when it is gone."""
    while (line := await reader.readline()).endswith(b"\n"):
        wish = json.loads(line)["do"]
        if wish == "stop":
            stop.set()
        elif wish == "stop waiting":
            client.stop_waiting()


def _client(token: str, settings: Message) -> KonnectClient:
    bundle = settings["ca_bundle"]
    return KonnectClient(
        SecretStr(token),
        Settings(
            base_url=settings["base_url"],
            regional_url=settings["regional_url"],
            timeout_seconds=settings["timeout_seconds"],
            ca_bundle=None if bundle is None else Path(bundle),
            proxies=Proxies(**settings["proxies"]),
            max_wait_seconds=settings["max_wait_seconds"],
            on_wait=lambda wait: _tell(
                {"event": "wait", "seconds": wait.seconds, "reason": wait.reason}
            ),
            on_exchange=lambda exchange: _tell({"event": "exchange", "exchange": asdict(exchange)}),
        ),
    )


async def _bear(order: Message, client: KonnectClient, stop: asyncio.Event) -> None:
    """Sends the request once, tells the facts of the token, and delivers its secret."""
    try:
        issued, facts = await client.send(_request(order["request"]))
    except KonnectError as error:
        _tell({"event": "refused", "error": _as_message(error)})
        return
    except Exception as error:  # noqa: BLE001 - whether it was sent is not known
        told = _as_message(Broken.by(error)) | {"outcome_unknown": True}
        _tell({"event": "refused", "error": told})
        return
    seen = fingerprint(issued.secret)
    _tell({"event": "created", "access_token": facts, "fingerprint": seen})
    label = _label(order["label"], issued.access_token)
    delivery = await attempt(issued.secret, _destination(order["destination"]), label, stop)
    event: Message = {"event": "delivered", "delivery": asdict(delivery), "proof": None}
    if delivery.status != "delivered":
        event["secret"] = issued.secret.get_secret_value()
    elif order["prove"]:
        event["proof"] = await _proof(client, issued.secret)
    _tell(event)


def _request(request: Message) -> Request[tuple[IssuedToken, Message]]:
    def read(body: object) -> tuple[IssuedToken, Message]:
        issued = IssuedToken.from_wire(body)
        secret, facts = issued.secret.get_secret_value(), dict(body)  # type: ignore[call-overload]
        told = {key: facts[key] for key in _FACTS if key in facts}
        return issued, {key: fact for key, fact in told.items() if secret not in str(fact)}

    return Request(
        method=request["method"],
        path=request["path"],
        body=request["body"],
        read=lambda answer: answer.read(read),
    )


async def _proof(client: KonnectClient, secret: SecretStr) -> str:
    """Why the new token does not work, or nothing."""

    async def verify(secret: SecretStr) -> object:
        async with client.with_token(secret) as own:
            return await own.get_organization()

    return await proven(secret, verify=verify)


def _label(label: Message, token: AccessToken) -> Label:
    return Label(**label | {"token_id": token.id, "expires_at": token.expires_at})


def _destination(place: Message) -> Destination:
    if place["kind"] == "file":
        return FileDestination(
            Path(place["path"]), format=place["format"], variable=place["variable"]
        )
    return CommandDestination(
        tuple(place["argv"]),
        environ=os.environ,
        timeout_seconds=place["timeout_seconds"],
        format=place["format"],
        verify=tuple(place["verify"]),
    )


def _as_message(error: KonnectError) -> Message:
    return {
        "text": error.text,
        "request": error.request,
        "advice": error.advice,
        "trace": error.trace,
        "outcome_unknown": error.outcome_unknown,
        "status": getattr(error, "status", None),
        "is_unreachable": isinstance(error, Unreachable),
    }


def _tell(event: Message) -> None:
    """Writes an event; an application that is gone hears nothing, and its silence ends this."""
    line = json.dumps(event).encode() + b"\n"
    try:
        while line:
            line = line[os.write(1, line) :]
    except OSError:
        return
