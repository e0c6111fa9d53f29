"""The help: the page in words, its keys, every example to try, and Konnect's words."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

import pytest

import sa_tui.ui
from sa_tui.access.query.examples import examples
from sa_tui.access.query.fields import FIELDS
from sa_tui.ui.access.base import AccessScreen
from sa_tui.ui.kit.list_screen import ListScreen
from sa_tui.ui.kit.page_words import KONNECT, words_of
from sa_tui.ui.kit.screen import SnapshotScreen

if TYPE_CHECKING:
    from collections.abc import Iterator

BASES = {SnapshotScreen, ListScreen, AccessScreen}


def below(cls: type[SnapshotScreen]) -> Iterator[type[SnapshotScreen]]:
    for each in cls.__subclasses__():
        yield each
        yield from below(each)


def test_every_page_is_explained_in_words():
    for module in pkgutil.walk_packages(sa_tui.ui.__path__, "sa_tui.ui."):
        importlib.import_module(module.name)
    pages = {*below(SnapshotScreen)} - BASES
    assert {page.__name__ for page in pages if not words_of(page)} == set()


def filter_line(driver: Any) -> str:
    (line,) = [each for each in driver.text.splitlines() if each.startswith(" /")]
    return str(line.removeprefix(" /").strip())


async def test_the_page_is_told_in_words_before_its_keys(running):
    async with running() as driver:
        await driver.press("5", "question_mark")
        assert "Who holds what, at a glance" in driver.words
        assert driver.words.index("at a glance") < driver.words.index("Here")


async def test_tab_goes_through_the_parts_and_round(running):
    async with running((100, 60)) as driver:
        await driver.press("question_mark", "tab", "tab")
        assert all(word in driver.text for word, _ in KONNECT)
        assert "IdP mapping" in driver.text
        await driver.press("tab")
        assert "who QUERY: ask who" in driver.text
        await driver.press("tab")
        assert "Filter as you type" in driver.text
        await driver.press("shift+tab")
        assert "who QUERY: ask who" in driver.text


async def test_every_field_is_in_the_help(running):
    async with running((100, 60)) as driver:
        await driver.press("question_mark", "tab")
        assert all(field.example in driver.text for field in FIELDS.values())
        assert all(field.help in driver.text for field in FIELDS.values())
        assert "every one of them must be there" in driver.words


async def test_enter_puts_the_example_into_the_filter(running):
    async with running() as driver:
        await driver.press("question_mark", "tab")
        steps = [example.query for example in examples()].index("is:idle")
        await driver.press(*["down"] * steps)
        assert "It takes armed, admin, idle" in driver.words
        await driver.press("enter")
        assert filter_line(driver) == "is:idle"
        assert "of 6 system accounts" in driver.text


async def test_on_a_page_without_a_filter_the_example_is_asked_of_everybody(running):
    async with running() as driver:
        await driver.press("enter", "question_mark", "tab", "enter")
        assert type(driver.app.screen).__name__ == "WhoScreen"
        assert filter_line(driver) == "ci prod"


async def test_the_sections_share_one_line(running):
    async with running((100, 60)) as driver:
        await driver.press("question_mark", "slash")
        await driver.type("section")
        (line,) = [line for line in driver.text.splitlines() if "1 2 3 4 5 6 7 8" in line]
        assert "Go to a section: :accounts, :tokens" in line
        assert "Show the teams" not in driver.text


async def test_in_a_dialog_no_command_is_told_that_cannot_be_typed(running):
    async with running((100, 60)) as driver:
        await driver.press("i", "question_mark")
        assert "1 2 3 4 5 6 7 8 Choose this destination" in driver.text
        assert " :" not in driver.text.partition("What the signs mean")[0]


@pytest.mark.parametrize(
    ("down", "up"),
    [("j", "k"), ("greater_than_sign", "less_than_sign"), ("ctrl+f", "ctrl+u"), ("end", "home")],
)
async def test_a_text_scrolls_by_the_keys_that_move_in_a_list(running, down, up):
    async with running((60, 16)) as driver:
        await driver.press("question_mark")
        top = driver.text
        await driver.press(down)
        assert driver.text != top
        await driver.press(up)
        assert driver.text == top


@pytest.mark.parametrize("part", range(4))
async def test_words_keep_the_lines_that_have_them(running, part):
    async with running((80, 40)) as driver:
        await driver.press("question_mark", *["tab"] * part, "slash")
        await driver.type("zzz")
        assert "has such a word" in driver.text
        await driver.press("escape")
        assert "has such a word" not in driver.text
        await driver.press("escape")
        assert type(driver.app.screen).__name__ == "AccountsScreen"


async def test_a_line_is_found_by_a_word_of_it(running):
    async with running() as driver:
        await driver.press("question_mark", "slash")
        await driver.type("reverse")
        assert "Reverse the order" in driver.text
        assert "Issue an access token" not in driver.text


async def test_a_small_terminal_shows_each_part(running):
    async with running((60, 16)) as driver:
        await driver.press("question_mark")
        assert "Esc closes" in driver.text
        await driver.press("tab", *["down"] * 30)
        assert "can:mint" in driver.text
        assert "Enter tries it" in driver.words
        await driver.press("tab", *["pagedown"] * 9)
        assert "any system account" in driver.words
