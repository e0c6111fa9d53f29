"""A page, or the application, that goes on after an error in the handling of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.message import Message
    from textual.message_pump import MessagePump

    _MessagePump = MessagePump
else:  # no base class at run time: style sheets and handlers would find it
    _MessagePump = object


class SteadyPump(_MessagePump):
    """Reports an error and takes the next message, unless the widget could not be made."""

    def report(self, error: BaseException, *, doing: str = "") -> None:
        """Shows an internal error to the operator, on whatever page is open."""
        raise NotImplementedError

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if isinstance(message, events.Compose | events.Mount):
                raise
            self.report(error)
