"""The rows of the account list: one cell per column, from the snapshot alone.

`…` is a value that was not read yet, `?` one that could not be read; neither is ever shown as 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from sa_tui.base.times import ago, until
from sa_tui.org.summary import SOON_DAYS, summarise_tokens
from sa_tui.ui.kit.doubts import count_cell, unread_cell
from sa_tui.ui.kit.table.cells import Column

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.konnect.models import SystemAccount
    from sa_tui.org.snapshot import Details

COLUMNS: Final = (
    Column("name", "NAME", width=20, grow=2),
    Column("managed", "MGD", width=3, priority=2),
    Column("live", "LIVE", width=4, right=True),
    Column("expires", "EXPIRES", width=10),
    Column("used", "LAST USED", width=10),
    Column("roles", "ROLES", width=5, right=True),
    Column("teams", "TEAMS", width=5, priority=1, right=True),
    Column("description", "DESCRIPTION", width=24, grow=3, priority=3),
)


def cells(account: SystemAccount, details: Details, now: datetime) -> tuple[Text | str, ...]:
    """One cell per column."""
    return (
        account.name or "(no name)",
        "yes" if account.konnect_managed else "?" if account.konnect_managed is None else "",
        *_token_cells(details, now),
        count_cell(details.roles),
        count_cell(details.teams),
        account.description,
    )


def _token_cells(details: Details, now: datetime) -> tuple[Text | str, ...]:
    part = details.tokens
    if part.value is None:
        return (unread_cell(part),) * 3
    tokens = summarise_tokens(part.value, now)
    is_sure = tokens.is_sure and part.error is None and not part.is_old
    doubt = "" if is_sure else "?"
    live = Text(f"{tokens.live}{doubt}", style="" if tokens.live else "quiet")
    if tokens.next_expiry is None and tokens.live:
        expires = Text(f"never{doubt}", style="warn")
    elif tokens.next_expiry is None:
        expires = Text("-", style="quiet") if is_sure else Text("?", style="bad")
    else:
        is_soon = (tokens.next_expiry - now).days < SOON_DAYS
        expires = Text(until(tokens.next_expiry, now), style="warn" if is_soon else "")
        if is_soon:
            expires.append(" !")
    if tokens.last_used_at is None and is_sure:
        used = Text("never" if tokens.total else "-", style="quiet")
    elif tokens.last_used_at is None:
        used = Text("?", style="bad")
    else:
        used = Text(ago(tokens.last_used_at, now))
    return live, expires, used
