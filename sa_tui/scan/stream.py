"""Looks for tokens in a stream of any length, a piece at a time; memory does not grow with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sa_tui.scan.forms import LONGEST, tokens_in
from sa_tui.scan.found import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.scan.found import Findings

PIECE_BYTES = 2**20


class Readable(Protocol):
    """A stream of bytes, such as a file."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; nothing at its end."""


def scan_stream(
    stream: Readable,
    path: str,
    findings: Findings,
    *,
    most_bytes: int | None = None,
    on_piece: Callable[[int], None] = lambda _: None,
) -> bool:
    """Adds the tokens of a stream; says whether it was read to its end, or to `most_bytes`.

    `on_piece` is called with the size of each piece. Raises what reading raises.
    """
    kept, line, read = b"", 1, 0
    while piece := stream.read(PIECE_BYTES):
        read += len(piece)
        findings.read_bytes += len(piece)
        on_piece(len(piece))
        buffer = kept + piece
        # What begins in the last bytes may go on in the next piece.
        end = max(len(buffer) - LONGEST, 0)
        _add(buffer, end, path, line, findings)
        line += buffer.count(b"\n", 0, end)
        kept = buffer[end:]
        if most_bytes is not None and read > most_bytes:
            return False
    _add(kept, len(kept), path, line, findings)
    return True


def _add(buffer: bytes, end: int, path: str, line: int, findings: Findings) -> None:
    at = 0
    for token in sorted(tokens_in(buffer, end=end)):
        line += buffer.count(b"\n", at, token.at)
        at = token.at
        findings.add(token.secret, Place(path, line, token.form))
