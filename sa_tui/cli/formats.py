"""Writes records as CSV or Markdown: the same fields as JSON, safe for what opens them.

The rule it keeps: no text of somebody else's is taken for a formula, a cell or a line of its own.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sa_tui.cli.world import World

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula when it begins with it."""

UNKNOWN = "?"
_MARKDOWN = str.maketrans({each: f"\\{each}" for each in "\\`*_[]<>|#"} | {"\n": " ", "\r": " "})


def put_csv(world: World, names: Sequence[str], records: Iterable[Mapping[str, object]]) -> None:
    """Writes a heading and one line per record; what is not known is `?`, nothing is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(guarded, names))
    writer.writerows([guarded(field) for field in _fields(each, names)] for each in records)
    world.stdout.write(out.getvalue())


def put_markdown(
    world: World, names: Sequence[str], records: Iterable[Mapping[str, object]]
) -> None:
    """Writes a table of Markdown; what is not known is `?`, nothing is empty."""
    _put_row(world, names)
    world.put(f"|{'|'.join(' --- ' for _ in names)}|")
    for each in records:
        _put_row(world, _fields(each, names))


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _put_row(world: World, texts: Iterable[str]) -> None:
    world.put(f"| {' | '.join(text.translate(_MARKDOWN) for text in texts)} |")


def _fields(record: Mapping[str, object], names: Sequence[str]) -> list[str]:
    unknown = record.get("unknown")
    is_unknown = set(unknown) if isinstance(unknown, list) else set()
    return [UNKNOWN if name in is_unknown else plain(record[name]) for name in names]


def plain(value: object) -> str:
    """A value as one text; nothing is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case list():
            return "; ".join(map(str, value))
        case _:
            return str(value)
