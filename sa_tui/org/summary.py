"""The figures of an account's details: counts and dates, and whether they are certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sa_tui.base.times import ago

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.konnect.models import AccessToken, Listing
    from sa_tui.org.snapshot import Details

TokenState = Literal["live", "expired", "revoked", "unknown"]

SOON_DAYS: Final = 14
"""A live token that expires within this many days is marked."""


def token_state(token: AccessToken, now: datetime) -> TokenState:
    """Whether the token can be used; unknown if its expiry or its state cannot be read.

    Konnect keeps states only for tokens of people, so the expiry counts too; a token without one
    never expires. A revoked token may work for up to 15 minutes more.
    """
    state = token.kept_state
    if state == "REVOKED":
        return "revoked"
    if state == "EXPIRED" or (token.expires_at is not None and token.expires_at <= now):
        return "expired"
    return "live" if state == "ACTIVE" and "expires_at" not in token.unreadable else "unknown"


def in_days(token: AccessToken, field: str, now: datetime, *, absent: str) -> str:
    """How long ago the moment in this field was."""
    if field in token.unreadable:
        return "?"
    moment: datetime | None = getattr(token, field)
    return absent if moment is None else ago(moment, now)


@dataclass(frozen=True, kw_only=True)
class TokenSummary:
    """The tokens of an account in figures.

    `next_expiry` is the earliest of the live tokens. `is_sure` is False when a token may be missing
    or its dates cannot be read: there are then at least `live` live tokens.
    """

    live: int
    total: int
    next_expiry: datetime | None
    last_used_at: datetime | None
    is_sure: bool


def summarise_tokens(listing: Listing[AccessToken], now: datetime) -> TokenSummary:
    """The figures of the tokens of an account, now."""
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
