"""What goes with a revocation, told before it; what was not read is said to be so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.text import Text

from sa_tui.base.times import until
from sa_tui.ui.kit.doubts import fitted
from sa_tui.ui.tokens.rows import in_days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.konnect.models import AccessToken, SystemAccount


TOKENS_SHOWN = 3


LINGERS = "Revoked tokens may keep working for some minutes; this cannot be undone."


LONG_AGO = datetime.min.replace(tzinfo=UTC)


def revocation(
    found: Sequence[tuple[SystemAccount, AccessToken]],
    unknown: Sequence[str],
    now: datetime,
    *,
    width: int,
) -> Text:
    """What is known of the tokens that are to be revoked, the last used first."""
    latest = sorted(found, key=lambda each: each[1].last_used_at or LONG_AGO, reverse=True)
    lines = [Text(LINGERS, style="bold")]
    lines += [Text(sentence, style="bold") for sentence in unknown[:1]]
    if len(unknown) > 1:
        lines.append(Text(f"and the same of {len(unknown) - 1:,} more", style="bold"))
    for account, token in latest[:TOKENS_SHOWN]:
        lines.append(Text(f"{token_line(token, now)} · {token.name or token.id} of {account.name}"))
    if len(found) > TOKENS_SHOWN:
        used = sum(token.last_used_at is not None for _, token in found)
        more = f"and {len(found) - TOKENS_SHOWN} more. Of all {len(found):,}, {used:,} were used"
        lines.append(Text(f"{more} at least once."))
    return fitted(lines, width)


def token_line(token: AccessToken, now: datetime) -> str:
    """When it was last used, and how long it would have lived."""
    used = in_days(token, "last_used_at", now, absent="never")
    if "expires_at" in token.unreadable:
        lives = "expiry unknown"
    elif token.expires_at is None:
        lives = "never expires"
    else:
        left = until(token.expires_at, now)
        lives = left if left.startswith("expired") else f"expires {left}"
    return f"last used {'unknown' if used == '?' else used}, {lives}"
