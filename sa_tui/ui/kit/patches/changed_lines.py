"""Remembers the lines on the terminal, so that only the cells that differ are sent.

Textual sends the whole screen whenever the layout changes, several times for one dialog: over a
slow line the operator waits for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from sa_tui.base.text import in_place, is_obeyed
from sa_tui.ui.kit.patches.drawn_line import DrawnLine, place

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult


def guarded(strip: Strip) -> Strip:
    """The strip with every character replaced that a terminal would obey.

    Widgets make their text safe. If one forgets to, the text looks odd and does nothing.
    """
    if not is_obeyed(strip.text):
        return strip
    segments = [Segment(in_place(text), style, control) for text, style, control in strip]
    return Strip(segments, strip.cell_length)


class ChangedLines:
    """Remembers each line as it stands on the terminal."""

    def __init__(self) -> None:
        self._lines: dict[int, DrawnLine] = {}

    def forget(self) -> None:
        """Sends the next screen whole: another program may have written on the terminal."""
        self._lines.clear()

    def only_changed(self, update: RenderableType | None) -> RenderableType | None:
        """The update without the cells that the terminal shows already."""
        if isinstance(update, LayoutUpdate | ChopsUpdate):
            return _ChangedUpdate(update, self)
        return update

    def changed(self, update: LayoutUpdate, console: Console) -> str:
        """What differs of a whole screen, each span after the sequence for its place."""
        left, top = update.region.offset
        return "".join(
            self._line(y, left, "".join(guarded(strip).render(console) for strip in strips))
            for y, strips in enumerate(update.strips, top)
        )

    def touched(self, update: ChopsUpdate, console: Console) -> str:
        """What differs in the spans of an update."""
        sequences: list[str] = []
        for y, x1, x2 in update.spans:
            pieces = list(zip(update.chops[y].items(), update.chop_ends[y], strict=False))
            if x1 <= 0 and x2 >= update.chop_ends[y][-1] and all(strip for (_, strip), _ in pieces):
                line = "".join(guarded(strip).render(console) for (_, strip), _ in pieces if strip)
                sequences.append(self._line(y, 0, line))
                continue
            for (x, strip), end in pieces:
                if strip is not None and x < x2 and end > x1:
                    part = guarded(strip).crop(0, min(end, x2) - x)
                    sequences.append(self._part(y, x, part.render(console)))
        return "".join(sequences)

    def _line(self, y: int, left: int, text: str) -> str:
        """What draws this line over the one that stands there."""
        before = self._lines.get(y)
        if before is not None and before.text == text:
            return ""
        line = self._lines[y] = DrawnLine(text)
        if before is None or (sequences := before.until(line, y=y, left=left)) is None:
            return f"{place(y, left)}{text}"
        return sequences

    def _part(self, y: int, x: int, text: str) -> str:
        """What draws this part over the line that stands there; keeps the whole if it is known."""
        before = self._lines.pop(y, None)
        line = None if before is None else before.with_part(x, text)
        if before is None or line is None:
            return f"{place(y, x)}{text}"
        self._lines[y] = line
        sequences = before.until(line, y=y, left=0)
        return f"{place(y, x)}{text}" if sequences is None else sequences


class _ChangedUpdate(CompositorUpdate):
    """An update that is compared with the terminal only when it is written."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate, lines: ChangedLines) -> None:
        self._update = update
        self._lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        return self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """The escape sequences and text to send."""
        if isinstance(self._update, LayoutUpdate):
            return self._lines.changed(self._update, console)
        return self._lines.touched(self._update, console)
