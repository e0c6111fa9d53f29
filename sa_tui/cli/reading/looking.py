"""Looks for tokens in what a command is given: standard input, files and folders.

The rule it keeps: what looks like a token among the arguments is refused, and not repeated.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sa_tui.base.secrets import fingerprint, looks_like_token
from sa_tui.base.text import is_visible_ascii
from sa_tui.base.words import plural
from sa_tui.cli.exits import UsageError
from sa_tui.scan.files import FileScan
from sa_tui.scan.forms import LEAST_CHARACTERS
from sa_tui.scan.found import Findings, Place
from sa_tui.scan.stream import scan_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sa_tui.cli.environment import Environment
    from sa_tui.scan.stream import Readable

STANDARD_INPUT = "standard input"
TELL_EVERY_SECONDS = 5.0

_MEGABYTE = 1_000_000
_LONGEST_WORD = 4_096
_ON_THE_LINE = (
    "A token does not belong on a command line: others see it in the list of processes, and the "
    "shell keeps it in its history. Treat it as leaked and revoke it. To learn whose it is, run "
    "`sa-tui whose` and paste it, or `sa-tui whose < FILE`. A file of such a name is ./NAME."
)


def refuse_tokens(words: Sequence[str]) -> None:
    """Raises UsageError when an argument looks like a token; the message does not have it."""
    if any(looks_like_token(word) for word in words):
        raise UsageError(_ON_THE_LINE)


def look(paths: Sequence[str], env: Environment, findings: Findings) -> None:
    """Adds the tokens in these files and folders; without any, or for `-`, in standard input.

    Raises UsageError when there is no such file, or nothing at all to look into.
    """
    for path in paths:
        if path != "-" and not os.path.lexists(path):
            raise UsageError(f"There is no file or folder {path}.")
    progress = _progress(env, findings)
    scan = FileScan(findings, on_piece=progress)
    for path in paths or ["-"]:
        if path == "-":
            _look_into_stdin(env, findings, progress, is_alone=len(paths) < 2)
        else:
            scan.look_into(path)


def _look_into_stdin(
    env: Environment, findings: Findings, progress: Callable[[int], None], *, is_alone: bool
) -> None:
    if env.stdin.isatty():
        _ask(env, findings)
        return
    before = len(findings.tokens)
    stream = _Beginning(_bytes_of(env))
    scan_stream(stream, STANDARD_INPUT, findings, on_piece=progress)
    if len(findings.tokens) > before:
        return
    if is_alone and not stream.begin.strip():
        raise UsageError("Nothing came from standard input: give a token, a log, or files.")
    _note_word(stream.begin.decode(errors="replace"), findings)


def _ask(env: Environment, findings: Findings) -> None:
    """Asks for a token on the terminal, which does not show it."""
    from getpass import getpass

    try:
        text = getpass("The token, which is not shown: ", stream=env.stderr)
    except EOFError:
        text = ""
    if not text.strip():
        raise UsageError("Nothing was given.")
    scan_stream(io.BytesIO(text.encode()), STANDARD_INPUT, findings)
    if not findings.tokens:
        _note_word(text, findings)


def _note_word(text: str, findings: Findings) -> None:
    """Notes a single word as a token of another shape: the journal may know it."""
    word = text.strip()
    if LEAST_CHARACTERS <= len(word) < _LONGEST_WORD and is_visible_ascii(word):
        secret = SecretStr(word)
        findings.note(secret, Place(STANDARD_INPUT, 1, "text"), fingerprint=fingerprint(secret))


def _bytes_of(env: Environment) -> Readable:
    stream: Readable | None = getattr(env.stdin, "buffer", None)
    return stream or io.BytesIO(env.stdin.read().encode(errors="surrogateescape"))


class _Beginning:
    """A stream that keeps the beginning of what is read from it."""

    def __init__(self, stream: Readable) -> None:
        self.begin = b""
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; nothing at its end."""
        piece = self._stream.read(size)
        if len(self.begin) < _LONGEST_WORD:
            self.begin += piece[:_LONGEST_WORD]
        return piece


def _progress(env: Environment, findings: Findings) -> Callable[[int], None]:
    told_at = env.monotonic()

    def tell(_: int) -> None:
        nonlocal told_at
        if env.monotonic() - told_at >= TELL_EVERY_SECONDS:
            told_at = env.monotonic()
            megabytes = findings.read_bytes / _MEGABYTE
            env.tell(f"looked into {plural(findings.files, 'file')}, {megabytes:,.0f} MB")

    return tell
