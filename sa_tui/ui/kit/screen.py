"""The screen that every room of the application is built on: it shows the current snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.screen import Screen

from sa_tui.ui.kit import guards
from sa_tui.ui.kit.command_bar import CommandBar
from sa_tui.ui.kit.key_bar import KeyBar
from sa_tui.ui.kit.keys import verb_of
from sa_tui.ui.kit.page import Page
from sa_tui.ui.kit.patches.inside import own_bindings
from sa_tui.ui.kit.safe import Line, Static
from sa_tui.ui.kit.top_bar import TopBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from sa_tui.access.verbs import Target, Verb
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.page import Value


class SnapshotScreen(Page, Screen[None]):
    """Calls `show` with the snapshot whenever it changes and the screen can be seen.

    A covered screen does nothing until it is uncovered.
    """

    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - Textual's own type

    def compose(self) -> ComposeResult:
        yield TopBar()
        yield from self.compose_body()
        yield Line(id="status")
        yield CommandBar()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """What stands between the bar at the top and the status line."""
        raise NotImplementedError

    def on_screen_resume(self) -> None:
        self.refresh_page()

    def refresh_page(self) -> None:
        """Shows everything anew, if the screen can be seen."""
        if self.is_ready and self.is_current:
            self.query_one(TopBar).show(self.host)
            self.show(self.host.snapshot)
            self.say()

    def value_changed(self, value: Value) -> None:
        if not self.is_current or value == "app_focus":
            return
        if value in ("snapshot", "problem"):
            self.query_one(TopBar).show(self.host)
        # Without progress, what is unknown now stays so.
        if value in ("snapshot", "problem") or (value == "progress" and not self.host.progress):
            self.show(self.host.snapshot)
        self.say()

    def open_command_line(self) -> None:
        """Opens the line for commands, once it is there."""
        self.when_ready(lambda: self.query_one(CommandBar).open())

    def on_key(self, event: events.Key) -> None:
        """Says why a key does nothing, where its action is greyed out."""
        bindings = own_bindings(self).key_to_bindings.get(event.key, ())
        states = [self.check_action(binding.action, ()) for binding in bindings]
        if True in states:  # what the key means besides can be done
            return
        for binding, state in zip(bindings, states, strict=True):
            if state is None and (reason := self.refusal(binding.action)):
                event.stop()  # else the application would take the report for old
                self.host.say(reason, is_error=True)
                return

    def targets(self, verb: Verb) -> tuple[Sequence[Target], int]:
        """What a verb would be done to, and how many rows are marked that it cannot take."""
        return (), 0

    def refusal(self, action: str) -> str:
        """Why this action is greyed out now, in a sentence; empty when it is not."""
        if (verb := verb_of(self, action)) is None or not self.is_mounted:
            return ""
        targets, marked = self.targets(verb)
        return guards.why_not(self.host, verb, targets, marked=marked)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Greys out what cannot be done; a key pressed all the same is told why."""
        return None if self.refusal(action) else True

    def show(self, snapshot: Snapshot) -> None:
        """Puts the snapshot on the screen."""
        raise NotImplementedError

    def summary(self, snapshot: Snapshot) -> Text:
        """What the status line says when there is nothing newer to report."""
        raise NotImplementedError

    def progress_line(self, progress: str) -> str:
        """What the status line says while the organisation is read."""
        return progress

    def _summary(self) -> Text:
        progress = self.host.progress
        return Text(self.progress_line(progress)) if progress else self.summary(self.host.snapshot)

    def trouble(self, snapshot: Snapshot) -> Text | None:
        """What the status line says instead when not everything on the screen can be relied on."""
        return None

    def say(self) -> None:
        """Brings the status line up to date; unchanged text costs nothing.

        Waiting for Konnect comes before anything else, because it is why nothing happens.
        """
        app = self.host
        report = app.status or (None if app.progress else self.trouble(app.snapshot))
        text = report or self._summary()
        if app.wait:
            text = Text.assemble((app.wait, "bold yellow"), " · ", text)
        line = self.query_one("#status", Static)
        # A report is read whole; the summary keeps to its line so that the list does not jump.
        has_height = report is not None or line.has_class("report")
        line.set_class(report is not None, "report")
        if line.content != text:
            # Another layout would draw the whole screen again, for each key in the filter.
            line.update(text, layout=has_height)
