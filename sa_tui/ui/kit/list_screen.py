"""What every list shares: a filter in words and fields, an order by any column, and Esc.

A list gives its rows in their order, the text that a word is looked for in, and the subject of
access that a row stands for; which rows are shown is worked out here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on

from sa_tui.ui.kit.filter_bar import FilterBar
from sa_tui.ui.kit.keys import main_key, more_key
from sa_tui.ui.kit.screen import SnapshotScreen
from sa_tui.ui.kit.table.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.binding import BindingType

    from sa_tui.access.query.language import Query
    from sa_tui.access.query.unheard import Notice
    from sa_tui.access.subjects import Subject
    from sa_tui.ui.kit.filtering import Filter
    from sa_tui.ui.kit.page import Value

SORTING: list[BindingType] = [
    main_key("slash", "filter", "Filter", "Filter as you type", display="/"),
    main_key("s", "sort_next", "Sort", "Order by the next column", id="sort"),
    more_key("S", "sort_reverse", "Reverse", "Turn the order round", id="reverse"),
]


class ListScreen(SnapshotScreen):
    """A screen around one table, with the id `TABLE`, and a `FilterBar`.

    `unsure` are the keys of which nobody can tell whether the filter finds them: they come last
    and have a `?` before their first cell.
    """

    TABLE: ClassVar[str]
    HAS_ACCOUNTS: ClassVar[bool] = True
    """Whether the rows go by the names of accounts, or of people beside them."""
    WITH_ARGUMENT: ClassVar[dict[str, str]] = {
        "filter": "filter QUERY: filter the list",
        "sort": "sort COLUMN: order the list, twice to turn it round",
    }

    def __init__(self) -> None:
        super().__init__()
        self._filter: Filter | None = None
        self.unsure: frozenset[str] = frozenset()

    @property
    def table(self) -> LineTable:
        """The list itself."""
        return self.query_one(self.TABLE, LineTable)

    @property
    def bar(self) -> FilterBar:
        """The line that the list is filtered with."""
        return self.query_one(FilterBar)

    @property
    def filter(self) -> Filter:
        """What the list is filtered by; the language is loaded with the first text."""
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
        """(key, casefolded text) of all rows, in their order."""
        raise NotImplementedError

    def subject_of(self) -> Callable[[str], Subject | None]:
        """What gives the subject of access that a row stands for."""
        access = self.host.access.current
        return access.subject

    def sort_by(self, sort: tuple[str, bool]) -> None:
        """Takes another order; the list is shown anew after that."""
        raise NotImplementedError

    def why_empty(self) -> Text | str:
        """What stands in place of the rows, and what to do about it."""
        raise NotImplementedError

    @property
    def rests_on_access(self) -> bool:
        """Whether another snapshot may change what the filter leaves."""
        return self._filter is not None and not self._filter.is_of_words

    def follow(self) -> None:
        """Has read what the filter asks for."""
        if self._filter is not None and self._filter.needs_details:
            self.host.reading.ensure(self._filter.query)

    def misplaced(self, query: Query) -> tuple[Notice, ...]:
        """Which terms of the query make no sense in this list."""
        return ()

    # What is shown of it

    def narrow(self) -> None:
        """Puts the rows into the table that the filter leaves."""
        table = self.table
        had_rows = bool(table.keys)
        table.set_keys(self._kept())
        self.say_why_empty()
        if had_rows != bool(table.keys):
            self.refresh_bindings()

    def say_why_empty(self) -> None:
        """Says why no row is shown: a query that cannot be read comes before all else."""
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
        if self.host.reading.is_reading:  # else they would come and go under the cursor
            return certain
        self.unsure = frozenset(unsure)
        return (*certain, *unsure)

    def told(self, key: str, cells: Sequence[Text | str]) -> Sequence[Text | str]:
        """The cells of a row, with a `?` before them where the filter cannot tell."""
        if key not in self.unsure:
            return cells
        first = cells[0] if isinstance(cells[0], Text) else Text(cells[0])
        return (Text.assemble(("? ", "warn"), first), *cells[1:])

    def hear(self, value: Value) -> None:
        super().hear(value)
        is_over = value == "progress" and not self.host.progress
        if is_over and self.is_current and self.rests_on_access:
            self._warn()  # what was read meanwhile may have the names, or is seen to lack them

    def progress_line(self, progress: str) -> str:
        return f"{progress} · Esc stops"

    def doubt(self) -> str:
        """How many of the rows the filter is not sure of, for the status line."""
        return f" · {len(self.unsure):,} uncertain" if self.unsure else ""

    # Filter

    def action_filter(self) -> None:
        """Opens the line that the list is filtered with."""
        self.bar.open()
        self.host.access.prepare()

    @on(FilterBar.Changed)
    def _filter_changed(self, event: FilterBar.Changed) -> None:
        if self.filter.set(event.text):
            self.follow()
            self.narrow()
        self._warn()
        self.say_why_empty()
        self.say()

    @on(FilterBar.Submitted)
    def _filter_submitted(self) -> None:
        self.table.focus()

    def _warn(self) -> None:
        """Says what is wrong in the query, or to be looked at twice."""
        if self.filter.error is not None:
            self.bar.warn(str(self.filter.error))
            return
        query = self.filter.query
        if self.filter.is_of_words:
            notices = self.filter.keywords
        else:
            from sa_tui.access.query.words import notices as unheard_of

            notices = self.misplaced(query)
            words = self.host.access.words
            notices += unheard_of(query, words, has_accounts=self.HAS_ACCOUNTS)
        self.bar.warn(" ".join(notice.text for notice in notices))

    def clear(self) -> bool:
        """Does the nearest of what Esc may mean in a list; False when there was nothing left."""
        table = self.table
        if self.host.reading.stop():
            self.say_that_reading_stopped("Stopped reading; what was read stays.")
        elif table.marks:
            table.marks = frozenset()
            self.say()
        elif self.bar.clear():
            table.focus()
        else:
            return False
        return True

    def say_that_reading_stopped(self, what: str) -> None:
        """Says so with the key that reads on, and leaves the filter, which would take that key."""
        self.set_focus(self.table)
        self.host.say(f"{what} a reads on.")

    # Order

    @on(LineTable.SortRequested)
    def _sort_requested(self, event: LineTable.SortRequested) -> None:
        if event.table is self.table:
            self._sort((event.column_key, event.reverse))

    def _sort(self, sort: tuple[str, bool]) -> None:
        self.table.sort = sort
        self.sort_by(sort)
        self.show(self.host.snapshot)
        self.say()

    def action_sort_next(self) -> None:
        """Orders by the next column."""
        self.table.action_sort_next()

    def action_sort_reverse(self) -> None:
        """Turns the order round."""
        self.table.action_sort_reverse()

    # Commands with a word after them

    def run_with_argument(self, name: str, argument: str) -> bool:
        """Does `filter` or `sort`; False for any other name."""
        if name == "filter":
            self.action_filter()
            self.bar.text = argument
        elif name == "sort":
            self._sort_named(argument.lower())
        else:
            return False
        return True

    def argument_choices(self, name: str) -> Sequence[str]:
        """What can stand after this command; nothing for one that takes any text."""
        return [column.key for column in self.table.columns] if name == "sort" else ()

    def _sort_named(self, wanted: str) -> None:
        titles: dict[str, str] = {}
        for column in self.table.columns:
            titles |= {column.title.lower(): column.key, column.key: column.key}
        if (key := titles.get(wanted)) is not None:
            self._sort((key, self.table.sort == (key, False)))
        else:
            names = ", ".join(column.key for column in self.table.columns)
            self.host.say(f"There is no column {wanted}: {names}", is_error=True)
