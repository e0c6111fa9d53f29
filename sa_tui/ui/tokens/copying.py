"""How a dialog copies a secret: by the best route, claiming no more than what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sa_tui.handover.clipboard import ClipboardDestination, first_usable, send_test
from sa_tui.handover.tmux import SECRET_SECONDS, TmuxRoute
from sa_tui.ui.kit.delivery_notes import DeliveryNotes
from sa_tui.ui.kit.patches.inside import write_raw
from sa_tui.ui.tokens.delivering import DeliveringDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from sa_tui.handover.clipboard import Route
    from sa_tui.handover.delivery import Destination

T = TypeVar("T")

_IN_TMUX = f"tmux deletes its buffer {SECRET_SECONDS} s after the copy, even when you have left."
_GONE_FROM_TMUX = "tmux has deleted its buffer, after {seconds} s: press y to copy again."
_IN_CLIPBOARD = "The clipboard keeps what was copied: press B to overwrite it."


class CopyingDialog(DeliveringDialog[T]):
    """Copies a secret, tests the route to the clipboard, and overwrites what was copied.

    `is_busy` is true while something is done with the secret. `notes` show where the secret went;
    `copies` are the routes by which it was copied.
    """

    def __init__(self) -> None:
        super().__init__()
        self.notes = DeliveryNotes()
        self.routes: tuple[Route, ...] = ()
        self.copies: list[Route] = []
        self.is_busy = False

    async def hand_over(self, destination: Destination) -> None:
        """Delivers the secret to the destination and says what is known of the delivery."""
        raise NotImplementedError

    def say_how_to_leave(self) -> None:
        """Says what Enter does now."""
        raise NotImplementedError

    def what_is_left(self) -> str:
        """What becomes of the copies; empty when there is none."""
        if not self.copies:
            return ""
        is_in_tmux = all(isinstance(route, TmuxRoute) for route in self.copies)
        return _IN_TMUX if is_in_tmux else _IN_CLIPBOARD

    def _write(self, sequence: str) -> None:
        write_raw(self.app, sequence)

    def begin_work(self, work: Coroutine[object, object, None]) -> None:
        """Runs work with the secret in the application; no other may begin meanwhile."""
        self.is_busy = True
        self.refresh_bindings()
        self.host.write("Hand-over", self._do(work), on_failure=self._failed)

    def _failed(self) -> None:
        """Replaces the message of work that failed by why it failed."""
        status = self.host.status
        reason = "" if self.host.complaint or status is None else f"{status.plain} "
        self.tell(f"{reason}Whether it was done is not known.")

    async def _do(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        finally:
            self.is_busy = False
            self.refresh_bindings()

    def note_copy(self, route: Route) -> None:
        """Notes a copy before it is made."""
        self.host.copies.remember(route)
        if route not in self.copies:
            self.copies.append(route)
        if isinstance(route, TmuxRoute) and route.keep_seconds is not None:
            self.run_worker(self._forget(route.keep_seconds), group="later", exclusive=True)

    async def _forget(self, keep_seconds: int) -> None:
        """Says when tmux has deleted the copy: nothing could be pasted after leaving."""
        await self.host.dependencies.sleep(keep_seconds)
        if self.notes.forget("clipboard"):
            self.say_how_to_leave()
            self.tell(_GONE_FROM_TMUX.format(seconds=keep_seconds), tone="warn")

    def action_copy(self) -> None:
        """Copies the secret by the best route."""
        self._with_route(self._copy)

    def _with_route(self, work: Callable[[Route], Coroutine[object, object, None]]) -> None:
        if self.routes:
            self.begin_work(self._by_best_route(work))
        else:
            self.tell("No clipboard can be reached from here: press d for a file or a command.")

    async def _by_best_route(
        self, work: Callable[[Route], Coroutine[object, object, None]]
    ) -> None:
        route = await first_usable(self.routes)
        if route is not None:
            await work(route)

    async def _copy(self, route: Route) -> None:
        await self.hand_over(ClipboardDestination(route, write=self._write))

    def action_copy_text(self) -> None:
        """Copies as y does when the revealed secret is selected.

        Textual's own copying would keep the secret, and tmux would drop it without a word.
        """
        if not self.get_selected_text():
            self.tell(self.must_stay, tone="warn")
        elif not self.is_busy:
            self.action_copy()

    def action_test(self) -> None:
        """Copies a harmless word by the route that the token would take."""
        self._with_route(self._test)

    async def _test(self, route: Route) -> None:
        self.note_copy(route)
        delivery = await send_test(route, write=self._write)
        self.tell(delivery.message, tone="bad" if delivery.status == "failed" else "warn")
        if delivery.status != "failed":
            self._clipboard_was_overwritten()

    def action_blank(self) -> None:
        """Overwrites the clipboard, even where nothing can confirm that it worked."""
        self.begin_work(self._blank())

    async def _blank(self) -> None:
        for route in self.copies:
            delivery = await route.clear(write=self._write, overwrite=True)
            self.tell(delivery.message, tone="bad" if delivery.status == "failed" else "warn")
            if delivery.status != "failed":
                self.host.copies.forget(route)
        self._clipboard_was_overwritten()

    def _clipboard_was_overwritten(self) -> None:
        """Takes back that the secret was copied: nothing may be left to paste after leaving."""
        self.notes.forget("clipboard")
        self.say_how_to_leave()
