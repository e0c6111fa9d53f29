"""Writes records as CSV or Markdown, with the same fields as JSON.

The rule it keeps: no text from Konnect becomes a formula, or breaks out of its cell or line.
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
"""A spreadsheet takes a text that begins with one of these, in any width, for a formula."""

UNKNOWN = "?"

_MINUS = "\u2212"
_MARKS = re.compile(r"[\\`*_\[\]<>|#~&!$]")
# Each may turn the text around it into a link, or `:name:` into an emoji.
_JOINTS = re.compile(r":(?=[^\d\s])|(?<=\S)\.(?=[^\s\d])|(?<=[^\s\d])\.(?=\d)")


def put_csv(
    env: Environment, names: Sequence[str], records: Iterable[Mapping[str, object]]
) -> None:
    """Writes a heading and one line per record; what is not known is `?`, null is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(guarded, names))
    writer.writerows([guarded(field) for field in _fields(record, names)] for record in records)
    env.stdout.write(out.getvalue())


def put_markdown(
    env: Environment, names: Sequence[str], records: Iterable[Mapping[str, object]]
) -> None:
    """Writes a table of Markdown; what is not known is `?`, null is empty."""
    _put_row(env, names)
    env.put(f"|{'|'.join(' --- ' for _ in names)}|")
    for record in records:
        _put_row(env, _fields(record, names))


def guarded(text: str) -> str:
    """The text, quoted so that no spreadsheet takes it or a part of it for a formula.

    Spreadsheets ignore leading spaces, and some split at `;` whatever the file says.
    """
    return ";".join(f"'{part}" if _is_formula(part) else part for part in text.split(";"))


def in_markdown(text: str) -> str:
    """The text, escaped so that it makes no emphasis, link, HTML or cell."""
    if "@" in text and not set(text) & set("`|\\"):
        return f"`{text}`"  # nothing else keeps GitHub from making a link of it
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
    """A value as one line of text, safe to show; null is empty."""
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
