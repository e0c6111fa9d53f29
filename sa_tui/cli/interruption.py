"""What a signal means once a change may have been sent: its answer is awaited, but not for ever.

The rule it keeps: nothing is torn between a change and its answer without a word about it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, TypeVar

from sa_tui.cli.exits import code_for
from sa_tui.handover.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from pydantic import SecretStr

    from sa_tui.base.label import Label
    from sa_tui.cli.environment import Environment
    from sa_tui.handover.delivery import Destination

T = TypeVar("T")

_UNSURE = (
    "Whether the change was made is unknown: look at the account's tokens before you try again."
)

ANSWER_SECONDS = 10.0
"""How long an interrupted command still waits for the answer to what it has sent."""


class UnansweredError(Exception):
    """An interrupted command did not wait any longer; the text says why."""


def ignore_interruption() -> None:
    """Does nothing about a signal but to wait."""


async def answered(
    work: Coroutine[object, object, T],
    *,
    env: Environment,
    on_signal: Callable[[], None] = ignore_interruption,
) -> T:
    """The result of work that has sent a change, also after a signal.

    Raises UnansweredError when it does not end within ANSWER_SECONDS of the signal, or another one
    comes; the work is cancelled then. Of a fault of our own it is said, before it is raised, that
    what was sent may have been done.
    """
    with env.signals.whole():
        task = asyncio.ensure_future(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise
        except Exception as error:
            if code_for(error) is None:
                env.fail(_UNSURE)
            raise
        on_signal()
        env.tell("Interrupted: waiting for what was begun. Ctrl+C again leaves it.")
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await asyncio.shield(task)
        except TimeoutError:
            reason = f"It did not end within {ANSWER_SECONDS:g} seconds."
        except asyncio.CancelledError:
            reason = "It was left."
        task.cancel()
        with suppress(asyncio.CancelledError):
            return await task
        raise UnansweredError(reason)


@dataclass
class Gate:
    """A destination that a signal closes: no secret is handed over from then on.

    What a program is being given is broken off with the program; what a file or a stream is being
    given is finished, because that is a matter of moments. `label` is what the secret belongs to,
    once there is one.
    """

    inner: Destination
    _: KW_ONLY
    label: Label | None = None
    is_closed: bool = False
    _delivery: asyncio.Future[Delivery] | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """The kind of place."""
        return self.inner.kind

    def describe(self) -> str:
        """Names the place."""
        return self.inner.describe()

    async def check(self) -> str | None:
        """Says what stands in the way, or None."""
        return await self.inner.check()

    async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
        """Hands the secret over, unless closed."""
        self.label = label
        if self.is_closed:
            return Delivery("failed", message="It was interrupted before anybody had the token.")
        self._delivery = asyncio.ensure_future(self.inner.deliver(secret, label))
        try:
            return await self._delivery
        except asyncio.CancelledError:
            if self._delivery.cancelled() and self.is_closed:
                return Delivery("failed", message="The delivery was interrupted.")
            raise

    def close(self) -> None:
        """Lets nothing through from now on."""
        self.is_closed = True
        if self._delivery is not None and self.kind == "command":
            self._delivery.cancel()
