"""Text without secrets and without control characters; what looks like a token never passes."""

from __future__ import annotations

import base64
import re
import unicodedata

ELLIPSIS = "…"

_KONNECT_TOKEN = re.compile(r"(spat_|kpat_)[A-Za-z0-9_\-…]+")
# Begins where a word begins: otherwise a long run of "eyJeyJ" would be searched again and again.
_JWT = re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_BEARER = re.compile(r"\b(bearer\s+)(spat_|kpat_)?[A-Za-z0-9._~+/=…-]{8,}", re.IGNORECASE)
# Stricter than what is redacted: an operator may well call a token "spat_backup".
_UNMISTAKABLE = re.compile(rf"(?:spat_|kpat_)[A-Za-z0-9]{{16}}|{_JWT.pattern}")
_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and cursor movements
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles, clipboards and other strings
    r"|\x1b[ -/]*[0-~]"
)
_PIECE = 6


def redact(text: str) -> str:
    """Replace Konnect tokens, bearer values and JWTs by an ellipsis, keeping `spat_` or `kpat_`."""
    text = _KONNECT_TOKEN.sub(rf"\1{ELLIPSIS}", text)
    text = _JWT.sub(f"eyJ{ELLIPSIS}", text)
    return _BEARER.sub(lambda found: f"{found[1]}{found[2] or ''}{ELLIPSIS}", text)


def is_secret_inside(text: str) -> bool:
    """Whether the text holds something that can only be a token."""
    return _UNMISTAKABLE.search(text) is not None


def conceal(text: str, secret: str) -> str:
    """Replace this very secret, and every piece of 6 or more characters of it or of its base64.

    A program that wraps its output or prints a prefix of what it read would slip past a search for
    the whole value.
    """
    pieces = _pieces(secret)
    shown: list[str] = []
    hidden_until = 0
    for at, character in enumerate(text):
        if text[at : at + _PIECE] in pieces:
            if hidden_until <= at:
                shown.append(ELLIPSIS)
            hidden_until = at + _PIECE
        if at >= hidden_until:
            shown.append(character)
    return "".join(shown)


def plain(text: str) -> str:
    """Drop escape sequences and show what is left of control and invisible characters."""
    text = _ESCAPE_SEQUENCE.sub("", text.replace("\r\n", "\n"))
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}:
        return character
    if character < " ":
        return chr(0x2400 + ord(character))
    return f"⟨U+{ord(character):04X}⟩"


def _pieces(secret: str) -> frozenset[str]:
    if len(secret) < _PIECE:
        return frozenset()
    raw = secret.encode()
    # base64 of the secret depends on how many bytes precede it, modulo three.
    forms = [secret, *(base64.b64encode(b"\0" * n + raw).decode()[2 * n :] for n in range(3))]
    return frozenset(
        form[at : at + _PIECE] for form in forms for at in range(len(form) - _PIECE + 1)
    )
