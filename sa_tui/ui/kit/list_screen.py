"""What every list shares: a filter of words and fields, an order by any column, and Esc.

A list gives its rows in their order, the text of each row for words, and the subject of access that
a row stands for. This module works out which rows are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on

from sa_tui.ui.kit.filter_bar import FilterBar
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.screen import EXPORT, SnapshotScreen
from sa_tui.ui.kit.table.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.binding import BindingType

    from sa_tui.access.query.language import Query
    from sa_tui.access.query.notices import Notice
    from sa_tui.access.subjects import Subject
    from sa_tui.ui.kit.exporting import Kept
    from sa_tui.ui.kit.filtering import Filter
    from sa_tui.ui.kit.page import Value

CLEAR = bind(
    Means.BACK, "clear", "Clear", "Clear the marks or the filter", name="clear", only="escape"
)
"""What Esc does while there are marks or a filter; it stands before what else it does."""

LEAVING: list[BindingType] = [
    CLEAR,
    bind(Means.BACK, "leave", help="Stop reading, or go back", name="leave", only="escape"),
]
SORTING: list[BindingType] = [
    bind(Means.FILTER, "filter", help="Filter as you type"),
    bind(Means.SORT, "sort_next", help="Order by the next column"),
    bind(Means.REVERSE, "sort_reverse"),
    EXPORT,
]


class ListScreen(SnapshotScreen):
    """A screen with one table, selected by `TABLE`, and a `FilterBar`.

    `unsure` has the keys of rows that the filter can neither keep nor rule out: they come last and
    have a `?` before their first cell.
    """

    TABLE: ClassVar[str]
    HAS_ACCOUNTS: ClassVar[bool] = True
    """Whether the rows are accounts, or people among them."""
    WITH_ARGUMENT: ClassVar[dict[str, str]] = {
        "filter": "filter QUERY: filter the list",
        "sort": "sort COLUMN: order the list; again reverses the order",
        "save": "save NAME: save the query of the filter by a name",
    }

    def __init__(self) -> None:
        super().__init__()
        self._filter: Filter | None = None
        self.unsure: frozenset[str] = frozenset()

    @property
    def table(self) -> LineTable:
        return self.query_one(self.TABLE, LineTable)

    @property
    def bar(self) -> FilterBar:
        """The line that the list is filtered with."""
        return self.query_one(FilterBar)

    @property
    def filter(self) -> Filter:
        """The filter of the list; its language is loaded when it is first asked for."""
        if self._filter is None:
            from sa_tui.ui.kit.filtering import Filter

            self._filter = Filter()
        return self._filter

    # What a list is

    @property
    def order(self) -> Sequence[str]:
        """The keys of all rows, in their order."""
        raise NotImplementedError

    def texts(self) -> Iterable[tuple[str, str]]:
        """The (key, casefolded text) pairs of all rows, in their order."""
        raise NotImplementedError

    def subject_of(self) -> Callable[[str], Subject | None]:
        """A function from the key of a row to the subject of access that it stands for."""
        return self.host.access.current.subject

    def sort_by(self, sort: tuple[str, bool]) -> None:
        """Takes another order; the list is shown anew after that."""
        raise NotImplementedError

    def why_empty(self) -> Text | str:
        """What stands in place of the rows, and what to do about it."""
        raise NotImplementedError

    @property
    def rests_on_access(self) -> bool:
        """Whether another snapshot may change which rows the filter keeps."""
        return self._filter is not None and not self._filter.is_of_words

    def read_for_filter(self) -> None:
        """Reads what the filter asks about."""
        if self._filter is not None and self._filter.needs_details:
            self.host.reading.ensure(self._filter.query)

    def misplaced(self, query: Query) -> tuple[Notice, ...]:
        """The terms of the query that make no sense in this list."""
        return ()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offers to clear what there is to clear, in place of going back."""
        if action == "clear":
            return self.is_ready and self.is_clearable
        return super().check_action(action, parameters)

    @property
    def is_clearable(self) -> bool:
        """Whether Esc clears marks or the filter before it goes back."""
        return self.bar.display or bool(self.table.marks)

    # What is shown

    def apply_filter(self) -> None:
        """Puts the rows that the filter keeps into the table."""
        table = self.table
        had_rows = bool(table.keys)
        table.set_keys(self._kept())
        self.say_why_empty()
        if had_rows != bool(table.keys):
            self.refresh_bindings()

    def say_why_empty(self) -> None:
        """Says why no row is shown; an error in the query comes before any other reason."""
        if not self.table.keys:
            error = self._filter.error if self._filter is not None else None
            self.table.set_message(str(error) if error is not None else self.why_empty())

    def _kept(self) -> Sequence[str]:
        self.unsure = frozenset()
        if self._filter is None or self._filter.is_empty:
            return self.order
        if self._filter.is_of_words:
            return self._filter.keep_words(self.texts())
        access = self.host.access.current
        certain, unsure = self._filter.keep(
            self.order, self.subject_of(), access, now=self.host.now()
        )
        if self.host.reading.is_reading:  # unsure rows would come and go under the cursor
            return certain
        self.unsure = frozenset(unsure)
        return (*certain, *unsure)

    def flagged_cells(self, key: str, cells: Sequence[Text | str]) -> Sequence[Text | str]:
        """The cells of a row, with a `?` before them when the filter is not sure of it."""
        if key not in self.unsure:
            return cells
        first = cells[0] if isinstance(cells[0], Text) else Text(cells[0])
        return (Text.assemble(("? ", "warn"), first), *cells[1:])

    def value_changed(self, value: Value) -> None:
        super().value_changed(value)
        is_over = value == "progress" and not self.host.progress
        if is_over and self.is_current and self.rests_on_access:
            self._warn()  # only now is it certain which names of the query exist

    def progress_line(self, progress: str) -> str:
        return f"{progress} · Esc stops"

    def uncertain_note(self) -> str:
        """The number of rows that the filter is not sure of, for the status line."""
        return f" · {len(self.unsure):,} uncertain" if self.unsure else ""

    @property
    def kept(self) -> Kept:
        """The rows that are shown, to be written out."""
        from sa_tui.access.query.language import show
        from sa_tui.ui.kit.exporting import Kept

        return Kept(keys=tuple(self.table.keys), unsure=self.unsure, query=show(self.filter.query))

    def start_over(self) -> None:
        self.table.marks = frozenset()
        if self.bar.clear():
            self.set_focus(self.table)

    # Filter

    def action_filter(self) -> None:
        """Opens the line that the list is filtered with."""
        self.bar.open()
        self.host.access.prepare()

    @on(FilterBar.Changed)
    def _filter_changed(self, event: FilterBar.Changed) -> None:
        was_empty = self.filter.is_empty
        if self.filter.set(event.text):
            self.read_for_filter()
            self.apply_filter()
            self.look_again()
        if was_empty != self.filter.is_empty:
            self.refresh_bindings()
        self._warn()
        self.say_why_empty()
        self.update_status()

    @on(FilterBar.Submitted)
    def _filter_submitted(self) -> None:
        self.table.focus()

    def _warn(self) -> None:
        """Shows what is wrong or doubtful in the query."""
        if self.filter.error is not None:
            self.bar.warn(str(self.filter.error))
            return
        query = self.filter.query
        if self.filter.is_of_words:
            notices = self.filter.keywords
        else:
            from sa_tui.access.query.words import notices as unknown_names

            words = self.host.access.words
            notices = self.misplaced(query)
            notices += unknown_names(query, words, has_accounts=self.HAS_ACCOUNTS)
        self.bar.warn(" ".join(notice.text for notice in notices))

    def clear(self) -> bool:
        """Stops the reading, else clears the marks, else the filter; False with none of them."""
        table = self.table
        if self.host.reading.stop():
            self.say_that_reading_stopped("Stopped reading; what was read stays.")
        elif table.marks:
            table.marks = frozenset()
            self.update_status()
        elif self.bar.clear():
            table.focus()
            self.refresh_bindings()
        else:
            return False
        return True

    def action_clear(self) -> None:
        self.clear()

    def action_leave(self) -> None:
        """Stops reading, clears the marks or the filter, or goes back: the first that applies."""
        if not self.clear():
            self.dismiss()

    def say_that_reading_stopped(self, notice: str) -> None:
        """Names the key that reads on, and leaves the filter, which would take that key."""
        self.set_focus(self.table)
        self.host.say(f"{notice} Press + to read on.")

    # Order

    @on(LineTable.SortRequested)
    def _sort_requested(self, event: LineTable.SortRequested) -> None:
        if event.table is self.table:
            self._sort((event.column_key, event.reverse))

    def _sort(self, sort: tuple[str, bool]) -> None:
        self.table.sort = sort
        self.sort_by(sort)
        self.show(self.host.snapshot)
        self.update_status()

    def action_sort_next(self) -> None:
        self.table.action_sort_next()

    def action_sort_reverse(self) -> None:
        self.table.action_sort_reverse()

    # Commands that take an argument

    def try_query(self, query: str) -> bool:
        return self.run_with_argument("filter", query)

    def run_with_argument(self, name: str, argument: str) -> bool:
        """Runs `filter`, `sort` or `save`; False for any other name."""
        if name == "filter":
            self.action_filter()
            self.bar.text = argument
        elif name == "sort":
            self._sort_named(argument.lower())
        elif name == "save":
            self._save_query(argument)
        else:
            return False
        return True

    def argument_choices(self, name: str) -> Sequence[str]:
        """The arguments that this command can take; none for one that takes any text."""
        return [column.key for column in self.table.columns] if name == "sort" else ()

    def _save_query(self, name: str) -> None:
        """Saves the query of the filter by a name, unless it is wrong or empty."""
        from sa_tui.records.lines import JournalError

        query, host = self.bar.text.strip(), self.host
        if not query or self.filter.error is not None:
            why = "has an error" if query else "is empty: type one after /"
            host.say(f"There is nothing to save: the query {why}.", is_error=True)
            return
        is_new = name not in host.memory.saved
        try:
            host.memory.save(name, query)
        except JournalError as error:
            host.say(str(error), is_error=True)
        else:
            how = "" if is_new else " in place of the one before"
            host.say(f"Saved as {name}{how}: {query} · :query {name} asks who by it.")

    def _sort_named(self, name: str) -> None:
        keys: dict[str, str] = {}
        for column in self.table.columns:
            keys |= {column.title.lower(): column.key, column.key: column.key}
        if (key := keys.get(name)) is not None:
            self._sort((key, self.table.sort == (key, False)))
        else:
            column_keys = ", ".join(column.key for column in self.table.columns)
            self.host.say(f"There is no column {name}: {column_keys}", is_error=True)
