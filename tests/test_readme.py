"""The README's keys do what it says, and the files that it and CONTRIBUTING name are there."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

import sa_tui.ui
from sa_tui.ui.app import SaTui
from sa_tui.ui.kit.filter_bar import FilterBar
from sa_tui.ui.kit.screen import SnapshotScreen
from sa_tui.ui.kit.table.table import LineTable

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


KEYS = {
    "Enter": ["table.open"],
    "Esc": ["back", "clear"],
    "i": ["issue"],
    "/": ["filter"],
    "Tab": ["complete"],
    "s": ["sort"],
    "S": ["reverse"],
    "r": ["refresh"],
    "y": ["copy-id"],
    ":": ["command"],
    "?": ["help"],
    "Ctrl+P": ["palette"],
    "g": ["jump"],
    "Ctrl+K": ["jump-anywhere"],
    "n": ["new"],
    "e": ["edit"],
    "c": ["clone"],
    "D": ["delete"],
    "E": ["edit"],
    "Space": ["table.mark"],
    "x": ["revoke", "remove-roles"],
    "X": ["revoke-all"],
    "a": ["assign-roles"],
    "t": ["account-teams"],
    "v": ["access"],
    "m": ["team-accounts"],
    "p": ["team-people"],
    "o": ["rotate"],
    "R": ["retire"],
    "w": ["who"],
    "M": ["matrix"],
    "U": ["entities"],
    "=": ["compare"],
    "K": ["tokens"],
    "T": ["teams"],
    "L": ["log"],
    "P": ["profiles"],
    "q": ["quit"],
    "Ctrl+Q": ["quit-anywhere"],
}
"""What each key of the README's table does, by the ids of its bindings."""

NOT_TOLD = {
    "d": "on one page alone, whose last line tells it",
    "u": "told where the README is about the matrix and the log",
    **dict.fromkeys("hjkl", "as in vi; the README tells no key that moves the cursor"),
}
"""Letters that the table leaves out, each with the reason."""

KEY_NAMES = {"/": "slash", ":": "colon", "?": "question_mark", "=": "equals_sign", "Esc": "escape"}


def bindings() -> dict[str, set[str]]:
    """The ids of what each key does on the pages, in their tables and in the filter."""
    for module in pkgutil.walk_packages(sa_tui.ui.__path__, "sa_tui.ui."):
        importlib.import_module(module.name)
    ids: dict[str, set[str]] = defaultdict(set)
    for owner in (SaTui, LineTable, FilterBar, *_below(SnapshotScreen)):
        for binding in owner.__dict__.get("BINDINGS", ()):
            for key in binding.key.split(","):
                ids[key].add(binding.id)
    return ids


def _below(cls: type[Screen[None]]) -> Iterator[type[Screen[None]]]:
    for screen in cls.__subclasses__():
        yield screen
        yield from _below(screen)


def test_every_key_of_the_readme_does_what_it_says() -> None:
    table = README.partition("## Keys")[2].partition("\n\n")[2].partition("\n\n")[0]
    keys = re.findall(r"`([^`: ]+|:)`", table)
    bound = bindings()

    assert keys == list(KEYS)
    for key, ids in KEYS.items():
        name = KEY_NAMES.get(key, key if len(key) == 1 else key.lower())
        assert bound[name] >= {*ids}, key


def test_every_letter_that_is_a_key_is_in_the_readme() -> None:
    letters = {key for key in bindings() if len(key) == 1}

    assert letters - KEYS.keys() == NOT_TOLD.keys()
