"""The widgets that show and take text: they keep what they are given, and draw it made safe.

Nothing else in the application may use Textual's own widgets for text: they send text from outside
to the terminal as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from rich.text import Span, Text
from textual import widgets
from textual.keys import REPLACED_KEYS
from textual.message import Message

from sa_tui.base.text import (
    ELLIPSIS,
    PROSE_LIMIT,
    Shown,
    is_plain,
    lines,
    one_line,
    pieces,
)
from sa_tui.ui.kit.patches.drawn_input import DrawnInput

if TYPE_CHECKING:
    from textual import events

_HEADINGS = frozenset({"title", "section", "caption"})
_PICTURES = {"\n": "␊", "\t": "␉"}
"""Characters that a text of lines keeps and a single line replaces, as `one_line` does."""


def shown(content: str | Text) -> Shown | Text:
    """The content made safe to show, in lines; longer lines than anybody reads are cut."""
    if isinstance(content, str):
        return lines(content)
    rows = content.plain.split("\n")
    if max(map(len, rows)) > PROSE_LIMIT:
        content = Text("\n").join(map(_cut, content.split("\n", allow_blank=True)))
        rows = content.plain.split("\n")
    return content if all(map(is_plain, rows)) else _rewritten(content)


def shown_line(content: str | Text) -> Text:
    """The content made safe to show on one line."""
    if isinstance(content, str):
        return Text(one_line(content, limit=PROSE_LIMIT))
    for character, picture in _PICTURES.items():
        if character in content.plain:
            content = Text(picture).join(content.split(character, allow_blank=True))
    safe = shown(content)
    return safe if isinstance(safe, Text) else Text(safe)


def _cut(line: Text) -> Text:
    if len(line) > PROSE_LIMIT:
        line.right_crop(len(line) - PROSE_LIMIT + 1)
        line.append(ELLIPSIS)
    return line


def _rewritten(content: Text) -> Text:
    safe_pieces = pieces(content.plain)
    places = [0, *accumulate(map(len, safe_pieces))]
    text = content.blank_copy("".join(safe_pieces))
    text.spans = [Span(places[span.start], places[span.end], span.style) for span in content.spans]
    return text


class Static(widgets.Static):
    """Text that is never read as markup; `content` is the text as it was given.

    A heading stays on one line, even if the names in it have line ends.
    """

    is_line = False

    def __init__(
        self,
        content: str | Text = "",
        *,
        id: str | None = None,
        classes: str | None = None,
        markup: Literal[False] = False,
    ) -> None:
        self.is_line = self.is_line or not _HEADINGS.isdisjoint((classes or "").split())
        self._given = content
        super().__init__(self._shown(content), id=id, classes=classes, markup=markup)

    def _shown(self, content: str | Text) -> str | Text:
        return shown_line(content) if self.is_line else shown(content)

    @property  # type: ignore[override]  # narrower: nothing else could be made safe
    def content(self) -> str | Text:
        """The text as it was given."""
        return self._given

    @content.setter
    def content(self, content: str | Text) -> None:
        self.update(content)

    def update(self, content: str | Text = "", *, layout: bool = True) -> None:  # type: ignore[override]
        """Shows another text; `layout` is False when the text takes the same space."""
        self._given = content
        super().update(self._shown(content), layout=layout)


class Line(Static):
    """Text on one line, even if it has line ends."""

    is_line = True


class Input(DrawnInput):
    """A text field: `value` is exactly what was entered, and every character of it is visible."""

    @dataclass
    class Shortened(Message):
        """Several lines were pasted, and only the first was taken."""

        line_count: int

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether the key would be typed; Textual knows no character for keys such as `slash`."""
        return key in REPLACED_KEYS or super().check_consume_key(key, character)

    def on_paste(self, event: events.Paste) -> None:
        """Reports several lines: Textual's own handler, which comes next, takes the first alone."""
        pasted_lines = event.text.splitlines()
        if any(map(str.strip, pasted_lines[1:])):
            self.post_message(self.Shortened(len(pasted_lines)))
