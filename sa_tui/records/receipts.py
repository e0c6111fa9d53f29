"""What each unattended run did, one JSON object a line, for whoever asks later; without secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.private_file import append_line, make_private_directory
from sa_tui.base.secrets import is_secret_inside, redact
from sa_tui.records.lines import JournalError

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "receipts.jsonl"


def keep_receipt(path: Path, line: str) -> None:
    """Adds a line of JSON to a file, which is made for its owner alone. Raises JournalError."""
    line = redact(line) if is_secret_inside(line) else line
    try:
        make_private_directory(path.parent)
        append_line(path, line.encode())
    except OSError as error:
        raise JournalError(
            f"The receipt {path} cannot be kept ({error.strerror}): make room there, mend its "
            "permissions, or name another file with --receipt."
        ) from error
