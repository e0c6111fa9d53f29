"""What the dialogs that deliver a secret share: the time that is left, and a way to stop."""

from __future__ import annotations

import asyncio
from math import ceil
from typing import TYPE_CHECKING, TypeVar

from sa_tui.handover.clipboard import ClipboardDestination
from sa_tui.handover.command import CommandDestination
from sa_tui.handover.tmux import COPY_TIMEOUT_SECONDS
from sa_tui.ui.kit.dialog import Dialog

if TYPE_CHECKING:
    from textual.timer import Timer

    from sa_tui.handover.delivery import Destination

T = TypeVar("T")


class DeliveringDialog(Dialog[T]):
    """Counts down the seconds of a delivery on its message line; Esc stops the delivery."""

    def __init__(self) -> None:
        super().__init__()
        self.stop = asyncio.Event()
        self._ticking: Timer | None = None
        self._what = ""
        self._until: float | None = None

    def begin_delivery(self, destination: Destination) -> None:
        """Says where the secret is going; `stop` is set when the operator stops the delivery."""
        self.stop.clear()
        self._what = f"Delivering to {destination.describe()}"
        limit = limit_seconds(destination)
        self._until = None if limit is None else self.host.dependencies.monotonic() + limit
        self._ticking = self.set_interval(1, self._tick)
        self._tick()

    def end_delivery(self) -> None:
        """Stops the countdown."""
        if self._ticking is not None:
            self._ticking.stop()
        self._ticking = None

    def stop_delivery(self) -> bool:
        """Stops the delivery; False when there is none that can be stopped."""
        if self._ticking is None or self._until is None:
            return False
        self.stop.set()
        self.tell("Stopping…", tone="warn")
        return True

    def _tick(self) -> None:
        if self._until is None:
            self.tell(f"{self._what}…", tone="warn")
        elif not self.stop.is_set():
            left_seconds = max(0, ceil(self._until - self.host.dependencies.monotonic()))
            self.tell(f"{self._what}: {left_seconds} s left. Esc stops it.", tone="warn")


def limit_seconds(destination: Destination) -> float | None:
    """How long a program may take to deliver there; None where none is started."""
    if isinstance(destination, CommandDestination):
        return destination.limit_seconds
    return COPY_TIMEOUT_SECONDS if isinstance(destination, ClipboardDestination) else None
