"""The changes of this run and the readings that failed, newest first, with their trace ids.

A change that can be undone exactly is undone from here, reviewed like any other change.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import VerticalScroll

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.base.times import utc
from sa_tui.base.words import plural
from sa_tui.org.changes.words import undo_title
from sa_tui.ui.kit import go, guards
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Static
from sa_tui.ui.kit.screen import EXPORT, SnapshotScreen
from sa_tui.ui.kit.table.table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.changes.change import Change
    from sa_tui.org.log import ActionOutcome, LoggedAction
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.exporting import Export
    from sa_tui.ui.kit.host import Host

COLUMNS = (
    Column("time", "TIME UTC", width=8),
    Column("what", "WHAT", width=24, grow=3),
    Column("outcome", "OUTCOME", width=7),
    Column("status", "STATUS", width=6),
    Column("ms", "MS", width=6, priority=1),
    Column("trace", "TRACE ID", width=33, priority=2),
)
_TONES: dict[ActionOutcome, str] = {
    "done": "good",
    "already": "quiet",
    "failed": "bad",
    "unknown": "warn",
    "undone": "quiet",
}


class LogScreen(SnapshotScreen):
    """The actions, and everything that is known about the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.UNDO, "undo", help="Undo this change", name="log.undo"),
        bind(Means.COPY, "copy", "Copy trace id", "Copy the trace id", name="log.copy", only="y"),
        EXPORT,
        bind(Means.BACK, "back"),
        bind(Means.LEFT, "back", "Back", name="back-too", only="left"),
    ]
    section = "log"
    DEFAULT_CSS: ClassVar[str] = """
    LogScreen LineTable { height: 1fr; min-height: 3; }
    LogScreen #about-action { height: 9; padding: 0 1; border-top: solid $panel;
                              scrollbar-size-vertical: 1; }
    LogScreen.-tall #about-action { height: 14; }
    """

    # Drawing

    def compose_body(self) -> ComposeResult:
        yield LineTable(
            COLUMNS, row=self._row, empty="Nothing was changed, and no reading failed.", id="log"
        )
        with VerticalScroll(id="about-action"):
            yield Static(id="action", markup=False)

    def on_mount(self) -> None:
        self.query_one(LineTable).focus()

    @property
    def _chosen(self) -> LoggedAction | None:
        """The action under the cursor."""
        key = self.query_one(LineTable).cursor_key
        return None if key is None else self.host.dependencies.actions.action(int(key))

    def show(self, snapshot: Snapshot) -> None:
        table = self.query_one(LineTable)
        actions = self.host.dependencies.actions.actions
        table.set_keys(tuple(str(action.number) for action in actions))
        table.redraw()
        self._show_chosen()

    def _row(self, key: str) -> Sequence[Text | str]:
        action = self.host.dependencies.actions.action(int(key))
        if action is None:  # dropped for newer ones since it was listed
            return ("",) * len(COLUMNS)
        return (
            f"{action.at.astimezone(UTC):%H:%M:%S}",
            action.title or f"{action.method} {action.path}",
            Text(action.outcome, style=_TONES[action.outcome]),
            "" if action.status is None else str(action.status),
            "" if action.seconds is None else f"{action.seconds * 1000:.0f}",
            action.trace or "",
        )

    def export(self) -> Export:
        from sa_tui.ui.log.exports import log_export

        keys = self.query_one(LineTable).keys
        actions = (self.host.dependencies.actions.action(int(key)) for key in keys)
        return log_export(self.host, [action for action in actions if action is not None])

    @on(LineTable.Highlighted)
    def _show_chosen(self) -> None:
        action = self._chosen
        self.query_one("#action", Static).update(
            "" if action is None else _in_full(action, self._undo_is_offered)
        )
        self.query_one("#about-action").scroll_home(animate=False)
        self.refresh_bindings()

    def summary(self, snapshot: Snapshot) -> Text:
        log = self.host.dependencies.actions
        changes = plural(sum(action.is_write for action in log.actions), "change")
        readings = f"{plural(log.reads, 'reading')}, {log.failed_reads:,} failed"
        path = self.host.dependencies.actions_path
        kept = f" · kept in {path}" if path is not None else ""
        return Text(f"Log: {changes} · {readings}{kept}")

    def trouble(self, snapshot: Snapshot) -> Text | None:
        problem = self.host.dependencies.actions.problem
        return Text(problem, style="bold red") if problem else None

    # What the operator does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Greys out what the action under the cursor does not offer."""
        if action == "undo":
            return True if self._undo_is_offered else None
        if action == "copy":
            return True if self._chosen is not None and self._chosen.trace else None
        return True

    @property
    def _undo_is_offered(self) -> bool:
        chosen = self._chosen
        if chosen is None or chosen.undo is None:
            return False
        return not guards.why_not_now(self.host, chosen.undo)

    def refusal(self, action: str) -> str:
        """Why this action cannot be undone, or has no trace id to copy."""
        chosen = self._chosen
        if chosen is None:
            return ""
        if action == "copy":
            return "Konnect gave no trace id with this answer."
        if chosen.outcome == "undone":
            return "It was undone already."
        if chosen.undo is not None:
            return guards.why_not_now(self.host, chosen.undo)
        return "It cannot be undone exactly, or there is nothing to undo."

    def action_undo(self) -> None:
        """Reviews the change that undoes this action."""
        chosen = self._chosen
        host, org = self.host, self.host.org
        if chosen is not None and chosen.undo is not None and org is not None:
            work = self._undo(host, org, chosen.undo)
            self.run_worker(work, group="undo", exclusive=True)

    async def _undo(self, host: Host, org: Org, change: Change) -> None:
        """Asks the guards again, after reading what they have to know."""
        passed = await guards.pass_again(host, [change], org)
        if host.screen is not self:
            return
        if passed.changes:
            host.review(undo_title(passed.changes), passed.changes)
        else:
            host.say(" ".join(passed.left_out), is_error=True)

    def action_copy(self) -> None:
        """Copies the trace id, for Kong's support."""
        if (chosen := self._chosen) is not None and chosen.trace:
            self.post_message(go.Copy(chosen.trace))

    def action_back(self) -> None:
        """Goes back."""
        self.dismiss()


def _in_full(action: LoggedAction, can_be_undone: bool) -> Text:
    text = Text(action.title or "Read for a list", style="bold")
    text.append(f" · {action.profile}" if action.profile else "", style="not bold")
    answer = "no answer" if action.seconds is not None else "nothing was sent"
    if action.status is not None:
        answer = str(action.status)
    if action.seconds is not None:
        answer += f" after {action.seconds * 1000:.0f} ms"
    message = "" if action.message in ("", "Done.") else f". {action.message}"
    facts = [
        f"Sent     {action.method} {action.path}",
        f"When     {utc(action.at)}, {answer}",
        f"Trace    {action.trace or 'none given'}",
        f"Outcome  {action.outcome}{message}",
    ]
    if can_be_undone:
        facts.append("Press u to undo it.")
    lines = (one_line(fact, limit=PROSE_LIMIT) for fact in facts)
    return text.append("\n" + "\n".join(lines), style="not bold")
