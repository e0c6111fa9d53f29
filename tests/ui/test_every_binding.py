"""A walk over every key: it has one meaning, it is told, and only one key sends."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen

import sa_tui.ui
from sa_tui.ui.kit import commands
from sa_tui.ui.kit.key_table import Means, meaning_of
from sa_tui.ui.kit.keys import Key, bind
from sa_tui.ui.kit.table.marking import MarkableLines

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = {
    ("AccountScreen", "x"): "tokens or roles, whichever table has the focus",
    ("ReviewDialog", "escape"): "stops what is being sent, else closes",
    ("ReviewDialog", "q"): "stops what is being sent, else closes",
    **{
        (f"{page}Screen", "escape"): "clears what there is to clear, else goes back"
        for page in ("Accounts", "Entities", "Entity", "Log", "Matrix", "Teams", "Tokens", "Who")
    },
    ("ProfilesScreen", "escape"): "with no organisation open there is nothing to go back to",
}
"""Keys with more than one action on a page, of which one at a time can be done."""

ENDS_SOMETHING = {Means.TAKE_AWAY, Means.REVOKE_ALL, Means.DELETE, Means.RETIRE, Means.SEND}


def _below(cls: type[Any]) -> Iterator[type[Any]]:
    for each in cls.__subclasses__():
        yield each
        yield from _below(each)


def owners() -> list[tuple[type[Any], list[Key]]]:
    """Every page, dialog and widget of ours that binds keys, with its own rows."""
    for module in pkgutil.walk_packages(sa_tui.ui.__path__, "sa_tui.ui."):
        importlib.import_module(module.name)
    ours = {cls for cls in _below(DOMNode) if cls.__module__.startswith("sa_tui.ui")}
    return [
        (cls, vars(cls)["BINDINGS"])
        for cls in sorted(ours, key=lambda cls: cls.__name__)
        if vars(cls).get("BINDINGS")
    ]


OWNERS = owners()
ROWS = [(cls.__name__, row) for cls, rows in OWNERS for row in rows]


def test_no_key_is_in_two_rows_of_the_table() -> None:
    keys = Counter(key for means in Means for key in means.keys.split(","))

    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize(
    ("owner", "row"), [pytest.param(*each, id=f"{each[0]}-{each[1].action}") for each in ROWS]
)
def test_every_binding_is_of_one_row_of_the_table_and_is_told(owner: str, row: Key) -> None:
    assert isinstance(row, Key), f"{owner}: made by something else than bind()"
    meanings = {meaning_of(key) for key in row.key.split(",")}

    assert len(meanings) == 1
    assert None not in meanings, f"{owner}: {row.key} is not in the table of keys"
    assert row.id
    assert row.description
    assert row.tooltip, f"{owner}: the help does not tell {row.key}"


@pytest.mark.parametrize(("cls", "rows"), OWNERS)
def test_no_two_actions_of_a_page_want_the_same_key(cls: type[Any], rows: list[Key]) -> None:
    keys = Counter(key for row in rows for key in row.key.split(","))

    assert {(cls.__name__, key) for key, count in keys.items() if count > 1} <= SHARED.keys()


@pytest.mark.parametrize("cls", [cls for cls, _ in OWNERS if not issubclass(cls, Screen | App)])
def test_every_part_of_a_page_with_keys_has_a_title_in_the_help(cls: type[Any]) -> None:
    assert getattr(cls, "HELP_TITLE", "") or cls is MarkableLines


def test_one_key_sends_and_does_nothing_else() -> None:
    sending = {(owner, row.action) for owner, row in ROWS if row.key == Means.SEND.keys}
    others = {(owner, row.key) for owner, row in ROWS if (owner, row.action) in sending}

    assert Means.SEND.keys == "Y"
    pages = ("ReviewDialog", "ConfirmDialog", "RotationsPage")
    assert sending == {(page, "confirm") for page in pages}
    assert {key for _, key in others} == {"Y"}


def test_nothing_that_ends_something_is_on_enter() -> None:
    ending = [row for _, row in ROWS if row.verb is not None and row.verb.ends]
    keys = {key for row in ending for key in row.key.split(",")}
    keys |= {key for means in ENDS_SOMETHING for key in means.keys.split(",")}

    assert ending
    assert not keys & {"enter", "space", "tab", "escape", "backspace"}
    assert {meaning_of(row.key) for row in ending} <= ENDS_SOMETHING | {Means.MEMBERSHIPS}


def test_a_key_that_the_table_does_not_give_cannot_be_bound() -> None:
    with pytest.raises(ValueError, match="not a key for: read again"):
        bind(Means.REFRESH, "refresh", only="f5")


PAGES = (
    (),
    ("enter",),
    ("enter", "v"),
    ("enter", "N"),
    ("n",),
    ("i",),
    ("m",),
    ("ctrl+p",),
    ("question_mark",),
)


async def test_every_key_that_works_is_in_the_help_or_the_footer(running) -> None:
    sections = [(key,) for key in "23456789" if meaning_of(key) is Means.SECTION][:7]
    async with running((160, 45)) as driver:
        for keys in (*PAGES, *sections):
            await driver.press(*keys)
            screen = driver.app.screen
            parts = commands.actions_in_parts(screen).values()
            told = {
                action.action
                for actions in (commands.actions(screen), *parts)
                for action in actions
            }
            for key, active in screen.active_bindings.items():
                if active.binding.id:  # else it is one of Textual's own
                    assert active.binding.show or active.binding.action in told, (keys, key)
            for _ in range(4):
                await driver.press("escape")
