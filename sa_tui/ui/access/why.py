"""Why somebody has access: every path, what each adds, and what remains without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import on

from sa_tui.access.query.language import EVERYTHING
from sa_tui.access.query.language import show as as_text
from sa_tui.access.query.search import Search
from sa_tui.access.verbs import REMOVE_ROLES, Target
from sa_tui.access.why import explain, explain_cell
from sa_tui.base.words import plural, short_id
from sa_tui.ui.access import why_words
from sa_tui.ui.kit import go
from sa_tui.ui.kit.crumb_bar import SEPARATOR
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Static
from sa_tui.ui.kit.screen import EXPORT, SnapshotScreen
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.roles import reviews
from sa_tui.ui.roles import verbs as role_verbs
from sa_tui.ui.roles.grant_words import (
    path_cell,
    place_cells,
    type_cell,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.grants import Grant
    from sa_tui.access.matrix import MatrixColumn
    from sa_tui.access.overlap import Overlap
    from sa_tui.access.query.language import Query
    from sa_tui.access.subjects import Subject
    from sa_tui.access.verbs import Verb
    from sa_tui.access.why import Explanation
    from sa_tui.konnect.models import AssignedRole
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Export

COLUMNS = (
    Column("role", "ROLE", width=14, grow=1),
    Column("type", "TYPE", width=14, grow=1),
    Column("entity", "ENTITY", width=12, grow=2),
    Column("region", "REGION", width=7),
    Column("path", "PATH", width=12, grow=2),
    Column("note", "BESIDES", width=9),
)


class WhyScreen(SnapshotScreen):
    """The paths of one subject: those behind a cell of the matrix or a query, or all it has.

    `pick` chooses among the subject's grants; `about` describes the chosen ones.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "back"),
        bind(Means.LEFT, "back", "Back", name="back-too", only="left"),
        EXPORT,
        bind(
            Means.TAKE_AWAY,
            "remove",
            "Remove",
            "Remove this direct role",
            name="remove",
            verb=REMOVE_ROLES,
        ),
        bind(Means.REST, "everything", "All of it", "Show everything it has", name="everything"),
        bind(Means.COPY, "copy_id", "Copy id", "Copy its id", name="copy-id", only="y"),
    ]

    DEFAULT_CSS: ClassVar[str] = """
    WhyScreen #why-facts { height: auto; max-height: 7; padding: 0 1; }
    WhyScreen LineTable { height: 1fr; min-height: 3; margin-top: 1; }
    WhyScreen #why-path { height: auto; min-height: 2; max-height: 7; padding: 0 1;
                          border-top: solid $panel; }
    """

    def __init__(
        self,
        subject_id: str,
        *,
        column: MatrixColumn | None = None,
        query: Query | None = None,
        pick: Callable[[Subject], Sequence[Grant]] | None = None,
        about: str = "",
    ) -> None:
        super().__init__()
        self.subject_id = subject_id
        self._column = column
        self._query = query
        self._pick = self._matching if query is not None else pick
        about = about or (as_text(query) if query is not None else "")
        self._about = about or (column.name if column is not None else "everything it has")
        self._why: Explanation | None = None

    # Drawing

    @property
    def crumb(self) -> str:
        subject = self.host.access.current.subject(self.subject_id)
        name = subject.name if subject is not None else ""
        return f"{name or short_id(self.subject_id)}{SEPARATOR}Why"

    @property
    def arguments(self) -> Mapping[str, Any]:
        return {
            "subject_id": self.subject_id,
            "column": self._column,
            "query": self._query,
            "pick": self._pick,
            "about": self._about,
        }

    def compose_body(self) -> ComposeResult:
        yield Static(id="why-facts", markup=False)
        yield LineTable(COLUMNS, row=self._row, id="paths")
        yield Static(id="why-path", markup=False)

    @property
    def _table(self) -> LineTable:
        return self.query_one("#paths", LineTable)

    def on_mount(self) -> None:
        super().on_mount()
        self.host.reading.read_some([self.subject_id])
        self._table.focus()

    def _matching(self, subject: Subject) -> Sequence[Grant]:
        """The grants by which the subject matches the query."""
        query, host = self._query or EVERYTHING, self.host
        match = Search(query, host.access.current, now=host.now()).match(subject)
        return match.grants if match is not None else ()

    def _explained(self, subject: Subject) -> Explanation:
        now = self.host.now()
        if self._column is not None:
            return explain_cell(subject, self._column, now=now)
        grants = self._pick(subject) if self._pick is not None else None
        return explain(subject, grants, now=now)

    def show(self, snapshot: Snapshot) -> None:
        subject = self.host.access.current.subject(self.subject_id)
        self._why = self._explained(subject) if subject is not None else None
        facts = Text(short_id(self.subject_id))
        if self._why is not None:
            facts = why_words.facts(self._why, self._about, self.host.now())
        self.query_one("#why-facts", Static).update(facts)
        paths = self._why.paths if self._why is not None else ()
        self._table.set_keys([str(number) for number, _ in enumerate(paths)])
        self._table.set_message(why_words.empty_reason(self._why))
        self._table.redraw()
        self._show_path()

    def export(self) -> Export | None:
        if self._why is None:
            return None
        from sa_tui.ui.access.exports import why_export

        is_everything = self._column is None and self._pick is None
        about = "" if is_everything else self._about
        return why_export(self.host, self._why, query=self._query, about=about)

    def _row(self, key: str) -> Sequence[Text | str]:
        path = self._path(key)
        if path is None:
            return ("",) * len(COLUMNS)
        grant = path.grant
        places = place_cells(grant, self.host.snapshot)
        return (grant.role or "?", type_cell(grant), *places, path_cell(grant), _note(path))

    def _path(self, key: str | None) -> Overlap | None:
        paths = self._why.paths if self._why is not None else ()
        return paths[int(key)] if key is not None and int(key) < len(paths) else None

    @on(LineTable.Highlighted, "#paths")
    def _show_path(self) -> None:
        path = self._path(self._table.cursor_key)
        text = Text()
        if self._why is not None and path is not None:
            text = why_words.path_text(self._why, path, self.host.snapshot)
        self.set_text("#why-path", text)
        self.refresh_bindings()

    def summary(self, snapshot: Snapshot) -> Text:
        paths = self._why.paths if self._why is not None else ()
        line = Text(plural(len(paths), "path"))
        if self._why is not None and self._why.needless:
            line.append(f", {_adding_nothing(self._why)}")
        return line.append(" · Enter opens the team or account")

    # What the operator does

    @property
    def _assigned(self) -> AssignedRole | None:
        """The direct role under the cursor, as Konnect lists it."""
        path = self._path(self._table.cursor_key)
        if path is None or path.grant.via is not None:
            return None
        rows = self.host.snapshot.details_of(self.subject_id).roles.rows
        return next((row for row in rows if row.id == path.grant.assignment_id), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides + where everything is shown already."""
        if action == "everything":
            return self._column is not None or self._pick is not None
        return super().check_action(action, parameters)

    def targets(self, verb: Verb) -> tuple[Sequence[Target], int]:
        return [Target(account_id=self.subject_id)], 0

    def refusal(self, action: str) -> str:
        """Why the role under the cursor cannot be removed."""
        if action == "remove" and self.is_mounted and self._assigned is None:
            return "Only a direct role of an account can be removed here; Enter opens the team."
        return super().refusal(action)

    def action_remove(self) -> None:
        """Reviews removing the direct role."""
        owner = role_verbs.account_role_owner(self.host, self.subject_id)
        if owner is not None and (role := self._assigned) is not None:
            reviews.remove_roles(self.host, owner, [role])

    def action_everything(self) -> None:
        """Shows every path of the subject."""
        self.host.push_screen(WhyScreen(self.subject_id))

    @on(LineTable.Opened, "#paths")
    def _open(self) -> None:
        path = self._path(self._table.cursor_key)
        if path is None:
            return
        if path.grant.via is not None:
            self.post_message(go.OpenTeam(path.grant.via.team_id))
        elif self.host.snapshot.account(self.subject_id) is not None:
            self.post_message(go.OpenAccount(self.subject_id))

    def action_copy_id(self) -> None:
        """Copies the subject's id."""
        self.post_message(go.Copy(self.subject_id))

    def action_back(self) -> None:
        """Goes back."""
        self.dismiss()


def _adding_nothing(why: Explanation) -> str:
    """How many paths add nothing, alone and together."""
    if why.spare == why.needless:
        return f"{why.needless:,} that add nothing"
    if why.needless < len(why.paths):
        return f"{why.needless:,} that add nothing alone, {why.spare:,} together"
    # Short enough to be read to its end in 80 columns.
    several = f", or {why.spare:,} at once" if why.spare > 1 else ""
    return f"any one can go{several}; taken together they give everything"


def _note(path: Overlap) -> Text:
    if path.grant.is_stray:
        return Text("no effect", style="warn")
    if path.duplicates:
        return Text("duplicate", style="warn")
    if path.wider:
        return Text("covered", style="warn")
    return Text("")
