"""One team on the whole screen: its facts, roles, system accounts and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from rich.text import Text
from textual import on
from textual.containers import Vertical

from sa_tui.access import verbs
from sa_tui.access.governance import governance
from sa_tui.access.verbs import Target
from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.base.times import utc
from sa_tui.base.words import short_id
from sa_tui.org.changes.roles import region_name
from sa_tui.org.names import person_name
from sa_tui.ui.kit import go, guards
from sa_tui.ui.kit.doubts import part_title
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Static
from sa_tui.ui.kit.screen import SnapshotScreen
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.roles import reviews
from sa_tui.ui.roles import verbs as role_verbs
from sa_tui.ui.roles.entity_words import entity_cell, read_names
from sa_tui.ui.teams import memberships, picking, reading
from sa_tui.ui.teams import verbs as team_verbs
from sa_tui.ui.teams.about import FIXED
from sa_tui.ui.teams.rows import kind_of, labels_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.verbs import Verb
    from sa_tui.konnect.models import AssignedRole, Listing, Row, SystemAccount, Team, User
    from sa_tui.org.snapshot import Part, Snapshot, TeamDetails

RowT = TypeVar("RowT", bound="Row")
ROLE_COLUMNS = (
    Column("role", "ROLE", width=16, grow=1),
    Column("type", "ENTITY TYPE", width=16, grow=1),
    Column("entity", "ENTITY", width=12, grow=2),
    Column("region", "REGION", width=11),
)
ACCOUNT_COLUMNS = (
    Column("name", "NAME", width=20, grow=1),
    Column("description", "DESCRIPTION", width=20, grow=2),
)
PEOPLE_COLUMNS = (
    Column("name", "NAME", width=20, grow=1),
    Column("email", "EMAIL", width=24, grow=2),
    Column("state", "STATE", width=8),
)
TABLES = ("roles", "accounts", "people")


class TeamScreen(SnapshotScreen):
    """Three tables; Tab goes from one to the next, and x removes what is marked in it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "back", help="Back to the list"),
        bind(Means.LEFT, "back", "Back", name="back-too", only="left"),
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
        bind(
            Means.ASSIGN,
            "assign",
            help="Give roles to the team",
            name="assign-role",
            verb=verbs.GIVE_ROLES,
        ),
        bind(
            Means.TAKE_AWAY,
            "remove",
            "Remove",
            "Remove what is marked in this table: roles or members",
            name="remove",
            verb=verbs.REMOVE_ROLES,
            takes_marked=True,
        ),
        bind(
            Means.EDIT, "edit", help="Change its name, description or labels", verb=verbs.EDIT_TEAM
        ),
        bind(Means.DELETE, "delete", help="Delete the team", verb=verbs.DELETE_TEAM),
        bind(Means.REFRESH, "refresh", help="Read the team again"),
        bind(Means.COPY, "copy_id", "Copy id", "Copy the team's id", name="copy-id", only="y"),
    ]
    DEFAULT_CSS: ClassVar[str] = """
    TeamScreen #team-facts { height: auto; max-height: 5; padding: 0 1; }
    TeamScreen #team-tables { height: 1fr; }
    TeamScreen .section { height: 1; padding: 0 1; }
    TeamScreen.-tall .section { margin-top: 1; }
    TeamScreen LineTable { height: 1fr; min-height: 2; }
    """

    def __init__(self, team_id: str) -> None:
        super().__init__()
        self.team_id = team_id
        self._rows: dict[str, Sequence[Text | str]] = {}
        self._outdated: TeamDetails | None = None
        self._is_deleting = False

    # Drawing

    @property
    def crumb(self) -> str:
        team = self.host.snapshot.team(self.team_id)
        return (team.title if team is not None else "") or short_id(self.team_id)

    @property
    def arguments(self) -> Mapping[str, Any]:
        return {"team_id": self.team_id}

    def compose_body(self) -> ComposeResult:
        yield Static(id="team-facts", markup=False)
        with Vertical(id="team-tables"):
            for name, columns in zip(
                TABLES, (ROLE_COLUMNS, ACCOUNT_COLUMNS, PEOPLE_COLUMNS), strict=True
            ):
                yield Static(id=f"team-{name}-title", classes="section", markup=False)
                yield LineTable(columns, row=self._row, markable=True, id=f"team-{name}")

    def on_mount(self) -> None:
        super().on_mount()
        reading.read_teams(self.host)
        reading.read_team(self.host, [self.team_id])
        self._table("roles").focus(scroll_visible=False)

    def _table(self, name: str) -> LineTable:
        return self.query_one(f"#team-{name}", LineTable)

    def _row(self, key: str) -> Sequence[Text | str]:
        return self._rows.get(key) or ("(gone)", *("",) * len(ROLE_COLUMNS))

    @property
    def _team(self) -> Team | None:
        return self.host.snapshot.team(self.team_id)

    def show(self, snapshot: Snapshot) -> None:
        if self._is_deleting and self._is_gone(snapshot):
            self.dismiss()
            return
        team, details = snapshot.team(self.team_id), snapshot.team_details_of(self.team_id)
        self.set_text("#team-facts", _facts(team, governance(snapshot)))
        self._rows = {}
        why_no_roles = FIXED if team is not None and team.system_team else ""
        self._fill("roles", details.roles, lambda row: _role(row, snapshot), why_no_roles)
        self._fill("accounts", details.accounts, _account)
        self._fill("people", details.users, _person)
        self.set_text("#team-roles-title", Text(part_title("Roles", details.roles)))
        self.set_text("#team-accounts-title", Text(part_title("System accounts", details.accounts)))
        self.set_text("#team-people-title", Text(part_title("People", details.users)))
        if details.roles.value is not None:
            read_names(self.host, details.roles.rows)
        self.refresh_bindings()

    def _fill(
        self,
        name: str,
        part: Part[Listing[RowT]],
        cells: Callable[[RowT], Sequence[Text | str]],
        empty: str = "",
    ) -> None:
        table = self._table(name)
        rows = part.rows
        keyed = {f"{name}:{row.id}": cells(row) for row in rows}
        self._rows.update(keyed)
        table.marks = table.marks & frozenset(keyed)
        table.set_keys(tuple(keyed))
        if part.error is not None:
            table.set_message(Text(f"Not known: {part.error}", style="bad"))
        else:
            table.set_message("Not read yet…" if part.value is None else empty or "None.")
        table.redraw()
        size = self.query_one("#team-tables").size
        table.styles.max_height = table.get_content_height(size, size, size.width)

    def on_resize(self) -> None:
        self.call_after_refresh(lambda: self.show(self.host.snapshot))

    def _is_gone(self, snapshot: Snapshot) -> bool:
        """Whether all teams were read and this one is not among them."""
        part = snapshot.teams
        return part.is_whole and not part.is_reading and snapshot.team(self.team_id) is None

    def summary(self, snapshot: Snapshot) -> Text:
        if self._is_gone(snapshot):
            return Text("Konnect does not list this team. Esc goes back.")
        details = snapshot.team_details.get(self.team_id)
        if details is None or details is self._outdated:
            again = " again" if details is not None else ""
            return Text(f"Reading roles, system accounts and people{again}…")
        parts = (details.roles, details.accounts, details.users)
        moments = [part.read_at for part in parts if part.read_at is not None]
        line = Text(f"read {utc(min(moments))}" if moments else "Nothing could be read")
        if any(part.error is not None for part in parts):
            line.append(" · not everything could be read: r reads again", style="bold yellow")
        return line

    def on_descendant_focus(self) -> None:
        self.refresh_bindings()  # x means something else in each table

    # What the operator does

    @on(LineTable.Opened, "#team-accounts")
    def _open_account(self, event: LineTable.Opened) -> None:
        self.post_message(go.OpenAccount(event.key.removeprefix("accounts:")))

    def action_back(self) -> None:
        self.dismiss()

    def action_refresh(self) -> None:
        self._outdated = self.host.snapshot.team_details.get(self.team_id)
        reading.read_teams(self.host, again=True)
        reading.read_team(self.host, [self.team_id], again=True)
        self.update_status()

    def action_copy_id(self) -> None:
        self.post_message(go.Copy(self.team_id))

    def action_edit(self) -> None:
        team_verbs.edit_team(self.host, self.team_id)

    def action_delete(self) -> None:
        self._is_deleting = True
        team_verbs.delete_teams(self.host, [self.team_id])

    def action_accounts(self) -> None:
        picking.pick_accounts(self.host, self.team_id)

    def action_people(self) -> None:
        picking.pick_people(self.host, self.team_id)

    def action_assign(self) -> None:
        role_verbs.assign_to_teams(self.host, [self.team_id])

    def action_remove(self) -> None:
        """Reviews removing what is marked in the table with the focus, or its chosen row."""
        from sa_tui.ui.teams.pickers import account_member, person_member

        team, rows = self._team, self._chosen
        owner = role_verbs.team_role_owner(self.host, self.team_id)
        if team is None or not rows or owner is None:
            return
        if self._focused_name == "roles":
            reviews.remove_roles(self.host, owner, rows)
        elif self._focused_name == "accounts":
            memberships.end_memberships(self.host, team, [account_member(row) for row in rows])
        else:
            memberships.end_memberships(self.host, team, [person_member(row) for row in rows])

    @property
    def _focused_name(self) -> str:
        focused = self.focused.id if self.focused is not None else None
        return next((name for name in TABLES if focused == f"team-{name}"), "")

    @property
    def _chosen(self) -> list[Any]:
        """The rows that are marked in the table with the focus, or the one under its cursor."""
        if not (name := self._focused_name):
            return []
        table = self._table(name)
        details = self.host.snapshot.team_details_of(self.team_id)
        part: Part[Listing[Any]] = getattr(details, "users" if name == "people" else name)
        keys = table.marks_in_order or filter(None, [table.cursor_key])
        rows = {f"{name}:{row.id}": row for row in part.rows}
        return [rows[key] for key in keys if key in rows]

    def targets(self, verb: Verb) -> tuple[Sequence[Target], int]:
        targets = [Target(team_id=self.team_id)]
        if verb is not verbs.REMOVE_ROLES:
            return targets, 0
        name, rows = self._focused_name, self._chosen
        if name in ("", "roles"):
            return (targets if rows else []), 0
        key = "account_id" if name == "accounts" else "user_id"
        return [Target(team_id=self.team_id, **{key: row.id}) for row in rows], 0

    def refusal(self, action: str) -> str:
        """Why a key does nothing; x has another verb in each table."""
        if action == "remove" and self.is_mounted and self._focused_name not in ("", "roles"):
            targets, _ = self.targets(verbs.REMOVE_ROLES)
            return guards.why_not(self.host, verbs.LEAVE_TEAM, targets)
        return super().refusal(action)


def _facts(team: Team | None, warning: str) -> Text:
    if team is None:
        return Text("Konnect does not list this team: it may have been deleted, or not read yet.")
    text = Text(f"{one_line(team.title) or '(no name)'} · {kind_of(team)}", style="bold")
    quiet = "not bold dim"
    identity = f"id {team.id} · {labels_of(team) or 'no labels'}"
    text.append(f"\n{one_line(identity, limit=PROSE_LIMIT)}", style=quiet)
    if team.description:
        description = one_line(team.description, limit=PROSE_LIMIT)
        text.append(f"\n{description}", style="not bold")
    if warning:
        text.append(f"\n{warning}", style="not bold yellow")
    return text


def _role(role: AssignedRole, snapshot: Snapshot) -> tuple[Text | str, ...]:
    return (
        role.role_name or "?",
        role.entity_type_name or "?",
        entity_cell(role, snapshot),
        region_name(role.entity_region),
    )


def _account(account: SystemAccount) -> tuple[str, ...]:
    return (account.name or "(no name)", account.description)


def _person(user: User) -> tuple[str, ...]:
    state = {True: "active", False: "inactive", None: "?"}[user.active]
    return (person_name(user), user.email, state)
