"""The page of a review: what becomes different, what that means, and the outcome of each change.

The rule it keeps: warnings are never cut and never out of view without a mark; where there is
little height the rows give way first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.containers import Container, Horizontal, VerticalScroll

from sa_tui.access.effects.values import Consequences
from sa_tui.base.words import plural
from sa_tui.org.changes.outline import as_curl
from sa_tui.org.changes.words import title_of
from sa_tui.ui.kit.change_lines import Line, Told, change_lines
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.effect_lines import effect_text
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.place import destination
from sa_tui.ui.kit.results import Results
from sa_tui.ui.kit.safe import Input, Static, shown_line
from sa_tui.ui.kit.scroll import Scroll
from sa_tui.ui.kit.shares import shares
from sa_tui.ui.kit.table.table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from sa_tui.org.changes.change import Change, Outcome, Status

MARKS: dict[Status, tuple[str, str]] = {
    "done": ("✓", "good"),
    "already": ("=", "quiet"),
    "failed": ("✗", "bad"),
    "unknown": ("?", "warn"),
}
WIDE = 120
"""From this width on the effect stands beside the changes."""

_MARK_WIDTH = 3
_AROUND, _AROUND_LOW = 9, 6
"""The lines of a page, and of a low one, that neither warnings nor effect nor rows have."""

_MAX_WIDTH = 160
_TITLE_LINES = 2
_FIRST = "0.0"
"""The key of the first line of the first change."""

_LOW = 20
"""Below this height there are no blank lines."""


def _columns(heading: str) -> tuple[Column, ...]:
    return (
        Column("mark", "", width=_MARK_WIDTH, tight=True),
        Column("what", heading, width=20, grow=1),
    )


class ConfirmLine(Input):
    """Where a name or a number is typed; a blank switches changes unless the name has one."""

    takes_blanks = False

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Leaves Space to the page, which otherwise never sees what can be typed."""
        is_free = key == "space" and not self.takes_blanks
        return not is_free and super().check_consume_key(key, character)


class ReviewPage(Dialog["tuple[Outcome, ...]"]):
    """Draws the changes of `results` and what those mean that are on; sends nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.UP, "move(-1)", name="review.up", only="up"),
        bind(Means.DOWN, "move(1)", name="review.down", only="down"),
        bind(Means.PAGE_UP, "page(-1)", name="review.page-up", only="pageup", priority=True),
        bind(Means.PAGE_DOWN, "page(1)", name="review.page-down", only="pagedown", priority=True),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own type
    VERTICAL_BREAKPOINTS = [(0, "-low"), (_LOW, "-high"), (30, "-tall")]  # noqa: RUF012

    def __init__(self, title: str, *, notes: Sequence[str]) -> None:
        super().__init__()
        self.results = Results()
        self.is_sent = False
        self._fixed_title = self._title = title
        self._make_title: Callable[[Sequence[Change]], str] = title_of
        self._notes = tuple(notes)
        self._means = Consequences()
        self._lines: dict[str, Line] = {}
        self._shows_requests = False
        self._hidden_warning_lines = 0

    has_key_bar = True

    @property
    def crumb(self) -> str:
        return "Review"

    def compose_body(self) -> ComposeResult:
        yield Static(classes="title", markup=False)
        yield Static(id="place", markup=False)
        with VerticalScroll(id="warnings-page", can_focus=False):
            yield Static(id="warnings", markup=False)
        yield Static(id="more-warnings", markup=False)
        with Container(id="changes-and-effect"):
            yield LineTable(_columns(""), row=self._row, id="changes")
            with Scroll(id="effect-page") as effect:
                effect.border_title = "EFFECT"
                yield Static(id="effect", markup=False)
        yield Static(id="message", classes="message", markup=False)
        with Horizontal(id="confirm-line", classes="prompt-line"):
            yield Static(">", classes="prompt", markup=False)
            line = ConfirmLine(id="confirm", compact=True)
            line.cursor_blink = False
            yield line

    def call_it(self, title: str, make_title: Callable[[Sequence[Change]], str]) -> None:
        """Takes another title, which is made from the changes that are on if it is empty."""
        self._fixed_title, self._make_title = title, make_title

    def weigh(self) -> None:
        """Finds out what the changes that are on mean, and shows it."""
        self._means = self.host.consequences(self.results.chosen)
        self.set_text("#place", destination(self.host))
        changes = self.results.chosen or self.results.changes
        self._title = self._fixed_title or self._make_title(changes)
        warnings = [shown_line(text) for text in (*self._notes, *self._means.warnings)]
        self.set_text("#warnings", Text("\n").join(warnings))
        self.set_text("#effect", effect_text(self._means.effect))
        self.show_lines()

    def show_lines(self) -> None:
        """Draws the rows anew, and shares the height."""
        table = self.query_one(LineTable)
        changes = self.results.changes
        is_whole = self._show_title()
        self._lines = change_lines(
            changes,
            tell=self._told,
            is_named=is_whole and not self._fixed_title,
            requests=list(map(self.as_curl, changes)) if self._shows_requests else None,
            width=max(20, self._table_width - _MARK_WIDTH - 4),
            console=self.app.console,
        )
        table.set_columns(_columns(self._heading()), tuple(self._lines))
        table.styles.max_height = len(self._lines) + 1
        self.share_height()

    def _show_title(self) -> bool:
        """Shows the title on two lines at most; False if it is cut, and the rows have the names."""
        title, console, width = shown_line(self._title), self.app.console, self._desk_width
        cells = min(title.cell_len, 2 * width)
        while len(title.wrap(console, width)) > _TITLE_LINES:
            title.truncate(cells, overflow="ellipsis")
            cells -= 1
        self.set_text(".title", title)
        return cells == title.cell_len

    def show_outcome(self, *numbers: int | None) -> None:
        """Draws what became of these changes; only one with words of its own moves the others."""
        for number in numbers:
            if number is None:
                continue
            told, key = self._told(number), f"{number}.0"
            if told.below or key not in self._lines:
                self.show_lines()
                return
            line = self._lines[key]
            self._lines[key] = Line(line.numbers, told.mark, line.text)
        self.query_one(LineTable).redraw()

    def as_curl(self, change: Change) -> str:
        """The request of a change as a shell command."""
        profile = self.host.profile
        return as_curl(change, profile.base_url if profile is not None else "")

    def _heading(self) -> str:
        count, on_count = len(self.results.changes), len(self.results.chosen)
        changes = plural(count, "CHANGE", "CHANGES")
        return changes if self.is_sent or on_count == count else f"{on_count:,} OF {changes} ON"

    def _row(self, key: str) -> Sequence[Text | str]:
        line = self._lines[key]
        return line.mark, line.text

    def _told(self, number: int) -> Told:
        """The mark of a change and what became of it."""
        is_on = self.results.is_on(number)
        if not self.is_sent:
            return Told(Text("[x]") if is_on else Text("[ ]", style="quiet"))
        if not is_on:
            return Told(Text("·", style="quiet"), (Text("switched off", style="quiet"),))
        if (outcome := self.results.outcome(number)) is not None:
            return _result(outcome)
        if not self.must_stay:
            return Told(Text("·", style="warn"), (Text("never sent", style="warn"),))
        is_under_way = number == self.results.under_way
        return Told(Text("…" if is_under_way else "·", style="quiet"))

    # Heights and widths

    @property
    def _is_wide(self) -> bool:
        return self.app.size.width >= WIDE

    @property
    def _desk_width(self) -> int:
        """The width of what is neither rows nor effect."""
        return min(self.app.size.width - 2, _MAX_WIDTH)

    @property
    def _table_width(self) -> int:
        """The width of the rows: half a wide page, since the effect stands beside them."""
        width = self.app.size.width - 2
        return width // 2 if self._is_wide else width

    def on_resize(self) -> None:
        super().on_resize()
        self.when_ready(self.show_lines)

    def share_height(self) -> None:
        """Gives warnings and effect their heights; the rows take the rest."""
        (width, height), is_wide = self.app.size, self._is_wide
        effect = self.query_one("#effect-page")
        effect.display = is_wide or (bool(self._means.effect) and not self.is_sent)
        warnings = self.query_one("#warnings-page")
        warnings.display = bool(self._notes or self._means.warnings) and not self.is_sent
        warning_lines = self._height("#warnings", self._desk_width) if warnings.display else 0
        is_below = effect.display and not is_wide
        effect_lines = 1 + self._height("#effect", (width // 2 if is_wide else width) - 3)
        room, below_lines = self._room(height), effect_lines if is_below else 0
        least_rows = 2 + (list(self._lines).index(_FIRST) if self._lines else 0)
        is_deep = least_rows > room - min(warning_lines, 2) - min(below_lines, 2)
        share = shares(
            room,
            warnings=warning_lines,
            effect=below_lines,
            rows=len(self._lines),
            least_rows=2 if is_deep else least_rows,
        )
        table = self.query_one(LineTable)
        if is_deep and table.cursor_key == next(iter(self._lines)):
            table.move_to(_FIRST)
        # What asks for the confirmation stands right below, not at the end of an empty page.
        rows = 1 + len(self._lines)
        needed = max(rows, effect_lines) if is_wide else rows + is_below * effect_lines
        self.query_one("#changes-and-effect").styles.max_height = needed
        warnings.styles.max_height = share.warnings
        effect.styles.max_height = share.effect if is_below else None
        self._hidden_warning_lines = max(0, warning_lines - share.warnings)
        self._mark_unread()

    def _room(self, height: int) -> int:
        """The lines that warnings, effect and rows have together."""
        around = _AROUND_LOW if height < _LOW else _AROUND
        around += self.query_one("#confirm-line").display
        for selector in (".title", "#place", "#message"):
            around += max(0, self._height(selector, self._desk_width) - 1)
        return max(4, height - around)

    def _height(self, selector: str, width: int) -> int:
        """How many lines the text of a child takes at this width."""
        content = self.query_one(selector, Static).content
        text = content if isinstance(content, Text) else Text(content)
        return len(text.wrap(self.app.console, max(1, width))) if text else 0

    def _mark_unread(self) -> None:
        """Says how many lines of warnings are out of view."""
        page = self.query_one("#warnings-page")
        below = self._hidden_warning_lines - round(page.scroll_target_y)
        self.query_one("#more-warnings").display = self._hidden_warning_lines > 0
        lines = plural(below, "more line of warnings", "more lines of warnings")
        text = f"▼ {lines}: PgDn" if below > 0 else "▲ PgUp shows the first warnings"
        self.set_text("#more-warnings", text)

    # Reading on

    def action_move(self, rows: int) -> None:
        """Moves in the list, also while a name is typed."""
        self.query_one(LineTable).action_move_by(rows)

    def action_page(self, pages: int) -> None:
        """Reads on: first the warnings that are out of view, then the changes, then the effect."""
        table = self.query_one(LineTable)
        warnings = self.query_one("#warnings-page", VerticalScroll)
        effect = self.query_one("#effect-page", VerticalScroll)
        first, last = (warnings, effect) if pages > 0 else (effect, warnings)
        keys = list(self._lines)
        if not _scrolls(first, pages):
            if keys and table.cursor_key != keys[-1 if pages > 0 else 0]:
                table.action_move_pages(pages)
            else:
                _scrolls(last, pages)
        self._mark_unread()


def _result(outcome: Outcome) -> Told:
    mark, tone = MARKS[outcome.status]
    told = () if outcome.message == "Done." else (shown_line(Text(outcome.message, style="bold")),)
    return Told(Text(mark, style=tone), told)


def _scrolls(page: VerticalScroll, pages: int) -> bool:
    """Scrolls by pages; False if there is nothing further in that direction."""
    y = page.scroll_target_y
    is_at_end = y >= page.max_scroll_y if pages > 0 else y <= 0
    if not page.display or is_at_end:
        return False
    # A line is seen twice, to read on from, unless the page has hardly more.
    rows = page.size.height - (page.size.height > 2)
    page.scroll_to(y=y + pages * max(1, rows), animate=False)
    return True
