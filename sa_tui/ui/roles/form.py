"""The form that gives roles: type, roles, entities and region, chosen from lists or typed.

It sends nothing itself: what was chosen becomes changes, which are reviewed first.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import Horizontal

from sa_tui.access.catalogue import find_type
from sa_tui.base.text import one_line
from sa_tui.konnect.regions import EVERY
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static
from sa_tui.ui.kit.table.table import LineTable
from sa_tui.ui.kit.workers import DETAILS
from sa_tui.ui.roles.choices import (
    Choice,
    Choices,
    entity_choices,
    entity_pairs,
    form_title,
    region_choices,
    requests_for,
    role_choices,
    type_choices,
)
from sa_tui.ui.roles.reviews import read_held, review_assignments
from sa_tui.ui.roles.steps import (
    ALL_IS_ALONE,
    AS_TYPED,
    CAPTIONS,
    COLUMNS,
    HINTS,
    MARKABLE,
    OF_EACH,
    STEPS,
    SearchedLines,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.changes.change import Outcome
    from sa_tui.org.changes.roles import RoleOwner
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.roles.steps import Step


class RoleForm(Dialog[None]):
    """Asks one step after the other; Esc goes back by one step and keeps what was chosen.

    The region is asked only where an entity has none of its own. `notes` stand above the review.
    """

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

    def __init__(self, owners: Sequence[RoleOwner], *, notes: Sequence[str] = ()) -> None:
        super().__init__()
        self._owners = tuple(owners)
        self._notes = tuple(notes)
        self._held_is_read = asyncio.Event()
        self._type_of_roles = ""
        self._step: Step = "type"
        self._hint = ""
        self._chosen: dict[Step, tuple[Choice, ...]] = {}
        self._rows: dict[Step, dict[str, Choice]] = {step: {} for step in STEPS}

    # Drawing

    has_key_bar = True

    @property
    def crumb(self) -> str:
        return "Assign roles"

    def compose_body(self) -> ComposeResult:
        yield Static(form_title(self._owners), classes="title", markup=False)
        yield Static(id="chosen", markup=False)
        with Horizontal(id="search-line", classes="prompt-line"):
            yield Static("/", classes="prompt", markup=False)
            # A key in the list begins a search: selected, it would be replaced by the next key.
            search = Input(id="search", compact=True, select_on_focus=False)
            search.cursor_blink = False
            yield search
        yield LineTable(COLUMNS, row=self._row, id="choices")
        for step in MARKABLE:
            yield SearchedLines(COLUMNS, row=self._row, markable=True, id=f"{step}-choices")
        yield Static(id="about", markup=False)
        yield Static(id="message", classes="message", markup=False)

    def on_mount(self) -> None:
        host = self.host
        if host.org is not None:
            host.run_worker(host.org.read_offer(), group=DETAILS)
            host.run_worker(self._read_held(host.org), group=DETAILS)
        self._go_to("type")

    @property
    def _table(self) -> LineTable:
        """The list of the step."""
        name = f"#{self._step}-choices" if self._step in MARKABLE else "#choices"
        return self.query_one(name, LineTable)

    def _row(self, key: str) -> Sequence[Text | str]:
        choice = self._rows[self._step].get(key)  # None between two steps
        return (choice.title, choice.about) if choice is not None else ("", "")

    def _go_to(self, step: Step) -> None:
        """Shows a step, with what was chosen in it before."""
        self._step = step
        for table in self.query(LineTable):
            table.display = table is self._table
        search = self.query_one("#search", Input)
        with search.prevent(Input.Changed):
            search.value = ""
        self._fill()
        self._point(next((choice.value for choice in self._chosen.get(step, ())), ""))
        (self._table if step in MARKABLE and self._table.keys else search).focus()
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
        type_name = chosen["type"][0].value
        if self._step == "roles":
            return role_choices(snapshot, type_name)
        if self._step == "region":
            profile = self.host.profile
            return region_choices(snapshot, type_name, own=profile.regions if profile else ())
        return entity_choices(snapshot, type_name, role_names=self._values("roles"))

    def _values(self, step: Step) -> tuple[str, ...]:
        return tuple(choice.value for choice in self._chosen[step])

    def _fill(self) -> None:
        """Lists the choices of this step that match the search."""
        choices, query = self._choices(), self.query_one("#search", Input).value.strip()
        is_known = self._step == "type" and find_type(query) is not None
        matches = choices.matching(query, as_typed=AS_TYPED[self._step], is_known=is_known)
        # What is marked stays known while the search leaves it out.
        self._rows[self._step] |= {choice.value: choice for choice in matches}
        self._table.set_keys(tuple(choice.value for choice in matches))
        self._table.redraw()
        self._show_chosen()
        self._show_about()
        if choices.notice:
            self.tell(choices.notice, tone="warn")
        else:
            self.tell(self._hint or HINTS[self._step], tone="hint")

    def _show_chosen(self) -> None:
        text = Text()
        for step in STEPS:
            is_current_step = step == self._step
            text.append("▸ " if is_current_step else "  ", style="bold")
            text.append(f"{CAPTIONS[step]:<9}", style="bold" if is_current_step else "dim")
            text.append(one_line(self._words(step)))
            text.append("\n" if step != STEPS[-1] else "")
        self.query_one("#chosen", Static).update(text)

    def _words(self, step: Step) -> str:
        """What is chosen or marked in a step, in words."""
        is_current_step = step == self._step
        marked = self._marked() if is_current_step else ()
        if choices := marked or self._chosen.get(step, ()):
            return ", ".join(choice.name for choice in choices)
        if step == "region" and "entity" in self._chosen and not self._needs_region:
            return OF_EACH
        return "…" if is_current_step else ""

    @on(LineTable.Highlighted)
    def _show_about(self) -> None:
        choice = self._rows[self._step].get(self._table.cursor_key or "")
        about = choice.about if choice is not None else ""
        self.query_one("#about", Static).update(about)

    @on(LineTable.Marked)
    def _marks_changed(self) -> None:
        self._show_chosen()

    def _marked(self) -> tuple[Choice, ...]:
        """What is marked in this step, in the order of the marks."""
        rows = self._rows[self._step]
        return tuple(rows[key] for key in self._table.marks_in_order if key in rows)

    # Reading

    def show(self, snapshot: Snapshot) -> None:
        if self.is_current:
            old_keys = self._table.keys
            self._fill()
            if not old_keys:
                self._point()
            self._read_entities()

    async def _read_held(self, org: Org) -> None:
        """Reads what they hold, which the review waits for."""
        try:
            await read_held(org, self._owners)
        finally:
            self._held_is_read.set()

    def _read_entities(self) -> None:
        """Asks for the names that the step of entities offers."""
        host = self.host
        if self._step != "entity" or host.org is None:
            return
        (type_name,) = self._values("type")
        pairs = entity_pairs(host.snapshot, type_name, role_names=self._values("roles"))
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
        """Lets letters search while the list has the focus, as it has where rows are marked."""
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
        """Moves in the list; where several can be chosen, focuses it so that Space marks."""
        if self._step in MARKABLE:
            self._table.focus()
        self._table.action_move_by(rows)

    @on(LineTable.Opened)
    @on(Input.Submitted, "#search")
    def action_take(self) -> None:
        """Takes the choice and goes on to the next step, or after the last to the review."""
        table, rows = self._table, self._rows[self._step]
        chosen = self._marked() or tuple(filter(None, [rows.get(table.cursor_key or "")]))
        if not chosen:
            way = "choose with the arrows" if table.keys else "wait for the list"
            self.tell(f"Nothing is chosen yet: {way}, or type.", tone="warn")
            return
        if len(chosen) > 1 and any(choice.value == EVERY for choice in chosen):
            self.tell(ALL_IS_ALONE, tone="warn")
            return
        self._chosen[self._step] = chosen
        self._forget_other_type()
        if self._step == "region" or (self._step == "entity" and not self._needs_region):
            self._show_chosen()
            self.run_worker(self._review(), group="review", exclusive=True)
        else:
            self._go_to(STEPS[STEPS.index(self._step) + 1])

    @property
    def _needs_region(self) -> bool:
        """Whether an entity that was chosen has no region of its own."""
        return not all(choice.region for choice in self._chosen["entity"])

    def _forget_other_type(self) -> None:
        """Forgets what was chosen for another type."""
        if self._type_of_roles != self._values("type")[0]:
            self._type_of_roles = self._values("type")[0]
            for step in MARKABLE:
                self.query_one(f"#{step}-choices", LineTable).marks = frozenset()
                self._rows[step].clear()
                self._chosen.pop(step, None)

    def action_back(self) -> None:
        """Goes back by one step, and leaves from the first."""
        self.workers.cancel_group(self, "review")
        self._hint = ""
        if self._step == STEPS[0]:
            self.dismiss()
        else:
            self._go_to(STEPS[STEPS.index(self._step) - 1])

    async def _review(self) -> None:
        """Opens the review as soon as it is known who holds what already."""
        requests = requests_for(self._chosen)
        if not self._held_is_read.is_set():
            self._hint = "Reading what they hold already…"
            self.tell(self._hint, tone="warn")
            await self._held_is_read.wait()
            self._hint = ""
        owners, notes = self._owners, self._notes
        nothing = review_assignments(self.host, owners, requests, notes=notes, then=self._reviewed)
        self.tell(nothing, tone="warn")

    def _reviewed(self, outcomes: tuple[Outcome, ...] | None) -> None:
        """Leaves once something was sent; until then the choices can be changed."""
        if outcomes:
            self.dismiss()
