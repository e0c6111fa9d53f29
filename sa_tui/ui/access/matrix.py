"""Accounts by entity type, by the roles of one type, or by region: three characters a cell.

The first columns stay while the others scroll; Enter explains a cell.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on

from sa_tui.access.answer import Answer
from sa_tui.access.catalogue import TIERS, find_type
from sa_tui.access.matrix import NOT_READ, by_region, by_role, by_type
from sa_tui.access.why import explain, explain_cell
from sa_tui.ui.access.base import COMMON, AccessScreen
from sa_tui.ui.kit import go
from sa_tui.ui.kit.beside import Beside
from sa_tui.ui.kit.filter_bar import FilterBar
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.list_screen import SORTING
from sa_tui.ui.kit.safe import Static
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.roles.grant_words import subject_name, tokens_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.matrix import Axis, Cell, Matrix, MatrixColumn, MatrixRow
    from sa_tui.access.query.language import Query
    from sa_tui.access.subjects import Access, Subject
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Export

FIRST = (
    Column("account", "ACCOUNT", width=20, grow=1),
    Column("tk", "TK", width=3),
)
CELL_WIDTH = 3
LEGEND = (
    "A full write · W part · C create · R read · ? unknown · small: Konnect's own\n"
    "* all · + all of some regions · 0-9 # so many · ^ team · = both · ! own team"
)
_NEXT: dict[Axis, Axis] = {"type": "role", "role": "region", "region": "type"}
_TONES = {"A": "bad", "W": "warn", "C": "warn", "R": "", "?": "bad"}


class MatrixScreen(AccessScreen):
    """Who holds what at a glance, in as many columns as fit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BY, "axis", "By type/role/region", "Other columns", name="axis"),
        bind(Means.LEFT, "move(-1)", help="To the column on the left", name="matrix.left"),
        bind(Means.RIGHT, "move(1)", help="To the column on the right", name="matrix.right"),
        bind(Means.WHO, "ask", help="Ask who has something in this column", name="ask"),
        *SORTING[:1],
        bind(Means.SORT, "sort_here", help="Order by this column"),
        *SORTING[2:],
        *COMMON,
    ]
    section = "matrix"
    TABLE = "#matrix"
    DEFAULT_CSS: ClassVar[str] = """
    MatrixScreen #legend { height: auto; max-height: 2; padding: 0 1; color: $text-muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._axis: Axis = "type"
        self._type = "Control Planes"
        self._matrix: Matrix | None = None
        self._matrix_key: tuple[Access, Axis, str, Query, bool] | None = None
        self._subjects: dict[str, Subject] = {}
        self._rows: dict[str, MatrixRow] = {}
        self._keys: tuple[tuple[str, bool], list[str]] | None = None
        self._order: tuple[str, ...] = ()
        self._at = 0  # the matrix column under the cursor; -1 is the account itself
        self._chosen: str | None = None  # the column that the operator went to
        self._left = 0
        self._columns: tuple[MatrixColumn, ...] = ()  # those on the screen
        self._sorted: tuple[str, bool] = ("account", False)

    # Drawing

    def compose_body(self) -> ComposeResult:
        table = LineTable(FIRST, row=partial(self._row, ()), markable=True, id="matrix")
        yield Beside(table, self._detail, is_fluid=True)
        yield Static(LEGEND, id="legend", markup=False)
        yield FilterBar(
            placeholder="words, or role:Admin type:cp -is:managed",
            words=lambda: self.host.access.words,
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.table.focus()

    @on(Beside.Arranged)
    def on_resize(self) -> None:
        super().on_resize()
        self.call_after_refresh(self._show_columns)

    @property
    def order(self) -> Sequence[str]:
        return self._order

    def texts(self) -> Iterable[tuple[str, str]]:
        subjects = map(self.access.subject, self._order)
        return [(subject.id, subject.haystack) for subject in subjects if subject is not None]

    def show_access(self) -> None:
        access = self.access
        if self._matrix_key is None or self._matrix_key[0] is not access:
            self._order = tuple(subject.id for subject in sorted(access.subjects, key=_by_name))
        self.apply_filter()

    def apply_filter(self) -> None:
        """Lays out the accounts that the filter leaves, without the columns that would be empty."""
        access = self.access
        matrix_key = (
            access,
            self._axis,
            self._type,
            self.filter.query,
            self.host.reading.is_reading,
        )
        if (
            self._matrix_key is None
            or self._matrix_key[0] is not access
            or self._matrix_key[1:] != matrix_key[1:]
        ):
            self._matrix_key = matrix_key
            subjects = [subject for key in self._kept() if (subject := access.subject(key))]
            self._matrix = self._matrix_of(subjects)
            self._subjects = {subject.id: subject for subject in subjects}
            self._rows = {}
            self._find_column(self._matrix.columns)
            self._keys = None
        self._show_columns()

    def _find_column(self, columns: Sequence[MatrixColumn]) -> None:
        """Keeps the cursor on the column that the operator went to, else where it is."""
        keys = [column.key for column in columns]
        if self._chosen in keys:
            self._at = keys.index(self._chosen)
        elif keys:  # else they are still to be read
            self._at = min(self._at, len(keys) - 1)

    def _matrix_of(self, subjects: Sequence[Subject]) -> Matrix:
        if self._axis == "role":
            return by_role(subjects, self._type)
        return by_region(subjects) if self._axis == "region" else by_type(subjects)

    def _sorted_keys(self) -> list[str]:
        """The keys in their order, computed once per order."""
        if self._keys is None or self._keys[0] != self._sorted:
            self._keys = (self._sorted, self._arranged(*self._sorted))
        return self._keys[1]

    def _arranged(self, column: str, reverse: bool) -> list[str]:
        keys = list(self._subjects)  # by name, as they were listed
        if column == "account" and reverse:
            keys.reverse()
        elif column == "tk":
            now = self.host.now()
            keys.sort(key=lambda key: self._subjects[key].live_tokens(now)[0], reverse=reverse)
        elif column != "account":
            columns = self._matrix.columns if self._matrix else ()
            column_keys = [matrix_column.key for matrix_column in columns]
            if column in column_keys:
                place = column_keys.index(column)
                keys.sort(key=lambda key: _weight(self._row_of(key).cells[place]), reverse=reverse)
        return sorted(keys, key=self.unsure.__contains__)

    def _row_of(self, key: str) -> MatrixRow:
        if key not in self._rows and self._matrix is not None:
            self._rows[key] = self._matrix.row(self._subjects[key])
        return self._rows[key]

    def why_empty(self) -> str:
        if self._order:
            return "Nobody matches the filter.\n\nEsc clears it."
        return self.why_unread() or "No system accounts that this token may see."

    @property
    def _fitting(self) -> int:
        first = sum(column.span for column in FIRST)
        return max(1, (self.table.room - first) // (CELL_WIDTH + 1))

    def _show_columns(self) -> None:
        if self._at >= 0:
            if self._at < self._left:
                self._left = self._at
            elif self._at >= self._left + self._fitting:
                self._left = self._at - self._fitting + 1
        columns = self._matrix.columns if self._matrix else ()
        places = range(len(columns))[self._left : self._left + self._fitting]
        self._columns = tuple(columns[place] for place in places)
        drawn = [
            Column(column.key, column.title, width=CELL_WIDTH, tight=True)
            for column in self._columns
        ]
        table, chosen = self.table, self._column_at_cursor
        table.set_columns((*FIRST, *drawn), self._sorted_keys(), row=partial(self._row, places))
        table.sort = self._sorted
        table.cell = chosen.key if chosen is not None else "account"
        self.say_why_empty()
        self.update_status()

    def _row(self, places: Sequence[int], key: str) -> Sequence[Text | str]:
        """The cells of the columns at these places."""
        if key not in self._subjects:
            return ("(gone)", "", *[""] * len(places))
        row = self._row_of(key)
        cells = [row.cells[place] for place in places]
        name = subject_name(row.subject)
        tokens = tokens_cell(row.subject, self.host.now())
        return self.flagged_cells(
            key, [name, tokens, *(_drawn(cell, row.subject) for cell in cells)]
        )

    def _detail(self, key: str, width: int) -> Text:
        """Why the cell under the cursor shows what it shows."""
        if (subject := self._subjects.get(key)) is None:
            return Text()
        column, now = self._column_at_cursor, self.host.now()
        if column is None:
            return self.why(explain(subject, now=now), "everything it has")
        return self.why(explain_cell(subject, column, now=now), column.name)

    # The summary

    @property
    def _column_at_cursor(self) -> MatrixColumn | None:
        """The column under the cursor."""
        columns = self._matrix.columns if self._matrix else ()
        return columns[self._at] if 0 <= self._at < len(columns) else None

    def summary(self, snapshot: Snapshot) -> Text:
        matrix = self._matrix
        if matrix is None or not self._order:
            return Text(self.why_unread().partition("\n")[0])
        axis_words = {
            "type": "by entity type",
            "region": "by region",
            "role": f"by role on {self._type}",
        }
        shown_count, total = len(self._subjects), len(self._order)
        of_all = f"{shown_count:,} of " if shown_count != total else ""
        line = Text(
            f"{of_all}{self.counted(total)} {axis_words[self._axis]}{self.uncertain_note()}"
        )
        if (column := self._column_at_cursor) is not None:
            line.append(f" · {column.name}")
        hidden = len(matrix.columns) - len(self._columns)
        line.append(f" · {hidden} more ← →" if hidden > 0 else "", style="bold")
        return line.append(self.read_at_text(), style="dim")

    # What the operator does

    def action_move(self, columns: int) -> None:
        """Moves the cursor by some columns; the account's own is the first."""
        last = len(self._matrix.columns) - 1 if self._matrix else -1
        self._at = max(-1, min(self._at + columns, last))
        column = self._column_at_cursor
        self._chosen = column.key if column is not None else None
        self._show_columns()
        self.query_one(Beside).moved()

    def action_axis(self) -> None:
        """Shows the roles of the type at the cursor, the regions, or the types as columns."""
        column = self._column_at_cursor
        entity_type = find_type(column.key) if column is not None and self._axis == "type" else None
        if column is not None and self._axis == "type" and column.key != "*":
            self._type = entity_type.name if entity_type is not None else column.name
        self._axis = _NEXT[self._axis]
        self._at = self._left = 0
        self._chosen = None
        self._sorted = ("account", False)
        self.show(self.host.snapshot)
        self.update_status()

    def action_sort_here(self) -> None:
        """Orders by the column under the cursor, the strongest first."""
        column = self._column_at_cursor
        key = column.key if column is not None else "account"
        self._sort((key, self._sorted == (key, False)))

    def export(self) -> Export | None:
        if self._matrix is None or not self._order:
            return None
        from sa_tui.ui.access.exports import matrix_export

        kept = replace(self.kept, keys=self._sorted_keys())
        columns = (self._axis, self._type)
        return matrix_export(self.host, self.filter.query, kept, columns)

    def sort_by(self, sort: tuple[str, bool]) -> None:
        self._sorted = sort

    def action_ask(self) -> None:
        """Asks who has something in this column."""
        column = self._column_at_cursor
        self.post_message(go.AskWho(column.query if column is not None else ""))

    @on(LineTable.Opened, "#matrix")
    def _open(self, event: LineTable.Opened) -> None:
        from sa_tui.ui.access.why import WhyScreen

        self.host.push_screen(WhyScreen(event.key, column=self._column_at_cursor))


def _by_name(subject: Subject) -> tuple[str, str]:
    return (subject.name.casefold(), subject.id)


def _weight(cell: Cell) -> tuple[int, str]:
    """The rank of a cell: the strongest first, the unknown before the empty."""
    if not cell.grants and cell.answer is Answer.NO:
        return (len(TIERS) + 1, "")
    return (TIERS.index(cell.tier) if cell.tier else len(TIERS), cell.scope)


def _drawn(cell: Cell, subject: Subject) -> Text:
    if cell.text == NOT_READ:
        is_untried = all(why.endswith("not read") for why in subject.missing)
        return Text("…", style="quiet") if is_untried else Text(NOT_READ, style="bad")
    return Text(cell.text, style=_TONES.get(cell.tier.upper(), "quiet") if cell.grants else "quiet")
