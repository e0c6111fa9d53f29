"""A secret as a screen may show it: masked, or in groups that can be read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr

_PREFIXES = ("spat_", "kpat_")
_LAST = 4
_SHORT = 16

NOT_DRAWN = (
    "This secret holds other characters than a token does: a terminal might obey them, so it is "
    "not drawn. d delivers it to a file or a command as it is."
)


def is_drawable(secret: SecretStr) -> bool:
    """Whether the secret is of printable ASCII alone, without blanks, as every token should be."""
    value = secret.get_secret_value()
    return value.isascii() and value.isprintable() and " " not in value


def mask(secret: SecretStr) -> str:
    """Return prefix, last four characters and length; of a short or odd secret the length alone."""
    value = secret.get_secret_value()
    if not is_drawable(secret):
        return f"… ({len(value)} characters, not those of a token: not drawn)"
    prefix = next((prefix for prefix in _PREFIXES if value.startswith(prefix)), "")
    last = value[-_LAST:] if len(value) - len(prefix) >= _SHORT else ""
    return f"{prefix}…{last} ({len(value)} characters)"


def chunks(secret: SecretStr, *, size: int = 10) -> tuple[str, ...]:
    """Return the secret itself in groups of `size` characters; joined they are the secret."""
    value = secret.get_secret_value()
    return tuple(value[at : at + size] for at in range(0, len(value), size))
