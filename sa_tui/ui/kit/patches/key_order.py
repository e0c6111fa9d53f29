"""An application that takes keys one after the other, as if each had been typed slowly."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.app import App

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

PATIENCE_SECONDS = 0.5
"""How long the keys after it wait for one whose journey was cut off."""


class KeyOrder(App[int]):
    """Hands on a key only when all that the one before it did is done.

    Textual gives every key that has arrived to what has the focus now, before the first of them
    can move it. Over a slow line a whole command arrives at once: of `:issue` the list would take
    the i, and of a name typed into a new line every letter that is a key elsewhere.
    """

    def __init__(self, *, ansi_color: bool) -> None:
        super().__init__(ansi_color=ansi_color)
        self._typed: deque[events.Event] = deque()
        self._on_its_way: object | None = None

    @property
    def is_taking_keys(self) -> bool:
        """Whether a key is still on its way, or waiting for one that is."""
        return self._on_its_way is not None

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed.append(event)
            if self._on_its_way is None:
                await self._hand_on()
        else:
            await super().on_event(event)

    async def _hand_on(self) -> None:
        """Gives the next key to what has the focus, and sends a call after it."""
        if not self._typed:
            self._on_its_way = None
            return
        journey = self._on_its_way = object()
        start = self.focused or self.screen
        await super().on_event(self._typed.popleft())
        asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._arrived, journey)
        self._follow(start, journey, start)

    def _follow(
        self, node: MessagePump, journey: object, start: MessagePump, *, is_quiet: bool = True
    ) -> None:
        """Goes up the way that keys bubble, from `start` to the application, until all is quiet.

        The application runs what a key is bound to when it has bubbled all the way up: what that
        makes of itself, such as a `Submitted`, comes to the queues below only then. In the end it
        goes up once more from what has the focus by now: a page that was opened is complete then.
        """
        if journey is not self._on_its_way:
            return
        if _is_busy(node):
            is_quiet = False
        elif node is not self:
            node = node._parent or self
        elif not is_quiet:
            node, is_quiet = start, True
        elif start is not (focused := self.focused or self.screen):
            node = start = focused
        else:
            self._arrived(journey)
            return
        if not node.call_later(self._follow, node, journey, start, is_quiet=is_quiet):
            start = self.focused or self.screen  # it was removed meanwhile
            self.call_later(self._follow, self, journey, start, is_quiet=False)

    def _arrived(self, journey: object) -> None:
        if journey is self._on_its_way:
            self._on_its_way = object()  # no other call for this key hands on the next one
            self.call_later(self._hand_on)


def _is_busy(node: MessagePump) -> bool:
    """Whether messages wait for it; it may have looked at the next one already."""
    return node._pending_message is not None or not node._message_queue.empty()
