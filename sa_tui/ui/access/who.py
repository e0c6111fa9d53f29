"""Who can do what: one line for each grant that a query finds, as it is typed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on

from sa_tui.access.answer import Answer
from sa_tui.access.catalogue import TIERS
from sa_tui.access.query.language import parse
from sa_tui.access.query.language import show as as_text
from sa_tui.access.query.search import Search
from sa_tui.access.why import explain
from sa_tui.ui.access.base import COMMON, AccessScreen
from sa_tui.ui.kit.beside import Beside
from sa_tui.ui.kit.filter_bar import FilterBar
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.list_screen import SORTING
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.roles.grant_words import (
    brief_type,
    last_used_cell,
    path_cell,
    place_cells,
    subject_name,
    tokens_cell,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import SupportsRichComparison
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.access.grants import Grant
    from sa_tui.access.query.search import Match
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Export

COLUMNS = (
    Column("account", "ACCOUNT", width=16, grow=2),
    Column("role", "ROLE", width=10, grow=1),
    Column("type", "TYPE", width=6, priority=1),
    Column("entity", "ENTITY", width=9, grow=2),
    Column("region", "REGION", width=7),
    Column("via", "VIA", width=8, grow=1),
    Column("tk", "TK", width=3),
    Column("last", "LAST USED", width=10, priority=2),
)
EXAMPLES = Text(
    """Ask who can do what. It is answered as you type, for example:

role:Admin type:cp entity:prod* region:eu     can administer it
can:mint                                      can make tokens for anybody
tier:write type:portal is:armed               can change portals now
via:"Platform" is:idle                        has it through a team, unused
used:never expires:<30d                       tokens nobody needed so far

: asks "can it?", = asks "is it written so?", - leaves out. Tab completes.""",
    justify="left",
)


class WhoScreen(AccessScreen):
    """A query about access and every subject that it finds; Enter tells why."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(
            Means.SECTION,
            "ask_anew",
            "New question",
            "Type another question in place of this one",
            name="ask-anew",
            only="4",
        ),
        *SORTING,
        *COMMON,
    ]
    section = "who"
    TABLE = "#who"

    def __init__(self) -> None:
        super().__init__()
        self._matches: dict[str, Match] = {}
        self._lines: dict[str, tuple[Match, Grant | None]] = {}
        self._sorted: tuple[str, bool] = ("account", False)

    def compose_body(self) -> ComposeResult:
        yield FilterBar(
            placeholder="who can … such as role:Admin type:cp entity:prod* region:eu",
            words=lambda: self.host.access.words,
        )
        table = LineTable(COLUMNS, row=self._row, markable=True, id="who")
        yield Beside(table, self._detail)

    def on_mount(self) -> None:
        super().on_mount()
        self.table.sort = self._sorted
        self.bar.open()

    def on_screen_resume(self) -> None:
        """Opens the line where nothing is asked: letters typed there must not be keys."""
        super().on_screen_resume()
        if self.is_ready and not self.bar.text:
            self.bar.open()

    def action_ask_anew(self) -> None:
        """Opens the line; what is typed takes the place of the question that stands there."""
        self.action_filter()

    def ask(self, query: str) -> None:
        """Asks this query, as soon as it can."""
        self.when_ready(self._ask, query)

    def _ask(self, query: str) -> None:
        self.bar.open()
        self.bar.text = query
        if query:
            self.set_focus(self.table)

    # Finding

    @property
    def order(self) -> Sequence[str]:
        return tuple(self._lines)

    @property
    def chosen_id(self) -> str | None:
        line = self._lines.get(self.table.cursor_key or "")
        return line[0].subject.id if line is not None else None

    @property
    def marked_ids(self) -> tuple[str, ...]:
        marks = self.table.marks
        marked = (match.subject.id for key, (match, _) in self._lines.items() if key in marks)
        return tuple(dict.fromkeys(marked))

    def show_access(self) -> None:
        self.apply_filter()
        self.table.redraw()

    def apply_filter(self) -> None:
        """Runs the query over every subject."""
        self._lines = {}
        if not self.filter.is_empty:
            search = Search(self.filter.query, self.access, now=self.host.now())
            for match in (*search.matches(), *search.becoming()):
                self._lines |= self._lines_of(match)
        self._arrange()
        self.say_why_empty()

    def _lines_of(self, match: Match) -> dict[str, tuple[Match, Grant | None]]:
        """A line for each grant of a match; only certain ones while reading goes on."""
        if _is_unsure(match) and self.host.reading.is_reading:
            return {}
        grants = match.grants or (None,)
        return {
            f"{match.subject.id} {number}": (match, grant) for number, grant in enumerate(grants)
        }

    def _arrange(self) -> None:
        column, reverse = self._sorted
        keys = sorted(self._lines, key=lambda key: self._rank(key, "account"))
        if self._sorted != ("account", False):
            keys.sort(key=lambda key: self._rank(key, column), reverse=reverse)
        keys.sort(key=lambda key: _doubt(self._lines[key][0]))
        self._lines = {key: self._lines[key] for key in keys}
        self.unsure = frozenset(key for key, (match, _) in self._lines.items() if _is_unsure(match))
        self.table.set_keys(keys)

    def _rank(self, key: str, column: str) -> SupportsRichComparison:
        match, grant = self._lines[key]
        subject = match.subject
        strength = TIERS.index(grant.tier) if grant is not None else len(TIERS)
        match column:
            case "account":
                return (subject.name.casefold(), subject.id, strength)
            case "role":
                return (strength, grant.role or "" if grant is not None else "")
            case "tk":
                return subject.live_tokens(self.host.now())[0]
            case "last":
                return subject.last_used_at.timestamp() if subject.last_used_at else 0.0
        cell = dict(zip((shown.key for shown in COLUMNS), self._row(key), strict=True))[column]
        return cell.plain if isinstance(cell, Text) else cell

    def export(self) -> Export | None:
        if self.filter.is_empty or not self.access.subjects:
            return None
        from sa_tui.ui.access.exports import who_export

        return who_export(self.host, self.filter.query, tuple(self._lines.values()))

    def sort_by(self, sort: tuple[str, bool]) -> None:
        self._sorted = sort

    def why_empty(self) -> Text | str:
        if unread := self.why_unread():
            return unread
        return "Nobody." if not self.filter.is_empty else EXAMPLES

    def _row(self, key: str) -> Sequence[Text | str]:
        match, grant = self._lines.get(key, (None, None))
        if match is None:
            return ("(gone)", *("",) * (len(COLUMNS) - 1))
        subject, now = match.subject, self.host.now()
        grant_cells: tuple[Text | str, ...] = ("-",) * 5
        if grant is not None:
            places = place_cells(grant, self.host.snapshot)
            via = path_cell(grant)
            if grant.via is not None:
                via = via[len("via ") :]
            grant_cells = (grant.role or "?", brief_type(grant), *places, via)
        elif match.answer is Answer.UNKNOWN:
            grant_cells = (Text("?", style="bad"),) * 5
        name: Text | str = subject_name(subject)
        if match.can_become:
            name = Text.assemble(("→ ", "warn"), name)
        return self.flagged_cells(
            key, (name, *grant_cells, tokens_cell(subject, now), last_used_cell(subject, now))
        )

    def summary(self, snapshot: Snapshot) -> Text:
        if self.filter.is_empty:
            line = Text(f"{self.counted(len(self.access.subjects))} to ask about")
            return line.append(self.read_at_text(), style="dim")
        doubts = {match.subject.id: _doubt(match) for match, _ in self._lines.values()}
        counts = Counter(doubts.values())
        becoming = f", → {counts[1]:,} can become one" if counts[1] else ""
        unsure = f", {counts[2]:,} uncertain" if counts[2] else ""
        counts_text = f"{self.counted(counts[0])} found{becoming}{unsure}"
        line = Text(f"{counts_text} · {as_text(self.filter.query)}")
        return line.append(self.read_at_text(), style="dim")

    def _detail(self, key: str, width: int) -> Text:
        """Why the subject under the cursor was found."""
        if (line := self._lines.get(key)) is None:
            return Text()
        match, grants = line[0], line[0].grants
        about = as_text(self.filter.query)
        if match.can_become:
            about = f"can become one · {about}"
        return self.why(explain(match.subject, grants, now=self.host.now()), about)

    # What the operator does

    @property
    def is_clearable(self) -> bool:
        return bool(self.bar.text or self.table.marks)

    def clear(self) -> bool:
        """Stops reading, clears the marks or empties the query; False if none of these applies."""
        is_coming = self.host.snapshot.accounts.is_reading and not self.host.reading.is_stopped
        if is_coming or self.host.reading.is_reading or self.table.marks:
            return super().clear()
        if self.bar.text:
            self.bar.remember()
            self.bar.text = ""
            self.bar.open()
            return True
        return False

    @on(LineTable.Opened, "#who")
    def _open(self, event: LineTable.Opened) -> None:
        from sa_tui.ui.access.why import WhyScreen

        match, _ = self._lines[event.key]
        query = self.filter.query
        if match.can_become:  # found because it can make tokens, not by the grants asked for
            query = parse("can:mint")
        self.host.push_screen(WhyScreen(match.subject.id, query=query if match.grants else None))


def _doubt(match: Match) -> int:
    """0 for a subject that is found, 1 for one that can become one, 2 for an uncertain one."""
    if match.can_become:
        return 1
    return 0 if match.answer is Answer.YES else 2


def _is_unsure(match: Match) -> bool:
    return _doubt(match) == 2
