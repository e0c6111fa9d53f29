"""The form that gives roles: type, roles, region and entity, each chosen from a list or typed.

It sends nothing itself: what was chosen becomes changes, which are reviewed first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from rich.text import Text
from textual import on
from textual.containers import Horizontal

from sa_tui.access.catalogue import find_type
from sa_tui.base.text import one_line
from sa_tui.konnect.regions import EVERY
from sa_tui.org.changes.roles import RoleRequest
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.kit.workers import DETAILS
from sa_tui.ui.roles.choices import (
    Choice,
    Choices,
    entity_choices,
    entity_pairs,
    region_choices,
    role_choices,
    type_choices,
)
from sa_tui.ui.roles.reviews import read_held, review_assignments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.changes.change import Outcome
    from sa_tui.org.changes.roles import RoleOwner
    from sa_tui.org.snapshot import Snapshot

Step = Literal["type", "roles", "region", "entity"]
STEPS: tuple[Step, ...] = ("type", "roles", "region", "entity")
COLUMNS = (
    Column("title", "CHOICE", width=26, grow=1),
    Column("about", "ABOUT", width=20, grow=3),
)
CAPTIONS: dict[Step, str] = {
    "type": "Type",
    "roles": "Roles",
    "region": "Region",
    "entity": "Entity",
}
HINTS: dict[Step, str] = {
    "type": "Which type of entity? Search, or type what is not listed. Enter takes it.",
    "roles": "Which roles? Type to search; Space marks several. Enter takes them.",
    "region": "In which region? * is all of them. Enter takes it.",
    "entity": "On which entity? Search, or type an id; * is all of them. Enter reviews.",
}
AS_TYPED: dict[Step, str] = {
    "type": "as typed: in no catalogue",
    "roles": "as typed: in no catalogue",
    "region": "as typed",
    "entity": "the id as typed",
}


class RoleForm(Dialog[None]):
    """Asks one step after the other; Esc goes back by one step and keeps what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.OPEN, "take", "Take", "Take what is chosen", name="role.take"),
        bind(Means.DOWN, "move(1)", name="role.down", only="down"),
        bind(Means.UP, "move(-1)", name="role.up", only="up"),
        bind(Means.PAGE_DOWN, "move(10)", help="Ten down", name="role.page-down", only="pagedown"),
        bind(Means.PAGE_UP, "move(-10)", help="Ten up", name="role.page-up", only="pageup"),
        bind(Means.BACK, "back", "Back", "The step before", name="role.back", only="escape"),
    ]

    DEFAULT_CSS: ClassVar[str] = """
    RoleForm .desk { padding: 0 2; }
    RoleForm LineTable { height: 1fr; min-height: 3; }
    RoleForm #chosen { height: 4; text-wrap: nowrap; text-overflow: ellipsis; }
    RoleForm.-tall #search-line { margin-top: 1; }
    RoleForm.-short .title { padding-bottom: 0; }
    RoleForm #about { height: auto; min-height: 1; max-height: 3; color: $text-muted; }
    RoleForm .message { margin-top: 0; max-height: 3; }
    """

    def __init__(self, owner: RoleOwner) -> None:
        super().__init__()
        self._owner = owner
        self._type_of_roles = ""
        self._step: Step = "type"
        self._chosen: dict[Step, tuple[str, ...]] = {}
        self._titles: dict[Step, str] = {}
        self._rows: dict[str, Choice] = {}

    # Drawing

    has_key_bar = True

    @property
    def crumb(self) -> str:
        return "Assign roles"

    def compose_body(self) -> ComposeResult:
        title = f"Give roles to {self._owner.describe()}"
        yield Static(title, classes="title", markup=False)
        yield Static(id="chosen", markup=False)
        with Horizontal(id="search-line", classes="prompt-line"):
            yield Static("/", classes="prompt", markup=False)
            # A key in the list begins a search: selected, it would be replaced by the next key.
            search = Input(id="search", compact=True, select_on_focus=False)
            search.cursor_blink = False
            yield search
        yield LineTable(COLUMNS, row=self._row, id="choices")
        yield LineTable(COLUMNS, row=self._row, markable=True, id="role-choices")
        yield Static(id="about", markup=False)
        yield Static(id="message", classes="message", markup=False)

    def on_mount(self) -> None:
        host = self.host
        if host.org is not None:
            host.run_worker(host.org.read_offer(), group=DETAILS)
            host.run_worker(read_held(host.org, self._owner), group=DETAILS)
        self._go_to("type")

    @property
    def _table(self) -> LineTable:
        """The list of the step; only roles can be marked."""
        name = "#role-choices" if self._step == "roles" else "#choices"
        return self.query_one(name, LineTable)

    def _row(self, key: str) -> Sequence[Text | str]:
        choice = self._rows[key]
        return choice.title, choice.about

    def _go_to(self, step: Step) -> None:
        """Shows a step, with what was chosen in it before."""
        self._step = step
        for table in self.query(LineTable):
            table.display = table is self._table
        search = self.query_one("#search", Input)
        with search.prevent(Input.Changed):
            search.value = ""
        self._fill()
        self._point(next(iter(self._chosen.get(step, ())), ""))
        (self._table if step == "roles" and self._table.keys else search).focus()
        self._read_entities()

    def _point(self, key: str = "") -> None:
        """Puts the cursor on this key, else on the first match or the only row, else on nothing."""
        keys = self._table.keys
        if key in keys:
            self._table.move_to(key)
        elif len(keys) == 1 or (keys and self.query_one("#search", Input).value.strip()):
            self._table.move_to(keys[0])
        else:
            self._table.choose_nothing()
        self._show_about()

    def _choices(self) -> Choices:
        snapshot, chosen = self.host.snapshot, self._chosen
        if self._step == "type":
            return type_choices(snapshot)
        type_name = chosen["type"][0]
        if self._step == "roles":
            return role_choices(snapshot, type_name)
        if self._step == "region":
            profile = self.host.profile
            return region_choices(snapshot, type_name, own=profile.regions if profile else ())
        return entity_choices(
            snapshot, type_name, region=chosen["region"][0], role_names=chosen["roles"]
        )

    def _fill(self) -> None:
        """Lists the choices of this step that match the search."""
        choices, query = self._choices(), self.query_one("#search", Input).value.strip()
        is_known = self._step == "type" and find_type(query) is not None
        matches = choices.matching(query, as_typed=AS_TYPED[self._step], is_known=is_known)
        # Marked roles stay known while the search leaves them out.
        self._rows |= {choice.value: choice for choice in matches}
        self._table.set_keys(tuple(choice.value for choice in matches))
        self._table.redraw()
        self._show_chosen()
        self._show_about()
        if choices.notice:
            self.tell(choices.notice, tone="warn")
        else:
            self.tell(HINTS[self._step], tone="hint")

    def _show_chosen(self) -> None:
        text = Text()
        for step in STEPS:
            is_current_step = step == self._step
            text.append("▸ " if is_current_step else "  ", style="bold")
            text.append(f"{CAPTIONS[step]:<8}", style="bold" if is_current_step else "dim")
            title = self._titles.get(step, "…")
            if is_current_step and step == "roles" and self._table.marks:
                title = ", ".join(self._marked())
            text.append(one_line(title) if step in self._titles or is_current_step else "")
            text.append("\n" if step != STEPS[-1] else "")
        self.query_one("#chosen", Static).update(text)

    @on(LineTable.Highlighted)
    def _show_about(self) -> None:
        key = self._table.cursor_key
        about = self._rows[key].about if key in self._rows else ""
        self.query_one("#about", Static).update(about)

    @on(LineTable.Marked)
    def _marks_changed(self) -> None:
        self._show_chosen()

    def _marked(self) -> tuple[str, ...]:
        """The marked roles, in the order in which they are offered."""
        return tuple(key for key in self._rows if key in self._table.marks)

    # Reading

    def show(self, snapshot: Snapshot) -> None:
        if self.is_current:
            old_keys = self._table.keys
            self._fill()
            if not old_keys:
                self._point()
            self._read_entities()

    def _read_entities(self) -> None:
        """Asks for the names that the last step offers."""
        host = self.host
        if self._step != "entity" or host.org is None:
            return
        pairs = entity_pairs(
            host.snapshot,
            self._chosen["type"][0],
            region=self._chosen["region"][0],
            role_names=self._chosen["roles"],
        )
        if any(pair not in host.snapshot.entities for pair in pairs):
            host.run_worker(host.org.read_entities(pairs), group=DETAILS)

    def show_wait(self, wait: str) -> None:
        if wait:
            self.tell(wait, tone="warn")

    # Choosing

    @on(Input.Changed, "#search")
    def _searched(self) -> None:
        self._fill()
        self._point()

    def on_key(self, event: events.Key) -> None:
        """Lets letters search while the list has the focus, as it has in the step of roles."""
        typed = event.character or ""
        if isinstance(self.focused, LineTable) and typed.isprintable() and typed.strip():
            event.stop()
            self._type(typed)

    def on_paste(self, event: events.Paste) -> None:
        """Lets pasted text search, too."""
        if isinstance(self.focused, LineTable) and event.text.strip():
            event.stop()
            self._type(event.text.strip().splitlines()[0])

    def _type(self, text: str) -> None:
        search = self.query_one("#search", Input)
        self.set_focus(search)
        search.insert_text_at_cursor(text)

    def action_move(self, rows: int) -> None:
        """Moves in the list; in the step of roles, focuses it so that Space marks."""
        if self._step == "roles":
            self._table.focus()
        self._table.action_move_by(rows)

    @on(LineTable.Opened)
    @on(Input.Submitted, "#search")
    def action_take(self) -> None:
        """Takes the choice and goes on to the next step, or after the last to the review."""
        table = self._table
        chosen = self._marked() if self._step == "roles" and table.marks else ()
        if not chosen and table.cursor_key is not None:
            chosen = (table.cursor_key,)
        if not chosen:
            way = "choose with the arrows" if table.keys else "wait for the list"
            self.tell(f"Nothing is chosen yet: {way}, or type.", tone="warn")
            return
        self._chosen[self._step] = chosen
        self._titles[self._step] = ", ".join(self._rows[key].title for key in chosen)
        self._forget_roles()
        if self._step == STEPS[-1]:
            self._review()
        else:
            self._go_to(STEPS[STEPS.index(self._step) + 1])

    def _forget_roles(self) -> None:
        """Forgets what was chosen for another type."""
        if self._type_of_roles != self._chosen["type"][0]:
            self._type_of_roles = self._chosen["type"][0]
            self.query_one("#role-choices", LineTable).marks = frozenset()
            for step in ("roles", "entity"):
                self._chosen.pop(step, None)
                self._titles.pop(step, None)

    def action_back(self) -> None:
        """Goes back by one step, and leaves from the first."""
        if self._step == STEPS[0]:
            self.dismiss()
        else:
            self._go_to(STEPS[STEPS.index(self._step) - 1])

    def _review(self) -> None:
        entity_id, region = self._chosen["entity"][0], self._chosen["region"][0]
        entity = self.host.snapshot.entity(entity_id)
        grants = [
            RoleRequest(
                role_name=role_name,
                entity_type_name=self._chosen["type"][0],
                entity_id=entity_id,
                entity_region=region,
                entity_name=entity.name if entity is not None and entity_id != EVERY else "",
            )
            for role_name in self._chosen["roles"]
        ]
        review_assignments(self.host, self._owner, grants, then=self._reviewed)

    def _reviewed(self, outcomes: tuple[Outcome, ...] | None) -> None:
        """Leaves once something was sent; until then the choices can be changed."""
        if outcomes:
            self.dismiss()
