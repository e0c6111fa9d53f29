"""What Textual and Rich keep to themselves is touched in one room, by rows that name a canary."""

from __future__ import annotations

import ast
import importlib
import inspect
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sa_tui.ui
from sa_tui.ui.kit import patches

if TYPE_CHECKING:
    from collections.abc import Iterator

UI = Path(next(iter(sa_tui.ui.__path__)))
ROOM = "kit/patches/"
FILES = {path.relative_to(UI).as_posix(): path for path in sorted(UI.rglob("*.py"))}
LIBRARIES = ("textual", "rich")
OURS = ("self", "cls", "super()")


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def touched_elsewhere(path: Path) -> Iterator[str]:
    """Private names that the file imports from a library, or takes from what is not its own."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LIBRARIES:
            rooms = [*filter(is_private, (node.module or "").split("."))]
            yield from rooms or filter(is_private, (alias.name for alias in node.names))
        elif isinstance(node, ast.Import):
            names = [name for alias in node.names for name in alias.name.split(".")]
            yield from filter(is_private, names if names[0] in LIBRARIES else ())
        elif isinstance(node, ast.Attribute) and is_private(node.attr):
            owner = ast.unparse(node.value)
            if owner not in (*OURS, "os"):
                yield f"{owner}.{node.attr}"


def own_names(node: ast.ClassDef, *, only_set: bool) -> set[str]:
    """The private names that a class defines, sets on itself, or, unless `only_set`, reads."""
    names = {getattr(part, "name", "") for part in node.body}
    for part in node.body:
        if isinstance(part, ast.Assign | ast.AnnAssign):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            names |= {ast.unparse(target) for target in targets}
    for child in ast.walk(node):
        if isinstance(child, ast.Attribute) and ast.unparse(child.value) in OURS:
            names |= {child.attr} if not only_set or isinstance(child.ctx, ast.Store) else set()
    return set(filter(is_private, names))


@cache
def names_of(kind: type, *, only_set: bool) -> set[str]:
    """The same of a class that was imported."""
    path = Path(inspect.getsourcefile(kind) or "")
    nodes = [each for each in ast.walk(tree(path)) if isinstance(each, ast.ClassDef)]
    return {
        name
        for node in nodes
        if node.name == kind.__name__
        for name in own_names(node, only_set=only_set)
    }


def room_of(kind: type) -> str:
    return kind.__module__.split(".")[0]


def test_nothing_outside_takes_a_private_name_of_a_library() -> None:
    touched = {
        name: found
        for name, path in FILES.items()
        if not name.startswith(ROOM) and (found := sorted(touched_elsewhere(path)))
    }

    assert touched == {}


@cache
def shared_names() -> frozenset[tuple[str, str, str]]:
    """Of each class of ours the private names that it has, or reads, of what it inherits from.

    A mixin is looked at together with what it is mixed into.
    """
    names = [f"sa_tui.ui.{name[:-3].replace('/', '.')}" for name in FILES if "__init__" not in name]
    kinds = {
        kind
        for name in names
        for kind in vars(importlib.import_module(name)).values()
        if inspect.isclass(kind) and kind.__module__.startswith("sa_tui.ui.")
    }
    assert len(kinds) > 100
    return frozenset(
        (f"{part.__module__}.{part.__name__}", theirs.__name__, name)
        for kind in kinds
        for theirs in kind.__mro__
        if room_of(theirs) in LIBRARIES
        for part in kind.__mro__
        if room_of(part) == "sa_tui"
        for name in names_of(part, only_set=False) & names_of(theirs, only_set=True)
    )


def test_no_class_outside_shares_a_private_name_with_what_it_inherits_from() -> None:
    assert {each for each in shared_names() if ".kit.patches." not in each[0]} == set()


def rows() -> Iterator[tuple[set[str], str]]:
    """What each row of the table names, and its canary."""
    for line in (patches.__doc__ or "").replace(",\n", ", ").splitlines():
        if line.count("|") == 2:
            touched, _, canary = line.split("|")
            yield {name.strip() for name in touched.split(",")}, f"test_{canary.strip()}"


def test_every_row_names_a_canary_and_every_canary_is_named() -> None:
    canaries = ast.parse(Path(__file__).with_name("test_canaries.py").read_text())
    there = {getattr(node, "name", "") for node in canaries.body}

    assert {canary for _, canary in rows()} == {name for name in there if name.startswith("test_")}


def test_every_private_name_that_is_touched_has_its_row() -> None:
    written = {name.split(".")[-1] for touched, _ in rows() for name in touched}
    read = {
        name.split(".")[-1]
        for file, path in FILES.items()
        if file.startswith(ROOM)
        for name in touched_elsewhere(path)
    }

    assert read | {name for *_, name in shared_names()} == written
