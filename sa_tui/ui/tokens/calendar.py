"""The calendar of expiries: how many tokens end in each week from now, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import on

from sa_tui.base.text import one_line
from sa_tui.base.times import utc
from sa_tui.base.words import plural
from sa_tui.org.expiries import MOST_WEEKS, WEEK, Calendar, Expiry, Week, calendar
from sa_tui.org.summary import SOON_DAYS
from sa_tui.ui.kit import go
from sa_tui.ui.kit.beside import Beside
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.screen import EXPORT, SnapshotScreen
from sa_tui.ui.kit.table.table import Column, LineTable
from sa_tui.ui.tokens.about import lives

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.snapshot import Snapshot
    from sa_tui.ui.kit.exporting import Export

MOST_MARKS: Final = 5
_MANY: Final = 40
"""More names than any line can hold."""
COLUMNS: Final = (
    Column("when", "WITHIN", width=12),
    Column("from", "FROM", width=10, priority=1),
    Column("count", "ENDING", width=6, right=True),
    Column("bar", "", width=MOST_MARKS + 1),
    Column("whose", "WHOSE", width=24, grow=1),
)


@dataclass(frozen=True)
class _Line:
    """A row: when, from which day on, which tokens, how to list them, and the tone of its bar."""

    when: str
    day: str
    expiries: Sequence[Expiry]
    query: str
    tone: str = ""

    def cells(self) -> Sequence[Text | str]:
        count = len(self.expiries)
        if not count:
            return (Text(self.when, "quiet"), Text(self.day, "quiet"), Text("-", "quiet"), "", "")
        more = "+" if count > MOST_MARKS else ""
        names = (f"{each.account.name} ({each.token.name})" for each in self.expiries[:_MANY])
        bar = Text("■" * min(count, MOST_MARKS) + more, self.tone)
        return (self.when, self.day, f"{count:,}", bar, one_line(", ".join(names)))


class CalendarScreen(SnapshotScreen):
    """One line for each week from now, and for what has no week; Enter lists its tokens."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.BACK, "back", help="Back, or stop reading"),
        bind(Means.LEFT, "back", "Back", name="back-too", only="left"),
        bind(Means.REFRESH, "refresh", help="Read everything again"),
        EXPORT,
        bind(Means.REST, "read_on", "Read on", "Read the accounts that were not read"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._calendar: Calendar | None = None
        self._lines: dict[str, _Line] = {}

    @property
    def crumb(self) -> str:
        return "Calendar"

    def compose_body(self) -> ComposeResult:
        yield Beside(LineTable(COLUMNS, row=self._row, id="calendar"), self._lives)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(LineTable).focus()

    def on_unmount(self) -> None:
        self.host.reading.pause()

    def show(self, snapshot: Snapshot) -> None:
        self.host.reading.ensure()
        self._calendar = calendar(snapshot, self.host.now())
        self._lines = {line.when: line for line in _lines(self._calendar)}
        table = self.query_one(LineTable)
        table.set_keys(tuple(self._lines))
        table.set_message(self._why_empty(snapshot))
        table.redraw()

    def _row(self, key: str) -> Sequence[Text | str]:
        return self._lines[key].cells()

    def _lives(self, key: str, width: int) -> Text:
        """The tokens of the row under the cursor, each with its life."""
        line = self._lines.get(key)
        expiries = line.expiries if line is not None else ()
        return lives(self.host, expiries, width=width)

    def _why_empty(self, snapshot: Snapshot) -> str:
        if snapshot.accounts.value is None and snapshot.accounts.error is not None:
            return f"{snapshot.accounts.error}\n\nr tries again"
        unread = self._calendar.unread if self._calendar is not None else None
        if unread == 0:
            return "No account has an access token."
        return "Stopped: + reads on." if self.host.reading.is_stopped else "Reading…"

    def summary(self, snapshot: Snapshot) -> Text:
        told = self._calendar
        if told is None:
            return Text()
        soon = sum(len(week.expiries) for week in told.weeks if week.number * WEEK.days < SOON_DAYS)
        total = sum(len(line.expiries) for line in self._lines.values())
        line = Text(f"{plural(total, 'token')}, {soon:,} end within {SOON_DAYS} days")
        if told.unread:
            line.append(
                f" · tokens of {plural(told.unread, 'account')} not read: + reads on", "bold yellow"
            )
        elif told.unread is None:
            line.append(" · the list of accounts is not whole", "bold yellow")
        if (read_at := snapshot.accounts.read_at) is not None:
            line.append(f" · read {utc(read_at)}", style="dim")
        return line

    # What the operator does

    @on(LineTable.Opened, "#calendar")
    def _open(self, event: LineTable.Opened) -> None:
        line = self._lines[event.key]
        if line.query and line.expiries:
            self.post_message(go.ListTokens(line.query))
        elif line.expiries:
            self.host.say("No query finds these: Konnect wrote their ends in an unknown way.")

    def export(self) -> Export | None:
        from sa_tui.ui.tokens.exports import calendar_export

        return None if self._calendar is None else calendar_export(self.host, self._calendar)

    def action_back(self) -> None:
        if not self.host.reading.stop():
            self.dismiss()

    def action_refresh(self) -> None:
        self.host.load()

    def action_read_on(self) -> None:
        self.host.reading.read()


def _lines(told: Calendar) -> Iterator[_Line]:
    if told.expired:
        yield _Line("expired", "", told.expired, "expires:<0d", "quiet")
    for week in told.weeks:
        day = f"{week.begins_at:%Y-%m-%d}"
        yield _Line(_when(week), day, week.expiries, week.query, _tone(week))
    for when, expiries, query in (
        ("later", told.later, f"expires:>={MOST_WEEKS * WEEK.days}d"),
        ("never", told.endless, "expires:never"),
        ("unknown", told.unclear, ""),
    ):
        if expiries:
            yield _Line(when, "", expiries, query, "warn")


def _when(week: Week) -> str:
    days = week.number * WEEK.days
    return f"{days} to {days + WEEK.days} d" if days else f"{WEEK.days} d"


def _tone(week: Week) -> str:
    return "bad" if week.number * WEEK.days < SOON_DAYS else ""
