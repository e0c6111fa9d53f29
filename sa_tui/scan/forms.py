"""The forms in which an access token is found in bytes: as it is, as UTF-16, and in base64.

The rule it keeps: what is found is the whole secret and nothing else, or it is not found. What is
cut, masked or made up (`spat_xxxxxxxx…`) is none.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from sa_tui.base.secrets import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Form = Literal["text", "utf-16", "base64"]

LONGEST = 1_024
"""How many bytes a token takes at most, in any form: far more than Konnect's do."""
LEAST_CHARACTERS = 16
"""A shorter text after a prefix is a name or a masked token."""

_FEWEST_DIFFERENT = 6
_CHARACTERS = b"[A-Za-z0-9_-]"
_PLAIN = re.compile(
    b"(?:%b)%b{%d,256}" % ("|".join(PREFIXES).encode(), _CHARACTERS, LEAST_CHARACTERS)
)
# A zero before each character but the first: so it fits UTF-16 in both orders of bytes.
_WIDE = re.compile(rb"\w(?:\0%b){%d,260}" % (_CHARACTERS, LEAST_CHARACTERS + 4))
_ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{16,700}")


class Token(NamedTuple):
    """A token in a buffer: where it begins, its form, and its secret."""

    at: int
    form: Form
    secret: bytes


def tokens_in(buffer: bytes, *, end: int) -> Iterator[Token]:
    """The tokens that begin before `end`, by form; each is looked for with one search."""
    for marker, form, read in _FORMS:
        at = buffer.find(marker)
        while 0 <= at < end:
            if secret := read(buffer, at):
                yield Token(at, form, secret)
            at = buffer.find(marker, at + 1)


def heads(secret: bytes) -> tuple[bytes, ...]:
    """The whole run of characters, and its beginning up to the first `-` or `_` after the prefix.

    In a text, what follows a token may look like a part of it.
    """
    prefix, _, rest = secret.partition(b"_")
    first = re.split(rb"[-_]", rest, maxsplit=1)[0]
    head = prefix + b"_" + first
    return (secret,) if head == secret or len(first) < LEAST_CHARACTERS else (secret, head)


def is_made_up(secret: bytes) -> bool:
    """Whether it is a placeholder: a secret of Konnect has more different characters."""
    return len(set(secret.partition(b"_")[2])) < _FEWEST_DIFFERENT


def _plain(buffer: bytes, at: int) -> bytes | None:
    match = _PLAIN.match(buffer, at)
    return match[0] if match else None


def _wide(buffer: bytes, at: int) -> bytes | None:
    match = _WIDE.match(buffer, at)
    return match[0].replace(b"\0", b"") if match else None


def _encoded(lead: bytes) -> Callable[[bytes, int], bytes | None]:
    """Reads base64 in whose first group `lead` comes before what was found."""

    def read(buffer: bytes, at: int) -> bytes | None:
        match = _ENCODED.match(buffer, at)
        if match is None:
            return None
        text = lead + match[0].replace(b"-", b"+").replace(b"_", b"/")
        whole = text[: len(text) - len(text) % 4]
        rest = text[len(whole) :]
        filled = rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""
        found = _PLAIN.search(base64.b64decode(whole + filled))
        return found[0] if found else None

    return read


def _forms() -> Iterator[tuple[bytes, Form, Callable[[bytes, int], bytes | None]]]:
    for prefix in map(str.encode, PREFIXES):
        yield prefix, "text", _plain
        yield b"\0".join(prefix[at : at + 1] for at in range(len(prefix))), "utf-16", _wide
        for lead in range(3):
            # What stands before the token in its group of three bytes changes these places only.
            encoded = base64.b64encode(b"\0" * lead + prefix)
            begin, end = (0, 2, 3)[lead], (lead + len(prefix)) * 8 // 6
            yield encoded[begin:end], "base64", _encoded(encoded[:begin])


_FORMS = tuple(_forms())
