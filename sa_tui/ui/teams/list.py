"""The list of teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.base.words import plural
from sa_tui.ui.kit import go, guards
from sa_tui.ui.kit.beside import Beside
from sa_tui.ui.kit.filter_bar import FilterBar
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.list_screen import LEAVING, SORTING, ListScreen
from sa_tui.ui.kit.table.table import LineTable
from sa_tui.ui.roles import verbs as role_verbs
from sa_tui.ui.teams import picking, reading
from sa_tui.ui.teams import verbs as team_verbs
from sa_tui.ui.teams.about import about
from sa_tui.ui.teams.rows import COLUMNS, TeamList, cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.query.language import Query
    from sa_tui.access.query.notices import Notice
    from sa_tui.access.subjects import Subject
    from sa_tui.access.verbs import Verb
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Export


class TeamsScreen(ListScreen):
    """Every team, one line each; reads the list when it opens, and details of visible teams."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *LEAVING,
        bind(Means.BACK, "back", help="Back to the accounts", only="q,backspace", in_footer=False),
        bind(Means.LEFT, "back", "Back", name="back-too", only="left"),
        bind(Means.NEW, "new", help="Make a team", verb=verbs.NEW_TEAM),
        bind(
            Means.EDIT, "edit", help="Change its name, description or labels", verb=verbs.EDIT_TEAM
        ),
        bind(
            Means.ASSIGN,
            "assign_roles",
            help="Give the team roles, or all marked",
            name="assign-roles",
            verb=verbs.GIVE_ROLES,
            takes_marked=True,
        ),
        bind(
            Means.DELETE,
            "delete",
            help="Delete the team, or all marked",
            verb=verbs.DELETE_TEAM,
            takes_marked=True,
        ),
        bind(
            Means.MEMBERSHIPS,
            "accounts",
            "Accounts",
            "Change which accounts belong",
            name="team-accounts",
            verb=verbs.CHANGE_MEMBERS,
        ),
        bind(
            Means.PEOPLE,
            "people",
            help="Change which people belong",
            name="team-people",
            verb=verbs.CHANGE_MEMBERS,
        ),
        *SORTING,
        bind(Means.REFRESH, "refresh", help="Read the teams again"),
        bind(Means.COPY, "copy_id", "Copy id", "Copy the team's id", name="copy-id", only="y"),
    ]

    section = "teams"
    TABLE = "#all-teams"
    HAS_ACCOUNTS = False

    def __init__(self) -> None:
        super().__init__()
        self._list = TeamList()

    # Drawing

    def compose_body(self) -> ComposeResult:
        table = LineTable(COLUMNS, row=self._row, markable=True, id="all-teams")
        yield Beside(table, self._about)
        yield FilterBar(
            placeholder="words such as custom, or role:Admin type:cp",
            words=lambda: self.host.access.words,
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.table.sort = self._list.sort
        self.table.focus()
        reading.read_teams(self.host, again=True)

    def _row(self, key: str) -> Sequence[Text | str]:
        snapshot = self.host.snapshot
        team = snapshot.team(key)
        if team is None:
            return ("(gone)", *("",) * len(COLUMNS))
        return self.flagged_cells(key, cells(team, snapshot.team_details_of(key)))

    def _about(self, key: str, width: int) -> Text:
        team = self.host.snapshot.team(key)
        return Text() if team is None else about(self.host, team)

    @property
    def order(self) -> Sequence[str]:
        return self._list.order

    def texts(self) -> Iterable[tuple[str, str]]:
        return self._list.texts

    def subject_of(self) -> Callable[[str], Subject | None]:
        """The team as a subject of what it gives."""
        return self.host.access.teams.get

    def export(self) -> Export | None:
        if self.host.snapshot.teams.value is None:
            return None
        from sa_tui.ui.teams.exports import teams_export

        return teams_export(self.host, self.kept)

    def sort_by(self, sort: tuple[str, bool]) -> None:
        self._list.sort = sort

    def misplaced(self, query: Query) -> tuple[Notice, ...]:
        from sa_tui.access.query.words import misplaced

        return misplaced(query, "team")

    def show(self, snapshot: Snapshot) -> None:
        if self._list.update(snapshot) or self.rests_on_access:
            self.apply_filter()
        else:
            self.say_why_empty()
        if not snapshot.teams.is_reading:
            gone_ids = {key for key in self.table.marks if snapshot.team(key) is None}
            self.table.marks -= gone_ids
        self.table.redraw()
        self._read_seen()
        self.refresh_bindings()

    def why_empty(self) -> str:
        part = self.host.snapshot.teams
        if part.value is None:
            return f"{part.error}\n\nr tries again" if part.error and not part.is_reading else "…"
        return "No team matches the filter.\n\nEsc clears it." if part.rows else "No team."

    def read_for_filter(self) -> None:
        self._read_seen()

    @on(LineTable.VisibleChanged, "#all-teams")
    def _read_seen(self) -> None:
        """Reads the details of the visible teams, or of all if a filter or the order needs them."""
        snapshot = self.host.snapshot
        asks_all = self._list.unknown or self.rests_on_access
        team_ids = self.order if asks_all else self.table.visible_keys
        unread_ids = [team_id for team_id in team_ids if snapshot.team_details_of(team_id).unread]
        if unread_ids:
            reading.read_team(self.host, unread_ids)

    def summary(self, snapshot: Snapshot) -> Text:
        part = snapshot.teams
        if part.value is None:
            is_over = part.error is not None and not part.is_reading
            return Text("Nothing could be read" if is_over else "Reading the teams…")
        shown_count, total = len(self.table.keys), len(part.rows)
        custom_count = sum(team.system_team is False for team in part.rows)
        of_total = f"{shown_count:,} of " if shown_count != total else ""
        line = Text(
            f"{of_total}{plural(total, 'team')}, {custom_count:,} custom{self.uncertain_note()}"
        )
        line.append(" · reading again…" if part.is_reading else " · Enter opens")
        return line

    def trouble(self, snapshot: Snapshot) -> Text | None:
        part = snapshot.teams
        reason = part.why_incomplete
        if reason is None or part.is_reading or part.value is None:
            return None
        incomplete_text = f" · NOT COMPLETE: {reason} · r reads again"
        return Text.assemble(self.summary(snapshot), (incomplete_text, "bold yellow"))

    # What the operator does

    @on(LineTable.Highlighted, "#all-teams")
    def _highlighted(self) -> None:
        self.refresh_bindings()  # a predefined team refuses what a custom one does not

    @on(LineTable.Opened, "#all-teams")
    def _open(self, event: LineTable.Opened) -> None:
        self.post_message(go.OpenTeam(event.key))

    def action_back(self) -> None:
        self.dismiss()

    def action_refresh(self) -> None:
        reading.read_teams(self.host, again=True)
        read_details = self.host.snapshot.team_details
        read_ids = [key for key in self.table.keys if key in read_details]
        reading.read_team(self.host, read_ids, again=True)

    def action_new(self) -> None:
        team_verbs.new_team(self.host, show=self.table.move_to)

    def action_edit(self) -> None:
        if (team_id := self.table.cursor_key) is not None:
            team_verbs.edit_team(self.host, team_id)

    def action_delete(self) -> None:
        chosen, _ = guards.chosen(self.table, verbs.DELETE_TEAM)
        notes = guards.notes_of_hidden(self.table)
        team_verbs.delete_teams(self.host, chosen, notes=notes)

    def action_assign_roles(self) -> None:
        chosen, _ = guards.chosen(self.table, verbs.GIVE_ROLES)
        notes = guards.notes_of_hidden(self.table)
        role_verbs.assign_to_teams(self.host, chosen, notes=notes)

    def action_accounts(self) -> None:
        if (team_id := self.table.cursor_key) is not None:
            picking.pick_accounts(self.host, team_id)

    def action_people(self) -> None:
        if (team_id := self.table.cursor_key) is not None:
            picking.pick_people(self.host, team_id)

    def action_copy_id(self) -> None:
        if (team_id := self.table.cursor_key) is not None:
            self.post_message(go.Copy(team_id))

    def targets(self, verb: Verb) -> tuple[Sequence[Target], int]:
        chosen, marked = guards.looked_at(self.table, verb)
        return [Target(team_id=key) for key in chosen], marked
