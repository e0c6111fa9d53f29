"""Where a key stands in a TOML file; for files that have already been parsed as TOML."""

from __future__ import annotations

import json
import re
import tomllib
from bisect import bisect_right

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_TOKENS = re.compile(
    r'''
      (?P<text>  """ (?: \\. | [^\\] )*? """ "{0,2}
               | \'\'\' .*? \'\'\' '{0,2}
               | " (?: \\. | [^"\\\n] )* "
               | ' [^'\n]* ' )
    | (?P<comment> \#[^\n]* )
    | (?P<bare> [A-Za-z0-9_-]+ )
    | (?P<mark> [\[\]{}=,\n] )
    ''',
    re.VERBOSE | re.DOTALL,
)


def dotted(path: tuple[str, ...]) -> str:
    """A key path as TOML writes it: parts that need quotes are quoted."""
    return ".".join(
        part if _BARE_KEY.fullmatch(part) else json.dumps(part, ensure_ascii=False) for part in path
    )


def key_lines(text: str) -> dict[str, int]:
    """The line (from 1) where each dotted key path, and each table, first appears."""
    return _scanned(text).lines


def last_lines(text: str) -> dict[tuple[str, ...], int]:
    """The line (from 1) where what stands below each table's own heading ends."""
    return _scanned(text).ends


def item_lines(text: str, table: str) -> list[dict[str, int]]:
    """For each `[[table]]`, the line (from 1) of its heading, under "", and of each of its keys."""
    spans = _scanned(text).spans
    starts = [start for start, _ in spans.get((table,), ())]
    items: list[dict[str, int]] = [{"": text.count("\n", 0, start) + 1} for start in starts]
    for path, places in spans.items():
        if len(path) != 2 or path[0] != table:
            continue
        for start, _ in places:
            if item := bisect_right(starts, start):
                items[item - 1].setdefault(path[1], text.count("\n", 0, start) + 1)
    return items


def renamed(text: str, path: tuple[str, ...], name: str) -> str:
    """The text with another last part for this key, wherever it is written."""
    for start, end in reversed(_scanned(text).spans.get(path, [])):
        text = text[:start] + dotted((name,)) + text[end:]
    return text


def _scanned(text: str) -> _Scan:
    scan = _Scan()
    line, position = 1, 0
    for match in _TOKENS.finditer(text if text.endswith("\n") else f"{text}\n"):
        line += text.count("\n", position, match.start())
        position = match.start()
        if match["mark"]:
            scan.mark(match["mark"], line)
        elif not match["comment"] and not scan.in_value:
            part = _unquoted(match[0]) if match["text"] else match[0]
            scan.key.append((part, match.span()))
    return scan


class _Scan:
    """Follows tables, inline tables and arrays; knows whether a key or a value comes next."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.ends: dict[tuple[str, ...], int] = {}
        self.spans: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        self.table: tuple[str, ...] = ()
        self.open: list[tuple[str, tuple[str, ...]]] = []
        self.key: list[tuple[str, tuple[int, int]]] = []
        self.path: tuple[str, ...] = ()
        self.in_value = False

    def mark(self, mark: str, line: int) -> None:
        if mark == "=" and not self.in_value:
            above = self.open[-1][1] if self.open else self.table
            self.path = self.record(above, line)
            self.in_value = True
        elif mark == "\n" and not self.open:
            if self.in_value:
                self.ends[self.table] = line
            self.key, self.in_value = [], False
        elif mark == "{" or (mark == "[" and self.in_value):
            self.open.append((mark, self.path))
            self.in_value = mark == "["
        elif mark == "," and self.open:
            self.in_value = self.open[-1][0] == "["
        elif mark in "]}" and self.open:
            self.path = self.open.pop()[1]
            self.key, self.in_value = [], True
        elif mark == "]" and self.key:
            self.table = self.record((), line)
            self.ends[self.table] = line

    def record(self, above: tuple[str, ...], line: int) -> tuple[str, ...]:
        path = above
        for part, span in self.key:
            path = (*path, part)
            self.lines.setdefault(dotted(path), line)
            self.spans.setdefault(path, []).append(span)
        self.key = []
        return path


def _unquoted(text: str) -> str:
    return str(tomllib.loads(f"key = {text}")["key"])
