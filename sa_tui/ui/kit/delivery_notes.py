"""Where a secret was delivered, a line for each place; no other message takes their room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical

from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sa_tui.handover.delivery import Delivery


class UnselectableText(Static):
    """Text that the mouse does not select: on such a page it selects the secret or nothing."""

    ALLOW_SELECT = False


class DeliveryNotes(Vertical):
    """Shows the confirmed deliveries, and below them the unconfirmed ones; a line for each kind."""

    DEFAULT_CSS = "DeliveryNotes { height: auto; }"

    def __init__(self) -> None:
        super().__init__()
        self._confirmed: dict[str, str] = {}
        self._unconfirmed: dict[str, str] = {}

    @property
    def confirmed(self) -> str:
        """The message of the last confirmed delivery that is not forgotten; empty without one."""
        return next(reversed(self._confirmed.values()), "")

    def compose(self) -> ComposeResult:
        for name in ("good", "warn"):
            yield UnselectableText(classes=name)

    def on_mount(self) -> None:
        self._show()

    def note(self, delivery: Delivery, *, kind: str) -> None:
        """Shows a delivery that did not fail, after those that were noted before."""
        self.forget(kind)
        is_confirmed = delivery.status == "delivered"
        (self._confirmed if is_confirmed else self._unconfirmed)[kind] = delivery.message
        self._show()

    def forget(self, kind: str) -> bool:
        """Removes the note of this kind; True when it was a confirmed delivery."""
        self._unconfirmed.pop(kind, None)
        was_confirmed = self._confirmed.pop(kind, None) is not None
        self._show()
        return was_confirmed

    def _show(self) -> None:
        for name, notes in (("good", self._confirmed), ("warn", self._unconfirmed)):
            for line in self.query(f".{name}").results(UnselectableText):  # none until mounted
                line.update("\n".join(notes.values()))
                line.display = bool(notes)
