"""The line that a list is filtered with, and below it what its words may become or what is wrong.

Tab completes fields and values as a shell does; the list is told of every change at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from os.path import commonprefix
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import on
from textual.containers import Horizontal, Vertical
from textual.message import Message

from sa_tui.ui.kit.keys import more_key
from sa_tui.ui.kit.safe import Input, Static

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Key

    from sa_tui.access.query.words import Vocabulary
    from sa_tui.ui.kit.history import History
    from sa_tui.ui.kit.host import Host

HINT = "words, -word leaves out, role:Admin type:cp entity:prod* · Tab completes"


def _bare(text: str) -> str:
    """A word as it is compared: without case and quotation marks."""
    return text.casefold().replace('"', "")


@dataclass(kw_only=True)
class _Offer:
    """What Tab offers for the word from `start` to `end`; `taken` is the text it made last."""

    text: str
    start: int
    end: int
    typed: str
    candidates: tuple[str, ...]
    next: int = -1
    taken: str = ""

    @property
    def certain(self) -> str:
        """The one that it is, or how all begin."""
        if len(self.candidates) == 1:
            return self.candidates[0]
        bare = [_bare(each) for each in self.candidates]
        shared = commonprefix(bare)  # noqa: RUF071 - letter by letter is what is meant
        shared = shared.partition(" ")[0]  # with a blank it would need its quotation mark
        is_longer = len(shared) > len(_bare(self.typed))
        return self.candidates[0][: len(shared)] if is_longer else self.typed


class _Line(Input):
    """The field; a `/` typed first opens nothing twice: to look for one, put it in quotes."""

    def on_key(self, event: Key) -> None:
        if event.character == "/" and not self.value:
            event.stop()
            event.prevent_default()


class FilterBar(Vertical):
    """Hidden until it is opened; stays as long as it filters.

    `words` gives what can be named in the organisation, asked for only when Tab needs it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        more_key("tab", "complete", "Complete", "Complete the word"),
        more_key("up", "recall(True)", "Earlier query", "The query asked before", id="earlier"),
        more_key("down", "recall(False)", "Later query", "The query asked after it", id="later"),
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
        """The text is another one."""

        text: str

    @dataclass
    class Submitted(Message):
        """Enter: the operator is done typing."""

    def __init__(self, *, placeholder: str, words: Callable[[], Vocabulary]) -> None:
        super().__init__()
        self._placeholder = placeholder
        self._words = words
        self._warning = ""
        self._offer: _Offer | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="filter-line"):
            yield Static("/", classes="prompt", markup=False)
            line = _Line(placeholder=self._placeholder, compact=True, id="filter")
            line.cursor_blink = False
            yield line
        yield Static(HINT, id="filter-hint", markup=False)

    def on_mount(self) -> None:
        self.display = False

    @property
    def line(self) -> Input:
        """The field that is typed in."""
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
        # At once: `focus()` comes after keys that were typed ahead, which the list would take.
        self.screen.set_focus(self.line)

    def clear(self) -> bool:
        """Empties and hides the line; False when there was nothing to clear."""
        was_open = self.display
        self.remember()
        self.line.value = ""
        self.display = False
        return was_open

    @property
    def _history(self) -> History:
        return cast("Host", self.app).history

    def remember(self) -> None:
        """Puts the text among those that can be asked again."""
        self._history.add(self.text)

    def action_recall(self, is_earlier: bool) -> None:
        """Shows the query that was asked before or after this one."""
        history = self._history
        found = history.earlier(self.text) if is_earlier else history.later(self.text)
        if found is not None:
            self.text = found

    def warn(self, warning: str) -> None:
        """Says what is wrong, or to be looked at twice, in the query; nothing for none."""
        self._warning = warning
        is_offered = self._offer is not None and self._offer.taken == self.text
        if not is_offered:  # what the word may become mends what is wrong with it
            self._say(warning or HINT)

    def _say(self, text: str) -> None:
        hint = self.query_one("#filter-hint", Static)
        hint.set_class(bool(self._warning) and text == self._warning, "warn")
        if hint.content != (said := Text(text)):
            hint.update(said, layout=False)

    def action_complete(self) -> None:
        """Completes the word at the cursor as far as it is certain, and shows what it may become.

        Each further Tab takes the next of what it may become.
        """
        line = self.line
        if self._offer is None or line.value != self._offer.taken:
            self._offer = self._offered(line.value, line.cursor_position)
            if self._offer is None:
                self._say(self._warning or "Nothing is known that begins so.")
                return
            self._put(self._offer, self._offer.certain)
        else:
            self._offer.next += 1
            candidates = self._offer.candidates
            self._put(self._offer, candidates[self._offer.next % len(candidates)])
        self._say("  ".join(self._offer.candidates))

    def _offered(self, text: str, cursor: int) -> _Offer | None:
        from sa_tui.access.query.words import complete  # not before somebody asks for it

        found = complete(text, cursor, self._words())
        if not found.candidates:
            return None
        typed = text[found.start : cursor]
        beginning = [each for each in found.candidates if _bare(each).startswith(_bare(typed))]
        return _Offer(
            text=text,
            start=found.start,
            end=cursor,
            typed=typed,
            candidates=tuple(beginning) or found.candidates,
        )

    def _put(self, offer: _Offer, taken: str) -> None:
        line = self.line
        line.value = offer.taken = offer.text[: offer.start] + taken + offer.text[offer.end :]
        line.cursor_position = offer.start + len(taken)

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
