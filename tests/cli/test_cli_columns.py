"""Tables: aligned by what a terminal draws, cut on a terminal alone."""

from __future__ import annotations

from sa_tui.cli.columns import TextColumn, lay_out

COLUMNS = (
    TextColumn("NAME", shrinks_to=6),
    TextColumn("ID", priority=1),
    TextColumn("TEXT", shrinks_to=4, priority=2),
)


def test_wide_and_combining_characters_keep_columns_aligned() -> None:
    rows = [["配送", "x"], ["e\u0301te\u0301", "x"], ["plain", "x"]]

    lines = lay_out((TextColumn("A"), TextColumn("B")), rows, width=None).lines

    assert lines == ["A      B", "配送   x", "e\u0301te\u0301    x", "plain  x"]


def test_numbers_stand_at_the_right() -> None:
    lines = lay_out(
        (TextColumn("N", right=True), TextColumn("B")), [["7", "x"], ["10", "x"]], width=None
    )

    assert lines.lines == [" N  B", " 7  x", "10  x"]


def test_a_pipe_gets_every_character() -> None:
    name, text = "n" * 300, "t" * 300

    layout = lay_out(COLUMNS, [[name, "id", text], ["short", "id", "text"]], width=None)

    assert layout.lines[1] == f"{name}  id  {text}"
    assert layout.left_out == []
    assert len(layout.lines[2]) < 100


def test_a_terminal_gets_lines_that_fit() -> None:
    layout = lay_out(COLUMNS, [["name-of-it", "0123", "t" * 50]], width=30)

    assert layout.lines[1] == "name-of-it  0123  " + "t" * 11 + "…"
    assert layout.left_out == []


def test_a_wide_character_is_never_cut_in_half() -> None:
    lines = lay_out((TextColumn("NAME", shrinks_to=4),), [["配送ボット"]], width=6).lines

    assert lines[1] == "配送…"


def test_columns_that_find_no_room_are_left_out_and_named() -> None:
    layout = lay_out(COLUMNS, [["name-of-it", "0123456789", "text"]], width=18)

    assert layout.lines[1] == "name-…  0123456789"
    assert layout.left_out == ["TEXT"]


def test_the_first_column_stays_however_narrow_the_terminal_is() -> None:
    layout = lay_out(COLUMNS, [["name-of-it", "0123456789", "text"]], width=2)

    assert layout.lines[1] == "name-…"
    assert layout.left_out == ["ID", "TEXT"]
