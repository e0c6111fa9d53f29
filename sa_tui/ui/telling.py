"""What the application tells its pages: the snapshot, messages, and what goes wrong.

The rule it keeps: an error in one page stops neither a reading nor another page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.reactive import reactive

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.org.snapshot import Snapshot
from sa_tui.ui.kit import theme
from sa_tui.ui.kit.failures import FILE_NAME, Failures
from sa_tui.ui.kit.page import Page, Value
from sa_tui.ui.kit.patches.patched_app import PatchedApp

if TYPE_CHECKING:
    from sa_tui.ui.dependencies import Dependencies


class Telling(PatchedApp):
    """An application that tells every page what is new; `Host` documents its members."""

    # Without `repaint=False` each new value would send the whole screen again.
    snapshot: reactive[Snapshot] = reactive(Snapshot, init=False, repaint=False)
    status: reactive[Text | None] = reactive(None, init=False, repaint=False)
    problem: reactive[str] = reactive("", init=False, repaint=False)
    wait: reactive[str] = reactive("", init=False, repaint=False)
    progress: reactive[str] = reactive("", init=False, repaint=False)

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__(is_colourless=theme.is_colourless(dependencies.environ))
        self.failures = Failures(
            dependencies.journal.path.with_name(FILE_NAME), now=dependencies.now
        )
        self.complaint = ""

    def watch_snapshot(self) -> None:
        self._tell("snapshot")

    def watch_status(self) -> None:
        self._tell("status")

    def watch_problem(self) -> None:
        self._tell("problem")

    def watch_wait(self) -> None:
        self._tell("wait")

    def watch_progress(self) -> None:
        self._tell("progress")

    def watch_app_focus(self) -> None:
        self._tell("app_focus")

    def _tell(self, value: Value) -> None:
        """Tells every page whose widgets are there; an error in one of them stops no reading."""
        for page in self.screen_stack:
            if isinstance(page, Page) and page.is_ready:
                try:
                    page.value_changed(value)
                except Exception as error:  # noqa: BLE001 - reported
                    self.report(error)

    def report(self, error: BaseException, *, doing: str = "") -> None:
        self.complaint = self.failures.keep(error, doing=doing)
        self.say(self.complaint, is_error=True)

    def say(self, text: str, *, is_error: bool = False) -> None:
        style = "bold red" if is_error else "bold"
        self.status = Text(one_line(text, limit=PROSE_LIMIT), style=style)

    def warn(self, text: str) -> None:
        self.say(f"{self.status.plain} {text}" if self.status else text, is_error=True)
