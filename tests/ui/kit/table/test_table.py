"""The table keeps its cursor on a key, its lines inside the screen, and its output small."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from rich.cells import cell_len
from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.widgets import Input

from sa_tui.ui.kit.table.table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual.message import Message

COLUMNS = (
    Column("name", "Name", width=20, grow=1),
    Column("tokens", "Tokens", width=6, right=True, priority=1),
    Column("expiry", "Next expiry", width=20, priority=2),
    Column("about", "Description", width=40, grow=1, priority=3),
)
T = TypeVar("T")
HOSTILE = {
    "markup": "[/foo] [red]x",
    "escape": "\x1b[2J\x1b]52;c;aGk=\x07\r\n\ttail",
    "emoji": "🚀❤️👍🏽🇩🇪👩‍👩‍👧 party",
    "wide": "日本語のとても長いアカウントの名前です",
    "combining": "e\u0301" * 50,
    "bidi": "\u202eevil\u2066 \u200b\u00ad\ufeff",
    "surrogate": "\ud800",
    "long": "x" * 300,
}


class Tables(App[None]):
    """An app with one table, which draws only the cells it is asked for."""

    def __init__(self, *, markable: bool = False) -> None:
        super().__init__()
        self.drawn: list[str] = []
        self.told: list[Message] = []
        self.cells: dict[str, str | Text] = {}
        self.table = LineTable(COLUMNS, row=self.row, markable=markable, empty="Nothing\nhere")

    def compose(self) -> ComposeResult:
        yield self.table
        yield Input()

    def on_mount(self) -> None:
        self.table.focus()

    def row(self, key: str) -> Sequence[Text | str]:
        self.drawn.append(key)
        return (self.cells.get(key, key), "3", "in 12 d", "deploys things")

    @on(LineTable.Highlighted)
    @on(LineTable.Opened)
    @on(LineTable.SortRequested)
    @on(LineTable.VisibleChanged)
    @on(LineTable.Marked)
    def note(self, message: Message) -> None:
        self.told.append(message)

    def told_of(self, kind: type[T]) -> list[T]:
        return [message for message in self.told if isinstance(message, kind)]

    def style_of(self, y: int, text: str = " ") -> Style:
        """The style of the first place on a line that holds the text."""
        return next(
            segment.style
            for segment in self.table.render_line(y)
            if segment.style and text in segment.text
        )

    def screen_lines(self) -> list[str]:
        return [self.table.render_line(y).text for y in range(self.table.size.height)]


def numbered(count: int) -> list[str]:
    return [f"ci-{number:05}" for number in range(count)]


async def test_ten_thousand_keys_cost_only_the_lines_that_are_seen() -> None:
    app = Tables()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(numbered(10_000))
        await pilot.pause()
        assert set(numbered(20)) < set(app.drawn)
        assert len(set(app.drawn)) < 80  # a few more are looked at for the widths of the columns


async def test_a_cell_of_which_the_style_alone_changes_is_drawn_anew() -> None:
    app = Tables()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(["ci", "other"])
        await pilot.press("down")
        for tone in ("bad", "good"):
            app.cells["ci"] = Text("ci", style=tone)
            app.table.redraw()
            expected = app.table.get_component_rich_style(f"line-table--{tone}").color
            assert app.style_of(1, "ci").color == expected


def head_of(app: Tables) -> str:
    return app.table.render_line(0).text


async def test_columns_fit_their_longest_cells_and_a_filter_does_not_move_them() -> None:
    app = Tables()
    async with app.run_test(size=(160, 24)) as pilot:
        names = [*numbered(201), "a-name-of-thirty-one-characters"]
        app.table.set_keys(names)
        await pilot.pause()
        head = head_of(app)
        assert head.index("Tokens") == 20 + 3  # no row on the screen needs more
        await pilot.press("end")
        assert "a-name-of-thirty-one-characters  " in app.screen_lines()[-1]
        head = head_of(app)
        assert head.index("Tokens") == 31 + 3
        app.table.set_keys(names[:3])
        await pilot.pause()
        assert head_of(app) == head


async def test_a_wide_name_is_shown_whole_where_there_is_room() -> None:
    app = Tables()
    async with app.run_test(size=(160, 24)) as pilot:
        app.cells = {key: text for key, text in HOSTILE.items() if key in ("wide", "emoji")}
        app.table.set_keys(list(app.cells))
        await pilot.pause()
        assert HOSTILE["wide"] in "".join(app.screen_lines())


async def test_the_cursor_stays_on_its_key_and_line_when_rows_come_and_go() -> None:
    app = Tables()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(numbered(100))
        app.table.move_to("ci-00050")
        line = next(y for y, text in enumerate(app.screen_lines()) if "ci-00050" in text)
        app.table.set_keys(["new-1", "new-2", *numbered(100)])
        await pilot.pause()
        assert app.table.cursor_key == "ci-00050"
        assert "ci-00050" in app.screen_lines()[line]


async def test_the_cursor_stays_on_its_line_when_its_key_is_gone() -> None:
    app = Tables()
    async with app.run_test() as pilot:
        app.table.set_keys(["a", "b", "c"])
        app.table.move_to("b")
        app.table.set_keys(["a", "c"])
        assert app.table.cursor_key == "c"
        app.table.set_keys(["a"])
        assert app.table.cursor_key == "a"
        app.table.set_keys([])
        await pilot.pause()
        assert app.table.cursor_key is None


async def test_the_cursor_follows_the_key_that_took_the_place_of_one_that_is_gone() -> None:
    app = Tables()
    async with app.run_test():
        app.table.set_keys(["a", "b", "c"])
        app.table.move_to("b")
        app.table.set_keys(["a", "c"])
        app.table.set_keys(["a", "new", "c"])
        assert app.table.cursor_key == "c"


async def test_a_page_down_keeps_the_cursor_on_its_line() -> None:
    app = Tables()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(numbered(100))
        await pilot.press("down", "down", "pagedown")
        assert "ci-00022" in app.screen_lines()[3]


async def test_holding_down_moves_the_view_by_half_a_page() -> None:
    app = Tables()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(numbered(100))
        await pilot.press(*["down"] * 20)
        assert "ci-00020" in app.screen_lines()[11]


async def test_the_cursor_returns_to_the_key_that_a_filter_had_hidden() -> None:
    app = Tables()
    async with app.run_test():
        app.table.set_keys(["a", "b", "c"])
        app.table.move_to("c")
        app.table.set_keys(["a", "b"])
        app.table.set_keys(["a", "b", "c"])
        assert app.table.cursor_key == "c"


async def test_an_untouched_cursor_stays_at_the_top_while_pages_arrive() -> None:
    app = Tables()
    async with app.run_test():
        app.table.set_keys(["m"])
        app.table.set_keys(["a", "m"])
        assert app.table.cursor_key == "a"


async def test_a_key_that_is_wanted_before_it_arrives_gets_the_cursor() -> None:
    app = Tables()
    async with app.run_test():
        assert not app.table.move_to("c")
        app.table.set_keys(["a", "b", "c"])
        assert app.table.cursor_key == "c"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["down"], 1),
        (["j", "j", "k"], 1),
        (["up"], 0),
        (["pagedown"], 20),
        (["ctrl+f", "pageup"], 0),
        (["end"], 99),
        (["greater_than_sign", "less_than_sign"], 0),
        (["end", "home", "down"], 1),
    ],
)
async def test_keys_move_the_cursor_and_the_row_is_on_the_screen(
    keys: list[str], expected: int
) -> None:
    app = Tables()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(numbered(100))
        await pilot.press(*keys)
        assert app.table.cursor_key == f"ci-{expected:05}"
        shown = [line.split()[0] for line in app.screen_lines()[1:]]
        assert f"ci-{expected:05}" in shown
        first = int(shown[0].removeprefix("ci-"))
        assert shown == numbered(100)[first : first + 20]


@pytest.mark.parametrize(
    ("width", "titles"),
    [
        (30, ["Name"]),
        (40, ["Name", "Tokens"]),
        (80, ["Name", "Tokens", "Next expiry"]),
        (160, ["Name", "Tokens", "Next expiry", "Description"]),
    ],
)
async def test_columns_of_high_priority_numbers_go_first_when_it_is_narrow(
    width: int, titles: list[str]
) -> None:
    app = Tables()
    async with app.run_test(size=(width, 24)) as pilot:
        app.table.set_keys(["a"])
        await pilot.pause()
        header = app.screen_lines()[0]
        assert [column.title for column in COLUMNS if column.title in header] == titles


@pytest.mark.parametrize("width", [3, 10, 25, 40, 80, 160])
async def test_every_line_has_exactly_the_width_of_the_table(width: int) -> None:
    app = Tables(markable=True)
    app.cells = {key: Text(text, style="bad") for key, text in HOSTILE.items()}
    async with app.run_test(size=(width, 12)) as pilot:
        app.table.set_keys([*HOSTILE, *numbered(20)])
        await pilot.pause()
        assert {cell_len(line) for line in app.screen_lines()} == {width}


@pytest.mark.parametrize("as_text", [False, True])
async def test_hostile_text_is_shown_and_neither_obeyed_nor_misaligned(as_text: bool) -> None:
    app = Tables()
    app.cells = {key: Text(text) if as_text else text for key, text in HOSTILE.items()}
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(list(HOSTILE))
        await pilot.pause()
        lines = app.screen_lines()
        assert "[/foo] [red]x" in lines[1]
        assert all(line.isprintable() for line in lines)
        rows = lines[1 : len(HOSTILE) + 1]
        assert {cell_len(line[: line.index("in 12 d")]) for line in rows} == {
            lines[0].index("Next expiry")
        }


async def test_a_resize_lays_the_columns_out_again_and_keeps_the_cursor_in_view() -> None:
    app = Tables()
    async with app.run_test(size=(160, 45)) as pilot:
        app.table.set_keys(numbered(100))
        app.table.move_to("ci-00040")
        await pilot.resize_terminal(60, 12)
        await pilot.pause()
        lines = app.screen_lines()
        assert "Description" not in lines[0]
        assert any("ci-00040" in line for line in lines)
        assert {cell_len(line) for line in lines} == {60}


async def test_a_message_takes_the_place_of_the_rows() -> None:
    app = Tables()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        assert [line.strip() for line in app.screen_lines()[1:] if line.strip()] == [
            "Nothing",
            "here",
        ]
        app.table.set_message(Text("Konnect refused [the] token. " * 3, style="bad"))
        shown = " ".join(line.strip() for line in app.screen_lines()[1:] if line.strip())
        assert shown == ("Konnect refused [the] token. " * 3).strip()
        app.table.set_message("a\x1b[2J\u202e")
        assert all(line.isprintable() for line in app.screen_lines())
        app.table.set_keys(["a"])
        assert "refused" not in "".join(app.screen_lines())


async def test_the_header_shows_the_order() -> None:
    app = Tables()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(["a"])
        await pilot.pause()
        app.table.sort = ("name", False)
        assert "Name▲" in app.screen_lines()[0]
        app.table.sort = ("tokens", True)
        assert "Tokens▼" in app.screen_lines()[0]
        assert "▲" not in app.screen_lines()[0]


async def test_asking_for_the_next_order_walks_over_the_columns_that_are_shown() -> None:
    app = Tables()
    async with app.run_test(size=(40, 24)) as pilot:
        await pilot.pause()
        for _ in range(3):
            app.table.action_sort_next()
            await pilot.pause()
            asked = app.told_of(LineTable.SortRequested)[-1]
            app.table.sort = (asked.column_key, asked.reverse)
        app.table.action_sort_reverse()
        await pilot.pause()
        asked_for = [(m.column_key, m.reverse) for m in app.told_of(LineTable.SortRequested)]
        assert asked_for == [("name", False), ("tokens", False), ("name", False), ("name", True)]


async def test_enter_opens_the_row_under_the_cursor() -> None:
    app = Tables()
    async with app.run_test() as pilot:
        await pilot.press("enter")
        app.table.set_keys(["a", "b"])
        await pilot.press("down", "enter")
        assert [message.key for message in app.told_of(LineTable.Opened)] == ["b"]


async def test_each_new_key_under_the_cursor_is_told_once() -> None:
    app = Tables()
    async with app.run_test() as pilot:
        app.table.set_keys(["a", "b"])
        await pilot.press("down", "down")
        app.table.set_keys(["a", "b"])
        app.table.set_keys([])
        await pilot.pause()
        assert [m.key for m in app.told_of(LineTable.Highlighted)] == ["a", "b", None]


async def test_visible_keys_are_told_when_they_change_and_not_otherwise() -> None:
    app = Tables()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(numbered(100))
        app.table.set_keys(numbered(99))
        await pilot.pause()
        await pilot.press("down")
        assert [m.keys for m in app.told_of(LineTable.VisibleChanged)] == [tuple(numbered(24))]
        await pilot.press("end")
        await pilot.pause()
        last = app.told_of(LineTable.VisibleChanged)[-1]
        assert last.keys == app.table.visible_keys == tuple(numbered(99)[75:])


async def test_space_marks_a_row_and_moves_on() -> None:
    app = Tables(markable=True)
    async with app.run_test() as pilot:
        app.table.set_keys(["a", "b", "c"])
        await pilot.press("space", "space", "up", "space")
        await pilot.pause()
        assert app.table.marks == {"a"}
        assert app.told_of(LineTable.Marked)[-1].marks == {"a"}
        assert "✓ a" in app.screen_lines()[1]
        assert "✓" not in app.screen_lines()[2]


async def test_space_is_left_to_others_when_rows_cannot_be_marked() -> None:
    app = Tables()
    async with app.run_test() as pilot:
        app.table.set_keys(["a", "b"])
        await pilot.press("space")
        assert app.table.marks == frozenset()
        assert app.table.cursor_key == "a"


async def test_only_the_lines_that_look_different_are_painted() -> None:
    app = Tables()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(numbered(10))
        await pilot.pause()
        app.drawn.clear()
        app.cells["ci-00003"] = "renamed"
        before = [app.table.render_line(line) for line in range(11)]
        app.table.redraw()
        after = [app.table.render_line(line) for line in range(11)]
        assert [line for line in range(11) if after[line] is not before[line]] == [4]
        assert "renamed" in app.screen_lines()[4]
        painted = app.table.render_line(2)
        app.table.set_keys(numbered(11))
        assert app.table.render_line(2) is painted
        assert "ci-00010" in app.screen_lines()[11]


@pytest.mark.parametrize("no_color", [False, True])
@pytest.mark.parametrize("theme", ["textual-dark", "ansi-dark", "ansi-light"])
async def test_the_cursor_can_be_told_from_other_rows_with_and_without_focus(
    theme: str, no_color: bool
) -> None:
    app = Tables()
    app.no_color = no_color
    async with app.run_test() as pilot:
        app.theme = theme
        app.table.set_keys(["a", "b"])
        await pilot.pause()
        focused, other = app.style_of(1), app.style_of(2)
        await pilot.press("tab")
        blurred = app.style_of(1)
        assert focused.bgcolor != other.bgcolor
        assert bool(focused.reverse) is no_color
        assert not blurred.reverse
        assert blurred.underline or (blurred.bgcolor != other.bgcolor and not no_color)
        assert len({focused, blurred, other}) == 3


async def test_cells_have_the_colours_of_the_theme_except_under_the_cursor() -> None:
    app = Tables()
    app.cells = {key: Text.assemble(("b", "bad"), ("o", "bold"), ("q", "quiet")) for key in "ab"}
    found = Text("see", style="bad")
    found.stylize("match", 0, 1)
    app.cells["c"] = found
    async with app.run_test() as pilot:
        app.table.set_keys(["a", "b", "c"])
        await pilot.pause()
        plain = app.style_of(2)
        bad, bold, quiet = (app.style_of(2, text) for text in "boq")
        assert len({bad.color, plain.color, quiet.color}) == 3
        assert bold.bold
        assert bold.color == plain.color
        match = app.style_of(3, "s")
        assert match.underline
        assert match.color == bad.color
        assert {segment.style.bgcolor for segment in app.table.render_line(2) if segment.style} == {
            plain.bgcolor
        }
        assert (
            len({segment.style.color for segment in app.table.render_line(1) if segment.style}) == 1
        )


async def test_another_theme_repaints_the_lines_in_its_colours() -> None:
    app = Tables()
    app.cells["b"] = Text("b", style="bad")
    async with app.run_test() as pilot:
        app.table.set_keys(["a", "b"])
        await pilot.pause()
        before = app.table.render_line(2)
        app.theme = "textual-light"
        await pilot.pause()
        assert app.table.render_line(2) != before
        assert app.table.render_line(2).text == before.text


async def test_a_click_moves_a_second_click_opens_and_the_header_sorts() -> None:
    app = Tables(markable=True)
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(["a", "b", "c"])
        await pilot.click(app.table, offset=(5, 2))
        assert app.table.cursor_key == "b"
        await pilot.click(app.table, offset=(5, 3), times=2)
        assert [message.key for message in app.told_of(LineTable.Opened)] == ["c"]
        edge = app.screen_lines()[0].index("Tokens") - 1
        await pilot.click(app.table, offset=(edge, 0))
        await pilot.click(app.table, offset=(edge - 1, 0))
        asked = [message.column_key for message in app.told_of(LineTable.SortRequested)]
        assert asked == ["tokens", "name"]
        await pilot.click(app.table, offset=(5, 15))
        assert app.table.cursor_key == "c"


async def test_the_wheel_moves_the_view_and_leaves_the_cursor() -> None:
    app = Tables()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(numbered(100))
        await pilot._post_mouse_events([MouseScrollDown], app.table, offset=(5, 5), button=0)
        assert "ci-00003" in app.screen_lines()[1]
        assert app.table.cursor_key == "ci-00000"
        await pilot.press("down")
        assert "ci-00001" in app.screen_lines()[2]


async def test_the_view_shows_how_far_down_it_is() -> None:
    app = Tables()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(numbered(5))
        await pilot.pause()
        assert "┃" not in "".join(app.screen_lines())
        app.table.set_keys(numbered(1000))
        assert app.screen_lines()[1].endswith("┃")
        await pilot.press("end")
        assert app.screen_lines()[20].endswith("┃")
        assert sum(line.endswith("┃") for line in app.screen_lines()) == 1


async def test_blanks_never_cost_a_change_of_style() -> None:
    app = Tables()
    app.cells = {key: Text(key, style="quiet") for key in "ab"}
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.set_keys(["a", "b"])
        await pilot.pause()
        styled = [part.text for part in app.table.render_line(2)]
        assert len(styled) == 3
        assert styled[1].strip() == "b"
