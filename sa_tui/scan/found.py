"""What a scan has found so far: each token once, where it is, and what was not looked into.

The rule it keeps: a secret is kept only while somebody asks for it; `forget` drops it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sa_tui.base.secrets import PREFIXES, fingerprint, mask
from sa_tui.scan.forms import heads, is_made_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.scan.forms import Form

MOST_PLACES = 100
"""So many places of one token are named; the others are counted."""
MOST_TOKENS = 10_000
"""So many different tokens are kept: no leak has more, and a made-up file may."""


@dataclass(frozen=True)
class Place:
    """Where a token is: a file or the standard input, its line, and in which form.

    Line None is the name of the file itself.
    """

    path: str
    line: int | None
    form: Form


@dataclass(kw_only=True)
class FoundToken:
    """One token; `places` are the first of `count`. Its `secret` is None once it is forgotten.

    `prefix` is empty for what does not begin as Konnect's tokens do.
    """

    fingerprint: str
    masked: str
    prefix: str
    secret: SecretStr | None
    places: list[Place] = field(default_factory=list)
    count: int = 0

    def forget(self) -> None:
        """Drops the secret."""
        self.secret = None


@dataclass(kw_only=True)
class Findings:
    """Everything that a scan has met.

    `is_known` says whether a fingerprint is that of a known token. `unread` says by path what could
    not be read, `left_out` what no scan looks into.
    """

    is_known: Callable[[str], bool] = lambda _: False
    tokens: dict[str, FoundToken] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    files: int = 0
    read_bytes: int = 0
    is_full: bool = False

    def add(self, secret: bytes, place: Place) -> None:
        """Notes a secret that was found; a placeholder is none."""
        if is_made_up(secret):
            return
        values = [SecretStr(each.decode("ascii")) for each in heads(secret)]
        prints = [fingerprint(value) for value in values]
        at = next((at for at, each in enumerate(prints) if self.is_known(each)), -1)
        self.note(values[at], place, fingerprint=prints[at])

    def note(self, value: SecretStr, place: Place, *, fingerprint: str) -> None:
        """Notes a token by its fingerprint, at one more place."""
        token = self.tokens.get(fingerprint)
        if token is None:
            if len(self.tokens) >= MOST_TOKENS:
                self.is_full = True
                return
            text = value.get_secret_value()
            token = self.tokens[fingerprint] = FoundToken(
                fingerprint=fingerprint,
                masked=mask(value),
                prefix=next((prefix for prefix in PREFIXES if text.startswith(prefix)), ""),
                secret=value,
            )
        token.count += 1
        if len(token.places) < MOST_PLACES and place not in token.places:
            token.places.append(place)
