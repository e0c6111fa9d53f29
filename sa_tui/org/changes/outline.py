"""Changes in the order in which they are read: by kind, each with what it alters.

The rule it keeps: nothing is said twice. What all changes of a group are made to stands in its
heading, and a change whose fields say it all has no line of its own.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from sa_tui.base.text import PROSE_LIMIT, one_line
from sa_tui.org.changes.words import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sa_tui.base.text import Shown
    from sa_tui.org.changes.change import Change, VerbName


class Group(NamedTuple):
    """Changes of one kind that stand together, with their numbers from 0.

    `subject` is what all of them are made to; empty if they are made to several things.
    """

    verb: VerbName
    subject: str
    changes: Sequence[tuple[int, Change]]

    @property
    def heading(self) -> str:
        """The kind and the subject: `Give role · ci-eu`."""
        return KINDS[self.verb] + (f" · {field_text(self.subject)}" if self.subject else "")

    def lead(self, change: Change) -> str:
        """What stands before the fields of a change of the group; empty if they say it all."""
        if change.fields and (self.subject or not change.subject):
            return ""
        return field_text(change.subject or change.title)


class FieldLine(NamedTuple):
    """A field as it was, with `-`, or as it will be, with `+`."""

    sign: Literal["-", "+"]
    name: str
    value: str


def groups(changes: Sequence[Change]) -> Iterator[Group]:
    """The changes by their kind, as far as those of a kind stand together."""
    for verb, pairs in groupby(enumerate(changes), key=lambda pair: pair[1].verb):
        group = tuple(pairs)
        subjects = {change.subject for _, change in group}
        yield Group(verb, subjects.pop() if len(subjects) == 1 else "", group)


def field_lines(change: Change) -> Iterator[FieldLine]:
    """What becomes different; what there was not, or will not be, is left out."""
    for field in change.fields:
        if field.before:
            yield FieldLine("-", field.name, field.before)
        if field.after:
            yield FieldLine("+", field.name, field.after)


def as_curl(change: Change, base_url: str) -> str:
    """The request of a change as a shell command; as a comment while it needs an id.

    Nobody can send a request whose path is only planned: not by pasting all of them either.
    """
    curl = change.request.as_curl(base_url)
    if (missing := change.missing) is None:
        return curl
    return f"# needs the id of {field_text(missing.describe())}: {curl}"


def field_text(text: str) -> Shown:
    """A name or a value on one line, safe to show."""
    return one_line(text, limit=PROSE_LIMIT)
