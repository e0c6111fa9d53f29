"""What is sent to the terminal: a line is sent when it differs from what stands there."""

from __future__ import annotations

from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from sa_tui.ui.kit.patches.changed_lines import ChangedLines

CONSOLE = Console(width=6)


def strip(text: str) -> Strip:
    return Strip([Segment(text)], len(text))


def whole(*lines: str) -> LayoutUpdate:
    return LayoutUpdate([[strip(line)] for line in lines], Region(0, 0, 6, len(lines)))


def parts(y: int, x1: int, x2: int, left: str, right: str) -> ChopsUpdate:
    """Some cells of line `y`, which is drawn in two pieces of three cells."""
    chops = [{0: strip(left), 3: strip(right)}] * (y + 1)
    return ChopsUpdate(chops, [(y, x1, x2)], [[3, 6]] * (y + 1))


def sent(lines: ChangedLines, update: LayoutUpdate | ChopsUpdate) -> str:
    if isinstance(update, LayoutUpdate):
        return lines.changed(update, CONSOLE)
    return lines.touched(update, CONSOLE)


def test_a_page_is_sent_whole_once_and_then_only_what_differs():
    lines = ChangedLines()
    assert sent(lines, whole("abcdef", "ghijkl")) == "\x1b[1;1Habcdef\x1b[2;1Hghijkl"
    assert sent(lines, whole("abcdef", "xxxxxx")) == "\x1b[2;1Hxxxxxx"


def test_a_line_that_was_drawn_again_and_looks_the_same_is_not_sent():
    lines = ChangedLines()
    sent(lines, whole("abcdef"))
    assert sent(lines, parts(0, 0, 6, "abc", "def")) == ""
    assert sent(lines, parts(0, 0, 6, "abc", "xyz")) == "\x1b[1;1Habcxyz"
    assert sent(lines, whole("abcxyz")) == ""


def test_a_line_of_which_a_part_was_sent_is_sent_whole_the_next_time():
    lines = ChangedLines()
    sent(lines, whole("abcdef"))
    assert "xyz" in sent(lines, parts(0, 3, 6, "abc", "xyz"))
    assert sent(lines, whole("abcdef")) == "\x1b[1;1Habcdef"


def test_after_something_else_wrote_on_the_terminal_everything_is_sent():
    lines = ChangedLines()
    sent(lines, whole("abcdef"))
    lines.forget()
    assert sent(lines, whole("abcdef")) == "\x1b[1;1Habcdef"


def test_what_nobody_made_safe_is_drawn_and_not_obeyed():
    hostile = "\x1b[2J\x9b\n"
    for update in (whole(hostile), parts(0, 0, 6, "abc", hostile), parts(0, 3, 6, "abc", hostile)):
        text = sent(ChangedLines(), update)
        assert "␛[2J·␊" in text
        assert "\x1b[2J" not in text
        assert not {"\x9b", "\n"} & set(text)
