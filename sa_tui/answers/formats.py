"""Records as the text of CSV or Markdown, with the same fields as JSON, and as JSON.

The rule it keeps: no text from Konnect becomes a formula, or breaks out of its cell or line.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sa_tui.base.text import escaped_json
from sa_tui.base.text import one_line as shown_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FORMULA_STARTS = ("=", "+", "-", "@")
"""A spreadsheet takes a text that begins with one of these, in any width, for a formula."""

UNKNOWN = "?"

_MINUS = "\u2212"
_MARKS = re.compile(r"[\\`*_\[\]<>|#~&!$]")
# Each may turn the text around it into a link, or `:name:` into an emoji.
_JOINTS = re.compile(r":(?=[^\d\s])|(?<=\S)\.(?=[^\s\d])|(?<=[^\s\d])\.(?=\d)")


def csv_text(names: Sequence[str], records: Iterable[Mapping[str, object]]) -> str:
    """A heading and one line per record; what is not known is `?`, null is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(guarded, names))
    writer.writerows([guarded(field) for field in _fields(record, names)] for record in records)
    return out.getvalue()


def markdown_text(names: Sequence[str], records: Iterable[Mapping[str, object]]) -> str:
    """A table of Markdown; what is not known is `?`, null is empty."""
    rule = f"|{'|'.join(' --- ' for _ in names)}|"
    rows = (_row(_fields(record, names)) for record in records)
    return "".join(f"{line}\n" for line in (_row(names), rule, *rows))


def json_text(
    value: Mapping[str, object], *, one_line: bool = False, is_ascii: bool = False
) -> str:
    """An object as JSON, without an end of line; times become ISO 8601 in UTC."""
    indent = None if one_line else 2
    return escaped_json(json.dumps(value, default=_plain, indent=indent, ensure_ascii=is_ascii))


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


def _row(texts: Iterable[str]) -> str:
    return f"| {' | '.join(map(in_markdown, texts))} |"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return in_utc(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def in_utc(value: datetime) -> str:
    """A time in the form of RFC 3339."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


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
            return in_utc(value)
        case list():
            return shown_line("; ".join(map(str, value)), limit=None)
        case _:
            return shown_line(str(value), limit=None)
