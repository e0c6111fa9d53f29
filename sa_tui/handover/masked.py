"""A secret as a screen may show it: masked, or in groups that can be read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr

_PREFIXES = ("spat_", "kpat_")
_LAST = 4
_SHORT = 16


def mask(secret: SecretStr) -> str:
    """Return prefix, last four characters and length; of a short secret the length alone."""
    value = secret.get_secret_value()
    prefix = next((prefix for prefix in _PREFIXES if value.startswith(prefix)), "")
    last = value[-_LAST:] if len(value) - len(prefix) >= _SHORT else ""
    return f"{prefix}…{last} ({len(value)} characters)"


def chunks(secret: SecretStr, *, size: int = 10) -> tuple[str, ...]:
    """Return the secret itself in groups of `size` characters; joined they are the secret."""
    value = secret.get_secret_value()
    return tuple(value[at : at + size] for at in range(0, len(value), size))
