"""Remembers the lines on the terminal, so that a line is sent only when it differs.

Textual sends the whole screen whenever the layout changes, several times for one dialog: over a
slow line the operator waits for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from sa_tui.base.text import in_place, is_obeyed

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
    """Remembers each line as it was last sent; forgets a line when only a part of it is sent."""

    def __init__(self) -> None:
        self._lines: dict[int, str] = {}

    def forget(self) -> None:
        """Sends the next screen whole: another program may have written on the terminal."""
        self._lines.clear()

    def only_changed(self, update: RenderableType | None) -> RenderableType | None:
        """The update without the lines that the terminal shows already."""
        if isinstance(update, LayoutUpdate | ChopsUpdate):
            return _ChangedUpdate(update, self)
        return update

    def changed(self, update: LayoutUpdate, console: Console) -> str:
        """The lines of a whole screen that differ, each after the sequence for its place."""
        left, top = update.region.offset
        sequences: list[str] = []
        for y, strips in enumerate(update.strips, top):
            line = "".join(guarded(strip).render(console) for strip in strips)
            if self._lines.get(y) != line:
                self._lines[y] = line
                sequences.append(f"\x1b[{y + 1};{left + 1}H{line}")
        return "".join(sequences)

    def touched(self, update: ChopsUpdate, console: Console) -> str:
        """The spans of an update: whole lines if they differ, and all parts of lines."""
        whole: list[tuple[int, str]] = []
        parts: list[tuple[int, int, int]] = []
        for y, x1, x2 in update.spans:
            strips = tuple(update.chops[y].values())
            if x1 <= 0 and x2 >= update.chop_ends[y][-1] and None not in strips:
                line = "".join(guarded(strip).render(console) for strip in strips if strip)
                whole.append((y, line))
            else:
                self._lines.pop(y, None)
                parts.append((y, x1, x2))
        sequences = [f"\x1b[{y + 1};1H{line}" for y, line in whole if self._lines.get(y) != line]
        self._lines.update(whole)
        if parts:
            chops = [
                {x: strip and guarded(strip) for x, strip in row.items()} for row in update.chops
            ]
            rest = ChopsUpdate(chops, parts, update.chop_ends)
            sequences.append(rest.render_segments(console))
        return "".join(sequences)


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
