"""Reads what a command is given in a file or on standard input, as numbered lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.cli.exits import UsageError

if TYPE_CHECKING:
    from sa_tui.cli.environment import Environment

STDIN = "-"
MAX_BYTES = 16_000_000
"""No list of names or queries is larger; a device without an end would be."""


@dataclass(frozen=True)
class InputLine:
    """A line, and its number from 1."""

    number: int
    text: str


def read_input(name: str, env: Environment) -> str:
    """The text of a file, or of standard input for `-`. Raises UsageError with the reason."""
    try:
        if name == STDIN:
            text = env.stdin.read(MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                text = file.read(MAX_BYTES + 1).decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror or error}.") from None
    except ValueError:  # UnicodeDecodeError, or a path with a null
        raise UsageError(f"{name} cannot be read: it is not text in UTF-8.") from None
    if len(text) > MAX_BYTES:
        raise UsageError(f"{name} is too long: {MAX_BYTES:,} bytes are the most.")
    return text


def lines_of(text: str) -> list[InputLine]:
    """The lines without blanks around them; empty ones and comments (#) are left out."""
    numbered = enumerate(text.split("\n"), start=1)
    lines = [InputLine(number, line.strip()) for number, line in numbered]
    return [line for line in lines if line.text and not line.text.startswith("#")]
