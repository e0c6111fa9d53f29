"""Access tokens as rows: the cells of one token, and the list of all accounts' tokens in order.

`?` is a value that Konnect wrote and that cannot be read; it is never shown as "never".
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, Final

from rich.text import Text

from sa_tui.base.text import sought
from sa_tui.base.times import until, utc
from sa_tui.org.summary import in_days, token_state
from sa_tui.ui.kit.ordering import ordered
from sa_tui.ui.kit.table.cells import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sa_tui.konnect.models import AccessToken, Listing, SystemAccount
    from sa_tui.org.snapshot import Details, Snapshot
    from sa_tui.ui.kit.ordering import Rank

COLUMNS: Final = (
    Column("account", "ACCOUNT", width=17, grow=2),
    Column("token", "TOKEN", width=13, grow=2),
    Column("state", "STATE", width=7),
    Column("expires", "EXPIRES", width=10),
    Column("used", "LAST USED", width=10),
    Column("created", "CREATED", width=9, priority=1),
)

TONES: Final = {"live": "good", "expired": "quiet", "unknown": "bad"}

_Cells = tuple[Text | str, ...]


def token_cells(token: AccessToken, now: datetime) -> _Cells:
    """Name, state, expiry, last use, creation, and the expiry in UTC."""
    state = token_state(token, now)
    if "expires_at" in token.unreadable:
        expires, expires_utc = "?", token.unreadable["expires_at"]
    elif token.expires_at is None:
        expires, expires_utc = "never", ""
    else:
        expires, expires_utc = until(token.expires_at, now), utc(token.expires_at)
    return (
        token.name or "(no name)",
        Text(state, style=TONES[state]),
        expires,
        in_days(token, "last_used_at", now, absent="never"),
        in_days(token, "created_at", now, absent="not given"),
        expires_utc,
    )


def exact_dates(token: AccessToken) -> Text:
    """The moments of a token in UTC, on two lines."""
    expires, used, created, id_ = exact_facts(token)
    return Text(f"{expires} · {used}\n{created} · {id_}")


def exact_facts(token: AccessToken) -> tuple[str, str, str, str]:
    """Expiry, last use and creation in UTC, and the id."""
    return (
        f"expires {_exact(token, 'expires_at', absent='never')}",
        f"last used {_exact(token, 'last_used_at', absent='never')}",
        f"created {_exact(token, 'created_at', absent='not given')}",
        f"id {token.id}",
    )


def _exact(token: AccessToken, field: str, *, absent: str) -> str:
    if field in token.unreadable:
        return f"unknown (Konnect wrote {token.unreadable[field]})"
    moment: datetime | None = getattr(token, field)
    return absent if moment is None else utc(moment)


@dataclass(frozen=True, kw_only=True)
class TokenRow:
    """One access token with the account it belongs to."""

    account: SystemAccount
    token: AccessToken

    @property
    def key(self) -> str:
        return f"{self.account.id} {self.token.id}"

    def cells(self, now: datetime) -> _Cells:
        """One cell per column."""
        name, state, expires, used, created, _ = token_cells(self.token, now)
        brief_expiry = str(expires).removeprefix("expired ")  # the state says so already
        return (self.account.name or "(no name)", name, state, brief_expiry, used, created)

    def haystack(self, now: datetime) -> str:
        """The text that a filter looks in, in lower case: names, ids, state, and `unused`."""
        token = self.token
        is_unused = token.last_used_at is None and "last_used_at" not in token.unreadable
        words = (
            self.account.name,
            token.name,
            self.account.id,
            token.id,
            token_state(token, now),
            "unused" if is_unused else "",
        )
        return sought(*words)


class TokenList:
    """The tokens of all accounts as far as they were read, in the order of a column.

    Absent and unreadable values come last in every order. `texts` has (key, text) of every row:
    the text that the filter looks in. `read` counts the accounts whose tokens were read; `failed`
    names those whose tokens could not be read, `partial` those that were read in part.
    """

    def __init__(self) -> None:
        self.sort: tuple[str, bool] = ("account", False)
        self.rows: dict[str, TokenRow] = {}
        self.read = 0
        self.failed: tuple[str, ...] = ()
        self.partial: tuple[str, ...] = ()
        self._sources: tuple[Listing[SystemAccount] | None, Mapping[str, Details]] | None = None
        self._listed_at = 0
        self._sorted: tuple[str, bool] | None = None
        self.texts: list[tuple[str, str]] = []

    def update(self, snapshot: Snapshot, now: datetime) -> bool:
        """Follows the snapshot and `sort`; False when `rows` are the same as before."""
        sources = (snapshot.accounts.value, snapshot.details)
        is_same = self._sources is not None and all(map(is_, self._sources, sources))
        if is_same and self._sorted == self.sort:
            return False
        self._sources = sources
        accounts = snapshot.accounts.rows
        self._count(accounts, snapshot)
        tried = self.read + len(self.failed)
        # Each listing costs as much as all rows so far. Listing at ever larger steps keeps the
        # total cost in proportion to the rows while thousands of accounts are read.
        is_due = tried <= self._listed_at or tried >= min(len(accounts), self._listed_at * 5 // 4)
        if is_due or self._sorted != self.sort:
            self._listed_at = tried
            self._list(accounts, snapshot, now)
            return True
        return False

    def _count(self, accounts: tuple[SystemAccount, ...], snapshot: Snapshot) -> None:
        failed, partial = [], []
        self.read = 0
        for account in accounts:
            part = snapshot.details_of(account.id).tokens
            self.read += part.value is not None and part.error is None
            if part.error is not None:
                failed.append(account.name)
            elif part.value is not None and not part.is_whole:
                partial.append(account.name)
        self.failed, self.partial = tuple(failed), tuple(partial)

    def _list(self, accounts: tuple[SystemAccount, ...], snapshot: Snapshot, now: datetime) -> None:
        listed = (
            TokenRow(account=account, token=token)
            for account in accounts
            for token in snapshot.details_of(account.id).tokens.rows
        )
        rows = {row.key: row for row in sorted(listed, key=_by_account)}
        column, reverse = self._sorted = self.sort
        rank = _RANKS[column]
        ranked_keys, unranked_keys = ordered(
            rows, lambda key: rank(rows[key], now), reverse=reverse
        )
        self.rows = {key: rows[key] for key in (*ranked_keys, *unranked_keys)}
        self.texts = [(key, row.haystack(now)) for key, row in self.rows.items()]


def _by_account(row: TokenRow) -> tuple[str, str]:
    return row.account.name.casefold(), row.token.name.casefold()


_RANKS: Final[dict[str, Callable[[TokenRow, datetime], Rank]]] = {
    "account": lambda row, _: _by_account(row),
    "token": lambda row, _: row.token.name.casefold(),
    "state": lambda row, now: token_state(row.token, now),
    "expires": lambda row, _: row.token.expires_at,
    "used": lambda row, _: row.token.last_used_at,
    "created": lambda row, _: row.token.created_at,
}
