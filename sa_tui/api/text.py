"""Makes text from a server safe to show: nothing leaves here that a terminal would obey or hide.

The one place that knows which characters are dangerous and what a secret looks like. It imports
nothing heavy, so that the errors stay cheap to import.
"""

from __future__ import annotations

import re
import unicodedata

NAME_LIMIT = 250
"""Characters kept of a name: Kong's own limit for the names of teams and people."""

PROSE_LIMIT = 2000
"""Characters kept of a description or of an error's text."""

_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d\u180f")
"""Characters that Unicode calls printable although nothing is drawn for them."""

_SECRET = re.compile(
    r"""(?ix)
    (?:spat|kpat)_[\w.~+/=-]+             # access tokens
    | bearer[\s:=]+[\w.~+/=-]{12,}        # an echoed Authorization header
    | eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?   # JSON web tokens
    """
)


def clean(text: str, *, limit: int | None = NAME_LIMIT) -> str:
    """The text with every control, bidirectional and invisible character made visible.

    Control characters become their pictures (␛, ␍), others their number (⟨U+202E⟩). A text longer
    than `limit` characters ends in `…`; `None` keeps all of it. Cleaning twice changes nothing.
    """
    if limit is not None and len(text) > limit:
        # Cleaning never shortens, so what lies beyond cannot be needed.
        text = text[: limit + 1]
    if not (text.isascii() and text.isprintable()):
        text = "".join(
            _shown(character, before) for before, character in zip(" " + text, text, strict=False)
        )
    if limit is not None and len(text) > limit:
        return text[: limit - 1] + "…"
    return text


def clean_line(text: str, *, limit: int | None = PROSE_LIMIT) -> str:
    """The text cleaned on one line, its runs of white space folded into single spaces."""
    return clean(" ".join(text.split()), limit=limit)


def redact(text: str) -> str:
    """The text with everything that looks like a token replaced by `[redacted]`."""
    return _SECRET.sub("[redacted]", text)


def _shown(character: str, before: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if _is_variation_selector(code):
        # After a symbol it chooses the emoji's form; anywhere else it only hides a difference.
        return character if unicodedata.category(before).startswith("S") else _number(code)
    if character.isprintable() and character not in _INVISIBLE:
        return character
    return _number(code)


def _is_variation_selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


def _number(code: int) -> str:
    return f"⟨U+{code:04X}⟩"
