"""The lines of a table as segments, in the colours of the theme: header, row and message.

Nothing here knows the place of a line on the screen, or the rows of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from rich.text import Span, Text

from sa_tui.ui.kit.safe import shown
from sa_tui.ui.kit.table.cells import PADDING, fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.containers import Lines
    from textual.widget import Widget

    from sa_tui.ui.kit.table.cells import Place

TONES = frozenset({"good", "warn", "bad", "quiet", "match"})
"""Style names that a `Text` may use: they follow the theme, and lose their colour at the cursor."""

PARTS = frozenset(f"line-table--{part}" for part in ("header", "row", "cursor", "cell", *TONES))
"""The component classes of a table."""

# Without colours, reverse video shows the cursor, or an underline when the focus is elsewhere.
STYLES = """
LineTable {
    height: 1fr;
    color: $foreground;
    & > .line-table--header { background: $panel; text-style: bold; }
    & > .line-table--cursor {
        background: $block-cursor-blurred-background;
        color: $block-cursor-blurred-foreground;
    }
    &:focus > .line-table--cursor {
        background: $block-cursor-background;
        color: $block-cursor-foreground;
        text-style: bold;
    }
    & > .line-table--cell { background: $accent; color: $background; text-style: bold; }
    & > .line-table--good { color: $text-success; }
    & > .line-table--warn { color: $text-warning; }
    & > .line-table--bad { color: $text-error; text-style: bold; }
    & > .line-table--quiet { color: $text-muted; }
    & > .line-table--match { text-style: bold underline; }
    &:ansi > .line-table--header { text-style: bold underline; }
    &:ansi > .line-table--cursor { text-style: underline; }
    &:ansi:focus > .line-table--cursor { text-style: bold; }
    &:ansi > .line-table--cell { text-style: bold underline; }
    &:nocolor > .line-table--cell { text-style: reverse bold underline; }
    &:nocolor > .line-table--header { text-style: bold underline; }
    &:nocolor > .line-table--cursor { text-style: underline; }
    &:nocolor:focus > .line-table--cursor { text-style: bold reverse; }
}
"""

MARK_WIDTH = 2
"""The number of cells before the first column of a table whose rows can be marked."""

_MARK = "✓"
_PAD = " " * PADDING


def with_fewer_styles(segments: Iterable[Segment]) -> list[Segment]:
    """The same picture with fewer changes of style: a blank takes the style of the text before it.

    Each change sends about 45 bytes to the terminal, which is most of what a row takes.
    """
    joined: list[Segment] = []
    for segment in segments:
        if joined and _looks_the_same(joined[-1].style, segment):
            joined[-1] = Segment(joined[-1].text + segment.text, joined[-1].style)
        else:
            joined.append(segment)
    return joined


def _looks_the_same(before: Style | None, segment: Segment) -> bool:
    style = segment.style
    if before is style or before is None or style is None:
        return before is style
    return before == style or (
        not segment.text.strip(" ")
        and before.bgcolor == style.bgcolor
        and (before.underline, before.reverse, before.strike)
        == (style.underline, style.reverse, style.strike)
    )


def look_of(text: Text | str) -> object:
    """What two texts that look the same have in common; Rich compares no styles."""
    if isinstance(text, str):
        return text
    return (text.plain, text.style, tuple(text.spans), text.justify)


@dataclass(frozen=True)
class Brush:
    """Draws the lines of one table in the styles of its component classes."""

    widget: Widget
    markable: bool

    def style(self, part: str) -> Style:
        """The style of a part of the table."""
        return self.widget.get_component_rich_style(f"line-table--{part}")

    def header(self, places: Sequence[Place], sort: tuple[str, bool] | None) -> list[Segment]:
        """The titles, with an arrow at the one that the rows are ordered by."""
        style = self.style("header")
        segments = [Segment(" " * MARK_WIDTH, style)] if self.markable else []
        for column, _, width in places:
            arrow = ""
            if sort is not None and sort[0] == column.key:
                arrow = "▼" if sort[1] else "▲"
            title = fit([Segment(column.title, style)], width, style, right=column.right)
            title_text = "".join(segment.text for segment in title)
            # The arrow is in the padding, so that it never hides a letter of the title.
            text = (title_text if column.right else title_text.rstrip()) + arrow
            segments.append(Segment("" if column.tight else _PAD, style))
            segments += fit([Segment(text, style)], width + PADDING, style, right=False)
        return segments

    def row(
        self,
        places: Sequence[Place],
        cells: Sequence[Text | str],
        *,
        is_cursor: bool,
        is_marked: bool,
        cell: str | None = None,
    ) -> list[Segment]:
        """One row, from the cells of all columns; that of the column `cell` is set apart."""
        style = self.style("cursor" if is_cursor else "row")
        mark = f"{_MARK if is_marked else '':>{MARK_WIDTH}}"
        segments = [Segment(mark, style)] if self.markable else []
        pad = Segment(_PAD, style)
        for column, position, width in places:
            cell_style = self.style("cell") if column.key == cell else style
            parts = self._segments(cells[position], cell_style, keep_colours=not is_cursor)
            if not column.tight:
                segments.append(pad)
            segments += [*fit(parts, width, cell_style, right=column.right), pad]
        return segments

    def wrapped(self, message: Text | str, width: int) -> Lines:
        """The message in lines that fit into a table of this width."""
        safe = shown(message)
        text = safe if isinstance(safe, Text) else Text(safe)
        return text.wrap(self.widget.app.console, max(1, width - 2 * PADDING))

    def message(self, message: Text | str, width: int, height: int, y: int) -> list[Segment]:
        """Line `y` of the message, wrapped and centred in a space of that size.

        A text that is justified to the left is centred as one block.
        """
        style = self.style("row")
        room = max(1, width - 2 * PADDING)
        lines = self.wrapped(message, width)
        above = max(0, (height - len(lines)) // 2)
        if not 0 <= y - above < len(lines):
            return []
        line = lines[y - above]
        line.rstrip()
        is_block = isinstance(message, Text) and message.justify == "left"
        size = max(map(len, lines)) if is_block else line.cell_len
        left = PADDING + max(0, room - size) // 2
        parts = self._segments(line, style, keep_colours=True)
        return [Segment(" " * left, style), *fit(parts, room, style, right=False)]

    def _segments(self, cell: Text | str, style: Style, *, keep_colours: bool) -> list[Segment]:
        if isinstance(cell, str):
            return [Segment(cell, style)]
        tone = self._tone(cell.style)
        if not cell.spans:
            return [Segment(cell.plain, style + (tone if keep_colours else tone.without_color))]
        spans = [Span(0, len(cell.plain), tone)]
        spans += [Span(start, end, self._tone(name)) for start, end, name in cell.spans]
        parts = Text(cell.plain, spans=spans, end="").render(self.widget.app.console)
        return [
            Segment(part, style + (tone if keep_colours or tone is None else tone.without_color))
            for part, tone, _ in parts
        ]

    def _tone(self, name: Style | str) -> Style:
        if isinstance(name, Style):
            return name
        if name not in TONES:
            return self.widget.app.console.get_style(name, default=Style.null())
        tone = self.widget.get_component_rich_style(f"line-table--{name}", partial=True)
        # Only the full style has a translucent colour blended with its background.
        return tone + Style(color=self.style(name).color) if tone.color else tone
