"""The README has the keys of the program, and the files that it and CONTRIBUTING name are there."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from typing import TYPE_CHECKING

from textual.keys import format_key
from textual.widget import Widget

import sa_tui.ui
from sa_tui.ui.app import SaTui
from sa_tui.ui.kit.key_table import Means
from sa_tui.ui.kit.keys import Key

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
MAP = README.partition("## The house\n\n```\n")[2].partition("```")[0]
NAME = r"[.\w]+(?:\.py|/)"


def named(text: str) -> list[Path]:
    """Every file and folder in a map: each is in the folder that the lines above it are about."""
    paths: list[Path] = []
    above = [(-1, [ROOT])]
    for line in text.splitlines():
        begun = re.match(rf" *((?:{NAME} *)+)", line)
        indent = len(line) - len(line.lstrip())
        while begun and above[-1][0] >= indent:
            above.pop()
        folders = [
            parent / name
            for parent in above[-1][1]
            for name in (begun[1].split() if begun else ())
            if name.endswith("/")
        ]
        for name in re.findall(NAME, line):
            places = [folder / name for folder in (*above[-1][1], *folders)]
            paths.append(next((path for path in places if path.exists()), places[0]))
        if folders:
            above.append((indent, folders))
    return paths


def test_everything_in_the_map_is_there() -> None:
    assert named(MAP)
    assert [str(path.relative_to(ROOT)) for path in named(MAP) if not path.exists()] == []


def test_every_room_is_in_the_map() -> None:
    rooms = {path.parent for path in (ROOT / "sa_tui").rglob("*.py")}

    assert rooms - {*named(MAP)} == set()


def test_every_file_that_contributing_names_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    names = re.findall(r"`([\w./]+(?:\.py|\.md|\.tcss|/))`", text)

    assert names
    assert [name for name in names if not (ROOT / name).exists()] == []


NAMES = {
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    **{name: name.capitalize() for name in ("up", "down", "left", "right", "backspace", "enter")},
}
"""Names for the README of keys that Textual shows as a sign or in another way."""


def name_of(key: str) -> str:
    """A key as the README writes it: `Ctrl+P`, `Space`, `/`, `x`."""
    *modifiers, last = key.split("+")
    shown = NAMES.get(last, format_key(last))
    is_word = len(shown) > 1 or modifiers
    return "+".join(part[0].upper() + part[1:] if is_word else part for part in (*modifiers, shown))


def bound_keys() -> set[str]:
    """The keys of every page, dialog and widget."""
    for module in pkgutil.walk_packages(sa_tui.ui.__path__, "sa_tui.ui."):
        importlib.import_module(module.name)
    owners = [SaTui, *_below(Widget)]
    rows = [row for owner in owners for row in owner.__dict__.get("BINDINGS", ())]
    return {key for row in rows if isinstance(row, Key) for key in row.key.split(",")}


def _below(cls: type[Widget]) -> Iterator[type[Widget]]:
    for widget in cls.__subclasses__():
        yield widget
        yield from _below(widget)


def test_the_table_of_keys_is_that_of_the_program() -> None:
    table = README.partition("## Keys")[2].partition("|---|---|\n")[2].partition("\n\n")[0]
    bound = bound_keys()
    rows = []
    for means in Means:
        if not bound.isdisjoint(means.keys.split(",")):
            names = " ".join(f"`{name_of(key)}`" for key in means.keys.split(","))
            rows.append(f"| {names} | {means.words} |")

    assert table.splitlines()[: len(rows)] == rows
