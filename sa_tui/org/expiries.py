"""When the tokens of an organisation end, week by week from now; pure.

A week is seven days from now on, so that a query can ask for it. What could not be read is counted,
never left out in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sa_tui.org.summary import token_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.org.snapshot import Snapshot

WEEK: Final = timedelta(days=7)
MOST_WEEKS: Final = 53
"""As far as Konnect lets a new token live; what ends after that is not listed week by week."""


@dataclass(frozen=True)
class Expiry:
    """An access token with the account it belongs to."""

    account: SystemAccount
    token: AccessToken


@dataclass(frozen=True, kw_only=True)
class Week:
    """The live tokens that end within seven days, the first to end first; 0 is the week from now.

    `begins_at` is the moment `number` weeks from now.
    """

    number: int
    begins_at: datetime
    expiries: tuple[Expiry, ...]

    @property
    def query(self) -> str:
        """The query that finds these tokens in the list of tokens."""
        days = 7 * self.number
        return f"expires:>={days}d expires:<{days + 7}d" if days else "expires:<7d"


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The ends of all tokens that were read.

    `weeks` has every week from now to the last end, also those without one, and at most MOST_WEEKS;
    `later` come after that. `endless` never expire, and the end of `unclear` cannot be read.
    `unread` accounts have tokens that were not read in full; None while the list of accounts itself
    is not whole.
    """

    weeks: tuple[Week, ...]
    later: tuple[Expiry, ...]
    expired: tuple[Expiry, ...]
    endless: tuple[Expiry, ...]
    unclear: tuple[Expiry, ...]
    unread: int | None


def calendar(snapshot: Snapshot, now: datetime) -> Calendar:
    """The calendar of what was read of this organisation."""
    by_week: dict[int, list[Expiry]] = {}
    others: dict[str, list[Expiry]] = {"later": [], "expired": [], "endless": [], "unclear": []}
    for expiry in _expiries(snapshot):
        ends_at, state = expiry.token.expires_at, token_state(expiry.token, now)
        if state != "live":
            others["expired" if state == "expired" else "unclear"].append(expiry)
        elif ends_at is None:
            others["endless"].append(expiry)
        elif (number := (ends_at - now) // WEEK) < MOST_WEEKS:
            by_week.setdefault(number, []).append(expiry)
        else:
            others["later"].append(expiry)
    weeks = (
        Week(
            number=number,
            begins_at=now + number * WEEK,
            expiries=tuple(sorted(by_week.get(number, ()), key=_by_end)),
        )
        for number in range(max(by_week, default=-1) + 1)
    )
    kinds = {kind: tuple(expiries) for kind, expiries in others.items()}
    return Calendar(weeks=tuple(weeks), unread=_unread_count(snapshot), **kinds)


def _expiries(snapshot: Snapshot) -> Iterator[Expiry]:
    for account in snapshot.accounts.rows:
        for token in snapshot.details_of(account.id).tokens.rows:
            yield Expiry(account, token)


def _by_end(expiry: Expiry) -> tuple[datetime | None, str]:
    return expiry.token.expires_at, expiry.account.name.casefold()


def _unread_count(snapshot: Snapshot) -> int | None:
    if not snapshot.accounts.is_whole:
        return None
    accounts = snapshot.accounts.rows
    return sum(not snapshot.details_of(account.id).tokens.is_whole for account in accounts)
