"""A page, or the application, that no fault in what it does with a message ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.message import Message
    from textual.message_pump import MessagePump

    _MessagePump = MessagePump
else:  # no part of the line of classes that style sheets and handlers go by
    _MessagePump = object


class SteadyPump(_MessagePump):
    """Reports a fault and takes the next message; what could not be made is of no use."""

    def report(self, error: BaseException) -> None:
        """Tells the operator of a fault of our own."""
        raise NotImplementedError

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if isinstance(message, events.Compose | events.Mount):
                raise
            self.report(error)
