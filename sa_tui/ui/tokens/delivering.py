"""The delivery under way: where it goes, the seconds that are left, and a way to stop it."""

from __future__ import annotations

import asyncio
from math import ceil
from typing import TYPE_CHECKING

from textual.containers import Vertical

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.handover.clipboard import ClipboardDestination
from sa_tui.handover.command import CommandDestination
from sa_tui.handover.tmux import COPY_TIMEOUT_SECONDS
from sa_tui.ui.kit.safe import Line, Static

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.timer import Timer

    from sa_tui.handover.delivery import Destination


class RunningDelivery(Vertical):
    """Two lines while something is delivered; a second that passes changes the lower one alone.

    `stop` is set when the operator stops the delivery.
    """

    def __init__(self, *, monotonic: Callable[[], float]) -> None:
        super().__init__(id="running")
        self.stop = asyncio.Event()
        self._monotonic = monotonic
        self._ticking: Timer | None = None
        self._until: float | None = None
        self.display = False

    def compose(self) -> ComposeResult:
        yield Static(id="running-place", classes="warn")
        yield Line(id="running-seconds", classes="warn")

    def begin(self, destination: Destination) -> None:
        """Says where the secret is going, and counts the seconds."""
        self.stop.clear()
        place = one_line(destination.describe(), limit=PROSE_LIMIT)
        self.query_one("#running-place", Static).update(f"Delivering to {place}")
        limit = limit_seconds(destination)
        self._until = None if limit is None else self._monotonic() + limit
        self.display = True
        self._ticking = self.set_interval(1, self._tick)
        self._tick()

    def end(self) -> None:
        """Takes the lines away."""
        if self._ticking is not None:
            self._ticking.stop()
        self._ticking = None
        self.display = False

    def ask_to_stop(self) -> bool:
        """Stops the delivery; False when there is none that can be stopped."""
        if self._ticking is None or self._until is None:
            return False
        self.stop.set()
        self._say("Stopping…")
        return True

    def _tick(self) -> None:
        if self._until is None:
            self._say("…")
        elif not self.stop.is_set():
            left_seconds = max(0, ceil(self._until - self._monotonic()))
            self._say(f"{left_seconds} s left. Esc stops it.")

    def _say(self, text: str) -> None:
        line = self.query_one("#running-seconds", Line)
        if line.content != text:
            line.update(text, layout=False)


def limit_seconds(destination: Destination) -> float | None:
    """How long a program may take to deliver there; None where none is started."""
    if isinstance(destination, CommandDestination):
        return destination.limit_seconds
    return COPY_TIMEOUT_SECONDS if isinstance(destination, ClipboardDestination) else None
