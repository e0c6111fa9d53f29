"""One secret on its page, until it is dropped: where it went, and the proof that it arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sa_tui.handover.clipboard import ClipboardDestination
from sa_tui.handover.delivery import Delivery
from sa_tui.handover.file import FileDestination
from sa_tui.org.issuing import deliver, record_delivery
from sa_tui.ui.kit.delivery_notes import DeliveryNotes
from sa_tui.ui.tokens.copying import Copying
from sa_tui.ui.tokens.delivering import RunningDelivery
from sa_tui.ui.tokens.paste_back import compared

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr

    from sa_tui.handover.delivery import Destination
    from sa_tui.org.issuing import Issued
    from sa_tui.ui.kit.dialog import Dialog

_PASTED = "You pasted it back: it is this token."
_NOT_PASTED = "What you pasted is not this token. It was compared, and is not kept."
_TEST_PASTED = "The clipboard works: it gave back the harmless word."


class HandingOver:
    """Delivers the secret of a page; `changed` is called with what a program said, if anything.

    `notes` show where it went, `files` are those that hold it, each with its digest; `failed` is
    where it did not arrive. `secret` is None if this process never had it, or has forgotten it.
    """

    def __init__(
        self, page: Dialog[Any], issued: Issued, *, changed: Callable[[str], None]
    ) -> None:
        self._page = page
        self._changed = changed
        self._label = issued.label
        self._entry = issued.entry
        # Not the whole of it: it would hold the secret after `drop`.
        self._first = issued.destination, issued.delivery
        self.secret: SecretStr | None = issued.secret
        self.notes = DeliveryNotes()
        self.copying = Copying(page, hand_over=self.hand_over, forgotten=self._copies_forgotten)
        self.files: list[tuple[FileDestination, str]] = []
        self.failed: Destination | None = None

    def begin(self) -> None:
        """Shows what became of the delivery that the order asked for."""
        self.copying.find_routes()
        destination, delivery = self._first
        if isinstance(destination, ClipboardDestination):
            self.copying.note(destination.route)
        if delivery is not None and destination is not None:
            self._report(delivery, to=destination)

    async def hand_over(self, destination: Destination) -> None:
        """Delivers the secret to the destination and shows what is known of the delivery."""
        org = self._page.host.org
        if self.secret is None or org is None:
            return
        if isinstance(destination, ClipboardDestination):
            self.copying.note(destination.route)
        destination = destination.filled(self._label)
        running = self._page.query_one(RunningDelivery)
        self._page.tell("")
        running.begin(destination)
        try:
            delivery = await deliver(
                self.secret,
                destination,
                label=self._label,
                entry=self._entry,
                org=org,
                journal=self._page.host.records.journal,
                stop=running.stop,
            )
        finally:
            running.end()
        self._report(delivery, to=destination)

    def _report(self, delivery: Delivery, *, to: Destination) -> None:
        is_failed = delivery.status == "failed"
        self.failed = to if is_failed else None
        self.notes.note(delivery, kind=to.kind, at=self._page.host.now())
        if isinstance(to, FileDestination) and delivery.status == "delivered":
            self.files.append((to, delivery.digest))
        self._page.tell("f tries the same again." if is_failed else "")
        self._changed(delivery.detail)

    def _copies_forgotten(self) -> bool:
        """Takes back that the secret was copied: nothing may be left to paste after leaving."""
        was_delivered = self.notes.forget("clipboard")
        self._changed("")
        return was_delivered

    def is_secret(self, text: str) -> bool:
        """Whether this text is the secret."""
        return compared(text, self.secret) == "same"

    def take_paste(self, text: str) -> None:
        """Takes a token that is pasted back as the proof that it arrived."""
        outcome = compared(text, self.secret)
        if outcome == "same":
            self._pasted_back()
        elif outcome == "test":
            self._page.tell(_TEST_PASTED, tone="good")
        elif outcome == "other":
            self._page.tell(_NOT_PASTED)

    def _pasted_back(self) -> None:
        sent, host = self.notes.unconfirmed, self._page.host
        where = sent.delivery.place if sent is not None else "whoever pasted it"
        delivery = Delivery("delivered", message=_PASTED, place=where, proof="pasted back")
        if host.org is not None:
            record_delivery(
                delivery,
                label=self._label,
                entry=self._entry,
                org=host.org,
                journal=host.records.journal,
            )
        self.notes.note(delivery, kind="paste", at=host.now())
        self._page.tell("")
        self._changed("")

    def drop(self) -> None:
        """Forgets the secret."""
        self.secret = None
