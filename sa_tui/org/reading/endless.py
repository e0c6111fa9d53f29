"""Reads each access token without an end once more, by itself: a list may have left the end out.

The rule it keeps: a token of which this cannot be found out has an end that is not known.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.konnect.errors import KonnectError, NotFound

if TYPE_CHECKING:
    from sa_tui.konnect.models import AccessToken
    from sa_tui.org.store import Org


async def read_endless_tokens(org: Org) -> None:
    """Reads the tokens of the snapshot again that have no end; publishes what became known."""
    found = [
        (account_id, token)
        for account_id, details in org.snapshot.details.items()
        for token in details.tokens.rows
        if token.expires_at is None and "expires_at" not in token.unreadable
    ]
    read = await asyncio.gather(*(_again(org, account_id, token) for account_id, token in found))
    known = {token.id: now for (_, token), now in zip(found, read, strict=True) if now is not token}
    changed = {}
    for account_id in {account_id for account_id, token in found if token.id in known}:
        details = org.snapshot.details_of(account_id)
        if (listing := details.tokens.value) is not None:
            rows = tuple(known.get(row.id, row) for row in listing.rows)
            part = replace(details.tokens, value=replace(listing, rows=rows))
            changed[account_id] = replace(details, tokens=part)
    if changed:
        org.reader.publish(org.snapshot.with_details(changed))


async def _again(org: Org, account_id: str, token: AccessToken) -> AccessToken:
    """The token as it is now; the same one if it is gone, or has no end."""
    try:
        now = await org.token(account_id, token.id)
    except NotFound:
        return token
    except KonnectError as error:
        unreadable = {**token.unreadable, "expires_at": str(error)}
        return replace(token, unreadable=unreadable)
    return now if now.expires_at is not None or "expires_at" in now.unreadable else token
