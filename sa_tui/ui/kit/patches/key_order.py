"""An application that handles keys one after another, as if each were typed slowly."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.app import App

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

PATIENCE_SECONDS = 0.5
"""How long later keys wait for a key whose handling was cut off."""


class KeyOrder(App[int]):
    """Passes on a key only when everything that the key before it caused is done.

    Textual gives all keys that have arrived to the widget with the focus, before the first of them
    can move the focus. Over a slow line a whole command arrives at once: the list would take the i
    of `:issue`, and of a name typed into a new line every letter that is a key of the page.
    """

    def __init__(self, *, ansi_color: bool) -> None:
        super().__init__(ansi_color=ansi_color)
        self._waiting: deque[events.Event] = deque()
        self._current: object | None = None

    @property
    def is_taking_keys(self) -> bool:
        """Whether a key is being handled, or waits for one that is."""
        return self._current is not None

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._waiting.append(event)
            if self._current is None:
                await self._pass_on()
        else:
            await super().on_event(event)

    async def _pass_on(self) -> None:
        """Gives the next key to the widget with the focus, and follows it."""
        if not self._waiting:
            self._current = None
            return
        key = self._current = object()
        start = self.focused or self.screen
        await super().on_event(self._waiting.popleft())
        asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._handled, key)
        self._follow(start, key, start)

    def _follow(
        self, node: MessagePump, key: object, start: MessagePump, *, is_quiet: bool = True
    ) -> None:
        """Goes up the way that keys bubble, from `start` to the application, until all is quiet.

        The application runs the action of a key when the key has bubbled all the way up; messages
        of that action, such as a `Submitted`, come to the queues below only then. At the end it
        goes up once more from the widget that has the focus by then: so an opened page is complete.
        """
        if key is not self._current:
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
            self._handled(key)
            return
        if not node.call_later(self._follow, node, key, start, is_quiet=is_quiet):
            start = self.focused or self.screen  # the node was removed meanwhile
            self.call_later(self._follow, self, key, start, is_quiet=False)

    def _handled(self, key: object) -> None:
        if key is self._current:
            self._current = object()  # only one call for each key passes on the next one
            self.call_later(self._pass_on)


def _is_busy(node: MessagePump) -> bool:
    """Whether messages wait for the node; one of them may have left its queue already."""
    return node._pending_message is not None or not node._message_queue.empty()
