"""The screen that every page but a dialog is built on: it shows the current snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import on
from textual.await_complete import AwaitComplete
from textual.screen import Screen

from sa_tui.ui.kit import go, guards
from sa_tui.ui.kit.beside import DETAIL, WIDE_COLUMNS, Beside, is_too_long, turn
from sa_tui.ui.kit.command_bar import CommandBar
from sa_tui.ui.kit.key_bar import KeyBar
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind, verb_of
from sa_tui.ui.kit.page import Page
from sa_tui.ui.kit.patches.inside import own_bindings
from sa_tui.ui.kit.safe import Line, Static
from sa_tui.ui.kit.table.marking import marked_words
from sa_tui.ui.kit.table.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.verbs import Target, Verb
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Export
    from sa_tui.ui.kit.page import Value


Standing = tuple[str | None, dict[str, str]]

EXPORT = bind(Means.EXPORT, "export", help="Write what is shown to a file or the clipboard")
"""The row of a page that can write out what it shows."""


class SnapshotScreen(Page, Screen[None]):
    """Calls `show` with the snapshot whenever it changes while the screen is on top.

    A covered screen does nothing until it is on top again.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.DETAIL_DOWN, "detail(1)", in_footer=False),
        bind(Means.DETAIL_UP, "detail(-1)", in_footer=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE_COLUMNS, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - Textual's own type

    def compose(self) -> ComposeResult:
        yield from self.compose_frame()
        yield from self.compose_body()
        yield Line(id="status")
        yield CommandBar()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """The widgets between the lines at the top and the status line."""
        raise NotImplementedError

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What makes this page again, given to its class; nothing for a section."""
        return {}

    stood: Standing | None = None
    """Where a page like this one stood: this one will stand there as soon as it is complete."""

    @property
    def standing(self) -> Standing:
        """The id of the widget with the focus, and the row under the cursor of each table."""
        tables = self.query(LineTable) if self.is_ready else ()
        rows = {table.id: table.cursor_key for table in tables if table.id and table.cursor_key}
        return (self.focused.id if self.focused is not None else None, rows)

    def begin(self) -> None:
        if self.stood is not None:
            self._stand(self.stood)

    def _stand(self, standing: Standing) -> None:
        focused_id, rows = standing
        for table in self.query(LineTable):
            if (key := rows.get(table.id or "")) is not None:
                table.move_to(key)
        if focused_id is not None and (focused := self.query(f"#{focused_id}")):
            focused.first().focus(scroll_visible=False)

    def left(self) -> None:
        """Ends what the page does only while it is open; called when it is open no longer."""

    def start_over(self) -> None:
        """Forgets what the operator did here, for another organisation."""

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leaves the page; from a section, back to where it was opened."""
        if self.section:
            self.post_message(go.Back())
            return AwaitComplete()
        completion = super().dismiss(result)
        if self not in self.host.screen_stack:
            self.left()
        return completion

    def on_screen_resume(self) -> None:
        self.refresh_page()

    def refresh_page(self) -> None:
        """Shows everything again, if the screen is on top."""
        if self.is_ready and self.is_current:
            self.show_frame()
            self._show_all()
            self.update_status()

    def _show_all(self) -> None:
        self.show(self.host.snapshot)
        self.look_again()

    def look_again(self) -> None:
        """Shows anew what stands beside the list, if anything does."""
        for beside in self.query(Beside):
            beside.look_again()

    def try_query(self, query: str) -> bool:
        """Puts an example of the help into the filter; False on a page without one."""
        return False

    def export(self) -> Export | None:
        """What the page shows, to be written out; None while it shows nothing."""
        return None

    def action_export(self) -> None:
        """Asks in which format and where to what is shown is to be written."""
        export = self.export()
        if export is None:
            self.host.say("There is nothing to export.", is_error=True)
            return
        from sa_tui.ui.kit.export_dialog import ExportDialog

        self.host.push_screen(ExportDialog(export))

    def value_changed(self, value: Value) -> None:
        if not self.is_current or value == "app_focus":
            return
        if value in ("snapshot", "problem", "key"):
            self.show_frame()  # with a key the age of the data, for which alone nothing is sent
        # The end of a reading: what is still unknown stays unknown.
        if value in ("snapshot", "problem") or (value == "progress" and not self.host.progress):
            self._show_all()
        if value != "key":
            self.update_status()

    def open_command_line(self) -> None:
        """Opens the line for commands, as soon as it exists."""
        self.when_ready(lambda: self.query_one(CommandBar).open())

    def on_key(self, event: events.Key) -> None:
        """Says why a key does nothing if its action is greyed out."""
        bindings = own_bindings(self).key_to_bindings.get(event.key, ())
        states = [self.check_action(binding.action, ()) for binding in bindings]
        if True in states:  # another action of the key can be done
            return
        for binding, state in zip(bindings, states, strict=True):
            if state is None and (reason := self.refusal(binding.action)):
                event.stop()  # else the application would remove the message, as for any key
                self.host.say(reason, is_error=True)
                return

    def targets(self, verb: Verb) -> tuple[Sequence[Target], int]:
        """The targets of a verb, and how many rows are marked that it cannot take."""
        return (), 0

    def refusal(self, action: str) -> str:
        """Why this action is greyed out now, in a sentence; empty when it is not."""
        if (verb := verb_of(self, action)) is None or not self.is_mounted:
            return ""
        targets, marked = self.targets(verb)
        return guards.why_not(self.host, verb, targets, marked=marked)

    def action_detail(self, step: int) -> None:
        """Moves what stands beside or below the list by a screen."""
        for pane in self.query(f".{DETAIL}"):
            turn(pane, step)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Greys out what is refused; `on_key` says why."""
        if action == "detail":
            return any(is_too_long(pane) for pane in self.query(f".{DETAIL}"))
        return None if self.refusal(action) else True

    def show(self, snapshot: Snapshot) -> None:
        """Shows the snapshot."""
        raise NotImplementedError

    def summary(self, snapshot: Snapshot) -> Text:
        """The status line when there is no message."""
        raise NotImplementedError

    def progress_line(self, progress: str) -> str:
        """The status line while the organisation is being read."""
        return progress

    def _summary(self) -> Text:
        progress = self.host.progress
        return Text(self.progress_line(progress)) if progress else self.summary(self.host.snapshot)

    def trouble(self, snapshot: Snapshot) -> Text | None:
        """The status line when something on the screen is not reliable; None when all is."""
        return None

    @on(LineTable.Marked)
    def _marked(self) -> None:
        self.update_status()

    def update_status(self) -> None:
        """Updates the status line; an unchanged text is not sent again.

        A wait for Konnect comes first, because it is the reason why nothing happens.
        """
        host = self.host
        report = host.status or (None if host.progress else self.trouble(host.snapshot))
        text = report or self._summary()
        # First, because the line may have no room for its end.
        if host.status is None and (marked := marked_words(*self.query(LineTable))):
            text = Text.assemble((marked, "bold"), " · ", text)
        if host.wait:
            text = Text.assemble((host.wait, "bold yellow"), " · ", text)
        line = self.query_one("#status", Static)
        # A report is shown in full; the summary takes one line, so that the list does not move.
        has_height = report is not None or line.has_class("report")
        line.set_class(report is not None, "report")
        if line.content != text:
            # A new layout would draw the whole screen again for each key in the filter.
            line.update(text, layout=has_height)
