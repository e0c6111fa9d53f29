"""Writes records as CSV or Markdown: the same fields as JSON, safe for what opens them.

The rule it keeps: no text of somebody else's is taken for a formula, a cell or a line of its own.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sa_tui.cli.environment import Environment

FORMULA_STARTS = ("=", "+", "-", "@")
"""What makes a spreadsheet take a text for a formula when it begins with it, in any width."""

UNKNOWN = "?"

_MINUS = "\u2212"
_MARKS = re.compile(r"[\\`*_\[\]<>|#~&!$]")
# Each would make an address of what is around it, or a picture of `:name:`.
_JOINTS = re.compile(r":(?=[^\d\s])|(?<=\S)\.(?=[^\s\d])|(?<=[^\s\d])\.(?=\d)")


def put_csv(
    env: Environment, names: Sequence[str], records: Iterable[Mapping[str, object]]
) -> None:
    """Writes a heading and one line per record; what is not known is `?`, nothing is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(guarded, names))
    writer.writerows([guarded(field) for field in _fields(each, names)] for each in records)
    env.stdout.write(out.getvalue())


def put_markdown(
    env: Environment, names: Sequence[str], records: Iterable[Mapping[str, object]]
) -> None:
    """Writes a table of Markdown; what is not known is `?`, nothing is empty."""
    _put_row(env, names)
    env.put(f"|{'|'.join(' --- ' for _ in names)}|")
    for each in records:
        _put_row(env, _fields(each, names))


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula, nor any part of it that it may split off.

    Spreadsheets drop blanks before they look, and some split at `;` whatever the file says.
    """
    return ";".join(f"'{part}" if _is_formula(part) else part for part in text.split(";"))


def in_markdown(text: str) -> str:
    """A text that reads as it is: no emphasis, no address, no HTML, no cell of its own."""
    if "@" in text and not set(text) & set("`|\\"):
        return f"`{text}`"  # nothing else keeps GitHub from making an address of it
    text = _MARKS.sub(r"\\\g<0>", text.replace("@", "＠"))
    return _JOINTS.sub(r"\\\g<0>", text)


def _is_formula(text: str) -> bool:
    start = unicodedata.normalize("NFKC", text.lstrip().lstrip("'\"").lstrip()[:1])
    return text.startswith(("\t", "\r")) or start.startswith((*FORMULA_STARTS, _MINUS))


def _put_row(env: Environment, texts: Iterable[str]) -> None:
    env.put(f"| {' | '.join(map(in_markdown, texts))} |")


def _fields(record: Mapping[str, object], names: Sequence[str]) -> list[str]:
    unknown = record.get("unknown")
    is_unknown = set(unknown) if isinstance(unknown, list) else set()
    return [UNKNOWN if name in is_unknown else plain(record[name]) for name in names]


def plain(value: object) -> str:
    """A value as one text on one line, safe to show; nothing is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case list():
            return one_line("; ".join(map(str, value)), limit=None)
        case _:
            return one_line(str(value), limit=None)
