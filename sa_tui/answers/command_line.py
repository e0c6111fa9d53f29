"""The command line that gives an answer, quoted so that a shell passes every word on as it is."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from sa_tui.base.text import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROGRAM = "sa-tui"


def command_line(*words: str, output: str, last: str | None = None) -> str:
    """The line of these words that answers in the format `output`.

    `last` is an argument that may begin with a dash, such as a query.
    """
    whole = [PROGRAM, *words, "-o", output]
    if last is not None:
        # Whatever begins with a dash would else be taken for an option.
        whole += ["--", last] if last.startswith("-") else [last]
    return " ".join(map(quoted, whole))


def matrix_words(axis: str, type_name: str) -> Sequence[str]:
    """The words that ask for a matrix with these columns."""
    return {"type": (), "region": ("--by", "region")}.get(
        axis, ("--by", "role", "--type", type_name)
    )


def quoted(word: str) -> str:
    """A word for a shell; what a terminal would obey is written as an escape.

    The escapes are those of bash, zsh and ksh. Another shell, such as dash, takes such a word for
    another one, and for one word still: no quote stands inside it.
    """
    if is_plain(word):
        return shlex.quote(word)
    return f"$'{''.join(_escaped(word))}'"


def _escaped(word: str) -> Iterable[str]:
    for character in word:
        if character == "\\":
            yield r"\\"
        elif character == "'":
            yield r"\047"
        elif is_plain(character):
            yield character
        else:
            yield "".join(f"\\x{byte:02x}" for byte in character.encode(errors="surrogatepass"))


def revocation(choice: Sequence[str], account_id: str, token_id: str, *more: str) -> str:
    """The line that revokes a token of the organisation that the options `choice` open."""
    words = (PROGRAM, *choice, "token", "revoke", account_id, token_id, "--yes", *more)
    return " ".join(map(quoted, words))
