"""The lines of changes in a review: by kind, each field once, nothing cut.

The rule it keeps: a text that is too long for a line goes on in the next, so that scrolling shows
every word of every change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from sa_tui.base.text import lines, one_line
from sa_tui.org.changes.outline import field_lines, field_text, groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console

    from sa_tui.org.changes.change import Change

_SIGNS = {"-": "bad", "+": "good"}
_INDENT = 2


class Line(NamedTuple):
    """One line: the changes that it is about, the mark before it, and its text."""

    numbers: tuple[int, ...]
    mark: Text
    text: Text


class Told(NamedTuple):
    """What stands with a change besides its fields: its mark, and lines below it."""

    mark: Text
    below: tuple[Text, ...] = ()


def change_lines(
    changes: Sequence[Change],
    *,
    tell: Callable[[int], Told],
    requests: Sequence[str] | None,
    is_named: bool,
    width: int,
    console: Console,
) -> dict[str, Line]:
    """The lines of these changes by their keys; `requests` stand in place of the fields if given.

    The key of the first line of change 3 is `3.0`. The only change has no heading if it `is_named`
    by the title of the page.
    """
    found: dict[str, Line] = {}
    for group in groups(changes):
        heading = Text(group.heading, style="bold")
        is_alone = len(group.changes) == 1
        if not is_alone:
            numbers = tuple(number for number, _ in group.changes)
            text = heading.append(f" · {len(numbers):,}")
            for place, row in enumerate(text.wrap(console, width)):
                found[f"{group.verb}.{place}"] = Line(numbers, Text(), row)
        for number, change in group.changes:
            rows = _fields(change, width - _INDENT, console)
            if requests is not None:
                rows = list(Text(one_line(requests[number], limit=None)).wrap(console, width - 2))
            lead = Text(group.lead(change), style="bold")
            if is_alone:
                is_said = is_named and len(changes) == 1 and change.fields
                lead = Text() if is_said else heading
            told = tell(number)
            below = [row for text in told.below for row in text.wrap(console, width - _INDENT)]
            for place, row in enumerate(_placed(lead, rows, below, width, console)):
                mark = told.mark if place == 0 else Text()
                found[f"{number}.{place}"] = Line((number,), mark, row)
    return found


def _placed(
    lead: Text, rows: list[Text], below: list[Text], width: int, console: Console
) -> Iterator[Text]:
    """The rows of one change: all on one line if they fit, else its fields below its subject."""
    if not lead:
        yield from rows
        rows = []
    elif len(rows) == 1 and lead.cell_len + _INDENT + rows[0].cell_len <= width:
        yield Text.assemble(lead, "  ", rows[0])
        rows = []
    else:
        yield from lead.wrap(console, width)
    for row in (*rows, *below):
        yield Text.assemble(" " * _INDENT, row)


def _fields(change: Change, width: int, console: Console) -> list[Text]:
    """What was before with a minus, what will be with a plus; short ones share a line."""
    rows: list[Text] = []
    last_sign = ""
    for sign, name, value in field_lines(change):
        entry_lines = lines(value).split("\n")
        entry = Text(f"{sign} {field_text(name)} ", style=_SIGNS[sign]).append(entry_lines[0])
        more = Text(" · ", style=_SIGNS[sign]).append(f"{field_text(name)} {entry_lines[0]}")
        is_alone = len(entry_lines) > 1
        if sign == last_sign and not is_alone and rows[-1].cell_len + more.cell_len <= width:
            rows[-1].append_text(more)
        else:
            rows += entry.wrap(console, width)
        for line in entry_lines[1:]:
            rows += Text(f"{sign}   {line}", style=_SIGNS[sign]).wrap(console, width)
        last_sign = "" if is_alone else sign
    return rows
