"""Marks of rows: one by one, up to here, all that are shown, and the others instead."""

from __future__ import annotations

import pytest

from sa_tui.ui.kit.table.marking import marked_words
from sa_tui.ui.kit.table.table import LineTable
from tests.ui.kit.table.test_table import Tables, numbered


@pytest.mark.parametrize(
    ("keys", "marked"),
    [
        ("space", "0"),
        ("space space", "01"),
        ("space up space", ""),
        ("space down down M", "0123"),
        ("end space up up up up M", "56789"),
        ("down M", "1"),
        ("space down M down down M", "01234"),
        ("shift+down shift+down", "012"),
        ("down down shift+up", "12"),
        ("shift+up", "0"),
        ("A", "0123456789"),
        ("A I", ""),
        ("space I", "123456789"),
        ("space A I", ""),
    ],
)
async def test_keys_mark_one_or_many(keys: str, marked: str) -> None:
    app = Tables(markable=True)
    async with app.run_test(size=(40, 24)) as pilot:
        app.table.set_keys(numbered(10))
        await pilot.press(*keys.split())
        assert sorted(app.table.marks) == [f"ci-0000{digit}" for digit in marked]
        assert app.told_of(LineTable.Marked)[-1].marks == app.table.marks


async def test_rows_that_cannot_be_marked_leave_the_keys_alone() -> None:
    app = Tables()
    async with app.run_test(size=(40, 24)) as pilot:
        app.table.set_keys(numbered(10))
        await pilot.press("space", "A", "I", "M", "shift+down")
        assert not app.table.marks


async def test_an_empty_table_has_nothing_to_mark() -> None:
    app = Tables(markable=True)
    async with app.run_test(size=(40, 24)) as pilot:
        await pilot.press("space", "A", "I", "M", "shift+down", "shift+up")
        assert not app.table.marks
        assert marked_words(app.table) == ""


async def test_all_and_the_others_are_those_that_the_filter_shows() -> None:
    app = Tables(markable=True)
    async with app.run_test(size=(40, 24)) as pilot:
        app.table.set_keys(numbered(10))
        await pilot.press("end", "space")
        app.table.set_keys(numbered(3))
        assert marked_words(app.table) == "1 marked, 1 of them not shown"
        await pilot.press("A")
        assert marked_words(app.table) == "4 marked, 1 of them not shown"
        await pilot.press("I")
        assert app.table.marks == {"ci-00009"}
        app.table.set_keys(numbered(10))
        assert marked_words(app.table) == "1 marked"


async def test_a_range_from_a_row_that_is_not_shown_any_more_is_the_row_here() -> None:
    app = Tables(markable=True)
    async with app.run_test(size=(40, 24)) as pilot:
        app.table.set_keys(numbered(10))
        await pilot.press("end", "space")
        app.table.set_keys(numbered(3))
        await pilot.press("home", "M")
        assert app.table.marks == {"ci-00009", "ci-00000"}
