"""The line that filters a list; below it a line with completions or with what is wrong.

Tab completes fields and values as a shell does; every change filters the list at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from os.path import commonprefix
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import on
from textual.containers import Horizontal, Vertical
from textual.message import Message

from sa_tui.access.query.fields import FIELDS
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import bind
from sa_tui.ui.kit.safe import Input, Static

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Key

    from sa_tui.access.query.fields import Field
    from sa_tui.access.query.words import Vocabulary
    from sa_tui.ui.kit.history import History
    from sa_tui.ui.kit.host import Host

HINT = "words, -word leaves out, role:Admin type:cp entity:prod* · Tab completes"


def _bare(text: str) -> str:
    """A word in the form that is compared: casefolded, without quotation marks."""
    return text.casefold().replace('"', "")


@dataclass(kw_only=True)
class _Offer:
    """What Tab offers for the word from `start` to `end`; `completed` is the text it made last."""

    text: str
    start: int
    end: int
    typed: str
    candidates: tuple[str, ...]
    next: int = -1
    completed: str = ""

    @property
    def certain(self) -> str:
        """The only candidate, or what all of them begin with."""
        if len(self.candidates) == 1:
            return self.candidates[0]
        bare = list(map(_bare, self.candidates))
        shared = commonprefix(bare)  # noqa: RUF071 - character by character
        shared = shared.partition(" ")[0]  # text with a blank would need a quotation mark
        is_longer = len(shared) > len(_bare(self.typed))
        return self.candidates[0][: len(shared)] if is_longer else self.typed


class _Line(Input):
    """The field. It ignores a `/` at its beginning, from a key pressed twice; quotes allow one."""

    def on_key(self, event: Key) -> None:
        if event.character == "/" and not self.value:
            event.stop()
            event.prevent_default()


class FilterBar(Vertical):
    """Hidden until it is opened; stays while it filters.

    `words` gives the names in the organisation, and is called only when Tab needs them.
    """

    HELP_TITLE = "While you filter"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind(Means.NEXT, "complete", "Complete", "Complete the word"),
        bind(
            Means.UP,
            "recall(True)",
            "Earlier query",
            "The query asked before",
            name="earlier",
            only="up",
        ),
        bind(
            Means.DOWN,
            "recall(False)",
            "Later query",
            "The query asked after it",
            name="later",
            only="down",
        ),
    ]
    DEFAULT_CSS: ClassVar[str] = """
    FilterBar { height: auto; background: $surface; }
    FilterBar #filter-line { height: 1; }
    FilterBar #filter-hint {
        height: 1; padding: 0 2; color: $text-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    FilterBar #filter-hint.warn { color: $text-warning; }
    """

    @dataclass
    class Changed(Message):
        """The text has changed."""

        text: str

    @dataclass
    class Submitted(Message):
        """The operator pressed Enter."""

    def __init__(
        self,
        *,
        placeholder: str,
        words: Callable[[], Vocabulary],
        fields: Mapping[str, Field] = FIELDS,
        hint: str = HINT,
    ) -> None:
        super().__init__()
        self._placeholder = placeholder
        self._words = words
        self._fields = fields
        self._hint = hint
        self._warning = ""
        self._offer: _Offer | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="filter-line"):
            yield Static("/", classes="prompt", markup=False)
            line = _Line(placeholder=self._placeholder, compact=True, id="filter")
            line.cursor_blink = False
            yield line
        yield Static(self._hint, id="filter-hint", markup=False)

    def on_mount(self) -> None:
        self.display = False

    @property
    def line(self) -> Input:
        """The text field."""
        return self.query_one("#filter", Input)

    @property
    def text(self) -> str:
        """What the list is filtered by."""
        return self.line.value

    @text.setter
    def text(self, text: str) -> None:
        self.line.value = text
        self.line.cursor_position = len(text)

    def open(self) -> None:
        """Shows the line, ready to be typed in."""
        self.display = True
        # Not `focus()`, which takes effect too late: keys typed ahead would go to the list.
        self.screen.set_focus(self.line)

    def clear(self) -> bool:
        """Empties and hides the line; False when it was hidden."""
        was_open = self.display
        self.remember()
        self.line.value = ""
        self.display = False
        return was_open

    @property
    def _history(self) -> History:
        return cast("Host", self.app).memory.queries

    def remember(self) -> None:
        """Adds the text to the history of queries."""
        self._history.add(self.text)

    def action_recall(self, is_earlier: bool) -> None:
        """Shows the query before or after this one in the history."""
        history = self._history
        query = history.earlier(self.text) if is_earlier else history.later(self.text)
        if query is not None:
            self.text = query

    def warn(self, warning: str) -> None:
        """Shows what is wrong or doubtful in the query; an empty text when nothing is."""
        self._warning = warning
        is_completed = self._offer is not None and self._offer.completed == self.text
        if not is_completed:  # the completions that are shown are of more help
            self._say(warning or self._hint)

    def _say(self, text: str) -> None:
        hint = self.query_one("#filter-hint", Static)
        hint.set_class(bool(self._warning) and text == self._warning, "warn")
        if hint.content != (content := Text(text)):
            hint.update(content, layout=False)

    def action_complete(self) -> None:
        """Completes what all candidates for the word at the cursor share, and lists them.

        Each further Tab takes the next candidate.
        """
        line = self.line
        if self._offer is None or line.value != self._offer.completed:
            self._offer = self._offer_for(line.value, line.cursor_position)
            if self._offer is None:
                self._say(self._warning or "Nothing begins with that.")
                return
            self._put(self._offer, self._offer.certain)
        else:
            self._offer.next += 1
            candidates = self._offer.candidates
            self._put(self._offer, candidates[self._offer.next % len(candidates)])
        self._say("  ".join(self._offer.candidates))

    def _offer_for(self, text: str, cursor: int) -> _Offer | None:
        from sa_tui.access.query.words import complete  # late: it would slow the start

        completion = complete(text, cursor, self._words(), self._fields)
        candidates = completion.candidates
        if not candidates:
            return None
        typed = text[completion.start : cursor]
        continuing = tuple(word for word in candidates if _bare(word).startswith(_bare(typed)))
        return _Offer(
            text=text,
            start=completion.start,
            end=cursor,
            typed=typed,
            candidates=continuing or candidates,
        )

    def _put(self, offer: _Offer, word: str) -> None:
        line = self.line
        line.value = offer.completed = offer.text[: offer.start] + word + offer.text[offer.end :]
        line.cursor_position = offer.start + len(word)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.remember()
        if not self.text:
            self.display = False
        self.post_message(self.Submitted())
