"""The error of profiles, and text made fit to be shown: no secret, no control character."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.secrets import redact
from sa_tui.base.text import folded, one_line

if TYPE_CHECKING:
    from pathlib import Path

_SHOWN_CHARACTERS = 60


class ProfileError(Exception):
    """Something about a profile or its token source is wrong; says where, what, and the mend.

    `key` is dotted (`profiles.prod.token.env`), or relative to one profile (`token.env`) when no
    file is involved, so that a form can mark the field. No part ever holds a token.
    """

    def __init__(
        self,
        message: str,
        *,
        path: Path | None = None,
        line: int | None = None,
        key: str | None = None,
        mend: str = "",
    ) -> None:
        self.message = safe(message)
        self.path = path
        self.line = line
        self.key = None if key is None else safe(key)
        self.mend = safe(mend)
        super().__init__(self.message)

    def __str__(self) -> str:
        line = "" if self.line is None else f"line {self.line}"
        path = "" if self.path is None else visible(str(self.path))
        where = ", ".join(part for part in (path, line, self.key) if part)
        says = f"{self.message} {self.mend}".rstrip()
        return f"{where}: {says}" if where else says

    def at(self, path: Path, *, line: int | None, key: str | None) -> ProfileError:
        """The same complaint, placed in a file."""
        return ProfileError(self.message, path=path, line=line, key=key, mend=self.mend)


def safe(text: str) -> str:
    """Text on one line, with secrets hidden and unprintable characters made visible."""
    return folded(redact(text), limit=None)


def visible(text: str) -> str:
    """Text on one line, with control and invisible characters made visible."""
    return one_line(text, limit=None)


def quoted(text: str) -> str:
    """Someone's text as it may be repeated in a message: in quotes, shortened, safe."""
    # Hidden before it is shortened: half a token no longer looks like one.
    shown = safe(text)
    if len(shown) > _SHOWN_CHARACTERS:
        shown = shown[: _SHOWN_CHARACTERS - 1] + "…"
    return f'"{shown}"'


def listed(names: list[str]) -> str:
    """The names in quotes with commas between, or the word none."""
    return ", ".join(quoted(name) for name in names) or "none"
