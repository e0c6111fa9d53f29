"""What revoking tokens means; it says what could not be read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sa_tui.access.effects.values import Effect, Line
from sa_tui.base.times import until
from sa_tui.org.summary import in_days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.konnect.models import AccessToken, SystemAccount


LINGERS = "Revoked tokens may keep working for some minutes; this cannot be undone."
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def revocation(
    tokens: Sequence[tuple[SystemAccount, AccessToken]],
    unknown: Sequence[str],
    now: datetime,
) -> Effect:
    """The tokens that are to be revoked, the last used first, and what is `unknown`."""
    latest = sorted(tokens, key=lambda pair: pair[1].last_used_at or LONG_AGO, reverse=True)
    lines = [
        Line(f"{token_line(token, now)} · {token.name or token.id} of {account.name}")
        for account, token in latest
    ]
    if len(tokens) > 1:
        used_count = sum(token.last_used_at is not None for _, token in tokens)
        used = f"Of all {len(tokens):,}, {used_count:,} were used at least once:"
        lines.insert(0, Line(used, tone="strong"))
    return Effect(lines=tuple(lines), warnings=(LINGERS, *unknown))


def token_line(token: AccessToken, now: datetime) -> str:
    """When it was last used, and how long it would have lived."""
    used = in_days(token, "last_used_at", now, absent="never")
    if "expires_at" in token.unreadable:
        lives = "expiry unknown"
    elif token.expires_at is None:
        lives = "never expires"
    else:
        time_left = until(token.expires_at, now)
        lives = time_left if time_left.startswith("expired") else f"expires {time_left}"
    return f"last used {'unknown' if used == '?' else used}, {lives}"
