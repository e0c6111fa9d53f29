"""A new file that only its owner can read; nothing that exists is ever overwritten or followed."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import stat
import tempfile
from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.base.new_file import PartialFileError, write_new
from sa_tui.base.private_file import FILE_MODE, opened_directory
from sa_tui.handover.delivery import Delivery
from sa_tui.handover.filling import ORGANISATION, fill_text, why_unfilled
from sa_tui.handover.formats import Format, is_variable_name, render

if TYPE_CHECKING:
    from pydantic import SecretStr

    from sa_tui.base.label import Label

_PROBE_BYTES = 4096
_MOST_BYTES = 2**20


@dataclass(frozen=True)
class FileDestination:
    """A file that does not exist yet; it is made with mode 0600.

    A directory in which others may write is refused, because they could put another file in its
    place; with the sticky bit (/tmp) they cannot. That others may *list* the directory (a home
    directory of mode 0755) is accepted: the file itself is closed to them.
    """

    path: Path
    _: KW_ONLY
    format: Format = "raw"
    variable: str = "KONNECT_TOKEN"

    @property
    def kind(self) -> str:
        """`file`."""
        return "file"

    @property
    def target(self) -> Path:
        """The absolute path; a leading `~` is the home directory."""
        return Path(os.path.abspath(os.path.expanduser(self.path)))

    def filled(self, label: Label) -> FileDestination:
        """The same file, with the names in place of the placeholders in its path."""
        return replace(self, path=Path(fill_text(str(self.path), label)))

    def describe(self) -> str:
        """Names the path, the format and the mode."""
        form = f"env, {self.variable}" if self.format == "env" else self.format
        return f"file {self.target} ({form}, mode {FILE_MODE:04o})"

    async def check(self) -> str | None:
        """Says why the file could not be made and what to do, or None; leaves nothing behind."""
        if ORGANISATION in str(self.path):
            return why_unfilled(ORGANISATION)
        return await asyncio.to_thread(self._check)

    async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
        """Writes the file and waits until the disk has it; a partial file is removed again."""
        text = render(secret, label, format=self.format, variable=self.variable)
        return await asyncio.to_thread(self._write, text.encode(errors="replace"))

    async def remove(self, digest: str) -> str:
        """Removes the file if it is just as it was written; says what became of it."""
        return await asyncio.to_thread(self._remove_if_same, digest)

    def _remove_if_same(self, digest: str) -> str:
        try:
            with opened_directory(self.target.parent) as directory:
                if _digest(self.target.name, directory=directory) != digest:
                    return f"{self.target} was changed since and stays."
                os.unlink(self.target.name, dir_fd=directory)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            return f"{self.target} could not be removed: {reason}."
        return f"{self.target} is removed."

    def _check(self) -> str | None:
        if self.format == "env" and not is_variable_name(self.variable):
            return (
                f"{self.variable!r} is not a name for a variable: "
                "use letters, digits and underscores, not beginning with a digit."
            )
        try:
            with opened_directory(self.target.parent) as directory:
                return (
                    self._openness(directory)
                    or self._occupied(directory)
                    or _probe(self.target.parent)
                )
        except (OSError, ValueError) as error:
            return _explain_directory(self.target.parent, error)

    def _openness(self, directory: int) -> str | None:
        parent = self.target.parent
        mode = stat.S_IMODE(os.fstat(directory).st_mode)
        if mode & (stat.S_IWGRP | stat.S_IWOTH) and not mode & stat.S_ISVTX:
            return (
                f"Others may write in {parent} (mode {mode:04o}) and could put another file in "
                f"place of the token: run chmod go-w {parent}, or choose another directory."
            )
        return None

    def _occupied(self, directory: int) -> str | None:
        name = self.target.name or "."
        try:
            status = os.stat(name, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            return None
        if stat.S_ISDIR(status.st_mode):
            return f"{self.target} is a directory: add a file name."
        return f"{self.target} already exists and is never overwritten: choose another name."

    def _write(self, content: bytes) -> Delivery:
        try:
            with opened_directory(self.target.parent) as directory:
                problem = self._openness(directory)
                if problem:
                    return Delivery("failed", message=problem)
                write_new(self.target.name, content, directory=directory)
        except PartialFileError as error:
            return Delivery("failed", message=f"Writing {self.target} failed: {error}.")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            message = f"{self.target} could not be made: {reason}. Nothing was written."
            return Delivery("failed", message=message)
        facts = f"mode {FILE_MODE:04o}, {len(content)} bytes"
        return Delivery(
            "delivered",
            message=f"Written to {self.target} ({facts}).",
            place=str(self.target),
            proof=f"the disk has it, {facts}",
            digest=hashlib.sha256(content).hexdigest(),
        )


def _probe(directory: Path) -> str | None:
    # Permission bits do not tell of read-only mounts, quotas and full disks; writing does. The
    # file has no name where the system can do that, and is gone when closed elsewhere.
    try:
        with tempfile.TemporaryFile(dir=directory, prefix=".sa-tui-") as probe:
            probe.write(b"\0" * _PROBE_BYTES)
            probe.flush()
    except OSError as error:
        return _explain_refusal(directory, error)
    return None


def _explain_directory(directory: Path, error: OSError | ValueError) -> str:
    code = getattr(error, "errno", None)
    if code == errno.ENOENT:
        return f"The directory {directory} does not exist: make it, or choose another."
    if code == errno.ENOTDIR:
        return f"{directory} is not a directory: choose another."
    return _explain_refusal(directory, error)


def _explain_refusal(directory: Path, error: OSError | ValueError) -> str:
    reason = getattr(error, "strerror", None) or error
    return f"No file can be made in {directory} ({reason}): choose another directory."


def _digest(name: str, *, directory: int) -> str:
    """The SHA-256 of a file; of a larger one than any of ours, that of its beginning."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    handle = os.open(name, flags, dir_fd=directory)
    try:
        return hashlib.sha256(os.read(handle, _MOST_BYTES)).hexdigest()
    finally:
        os.close(handle)
