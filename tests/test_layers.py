"""The rooms of the program import each other in one direction only, and few know a library."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sa_tui

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(sa_tui.__file__).parent
LAYERS = ("cli", "ui", "audit", "access", "org", "konnect")
BASE = "base"
LEAVES = ("profiles", "records", "handover", "demo")
HOMES = {
    "textual": ("ui/",),
    "httpx": ("konnect/", "demo/"),
    "platformdirs": ("profiles/", "records/journal.py"),
}
FILES = {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*.py"))}


def imports(path: Path, *, with_types: bool) -> Iterator[str]:
    """Every dotted name that a file imports, those for the type checker only if asked."""
    tree = ast.parse(path.read_text())
    conditions = (node for node in ast.walk(tree) if isinstance(node, ast.If))
    guards = (each for each in conditions if ast.unparse(each.test) == "TYPE_CHECKING")
    for_types = {node for guard in guards for child in guard.body for node in ast.walk(child)}
    for node in ast.walk(tree):
        if node in for_types and not with_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def may_import(room: str, target: str) -> bool:
    """Whether a file of this room may import that name of ours."""
    other = target.split(".")[1]
    if other not in (*LAYERS, *LEAVES, BASE) or other == room or room.endswith(".py"):
        return True
    if BASE in (room, other):
        return other == BASE
    if room == "ui" and other == "konnect":
        return target.startswith(("sa_tui.konnect.models.", "sa_tui.konnect.errors."))
    if room in LEAVES or other in LEAVES:
        return room not in LEAVES
    return LAYERS.index(room) < LAYERS.index(other)


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_only_what_its_room_may(name: str) -> None:
    ours = (each for each in imports(FILES[name], with_types=True) if each.startswith("sa_tui."))

    assert [target for target in ours if not may_import(name.split("/")[0], target)] == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_known_to_its_rooms_alone(library: str) -> None:
    users = [
        name
        for name, path in FILES.items()
        if any(each.split(".")[0] == library for each in imports(path, with_types=False))
    ]

    assert users
    assert [name for name in users if not name.startswith(HOMES[library])] == []


def test_what_draws_text_is_our_own_and_makes_it_safe() -> None:
    """Textual's own widgets send text as it is: an escape sequence in a name would be obeyed."""
    harmless = {"Button", "RadioButton", "RadioSet"}  # their words are ours
    used = {
        (name, each)
        for name in FILES
        for each in imports(FILES[name], with_types=False)
        if name not in ("ui/kit/safe.py", "ui/kit/patches/drawn_input.py")
        and each.startswith("textual.widgets")
        and each.removeprefix("textual.widgets.") not in harmless
    }

    assert used == set()
