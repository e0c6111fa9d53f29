"""What a token looks like, and text without it: one pattern for messages, files and the screen.

Each pattern reads a text once, whatever stands in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sa_tui.base.text import ELLIPSIS, is_visible_ascii

if TYPE_CHECKING:
    from pydantic import SecretStr

SYSTEM_ACCOUNT_PREFIX = "spat_"
PREFIXES = (SYSTEM_ACCOUNT_PREFIX, "kpat_")
"""How the tokens of system accounts and of people begin."""

_PREFIX = "|".join(PREFIXES)
_REST = r"[\w~+/=…-]*+(?:[.]++[\w~+/=…-]++)*+"
_SECRET = re.compile(
    rf"""(?x)
    (?P<prefix>(?i:{_PREFIX})) [\w…-]++                # access tokens
    | (?P<web>eyJ) (?=[\w…-]{{6}}|…) {_REST}             # JSON web tokens, whole or cut
    | (?P<bearer>\b(?i:bearer)(?:\s++|\s*+[:=]\s*+))     # an echoed Authorization header
      (?=[\w.~+/=…-]{{8}}|…) (?P<of>(?:(?i:{_PREFIX})|eyJ)?) {_REST}
    """
)
_JWT = r"(?<![\w-])eyJ[\w-]++\.[\w-]++\."
_UNMISTAKABLE = re.compile(rf"(?a:(?:{_PREFIX})[A-Za-z0-9]{{16}}|{_JWT})")
_BEGUN = re.compile(rf"(?:{_PREFIX})[A-Za-z0-9]")
_SENT = re.compile(r"[Bb]earer \S|(?<![\w-])eyJ[\w-]{6,}+\.[\w-]")
_PIECE = 6
_LAST = 4
_SHORT = 16

NOT_DRAWN = (
    "This secret holds other characters than a token does: a terminal might obey them, so it is "
    "not drawn. d delivers it to a file or a command as it is."
)


def redact(text: str) -> str:
    """The text with tokens, bearer values and JWTs replaced by an ellipsis.

    What each was is still to be seen: `spat_…`, `eyJ…`, `Bearer …`.
    """
    return _SECRET.sub(_without_value, text)


def is_secret_inside(text: str) -> bool:
    """Whether the text holds something that can only be a token.

    Stricter than what is redacted: an operator may well call a token `spat_backup`.
    """
    return _UNMISTAKABLE.search(text) is not None


def is_token_begun(text: str) -> bool:
    """Whether anything in the text begins like an access token, however short it is."""
    return _BEGUN.search(text) is not None


def looks_like_token(text: str) -> bool:
    """Whether the text is, or carries, something shaped like a token or an Authorization header."""
    return (
        text.strip().startswith(PREFIXES)
        or is_secret_inside(text)
        or _SENT.search(text) is not None
    )


def conceal(text: str, secret: str) -> str:
    """Replaces this very secret, and every piece of 6 or more characters of it or of its base64.

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


def is_drawable(secret: SecretStr) -> bool:
    """Whether the secret holds nothing that a terminal obeys or does not show."""
    return is_visible_ascii(secret.get_secret_value())


def mask(secret: SecretStr) -> str:
    """Prefix, last four characters and length; of a short or odd secret the length alone."""
    value = secret.get_secret_value()
    if not is_drawable(secret):
        return f"… ({len(value)} characters, not those of a token: not drawn)"
    prefix = next((prefix for prefix in PREFIXES if value.startswith(prefix)), "")
    last = value[-_LAST:] if len(value) - len(prefix) >= _SHORT else ""
    return f"{prefix}…{last} ({len(value)} characters)"


def fingerprint(secret: SecretStr) -> str:
    """The SHA-256 of the whole secret, in hexadecimal: it tells the token again, and gives nothing.

    That holds for a secret of Konnect, which is random; it would not for a password.
    """
    import hashlib

    return hashlib.sha256(secret.get_secret_value().encode(errors="surrogatepass")).hexdigest()


def chunks(secret: SecretStr, *, size: int = 10) -> tuple[str, ...]:
    """The secret itself in groups of `size` characters; joined they are the secret."""
    value = secret.get_secret_value()
    return tuple(value[at : at + size] for at in range(0, len(value), size))


def _without_value(match: re.Match[str]) -> str:
    start = match["prefix"] or match["web"] or f"{match['bearer']}{match['of']}"
    return f"{start}{ELLIPSIS}"


def _pieces(secret: str) -> frozenset[str]:
    if len(secret) < _PIECE:
        return frozenset()
    import base64

    raw = secret.encode(errors="surrogatepass")
    # base64 of the secret depends on how many bytes precede it, modulo three.
    forms = [secret, *(base64.b64encode(b"\0" * n + raw).decode()[2 * n :] for n in range(3))]
    return frozenset(
        form[at : at + _PIECE] for form in forms for at in range(len(form) - _PIECE + 1)
    )
