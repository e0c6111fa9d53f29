"""The rows of the account list: cells, order and filter, from the snapshot alone.

`…` stands for what was not read yet, `?` for what could not be read; neither is ever a zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from sa_tui.org.summary import summarise_tokens
from sa_tui.ui.format import ago, until
from sa_tui.ui.widgets.cells import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from sa_tui.api.models import SystemAccount
    from sa_tui.org.snapshot import Details, Part, Snapshot

COLUMNS: Final = (
    Column("name", "NAME", width=20, grow=2),
    Column("managed", "MGD", width=3, priority=2),
    Column("live", "LIVE", width=4, right=True),
    Column("expires", "EXPIRES", width=10),
    Column("used", "LAST USED", width=10),
    Column("roles", "ROLES", width=5, right=True),
    Column("teams", "TEAMS", width=5, right=True),
    Column("description", "DESCRIPTION", width=24, grow=3, priority=3),
)

SOON_DAYS: Final = 14
"""A live token that expires within this many days is marked."""


def cells(account: SystemAccount, details: Details, now: datetime) -> tuple[Text | str, ...]:
    """One cell per column."""
    return (
        account.name or "(no name)",
        "yes" if account.konnect_managed else "?" if account.konnect_managed is None else "",
        *_token_cells(details, now),
        _count(details.roles),
        _count(details.teams),
        account.description or "",
    )


def _token_cells(details: Details, now: datetime) -> tuple[Text | str, ...]:
    part = details.tokens
    if part.value is None:
        return (_blank(part),) * 3
    tokens = summarise_tokens(part.value, now)
    doubt = "" if tokens.is_sure and part.error is None else "?"
    live = Text(f"{tokens.live}{doubt}", style="" if tokens.live else "quiet")
    if tokens.next_expiry is None:
        expires = Text("never" if tokens.live else "-", style="warn" if tokens.live else "quiet")
    else:
        is_soon = (tokens.next_expiry - now).days < SOON_DAYS
        expires = Text(until(tokens.next_expiry, now), style="warn" if is_soon else "")
        if is_soon:
            expires.append(" !")
    if tokens.last_used_at is None:
        used = Text("never" if tokens.total else "-", style="quiet")
    else:
        used = Text(ago(tokens.last_used_at, now))
    return live, expires, used


def _count(part: Part[Any]) -> Text | str:
    if part.value is None:
        return _blank(part)
    doubt = "" if part.value.incomplete is None and part.error is None else "?"
    return Text(f"{len(part.value.rows)}{doubt}", style="" if part.value.rows else "quiet")


def _blank(part: Part[Any]) -> Text:
    return Text("?", style="bad") if part.error is not None else Text("…", style="quiet")


def order(
    snapshot: Snapshot, column: str, *, reverse: bool, now: datetime
) -> tuple[SystemAccount, ...]:
    """The accounts ordered by a column; what is unknown or absent comes last either way."""
    rows = snapshot.accounts.value.rows if snapshot.accounts.value else ()
    rank = _RANKS[column]
    known: list[tuple[Any, str, SystemAccount]] = []
    unknown: list[SystemAccount] = []
    for account in sorted(rows, key=lambda account: account.name.casefold()):
        value = rank(account, snapshot.details_of(account.id), now)
        if value is None:
            unknown.append(account)
        else:
            known.append((value, account.id, account))
    known.sort(key=lambda row: row[0], reverse=reverse)
    return (*(account for _, _, account in known), *unknown)


def _tokens(pick: str) -> Callable[[SystemAccount, Details, datetime], Any]:
    def rank(_: SystemAccount, details: Details, now: datetime) -> Any:
        listing = details.tokens.value
        return None if listing is None else getattr(summarise_tokens(listing, now), pick)

    return rank


_RANKS: Final[dict[str, Callable[[SystemAccount, Details, datetime], Any]]] = {
    "name": lambda account, _, __: account.name.casefold(),
    "managed": lambda account, _, __: account.konnect_managed,
    "live": _tokens("live"),
    "expires": _tokens("next_expiry"),
    "used": _tokens("last_used_at"),
    "roles": lambda _, details, __: details.roles.value and len(details.roles.value.rows),
    "teams": lambda _, details, __: details.teams.value and len(details.teams.value.rows),
    "description": lambda account, _, __: (account.description or "").casefold() or None,
}


def haystack(account: SystemAccount) -> str:
    """The text that a filter looks in: name, description and id, without case."""
    return f"{account.name}\n{account.description or ''}\n{account.id}".casefold()


def matching(rows: Iterable[tuple[str, str]], filter_text: str) -> Sequence[str]:
    """The ids of (id, haystack) rows that hold every word; `!word` asks for its absence."""
    words = filter_text.casefold().split()
    wanted = [word for word in words if not word.startswith("!")]
    unwanted = [word[1:] for word in words if len(word) > 1 and word.startswith("!")]
    return [
        account_id
        for account_id, text in rows
        if all(word in text for word in wanted) and not any(word in text for word in unwanted)
    ]
