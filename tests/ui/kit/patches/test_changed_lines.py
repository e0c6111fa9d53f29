"""What is sent to the terminal: a line is sent when it differs from what stands there."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
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
    assert sent(lines, whole("abcxef", "é·xxxx")) == "\x1b[1;4Hx\x1b[2;1Hé·"
    assert sent(lines, whole("abcxef", "é·xxx─")) == "\x1b[2;6H─"


def test_a_line_that_was_drawn_again_and_looks_the_same_is_not_sent():
    lines = ChangedLines()
    sent(lines, whole("abcdef"))
    assert sent(lines, parts(0, 0, 6, "abc", "def")) == ""
    assert sent(lines, parts(0, 0, 6, "abc", "xyz")) == "\x1b[1;4Hxyz"
    assert sent(lines, whole("abcxyz")) == ""


def test_a_part_is_remembered_with_the_line_that_it_belongs_to():
    lines = ChangedLines()
    sent(lines, whole("abcdef"))
    assert sent(lines, parts(0, 3, 6, "abc", "xyz")) == "\x1b[1;4Hxyz"
    assert sent(lines, parts(0, 3, 6, "abc", "xyz")) == ""
    assert sent(lines, whole("abcdef")) == "\x1b[1;4Hdef"


def test_a_part_of_a_line_that_is_not_known_leaves_it_unknown():
    lines = ChangedLines()
    assert sent(lines, parts(0, 3, 6, "abc", "xyz")) == "\x1b[1;4Hxyz"
    assert sent(lines, whole("abcxyz")) == "\x1b[1;1Habcxyz"


@pytest.mark.parametrize("odd", ["漢", "e\u0301", "\u200d", "👩", "\u1160", "\u0e33"])
def test_a_line_with_a_character_of_doubtful_width_is_sent_whole(odd: str):
    lines = ChangedLines()
    sent(lines, whole(f"{odd}bcd"))
    assert sent(lines, whole(f"{odd}bcx")) == f"\x1b[1;1H{odd}bcx"
    assert sent(lines, whole("abcdef")) == "\x1b[1;1Habcdef"


STYLES = (None, Style.parse("bold red"), Style.parse("on blue"), Style(meta={"row": 1}))
HALVES = st.lists(
    st.tuples(st.sampled_from("ab ─…漢"), st.sampled_from(STYLES)), min_size=20, max_size=20
).map(lambda cells: Strip([Segment(*cell) for cell in cells]).adjust_cell_length(20))


def shown_by(*sequences: str) -> object:
    """What a terminal shows that gets these sequences."""
    screen = pyte.Screen(40, 1)
    stream = pyte.Stream(screen)
    for text in sequences:
        stream.feed(text)
    return [screen.buffer[0][x] for x in range(40)]


@given(st.lists(st.tuples(HALVES, HALVES, st.booleans()), min_size=1, max_size=6))
def test_the_terminal_shows_each_line_as_if_it_had_been_sent_whole(steps):
    console = Console(width=40, color_system="truecolor", force_terminal=True)
    lines = ChangedLines()
    left, right = Strip.blank(20), Strip.blank(20)
    sequences = [f"\x1b[1;1H{left.render(console)}{right.render(console)}"]
    for new_left, right, is_part in steps:
        left = left if is_part else new_left
        if is_part:
            update = ChopsUpdate([{0: left, 20: right}], [(0, 20, 40)], [[20, 40]])
            sequences.append(lines.touched(update, console))
        else:
            whole_update = LayoutUpdate([[left, right]], Region(0, 0, 40, 1))
            sequences.append(lines.changed(whole_update, console))
        at_once = f"\x1b[1;1H{left.render(console)}{right.render(console)}"
        assert shown_by(*sequences) == shown_by(at_once)


def test_after_something_else_wrote_on_the_terminal_everything_is_sent():
    lines = ChangedLines()
    sent(lines, whole("abcdef"))
    lines.forget()
    assert sent(lines, whole("abcdef")) == "\x1b[1;1Habcdef"


def test_what_nobody_made_safe_is_drawn_and_not_obeyed():
    hostile = "\x1b[2J\x9b\n"
    for update in (whole(hostile), parts(0, 0, 6, "abc", hostile), parts(0, 3, 6, "abc", hostile)):
        text = sent(ChangedLines(), update)
        assert "␛[2" in text
        assert "\x1b[2J" not in text
        assert not {"\x9b", "\n"} & set(text)
