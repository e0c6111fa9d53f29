"""Looks for tokens in files and folders.

The rules it keeps: it opens regular files only, follows no link that it meets in a folder, and says
what it did not look into. A file or link that is named is looked into wherever it leads, and one
that cannot be is not passed over.
"""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from typing import TYPE_CHECKING

from sa_tui.base.secrets import redact
from sa_tui.scan.forms import tokens_in
from sa_tui.scan.found import Place
from sa_tui.scan.stream import scan_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

    from sa_tui.scan.found import Findings

MOST_UNPACKED_BYTES = 4 * 2**30
"""What comes out of one compressed file, at most: a small file may be made to unpack for ever."""

_GZIP = b"\x1f\x8b"
_PACKED = {
    b"PK\x03\x04": "a zip archive",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"\xfd7zXZ": "compressed with xz",
    b"BZh": "compressed with bzip2",
    b"7z\xbc\xaf": "a 7z archive",
}
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY


class FileScan:
    """Adds what files have to `findings`.

    `on_piece` is called with the size of each piece that is read. Of one compressed file at most
    `most_unpacked_bytes` are looked into.
    """

    def __init__(
        self,
        findings: Findings,
        *,
        on_piece: Callable[[int], None] = lambda _: None,
        most_unpacked_bytes: int = MOST_UNPACKED_BYTES,
    ) -> None:
        self._findings = findings
        self._on_piece = on_piece
        self._most_unpacked_bytes = most_unpacked_bytes

    def look_into(self, path: str) -> None:
        """Adds the tokens in a file, in a named pipe, or in all files below a folder."""
        try:
            if os.path.isdir(path):
                self._folder(path)
            else:
                self._file(path, flags=_READ)
        except OSError as error:
            self._note_unread(path, error)

    def _folder(self, top: str) -> None:
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                self._note_unread(folder, error)
                continue
            below = [path for entry in entries if (path := self._met(entry, entries))]
            waiting += reversed(below)

    def _met(self, entry: os.DirEntry[str], entries: Sequence[os.DirEntry[str]]) -> str | None:
        """Looks into one thing that a folder has; returns a folder, to be looked into later."""
        self._name(entry)
        if entry.is_symlink():
            self._leave_out(entry.path, "a link")
        elif entry.is_dir(follow_symlinks=False):
            if entry.name == "objects" and {"HEAD", "refs"} <= {each.name for each in entries}:
                self._leave_out(entry.path, "the compressed history of git")
            else:
                return entry.path
        elif entry.is_file(follow_symlinks=False):
            try:
                self._file(entry.path, flags=_READ | os.O_NOFOLLOW | os.O_NONBLOCK)
            except OSError as error:
                self._note_unread(entry.path, error)
        else:
            self._leave_out(entry.path, "no regular file")
        return None

    def _file(self, path: str, *, flags: int) -> None:
        with open(os.open(path, flags), "rb", buffering=0) as file:
            mode = os.fstat(file.fileno()).st_mode
            is_named = not flags & os.O_NOFOLLOW
            if not stat.S_ISREG(mode) and not (stat.S_ISFIFO(mode) and is_named):
                self._leave_out(path, "no regular file", is_named=is_named)
                return
            self._findings.files += 1
            begin = os.pread(file.fileno(), 8, 0) if stat.S_ISREG(mode) else b""
            packed = next((what for magic, what in _PACKED.items() if begin.startswith(magic)), "")
            if packed:
                self._leave_out(path, packed, is_named=is_named)
            elif begin.startswith(_GZIP):
                self._packed(file, path)
            else:
                scan_stream(file, redact(path), self._findings, on_piece=self._on_piece)

    def _packed(self, file: BinaryIO, path: str) -> None:
        unread = self._findings.unread
        try:
            with gzip.open(file) as content:
                is_whole = scan_stream(
                    content,
                    redact(path),
                    self._findings,
                    most_bytes=self._most_unpacked_bytes,
                    on_piece=self._on_piece,
                )
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            unread[redact(path)] = f"it cannot be unpacked: {error}"
        else:
            if not is_whole:
                unread[redact(path)] = "only the beginning of what it unpacks to was looked into"

    def _name(self, entry: os.DirEntry[str]) -> None:
        encoded = os.fsencode(entry.name)
        for token in tokens_in(encoded, end=len(encoded)):
            self._findings.add(token.secret, Place(redact(entry.path), None, token.form))

    def _leave_out(self, path: str, reason: str, *, is_named: bool = False) -> None:
        kept = self._findings.unread if is_named else self._findings.left_out
        kept[redact(path)] = reason

    def _note_unread(self, path: str, error: OSError) -> None:
        self._findings.unread[redact(path)] = error.strerror or type(error).__name__
