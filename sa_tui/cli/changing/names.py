"""Names on the command line and from standard input, one on each line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.cli.exits import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

STDIN = "-"
"""Stands for the names on standard input."""

MOST_CHARACTERS = 5_000_000
"""More than the names of the largest organisation: anything longer is not a list of names."""


def read_names(words: Sequence[str], stdin: TextIO) -> tuple[str, ...]:
    """The names, each once, with those of standard input in the place of `-`.

    Raises UsageError if `-` is given and standard input has no name, or cannot be read.
    """
    names: list[str] = []
    for word in dict.fromkeys(words):
        names += _lines(stdin) if word == STDIN else [word]
    return tuple(dict.fromkeys(names))


def _lines(stdin: TextIO) -> list[str]:
    try:
        text = stdin.read(MOST_CHARACTERS + 1)
    except (OSError, ValueError) as error:  # closed, or not UTF-8
        raise UsageError(f"Standard input cannot be read: {error}") from error
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"Standard input has more than {MOST_CHARACTERS:,} characters: no names.")
    names = [line for line in (line.rstrip("\r") for line in text.split("\n")) if line]
    if not names:
        raise UsageError("There is no name on standard input: give one on each line.")
    return names


def split(values: Iterable[str]) -> tuple[str, ...]:
    """The values of a repeatable option, of which each may be several with commas between them."""
    parts = (part.strip() for value in values for part in value.split(","))
    return tuple(dict.fromkeys(filter(None, parts)))
