"""Writes texts as YAML, so that every reader gets the same text back.

The rule it keeps: what is written is plainly visible; anything else is an escape.
"""

from __future__ import annotations

import re

from sa_tui.base.text import is_plain, one_line

_UNQUOTED = re.compile(r"[A-Za-z][A-Za-z0-9_./@-]*(?: [A-Za-z0-9_./@-]+)*")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
"""What older and newer YAML take for something else than a text."""


def scalar(text: str) -> str:
    """The text as a value or a key: unquoted where no YAML takes it for anything else."""
    if _UNQUOTED.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """The text in double quotes and in escapes that YAML and Terraform share."""
    return f'"{"".join(map(_escaped, text))}"'


def is_writable(*texts: str) -> bool:
    """Whether YAML can hold these texts: for it, half of a pair of UTF-16 is not a character."""
    return not any("\ud800" <= character <= "\udfff" for text in texts for character in text)


def comment(text: str) -> str:
    """The text after `#`, on one line."""
    return f"# {one_line(text, limit=None)}"


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if is_plain(character):
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
