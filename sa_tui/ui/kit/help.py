"""The help of a page: what it shows, its keys, the query language to try, and Konnect's words.

The rule it keeps: keys, commands and fields come from the tables that make them work.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.containers import Horizontal, Vertical

from sa_tui.access.query.examples import examples
from sa_tui.access.query.fields import FIELDS
from sa_tui.ui.kit import commands
from sa_tui.ui.kit.dialog import Dialog
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.page_words import KONNECT, SIGNS, words_of
from sa_tui.ui.kit.safe import Input, Line, Static
from sa_tui.ui.kit.scroll import Scroll
from sa_tui.ui.kit.sections import SECTIONS
from sa_tui.ui.kit.table.table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.screen import Screen

    from sa_tui.ui.kit.commands import Action

PARTS = ("Page", "Queries", "Konnect", "Commands")
QUERIES = 1
"""The part with a table, whose examples can be tried."""

EXAMPLES = (
    Column("query", "EXAMPLE", width=24),
    Column("brief", "WHAT IT FINDS", width=20, grow=1),
)
_MARGIN = 6
"""The cells of a line that the dialog's edge and its scroll bar take."""
_MOST_WIDTH = 110
"""Longer lines are hard to read."""
_KEYS_WIDTH = 18
_NAMES_WIDTH = 16


class _Section(NamedTuple):
    """A title, and rows of a key or a word with what it means; `indent` is below the first line."""

    title: str
    rows: tuple[tuple[str, str], ...]
    indent: int = 0


class HelpDialog(Dialog[str | None]):
    """Dismissed with the example that is to be tried, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.NEXT, "part(1)", name="help.next"),
        bind(Means.PREVIOUS, "part(-1)", name="help.before"),
        bind(Means.FILTER, "search", "Search", "Keep the lines with a word", name="help.search"),
        bind(Means.BACK, "close", "Close", "Back", name="help.close"),
        bind(Means.HELP, "close", "Close", "Back", name="help.close-too", in_footer=False),
    ]
    DEFAULT_CSS: ClassVar[str] = """
    HelpDialog #help-parts { height: 1; padding: 0 1; background: $surface; }
    HelpDialog Scroll { height: 1fr; padding: 0 2; }
    HelpDialog #help-queries { height: 1fr; }
    HelpDialog #help-queries LineTable { height: 1fr; }
    HelpDialog #help-story { height: 3; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self._screen = screen
        self._part = 0
        self._width = 0
        fields = getattr(screen, "FIELDS", FIELDS)
        self._examples = {example.query: example for example in examples(fields)}

    @property
    def crumb(self) -> str:
        return "Help"

    def compose_body(self) -> ComposeResult:
        yield Line(id="help-parts", markup=False)
        with Scroll():
            yield Static(id="help-text", markup=False)
        with Vertical(id="help-queries") as queries:
            queries.display = False
            yield LineTable(EXAMPLES, row=self._example, empty="No example has such a word.")
            yield Static(id="help-story", markup=False)
        with Horizontal(classes="prompt-line", id="help-search") as line:
            line.display = False
            yield Static("/", classes="prompt", markup=False)
            search = Input(placeholder="lines with a word; Esc shows all of them", compact=True)
            search.cursor_blink = False
            yield search

    def begin(self) -> None:
        super().begin()
        self._width = self.app.size.width
        self._show_part()

    def on_resize(self) -> None:
        super().on_resize()
        if self.is_ready and self._width != self.size.width:
            self._width = self.size.width
            self._show_part()

    # Drawing

    def _show_part(self) -> None:
        """Shows the present part, or what of it has the words that are searched for."""
        self.query_one("#help-parts", Static).update(self._parts_line())
        is_table = self._part == QUERIES
        self.query_one(Scroll).display = not is_table
        self.query_one("#help-queries").display = is_table
        words = self.query_one(Input).value.casefold().split()
        if is_table:
            keys = [
                query for query, example in self._examples.items() if _has(words, " ".join(example))
            ]
            self.query_one(LineTable).set_keys(keys)
            self._tell_story()
        else:
            self.query_one("#help-text", Static).update(self._text(words))
            self.query_one(Scroll).scroll_home(animate=False)

    def _parts_line(self) -> Text:
        text = Text()
        for number, part in enumerate(PARTS):
            text.append(f" {part} ", style="bold reverse" if number == self._part else "")
        return text.append("  Tab next · Esc closes", style="dim")

    def _text(self, words: Sequence[str]) -> Text:
        text, width = Text(), min(self._width - _MARGIN, _MOST_WIDTH)
        if self._part == 0 and not words and (about := words_of(type(self._screen))):
            text.append("\n".join(wrap(about, width)) + "\n")
        for section in self._sections():
            rows = [row for row in section.rows if _has(words, " ".join(row))]
            if rows:
                _add_section(text, section.title, rows, width=width, indent=section.indent)
        return text if text else Text("No line of this part has such a word.")

    def _sections(self) -> tuple[_Section, ...]:
        screen = self._screen
        match PARTS[self._part]:
            case "Page":
                parts = (
                    _Section(title, tuple((_keys(action), action.help) for action in actions))
                    for title, actions in commands.actions_in_parts(screen).items()
                )
                return (
                    _Section("Here", _here(screen), indent=0 if screen.is_modal else _NAMES_WIDTH),
                    _Section("What the signs mean", SIGNS),
                    *parts,
                )
            case "Commands":
                lines = commands.with_argument(screen).values()
                return (
                    _Section("Commands with an argument", tuple((":", line) for line in lines)),
                )
        return (_Section("What Konnect means by", KONNECT),)

    def _example(self, query: str) -> tuple[str, str]:
        return query, self._examples[query].brief

    @on(LineTable.Highlighted)
    def _tell_story(self) -> None:
        example = self._examples.get(self.query_one(LineTable).cursor_key or "")
        story = f"{example.story} Enter tries it." if example is not None else ""
        self.set_text("#help-story", Text(story))

    # What the operator does

    def action_part(self, step: int) -> None:
        """Goes to the next part, or to the one before."""
        self._part = (self._part + step) % len(PARTS)
        self._show_part()
        self._focus_part()

    def _focus_part(self) -> None:
        is_table = self._part == QUERIES
        self.set_focus(self.query_one(LineTable if is_table else Scroll))

    def action_search(self) -> None:
        """Opens the line that keeps the lines with a word."""
        self.query_one("#help-search").display = True
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def _searched(self) -> None:
        self._show_part()

    @on(Input.Submitted)
    def _search_submitted(self) -> None:
        self._focus_part()

    @on(LineTable.Opened)
    def _try(self, event: LineTable.Opened) -> None:
        self.dismiss(event.key)

    def action_close(self) -> None:
        """Shows every line again, or else goes back."""
        line = self.query_one("#help-search")
        if line.display:
            self.query_one(Input).value = ""
            line.display = False
            self._focus_part()
        else:
            self.dismiss(None)


def _has(words: Sequence[str], text: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _keys(action: Action) -> str:
    return " ".join(action.keys)


def _here(screen: Screen[Any]) -> tuple[tuple[str, str], ...]:
    """The rows of the actions; the digits, and keys that do the same, share one.

    A dialog has no line after `:`, and so no names of commands.
    """
    sections = {section.name: f":{section.name}" for section in SECTIONS}
    rows: dict[str, list[str]] = {}
    for action in commands.actions(screen):
        explanation = action.help if action.is_enabled else f"{action.help} (not now)"
        if action.name in sections:
            explanation = f"Go to a section: {', '.join(sections.values())}"
        elif not screen.is_modal:
            explanation = f":{action.name:<14} {explanation}"
        rows.setdefault(explanation, []).extend(action.keys)
    return tuple((" ".join(keys), explanation) for explanation, keys in rows.items())


def _add_section(
    text: Text, title: str, rows: Iterable[tuple[str, str]], *, width: int, indent: int = 0
) -> None:
    """Adds a title and its rows; what does not fit on a line goes on below its own column."""
    text.append(f"\n{title}\n", style="bold")
    for keys, explanation in rows:
        text.append(f"  {keys:<15} ", style="bold")
        lines = wrap(explanation, max(20, width - _KEYS_WIDTH), subsequent_indent=" " * indent)
        text.append(f"\n{' ' * _KEYS_WIDTH}".join(lines) + "\n", style="not bold")
