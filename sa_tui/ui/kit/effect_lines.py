"""Draws the lines of an effect; the tones have their styles here and nowhere else."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.ui.kit.safe import shown_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sa_tui.access.effects.values import Line, Tone

_STYLES: Mapping[Tone, str] = MappingProxyType(
    {
        "": "",
        "strong": "bold",
        "warning": "bold yellow",
        "gained": "bold green",
        "lost": "bold red",
    }
)


def effect_text(lines: Iterable[Line]) -> Text:
    """The lines of an effect, made safe to show."""
    return Text("\n").join(shown_line(_drawn(line)) for line in lines)


def _drawn(line: Line) -> Text:
    text = Text(line.text, style=_STYLES[line.tone])
    # A note stands out: plain after a line in bold, in bold after a plain one.
    return text.append(line.note, style="not bold" if line.tone else "bold")
