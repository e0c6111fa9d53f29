"""What an account's details come to: counts and dates, each only as sure as what was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.konnect.models import AccessToken, Listing
    from sa_tui.org.snapshot import Details

TokenState = Literal["live", "expired", "revoked", "unknown"]

SOON_DAYS: Final = 14
"""A live token that expires within this many days is marked."""


def token_state(token: AccessToken, now: datetime) -> TokenState:
    """Whether the token can be used; unknown when its expiry or its state cannot be read.

    An expired one is told by its date as well: Konnect keeps states of people's tokens alone. A
    revoked one may work for up to 15 minutes more. Without an expiry it never expires.
    """
    kept = token.kept_state
    if kept == "REVOKED":
        return "revoked"
    if kept == "EXPIRED" or (token.expires_at is not None and token.expires_at <= now):
        return "expired"
    return "live" if kept == "ACTIVE" and "expires_at" not in token.unreadable else "unknown"


@dataclass(frozen=True, kw_only=True)
class TokenSummary:
    """An account's tokens in a few figures.

    `next_expiry` is the earliest among live tokens. `is_sure` is False when a token may be
    missing or its dates cannot be read: `live` is then the least there is.
    """

    live: int
    total: int
    next_expiry: datetime | None
    last_used_at: datetime | None
    is_sure: bool


def summarise_tokens(listing: Listing[AccessToken], now: datetime) -> TokenSummary:
    """The figures of one account's tokens at this moment."""
    states = [token_state(token, now) for token in listing.rows]
    live = [token for token, state in zip(listing.rows, states, strict=True) if state == "live"]
    return TokenSummary(
        live=len(live),
        total=len(listing.rows),
        next_expiry=min((token.expires_at for token in live if token.expires_at), default=None),
        last_used_at=max(
            (token.last_used_at for token in listing.rows if token.last_used_at), default=None
        ),
        is_sure=listing.incomplete is None
        and "unknown" not in states
        and not any("last_used_at" in token.unreadable for token in listing.rows),
    )


def is_read(details: Details) -> bool:
    """Whether every part was read, completely and without an error."""
    return details.tokens.is_whole and details.roles.is_whole and details.teams.is_whole
