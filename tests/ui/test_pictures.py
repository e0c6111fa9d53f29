"""The pictures in `screenshots/` show what the program shows.

Every eighth is drawn anew each time, all of them with `-m complete`.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

import pytest

if TYPE_CHECKING:
    from types import ModuleType

PICTURES = Path(__file__).parents[2] / "screenshots"
EVERY = 8
SVG = "{http://www.w3.org/2000/svg}"


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("sa_tui_pictures", path)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = _loaded(PICTURES / "make.py")


class Cell(NamedTuple):
    """One cell of a picture, and how it looks."""

    character: str = " "
    style: str = ""
    background: str = ""


Line = dict[int, Cell]


def lines_of(svg: str) -> dict[int, Line]:
    """The cells of a picture by line and column, without ids, fonts and whatever frames them."""
    root = ElementTree.fromstring(svg)
    styles = dict(re.findall(r"\.[\w-]+-(r\d+) \{ (.*?) \}", svg))
    lines: dict[int, Line] = defaultdict(lambda: defaultdict(Cell))
    for element in root.iter(f"{SVG}rect"):
        if element.get("shape-rendering") == "crispEdges":
            line = lines[round((float(element.get("y", "")) - 1.5) / 24.4)]
            start, width = (round(float(element.get(name, "")) / 12.2) for name in ("x", "width"))
            for column in range(start, start + width):
                line[column] = Cell(background=element.get("fill", ""))
    for element in root.iter(f"{SVG}text"):
        number = re.search(r"-line-(\d+)\)", element.get("clip-path", ""))
        if number is not None:
            line, style = lines[int(number[1])], element.get("class", "").rpartition("-")[2]
            start, text = round(float(element.get("x", "")) / 12.2), element.text or ""
            for column, character in enumerate(text.replace("\xa0", " ").strip("\n"), start):
                line[column] = Cell(character, styles[style], line[column].background)
    return lines


def differences(before: str, after: str) -> str:
    """Which lines differ, and in what: their text, or else the first style."""
    pictured, drawn = lines_of(before), lines_of(after)
    told = []
    for number in sorted(pictured.keys() | drawn.keys()):
        lines = pictured[number], drawn[number]
        if lines[0] != lines[1]:
            was, now = (
                "".join(cell.character for _, cell in sorted(line.items())) for line in lines
            )
            if was == now:
                column = next(column for column in lines[0] if lines[0][column] != lines[1][column])
                was, now = (f"{line[column]} in column {column + 1}" for line in lines)
            told.append(
                f"line {number + 1}\n  pictured: {was.rstrip()}\n  drawn:    {now.rstrip()}"
            )
    return "\n".join(told)


@pytest.mark.parametrize(
    "shot",
    [
        pytest.param(shot, id=shot.name, marks=() if number % EVERY == 0 else pytest.mark.complete)
        for number, shot in enumerate(make.SHOTS)
    ],
)
async def test_a_picture_shows_what_the_program_shows(shot: Any, tmp_path: Path) -> None:
    pictured = (PICTURES / f"{shot.name}.svg").read_text(encoding="utf-8")

    drawn = await make.draw(shot, tmp_path)

    if told := differences(pictured, drawn):
        pytest.fail(f"draw it anew with: python screenshots/make.py {shot.name}\n{told}")


def test_every_picture_is_drawn_and_none_is_left_over() -> None:
    there = sorted(path.stem for path in PICTURES.iterdir() if path.suffix == ".svg")

    assert there == sorted(shot.name for shot in make.SHOTS)


def test_the_readme_shows_every_picture_once() -> None:
    readme = (PICTURES.parent / "README.md").read_text(encoding="utf-8")
    rest = readme.partition("<details>")[2].partition("</details>")[0]
    shown = re.findall(r"^!\[.+\]\(screenshots/(.+)\.svg\)$", readme, flags=re.MULTILINE)

    assert sorted(shown) == sorted(shot.name for shot in make.SHOTS)
    assert f"<summary>{rest.count('![')} more pictures" in rest


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("Customs&#160;EU?", "Customs&#160;UK?"),
        ("font-weight: bold", "font-weight: normal"),
        ("{ fill: #c8d0e0", "{ fill: #c8d0e1"),
        ('<rect fill="#1e2633"', '<rect fill="#1e2634"'),
    ],
)
def test_another_text_style_or_background_is_a_difference(was: str, now: str) -> None:
    picture = (PICTURES / "team-delete.svg").read_text(encoding="utf-8")
    assert was in picture

    assert differences(picture, picture) == ""
    assert differences(picture, picture.replace(was, now))
