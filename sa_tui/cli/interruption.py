"""Handles a signal after a change may have been sent: its answer is awaited, but not for ever.

The rule it keeps: a change is never abandoned without a message.
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

_UNSURE = "Whether the change was made is unknown: look before you try again."

ANSWER_SECONDS = 10.0
"""How long an interrupted command still waits for the answer to its change."""


class UnansweredError(Exception):
    """An interrupted command stopped waiting; the message says why."""


def ignore_interruption() -> None:
    """Does nothing: the answer is awaited."""


async def answered(
    work: Coroutine[object, object, T],
    *,
    env: Environment,
    on_signal: Callable[[], None] = ignore_interruption,
) -> T:
    """The result of work that sends a change, awaited even after a signal.

    Raises UnansweredError, and cancels the work, when it does not end within ANSWER_SECONDS of the
    signal, or a second signal comes. An unexpected error is raised after a message that the change
    may have been made.
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
        env.tell("Interrupted: waiting for the answer. Press Ctrl+C again to stop waiting.")
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await asyncio.shield(task)
        except TimeoutError:
            reason = f"The change did not end within {ANSWER_SECONDS:g} seconds."
        except asyncio.CancelledError:
            reason = "The second signal ended the wait."
        task.cancel()
        with suppress(asyncio.CancelledError):
            return await task
        raise UnansweredError(reason)


@dataclass
class Gate:
    """A destination that a signal closes: from then on no secret is handed over.

    A delivery to a program is cancelled, and the program with it; one to a file or a stream is
    finished, because it takes only moments. `label` says which token the secret is of, once there
    is one.
    """

    inner: Destination
    _: KW_ONLY
    label: Label | None = None
    is_closed: bool = False
    _delivery: asyncio.Future[Delivery] | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """The kind of destination."""
        return self.inner.kind

    def filled(self, label: Label) -> Gate:
        """The same gate: its destination fills the names in itself."""
        self.inner = self.inner.filled(label)
        return self

    def describe(self) -> str:
        """The name of the destination."""
        return self.inner.describe()

    async def check(self) -> str | None:
        """Why nothing can be delivered, or None."""
        return await self.inner.check()

    async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
        """Delivers the secret, unless closed."""
        self.label = label
        if self.is_closed:
            return Delivery(
                "failed", message="The command was interrupted before the token was delivered."
            )
        self._delivery = asyncio.ensure_future(self.inner.deliver(secret, label))
        try:
            return await self._delivery
        except asyncio.CancelledError:
            if self._delivery.cancelled() and self.is_closed:
                return Delivery("failed", message="The delivery was interrupted.")
            raise

    def close(self) -> None:
        """Delivers nothing from now on."""
        self.is_closed = True
        if self._delivery is not None and self.kind == "command":
            self._delivery.cancel()
