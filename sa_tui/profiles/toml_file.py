"""Reads a TOML file of the operator's; whatever is wrong with it is told by its line.

The rule it keeps: what somebody else may have written is not read.
"""

from __future__ import annotations

import os
import re
import tomllib
from typing import TYPE_CHECKING, Any

from sa_tui.profiles.errors import ProfileError, safe
from sa_tui.profiles.lines import key_lines
from sa_tui.profiles.trust import refuse_foreign

if TYPE_CHECKING:
    from pathlib import Path


def read_text(path: Path, *, caller: int | None, because: str) -> str:
    """The text of the file. Raises FileNotFoundError, OSError and ProfileError.

    `caller` is the user who may have written it, besides root; None is this process's user.
    `because` says what the file could do.
    """
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        content = file.read()
    caller = os.geteuid() if caller is None else caller
    refuse_foreign(path, status, caller=caller, because=because)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ProfileError(
            "This line is not UTF-8 text.",
            path=path,
            line=content.count(b"\n", 0, error.start) + 1,
            mend="Save the file as UTF-8.",
        ) from None


def read_toml(path: Path, *, caller: int | None, because: str) -> tuple[str, dict[str, Any]]:
    """The text of the file, and what it says. Raises FileNotFoundError and ProfileError."""
    try:
        text = read_text(path, caller=caller, because=because)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise unusable(path, "read", error) from None
    return text, read_document(text, path, nested="A value is too long, or nested too deeply.")


def read_document(text: str, path: Path, *, nested: str) -> dict[str, Any]:
    """What the file says. Raises ProfileError, with `nested` for a value beyond limits."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, str(error), path) from None
    except (RecursionError, ValueError):  # thousands of brackets, or of digits
        raise ProfileError(nested, path=path) from None


def placed(error: ProfileError, text: str, path: Path) -> ProfileError:
    """The error with the line of its key in this text."""
    lines = {safe(key): line for key, line in key_lines(text).items()}
    key = error.key or ""
    # What is missing has no line of its own; the table that lacks it has.
    line = lines.get(key, lines.get(key.rpartition(".")[0]))
    return error.at(path, line=line, key=key)


def unusable(path: Path, verb: str, error: OSError) -> ProfileError:
    """The error of a file that cannot be read or written."""
    return ProfileError(
        f"It cannot be {verb}: {error.strerror or error}.",
        path=path,
        mend="Check the file and the directory, or choose another with --config DIR.",
    )


def _syntax_error(text: str, message: str, path: Path) -> ProfileError:
    place = re.search(r" ?\(at (?:line (\d+), column \d+|end of document)\)$", message)
    complaint = message[: place.start()] if place else message
    line = int(place[1]) if place and place[1] else len(text.splitlines())
    return ProfileError(
        f"This is not TOML: {complaint}.",
        path=path,
        line=line,
        mend="Mend that line, or the one before it; nothing in the file was changed.",
    )
