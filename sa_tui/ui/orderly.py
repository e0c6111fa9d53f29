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


class OrderlyApp(App[int]):
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
        self._climb(start, journey)

    def _climb(self, node: MessagePump | None, journey: object) -> None:
        """Goes up the way that keys bubble: whoever comes to this call is done with the key."""
        if node is None or node is self or not node.call_later(self._climb, node._parent, journey):
            self.call_later(self._descend, journey)

    def _descend(self, journey: object) -> None:
        """Goes by the page that is on top by now: one that the key opened is complete then."""
        self.screen.call_later(self.call_later, self._arrived, journey)

    def _arrived(self, journey: object) -> None:
        if journey is self._on_its_way:
            self._on_its_way = object()  # no other call for this key hands on the next one
            self.call_later(self._hand_on)
