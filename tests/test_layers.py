"""The rooms of the program import each other in one direction only, and few know a library."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sa_tui

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(sa_tui.__file__).parent
LAYERS = ("cli", "ui", "answers", "plans", "rotation", "audit", "access", "org", "konnect")
BASE = "base"
LEAVES = ("profiles", "records", "handover", "demo", "scan")
FEATURES = {
    "kit": set(),
    "roles": {"kit"},
    "tokens": {"roles", "kit"},
    "teams": {"roles", "kit"},
    "accounts": {"tokens", "teams", "roles", "kit"},
    "access": {"roles", "kit"},
    "profiles": {"kit"},
    "log": {"kit"},
}
"""The rooms of the interface, and which of the others each may know."""
GIVEN = "sa_tui.ui.dependencies"
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
        modules = ("models", "errors", "regions")
        return target.startswith(tuple(f"sa_tui.konnect.{module}." for module in modules))
    if room in LEAVES or other in LEAVES:
        return room not in LEAVES
    return LAYERS.index(room) < LAYERS.index(other)


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_only_what_its_room_may(name: str) -> None:
    ours = (each for each in imports(FILES[name], with_types=True) if each.startswith("sa_tui."))

    assert [target for target in ours if not may_import(name.partition("/")[0], target)] == []


@pytest.mark.parametrize(
    "name", [name for name in FILES if name.startswith("ui/") and name.count("/") > 1]
)
def test_a_feature_knows_only_those_below_it(name: str) -> None:
    _, feature, *_ = name.split("/")
    ours = [each for each in imports(FILES[name], with_types=True) if each.startswith("sa_tui.ui.")]

    may = FEATURES[feature] | {feature}
    strays = [each for each in ours if each.split(".")[2] not in may and GIVEN not in each]
    assert strays == []


def test_no_file_imports_itself_by_way_of_others() -> None:
    """A circle cannot be read from either end; imports for the type checker count as well."""
    modules = {_module(name): path for name, path in FILES.items()}
    graph = {
        module: {_owner(target, modules) for target in imports(path, with_types=True)} - {module}
        for module, path in modules.items()
    }
    order = TopologicalSorter({module: targets & set(modules) for module, targets in graph.items()})
    try:
        order.prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' <- '.join(error.args[1])}")


def _module(name: str) -> str:
    return f"sa_tui.{name.removesuffix('.py').replace('/', '.')}".removesuffix(".__init__")


def _owner(target: str, modules: dict[str, Path]) -> str:
    """The file that a dotted name is imported from."""
    return target if target in modules else target.rpartition(".")[0]


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


def test_the_readme_tells_the_same_order() -> None:
    readme = (ROOT.parent / "README.md").read_text()
    rooms = [name for name in (*LAYERS, BASE) if (ROOT / name).is_dir()]
    leaves = f"`{'`, `'.join(LEAVES[:-1])}` and `{LEAVES[-1]}` import `{BASE}` alone"

    assert f"Imports point one way, `{' ▸ '.join(rooms)}`" in readme
    assert leaves in " ".join(readme.split())
