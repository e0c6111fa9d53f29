"""Where a secret went, a line for each place; what is said meanwhile never takes their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical

from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sa_tui.handover.delivery import Delivery


class Words(Static):
    """Text that the mouse does not select: what it selects here is the secret or nothing."""

    ALLOW_SELECT = False


class Went(Vertical):
    """Shows confirmed deliveries, and below them what nobody can confirm; one line a kind."""

    DEFAULT_CSS = "Went { height: auto; }"

    def __init__(self) -> None:
        super().__init__(id="went")
        self._sure: dict[str, str] = {}
        self._unsure: dict[str, str] = {}

    @property
    def confirmed(self) -> str:
        """What is known of the last confirmed delivery that still stands; empty without one."""
        return next(reversed(self._sure.values()), "")

    def compose(self) -> ComposeResult:
        for name in ("good", "warn"):
            yield Words(id=f"went-{name}", classes=name)

    def on_mount(self) -> None:
        self._show()

    def note(self, delivery: Delivery, *, kind: str) -> None:
        """Takes in a delivery that did not fail; the newest stands last."""
        self.forget(kind)
        went = self._sure if delivery.status == "delivered" else self._unsure
        went[kind] = delivery.message
        self._show()

    def forget(self, kind: str) -> bool:
        """Drops what was said of this kind of place; whether that was a confirmed delivery."""
        self._unsure.pop(kind, None)
        was_sure = self._sure.pop(kind, None) is not None
        self._show()
        return was_sure

    def _show(self) -> None:
        for name, went in (("good", self._sure), ("warn", self._unsure)):
            for line in self.query(f"#went-{name}").results(Words):  # none before it is mounted
                line.update("\n".join(went.values()))
                line.display = bool(went)
