"""The order of the accounts in the list, computed again only when it can differ.

Details arrive while the operator moves through the list. Ordering by them each time would move
rows from under the cursor and bring others into view, which would be read in turn, without end:
such an order is computed again only when every account was tried.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from sa_tui.base.text import one_line, sought
from sa_tui.org.snapshot import UNREAD_DETAILS
from sa_tui.org.summary import summarise_tokens
from sa_tui.ui.kit.ordering import ordered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sa_tui.konnect.models import Listing, SystemAccount
    from sa_tui.org.snapshot import Details, Part, Snapshot
    from sa_tui.ui.kit.ordering import Rank


class AccountOrder:
    """The ids of the accounts in the order of a column.

    `sort` is a column and whether its order is reversed; the next `update` follows it. Unknown and
    absent values come last either way. `unknown` counts the accounts whose place is not known.
    """

    def __init__(self) -> None:
        self.sort: tuple[str, bool] = ("name", False)
        self.order: tuple[str, ...] = ()
        self.unknown = 0
        self._listing: Listing[SystemAccount] | None = None
        self._by_name: list[SystemAccount] = []
        self._ids: set[str] = set()
        self._haystacks: dict[str, str] = {}
        self._details: Mapping[str, Details] | None = None
        self._sorted: tuple[str, bool] | None = None
        self._ranked: dict[str, Details] = {}
        self._ranks: dict[str, Rank] = {}

    def update(self, snapshot: Snapshot, now: datetime) -> bool:
        """Follows the snapshot and `sort`; False when `order` is the same as before."""
        is_due = self._take(snapshot.accounts.value) or self._sorted != self.sort
        if self._details is not snapshot.details or is_due:
            self._details = snapshot.details
            untried = self._count_unknown(snapshot.details)
            is_due = is_due or (self.sort[0] in _PARTS and not untried)
        if is_due:
            self._arrange(snapshot, now)
        return is_due

    def texts(self) -> list[tuple[str, str]]:
        """(id, text) of every account: the text that the filter looks in, in lower case."""
        if not self._haystacks:
            self._haystacks = {account.id: haystack(account) for account in self._by_name}
        return [(key, self._haystacks[key]) for key in self.order]

    def _take(self, listing: Listing[SystemAccount] | None) -> bool:
        """Prepares what all orders share; False when the list is the same as before."""
        if listing is self._listing:
            return False
        self._listing = listing
        rows = listing.rows if listing else ()
        self._by_name = sorted(rows, key=lambda account: _displayed(account.name))
        self._ids = {account.id for account in self._by_name}
        self._haystacks = {}
        return True

    def _count_unknown(self, details: Mapping[str, Details]) -> int:
        """Counts `unknown`; returns how many of these were not tried yet."""
        self.unknown = untried = 0
        if (name := _PARTS.get(self.sort[0])) is not None:
            parts: list[Part[object]] = [
                getattr(account_details, name)
                for account_id, account_details in details.items()
                if account_id in self._ids
            ]
            unread = [part for part in parts if part.value is None]
            self.unknown = len(self._by_name) - len(parts) + len(unread)
            untried = self.unknown - sum(part.error is not None for part in unread)
        return untried

    def _arrange(self, snapshot: Snapshot, now: datetime) -> None:
        column, reverse = self.sort
        ids = [account.id for account in self._by_name]
        if self.sort != ("name", False):
            ranks = self._rank(column, snapshot, now)
            ranked_ids, unranked_ids = ordered(ids, ranks.get, reverse=reverse)
            ids = ranked_ids + unranked_ids
        self.order, self._sorted = tuple(ids), self.sort

    def _rank(self, column: str, snapshot: Snapshot, now: datetime) -> Mapping[str, Rank]:
        """Each account's rank in this column; a rank from details is computed once per reading."""
        rank = _RANKS[column]
        if column not in _PARTS:
            return {account.id: rank(account, UNREAD_DETAILS, now) for account in self._by_name}
        is_same = self._sorted is not None and self._sorted[0] == column
        if not is_same or not self._ranked.keys() <= snapshot.details.keys():
            self._ranked, self._ranks = {}, {}
        for key, details in snapshot.details.items():
            account = snapshot.account(key) if self._ranked.get(key) is not details else None
            if account is not None:
                self._ranked[key], self._ranks[key] = details, rank(account, details, now)
        return self._ranks


def haystack(account: SystemAccount) -> str:
    """The text that a filter looks in: name, description and id, in lower case."""
    return sought(account.name, account.description, account.id)


def _tokens(pick: str) -> Callable[[SystemAccount, Details, datetime], Rank]:
    def rank(_: SystemAccount, details: Details, now: datetime) -> Rank:
        if (listing := details.tokens.value) is None:
            return None
        value: int | datetime | None = getattr(summarise_tokens(listing, now), pick)
        # Numbers are ordered several times faster than moments.
        return value.timestamp() if isinstance(value, datetime) else value

    return rank


def _displayed(text: str) -> str:
    """The text as it is displayed, in lower case: what accounts are ordered by."""
    return one_line(text).casefold()


_RANKS: Final[dict[str, Callable[[SystemAccount, Details, datetime], Rank]]] = {
    "name": lambda account, _, __: _displayed(account.name),
    "managed": lambda account, _, __: account.konnect_managed,
    "live": _tokens("live"),
    "expires": _tokens("next_expiry"),
    "used": _tokens("last_used_at"),
    "roles": lambda _, details, __: len(details.roles.rows) if details.roles.value else None,
    "teams": lambda _, details, __: len(details.teams.rows) if details.teams.value else None,
    "description": lambda account, _, __: _displayed(account.description) or None,
}

_PARTS: Final = {
    "live": "tokens",
    "expires": "tokens",
    "used": "tokens",
    "roles": "roles",
    "teams": "teams",
}
"""The columns that are ordered by details, and the part that each needs."""
