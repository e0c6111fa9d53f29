"""What was done with a secret, a line for each place; no other message takes their room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.base.times import utc
from sa_tui.ui.kit.safe import Static

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.handover.delivery import Delivery

_STYLES = {"delivered": "", "sent": "yellow", "failed": "red"}


class UnselectableText(Static):
    """Text that the mouse does not select: on such a page it selects the secret or nothing."""

    ALLOW_SELECT = False


@dataclass(frozen=True, kw_only=True)
class Note:
    """One delivery, to a destination of this kind, and when it was."""

    delivery: Delivery
    kind: str
    at: datetime


class DeliveryNotes(UnselectableText):
    """Shows the deliveries in their order; of several to one place the last."""

    def __init__(self) -> None:
        super().__init__(id="deeds")
        self._notes: list[Note] = []
        self.display = False

    @property
    def confirmed(self) -> Note | None:
        """The last confirmed delivery that is not forgotten."""
        return self._last("delivered")

    @property
    def unconfirmed(self) -> Note | None:
        """The last delivery that left and that nobody confirmed."""
        return self._last("sent")

    def _last(self, status: str) -> Note | None:
        notes = (note for note in reversed(self._notes) if note.delivery.status == status)
        return next(notes, None)

    def note(self, delivery: Delivery, *, kind: str, at: datetime) -> None:
        """Shows a delivery; a failed one takes the place of a failed one alone."""
        self._notes = [
            note
            for note in self._notes
            if (note.kind, note.delivery.place) != (kind, delivery.place)
            or (delivery.status == "failed" and note.delivery.status != "failed")
        ]
        self._notes.append(Note(delivery=delivery, kind=kind, at=at))
        self._show()

    def forget(self, kind: str) -> bool:
        """Removes the notes of this kind; True when one was a confirmed delivery."""
        gone = [note for note in self._notes if note.kind == kind]
        self._notes = [note for note in self._notes if note.kind != kind]
        self._show()
        return any(note.delivery.status == "delivered" for note in gone)

    def _show(self) -> None:
        lines = [
            Text(
                f"{note.at:%H:%M:%S}  {one_line(note.delivery.message, limit=PROSE_LIMIT)}",
                style=_STYLES[note.delivery.status],
            )
            for note in self._notes
        ]
        self.update(Text("\n").join(lines))
        self.display = bool(lines)


def headline(note: Note | None) -> Text:
    """The one line that says whether the secret is delivered: where, when, and what proved it."""
    if note is None:
        return Text(" NOT DELIVERED ", style="bold reverse red")
    delivery = note.delivery
    place = one_line(delivery.place or delivery.message, limit=PROSE_LIMIT)
    text = Text.assemble((f" DELIVERED TO {place} ", "bold reverse green"), f" {utc(note.at)}")
    text.append(f", {one_line(delivery.proof, limit=PROSE_LIMIT)}" if delivery.proof else "")
    return text
