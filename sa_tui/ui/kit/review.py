"""Changes are reviewed, confirmed, sent, tried again and undone on one page.

Nothing is sent before it was shown and confirmed as its level asks; Enter alone sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on

from sa_tui.access.effects.guards import pass_again, to_type
from sa_tui.base.words import plural
from sa_tui.org.changes.words import retry_title, undo_title
from sa_tui.ui.kit.clipboard import copy_text
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.progress import Pace, progress_line
from sa_tui.ui.kit.review_page import ConfirmLine, ReviewPage
from sa_tui.ui.kit.safe import Input
from sa_tui.ui.kit.table.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.binding import BindingType

    from sa_tui.org.changes.change import Change, Outcome
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Changes

_BEING_SENT = "The changes are being sent: wait for their results."
_NOTHING_ON = "Every change is switched off: nothing to send. Space switches one on."
_READ_ONLY = (
    "This profile is read-only: nothing can be sent. e writes the plan to a file for somebody who "
    "may, $ shows the requests, y copies them."
)


class ReviewDialog(ReviewPage):
    """Shows changes, sends them when they are confirmed, and stays to show the results.

    Changes of level "none" are sent at once. One of level "type" is confirmed by typing its name,
    several by typing their number, any others by Y. If `changes` is a function, they follow the
    snapshot, so that what is confirmed is what is on the page. An empty `title` is made from the
    changes that are on. `notes` are sentences to know before, besides what the changes mean.
    Dismissed with the newest outcome of every change that was sent.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.SEND, "confirm", help="Send the changes that are on", name="review.send"),
        bind(Means.MARK, "switch", "On/off", "Switch a change off or on", name="on", priority=True),
        bind(Means.REQUESTS, "requests", help="Show them as curl", name="review.requests"),
        bind(Means.COPY, "copy", help="Copy the requests as curl", name="review.copy", only="y"),
        bind(
            Means.EXPORT,
            "save",
            "Save plan",
            "Write the changes to a file, for somebody who may make them",
            name="review.save",
        ),
        bind(Means.RETRY, "retry", help="Try again what may work now", name="review.retry"),
        bind(Means.UNDO, "undo", help="Undo what can be undone", name="review.undo"),
        bind(
            Means.BACK,
            "stop",
            "Stop",
            "Stop after the change under way",
            name="review.stop",
            only="escape,q",
        ),
        bind(Means.BACK, "close", "Close", "Back", name="review.close", only="escape,q"),
    ]

    def __init__(self, title: str, changes: Changes, *, notes: Sequence[str] = ()) -> None:
        super().__init__(title, notes=notes)
        self._make = changes if callable(changes) else None
        self._is_stopping = False
        self._pace = Pace(0.0)
        self._asked_for: object = None
        if not callable(changes):
            self.results.replace(changes)

    def on_mount(self) -> None:
        if self._make is not None:
            self.results.replace(self._make(self.host.snapshot))
        self._begin()

    def _begin(self) -> None:
        """Shows the changes as not yet sent; sends them if they need no confirmation."""
        self.is_sent, self._asked_for = False, None
        self.query_one("#confirm", Input).value = ""
        self.weigh()
        if self.host.is_read_only or any(change.level != "none" for change in self._means.changes):
            self._ask()
        else:
            self._send()

    def show(self, snapshot: Snapshot) -> None:
        """Makes the changes and what they mean again from this snapshot."""
        if self.is_sent:  # it stays as it was confirmed
            return
        if self._make is not None:
            # When nothing is left to change, the changes stay: sending them shows why.
            self.results.renew(tuple(self._make(snapshot)) or self.results.changes)
        self.weigh()
        self._ask()

    # Asking

    @property
    def _waiting(self) -> Sequence[Change]:
        """The changes that would be sent next: those that are on, or the rest of a sending."""
        return self.results.unsent if self.is_sent else self._means.changes

    @property
    def _to_save(self) -> Sequence[Change]:
        """The changes that are on, or what is left of them to be made."""
        return self._waiting or (self.results.repeatable if self.is_sent else ())

    @property
    def _to_type(self) -> str | None:
        return None if self.host.is_read_only else to_type(self._waiting)

    def _ask(self) -> None:
        """Asks for the confirmation that the changes need, once for the same changes."""
        text_to_type, waiting = self._to_type, self._waiting
        asked_for = (text_to_type, len(waiting))
        if asked_for == self._asked_for:
            return
        is_typed = text_to_type is not None and bool(waiting)
        line = self.query_one("#confirm-line")
        self.query_one(ConfirmLine).takes_blanks = " " in (text_to_type or "")
        if line.display != is_typed or self._asked_for is None:
            line.display = is_typed
            self.query_one("#confirm" if is_typed else "#changes").focus()
        self._asked_for = asked_for
        count = plural(len(waiting), "change")
        if self.host.is_read_only:
            self.tell(_READ_ONLY, tone="warn")
        elif not waiting:
            self.tell(_NOTHING_ON, tone="warn")
        elif is_typed:
            number = f" (there are {count})" if len(waiting) > 1 else ""
            text = f"To send, type {text_to_type}{number} and press Enter. F2 shows the requests."
            self.tell(text, tone="warn")
        else:
            self.tell(f"Send {count}? Y sends, Esc leaves.", tone="warn")
        self.share_height()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offers what makes sense before the sending, during it, and after."""
        is_over = self.is_sent and not self.must_stay
        match action:
            case "confirm":
                if self.must_stay or (self.is_sent and not self.results.unsent):
                    return False
                if not self.is_sent and self._to_type is not None:
                    return False
                return None if self.host.is_read_only or not self._waiting else True
            case "stop" | "close":
                return bool(self.must_stay) == (action == "stop")
            case "save":
                return not self.must_stay and bool(self._to_save or not self.is_sent)
            case "switch":
                return not self.is_sent
            case "retry":
                return is_over and bool(self.results.repeatable)
            case "undo":
                return is_over and bool(self.results.undoable)
        return True

    def action_switch(self) -> None:
        """Switches the change under the cursor off or on; on a heading, all that are below it."""
        key = self.query_one(LineTable).cursor_key
        if key is not None:
            self.results.switch(self._lines[key].numbers)
            self.weigh()
            self._ask()

    def action_confirm(self) -> None:
        """Sends the changes that need no typing; of a rest that needs it, asks for it."""
        if self._to_type is None:
            self._send()
        else:
            self._ask()

    @on(Input.Submitted, "#confirm")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() == self._to_type:
            self._send()
        else:
            self.tell(f"That is not {self._to_type}. Nothing was sent.")

    # Sending

    def _send(self) -> None:
        if self.host.org is None:
            self.tell("No organisation is open. Nothing was sent.")
            return
        waiting = tuple(self._waiting)
        if not self.is_sent:
            self.results.begin(waiting)
        self._pace = Pace(self.host.dependencies.monotonic(), len(self.results.outcomes))
        self.is_sent, self._is_stopping, self._asked_for = True, False, None
        self.must_stay = _BEING_SENT
        self.add_class("-sent")
        self.query_one("#confirm", Input).value = ""
        self.query_one("#confirm-line").display = False
        self.query_one(LineTable).focus()
        self.show_lines()
        self.show_wait(self.host.wait)
        self.refresh_bindings()
        self.host.carry_out(waiting, on_outcome=self._arrived, on_end=self._ended)

    def _arrived(self, outcome: Outcome) -> None:
        number = self.results.under_way
        self.results.add(outcome)
        self._tell_progress()
        self.when_ready(self.show_outcome, number, self.results.under_way)

    def _tell_progress(self) -> None:
        if self.results.under_way is None:
            text = "All changes are answered. Reading again what they concern…"
        else:
            text = progress_line(
                self.results.outcomes,
                count=self.results.sent_count,
                pace=self._pace,
                now=self.host.dependencies.monotonic(),
                is_stopping=self._is_stopping,
            )
        self.tell(text, tone="warn")

    def _ended(self) -> None:
        self.must_stay = ""
        unrecorded = self.host.dependencies.actions.problem
        is_good = self.results.is_good and not unrecorded
        self.tell(
            f"{self.results.summary()} {unrecorded}".strip(), tone="good" if is_good else "bad"
        )
        self.when_ready(self._show_results)

    def _show_results(self) -> None:
        self.refresh_bindings()
        self.show_lines()
        if (number := self.results.first_bad) is not None:
            self.query_one(LineTable).move_to(f"{number}.0")

    def show_wait(self, wait: str) -> None:
        if self.must_stay and wait:
            self.tell(wait, tone="warn")
        elif self.must_stay:
            self._tell_progress()

    def action_retry(self) -> None:
        """Shows the changes that can be tried again, to be confirmed and sent."""
        self.results.retry()
        self._show_others(retry_title)

    def _show_others(
        self, make_title: Callable[[Sequence[Change]], str], notes: Sequence[str] = ()
    ) -> None:
        """Begins with other changes, under a title of their own."""
        self._make, self._notes = None, tuple(notes)
        self.call_it("", make_title)
        self.remove_class("-sent")
        self._begin()

    def action_undo(self) -> None:
        """Shows the changes that undo the others, to be confirmed and sent."""
        if (org := self.host.org) is not None:
            self.run_worker(self._undo(org, self.results.undoable), group="undo", exclusive=True)

    async def _undo(self, org: Org, changes: Sequence[Change]) -> None:
        """Asks the guards again: others may have changed the same things since."""
        reviewed = self.results.changes
        passed = await pass_again(changes, org, is_read_only=self.host.profile is None)
        # Another key may have begun something else meanwhile.
        if self.results.changes is not reviewed or self.must_stay:
            return
        if not passed.changes:
            self.tell(" ".join(("Nothing can be taken back.", *passed.left_out)))
            return
        self.results.replace(passed.changes)
        self._show_others(undo_title, passed.left_out)

    def action_copy(self) -> None:
        """Copies every request as curl, one on each line."""
        self.run_worker(self._copy(), group="copy")

    async def _copy(self) -> None:
        changes = self._waiting or self.results.changes
        text = "\n".join(map(self.as_curl, changes)) + "\n"
        if message := await copy_text(self.app, text, environ=self.host.dependencies.environ):
            count = plural(len(changes), "request")
            self.tell(f"{count} as curl: {message}", tone="good")
        else:
            self.tell("No clipboard can be reached from here: $ shows each request.")

    def action_save(self) -> None:
        """Writes the changes that are on, or what is left of them, to a new file."""
        from sa_tui.ui.kit.plan_file import save_plan

        text, is_saved = save_plan(self.host, self._to_save)
        self.tell(text, tone="good" if is_saved else "bad")

    def action_requests(self) -> None:
        """Switches between the fields and the requests as curl."""
        self._shows_requests = not self._shows_requests
        self.show_lines()

    def leave_soon(self) -> bool:
        """Sends nothing after the change under way; the next start asks about the rest."""
        self._is_stopping = True
        self.host.stop_sending(leaving=True)
        rest = "; the next start asks about the rest" if len(self.results.unsent) > 1 else ""
        self.tell(f"Leaving after the change under way{rest}.", tone="warn")
        return True

    def abandon(self) -> None:
        self.dismiss(self.results.newest)

    def action_stop(self) -> None:
        """Sends nothing after the change under way, if that is not the last one."""
        if len(self.results.unsent) <= 1:
            self.tell(self.must_stay, tone="warn")
        else:
            self._is_stopping = True
            self.host.stop_sending()
            self._tell_progress()

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss(self.results.newest)
