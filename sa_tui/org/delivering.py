"""One attempt to deliver a secret, and to prove that it works; whatever fails is a result."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sa_tui.handover.delivery import Delivery
from sa_tui.konnect.errors import KonnectError, NotSignedIn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from pydantic import SecretStr

    from sa_tui.base.label import Label
    from sa_tui.handover.delivery import Destination

PROVE_SECONDS = (0.0, 1.0, 3.0)
"""The wait before each call with a new token: Konnect may accept it late."""


async def attempt(
    secret: SecretStr, destination: Destination, label: Label, stop: asyncio.Event | None
) -> Delivery:
    """Delivers the secret; `stop` ends it early, for who does not want to wait longer."""
    try:
        return await _until_stopped(destination.deliver(secret, label), stop)
    except Exception as error:  # noqa: BLE001 - a crash now would lose the only copy
        message = f"The delivery broke off ({type(error).__name__}): look there before you go on."
        return Delivery("failed", message=message, may_be_there=True)


async def _until_stopped(
    delivering: Coroutine[object, object, Delivery], stop: asyncio.Event | None
) -> Delivery:
    """The result of the delivery; one that is stopped may have succeeded all the same."""
    if stop is None:
        return await delivering
    work, stopped = asyncio.ensure_future(delivering), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((work, stopped), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        was_running = work.cancel()  # it kills a command and its child processes
        await asyncio.wait((work,))
    if was_running and work.cancelled():
        message = "Stopped. It may have kept the token: look there before you try again."
        return Delivery("failed", message=message, may_be_there=True)
    return work.result()


async def proven(
    secret: SecretStr,
    *,
    verify: Callable[[SecretStr], Awaitable[object]],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> str:
    """Asks Konnect with the new token; returns why it does not work, or nothing."""
    reason = ""
    for wait_seconds in PROVE_SECONDS:
        await sleep(wait_seconds)
        try:
            await verify(secret)
        except NotSignedIn as error:
            reason = str(error)
        except KonnectError as error:
            return str(error)
        else:
            return ""
    return reason
