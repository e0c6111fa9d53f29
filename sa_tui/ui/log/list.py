"""The changes of this run and of earlier ones, newest first, and the readings that failed.

A change that can be undone exactly is undone from here, reviewed like any other change.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import Container

from sa_tui.access.effects.guards import pass_again, refused
from sa_tui.access.query.log_terms import LOG_FIELDS, matcher
from sa_tui.base.words import plural
from sa_tui.konnect.errors import KonnectError
from sa_tui.org.changes.words import undo_title
from sa_tui.ui.kit import go
from sa_tui.ui.kit.beside import DETAIL
from sa_tui.ui.kit.filter_bar import FilterBar
from sa_tui.ui.kit.filtering import Filter
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.list_screen import CLEAR
from sa_tui.ui.kit.safe import Static
from sa_tui.ui.kit.screen import EXPORT, SnapshotScreen
from sa_tui.ui.kit.scroll import Scroll
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.log.words import in_full

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.changes.change import Change
    from sa_tui.org.logged import ActionOutcome, LoggedAction
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.exporting import Export
    from sa_tui.ui.kit.host import Host

COLUMNS = (
    Column("time", "TIME UTC", width=11),
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
        bind(
            Means.FILTER, "filter", help="Filter by words and by status: verb: who: since: profile:"
        ),
        bind(Means.UNDO, "undo", help="Undo this change", name="log.undo"),
        bind(Means.COPY, "copy", "Copy trace id", "Copy the trace id", name="log.copy", only="y"),
        EXPORT,
        CLEAR,
        bind(Means.BACK, "back"),
        bind(Means.LEFT, "back", "Back", name="back-too", only="left"),
    ]
    section = "log"
    FIELDS = LOG_FIELDS
    DEFAULT_CSS: ClassVar[str] = """
    LogScreen LineTable { height: 1fr; min-height: 3; }
    LogScreen #about-action { height: 65%; min-height: 6; max-height: 14; padding: 0 1;
                              border-top: solid $panel; scrollbar-size-vertical: 1; }
    """

    # Drawing

    def __init__(self) -> None:
        super().__init__()
        self._filter = Filter(fields=LOG_FIELDS)

    def compose_body(self) -> ComposeResult:
        yield FilterBar(
            placeholder="words, or status:failed verb:delete-account who:ines since:<7d",
            words=lambda: self.host.access.words,
            fields=LOG_FIELDS,
            hint="words, -word leaves out, status:failed verb:revoke since:<7d · Tab completes",
        )
        with Container(classes="beside"):
            yield LineTable(
                COLUMNS,
                row=self._row,
                empty="Nothing was changed, and no reading failed.",
                id="log",
            )
            with Scroll(id="about-action", classes=f"aside {DETAIL}"):
                yield Static(id="action", markup=False)

    def on_mount(self) -> None:
        self.query_one(LineTable).focus()

    @property
    def _chosen(self) -> LoggedAction | None:
        """The action under the cursor."""
        key = self.query_one(LineTable).cursor_key
        return None if key is None else self.host.dependencies.actions.action(int(key))

    def show(self, snapshot: Snapshot) -> None:
        table, log = self.query_one(LineTable), self.host.dependencies.actions
        is_kept = matcher(self._filter.query, now=log.now())
        actions = (*log.actions, *log.earlier)
        table.set_keys([str(action.number) for action in actions if is_kept(action)])
        table.set_message("No action matches." if not self._filter.is_empty else None)
        table.redraw()
        self._show_chosen()

    @on(FilterBar.Changed)
    def _filter_changed(self, event: FilterBar.Changed) -> None:
        self._filter.set(event.text)
        error = self._filter.error
        self.query_one(FilterBar).warn("" if error is None else str(error))
        self.show(self.host.snapshot)

    @on(FilterBar.Submitted)
    def _filter_submitted(self) -> None:
        self.query_one(LineTable).focus()

    def action_filter(self) -> None:
        """Opens the line that the log is filtered with."""
        self.query_one(FilterBar).open()

    def try_query(self, query: str) -> bool:
        self.action_filter()
        self.query_one(FilterBar).text = query
        return True

    def _row(self, key: str) -> Sequence[Text | str]:
        action = self.host.dependencies.actions.action(int(key))
        if action is None:  # dropped for newer ones since it was listed
            return ("",) * len(COLUMNS)
        return (
            f"{action.at.astimezone(UTC):{'%m-%d %H:%M' if action.run else '%H:%M:%S'}}",
            action.title or f"{action.method} {action.path}",
            Text(action.outcome, style=_TONES[action.outcome]),
            "" if action.status is None else str(action.status),
            "" if action.seconds is None else f"{action.seconds * 1000:.0f}",
            action.trace or "",
        )

    def export(self) -> Export:
        from sa_tui.access.query.language import show
        from sa_tui.ui.log.exports import log_export

        keys = self.query_one(LineTable).keys
        actions = (self.host.dependencies.actions.action(int(key)) for key in keys)
        shown = [action for action in actions if action is not None]
        return log_export(self.host, shown, query=show(self._filter.query))

    @on(LineTable.Highlighted)
    def _show_chosen(self) -> None:
        action = self._chosen
        self.query_one("#action", Static).update(
            "" if action is None else in_full(action, self._undo_is_offered)
        )
        self.query_one("#about-action").scroll_home(animate=False)
        self.refresh_bindings()

    def summary(self, snapshot: Snapshot) -> Text:
        log = self.host.dependencies.actions
        earlier = len(log.earlier)
        changes = plural(earlier + sum(action.is_write for action in log.actions), "change")
        if earlier:
            changes += f", {earlier:,} of them before this start"
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
        if action == "clear":
            return self.is_ready and self.query_one(FilterBar).display
        if action == "undo":
            return True if self._undo_is_offered else None
        if action == "copy":
            return True if self._chosen is not None and self._chosen.trace else None
        return super().check_action(action, parameters) if action == "detail" else True

    @property
    def _undo_is_offered(self) -> bool:
        chosen = self._chosen
        if chosen is None:
            return False
        if chosen.undo is None:
            return not chosen.why_no_undo(self._organization_id)
        return not self._why_not_now(chosen.undo)

    def _why_not_now(self, change: Change) -> str:
        snapshot, is_closed = self.host.snapshot, self.host.profile is None
        return refused(change, snapshot, is_read_only=is_closed)

    @property
    def _organization_id(self) -> str | None:
        organization = self.host.snapshot.organization.value
        return None if organization is None else organization.id

    def refusal(self, action: str) -> str:
        """Why this action cannot be undone, or has no trace id to copy."""
        chosen = self._chosen
        if chosen is None:
            return ""
        if action == "copy":
            return "Konnect gave no trace id with this answer."
        if reason := chosen.why_no_undo(self._organization_id):
            return reason
        return "" if chosen.undo is None else self._why_not_now(chosen.undo)

    def action_undo(self) -> None:
        """Reviews the change that undoes this action."""
        chosen = self._chosen
        host, org = self.host, self.host.org
        if chosen is not None and org is not None:
            self.run_worker(self._undo(host, org, chosen), group="undo", exclusive=True)

    async def _undo(self, host: Host, org: Org, action: LoggedAction) -> None:
        """Asks the guards again, after reading what they have to know."""
        try:
            if (change := action.undo) is None and action.undo_plan is not None:
                change = await org.rebuilt(action.undo_plan)
                host.dependencies.actions.remade(action.number, change)
        except KonnectError as error:
            host.say(f"It cannot be undone any more: {error}", is_error=True)
            return
        changes = [change] if change is not None else []
        passed = await pass_again(changes, org, is_read_only=host.profile is None)
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

    def action_clear(self) -> None:
        self.action_back()

    def action_back(self) -> None:
        """Takes the filter away, else goes back."""
        if self.query_one(FilterBar).clear():
            self.query_one(LineTable).focus()
        else:
            self.dismiss()
