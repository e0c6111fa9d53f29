"""Widgets keep the text that they are given and draw it safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.ui.kit.patches.changed_lines import guarded
from sa_tui.ui.kit.safe import Input, Line, Static, shown, shown_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget

HOSTILE = "a\x1b[2J\n\tb\r\n\u202e👩\u200d💻\u00a0❤\ufe0f\x9b"


class Page(App[None]):
    """A page with one widget, made in it."""

    def __init__(self, make: Callable[[], Widget]) -> None:
        super().__init__()
        self._make = make

    def compose(self) -> ComposeResult:
        yield self._make()


def drawn(app: App[None]) -> list[str]:
    strips = app.screen._compositor.render_strips()
    assert all(guarded(strip) is strip for strip in strips)
    assert {cell_len(strip.text) for strip in strips} == {app.size.width}
    return [strip.text.rstrip() for strip in strips]


async def test_a_static_keeps_what_it_is_given_and_draws_it_in_lines() -> None:
    app = Page(lambda: Static(HOSTILE))
    async with app.run_test():
        static = app.query_one(Static)
        assert drawn(app)[:3] == ["a␛[2J", "    b", "⟨U+202E⟩👩💻⟨U+00A0⟩❤\ufe0f⟨U+009B⟩"]
        static.update(Text(HOSTILE))
        assert static.content == Text(HOSTILE)


@pytest.mark.parametrize("make", [lambda: Line(HOSTILE), lambda: Static(HOSTILE, classes="title")])
async def test_a_heading_is_one_line(make: Callable[[], Widget]) -> None:
    app = Page(make)
    async with app.run_test(size=(80, 5)):
        assert drawn(app)[:2] == [one_line(HOSTILE), ""]


def test_styled_text_on_one_line_shows_the_same_characters_as_plain() -> None:
    text = "a\tb\nc    d"
    assert shown_line(Text(text, style="bold")).plain == one_line(text) == "a␉b␊c    d"


def test_styles_stay_on_their_words() -> None:
    text = Text.assemble(("a\x1b", "bold"), "\u202e", ("b\n", "red"), ("c", "green"))
    safe = shown(text)
    assert isinstance(safe, Text)
    assert safe.plain == "a␛⟨U+202E⟩b\nc"
    pieces = {safe.plain[span.start : span.end]: span.style for span in safe.spans}
    assert pieces == {"a␛": "bold", "b\n": "red", "c": "green"}


def test_no_line_is_longer_than_is_ever_read() -> None:
    for content in ("x" * 1_000_000, Text("x" * 1_000_000), Text("漢" * 1_000_000)):
        assert len(str(shown(content))) == PROSE_LIMIT
        assert len(shown_line(content)) == PROSE_LIMIT


def test_text_without_anything_odd_is_not_made_anew() -> None:
    text = Text("plain\ntext", style=Style(bold=True))
    assert shown(text) is text


async def test_a_field_draws_each_character_in_its_place_and_gives_back_what_it_had() -> None:
    app = Page(lambda: Input(HOSTILE, compact=True, select_on_focus=False))
    async with app.run_test() as pilot:
        field = app.query_one(Input)
        assert drawn(app)[0] == "a␛[2J␊␉b␍␊·👩·💻␣❤\ufe0f·"
        assert field.value == HOSTILE

        await pilot.press("home", "right", "right", "x", "end", "!")
        assert field.value == f"{HOSTILE[:2]}x{HOSTILE[2:]}!"
        await pilot.press("home", "right", "delete", "delete")
        assert field.value == f"a{HOSTILE[2:]}!"


async def test_a_field_of_2500_characters_loses_none() -> None:
    text = "\tx\n👩\u200d💻" * 500
    app = Page(lambda: Input(text, compact=True, select_on_focus=False))
    async with app.run_test(size=(40, 5)) as pilot:
        field = app.query_one(Input)
        await pilot.press("end", "!", "home", "?")
        drawn(app)
        assert field.value == f"?{text}!"
