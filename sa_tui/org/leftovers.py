"""Finds out whether a token that an earlier run may have created exists.

The rule it keeps: a token is reported as gone only if that is certain. Two clocks are never
compared for it: this machine's may be wrong, and Konnect may list a token late.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sa_tui.base.address import normal_address
from sa_tui.base.times import utc
from sa_tui.konnect.errors import NotFound, Unreadable

if TYPE_CHECKING:
    from datetime import datetime

    from sa_tui.base.label import Label
    from sa_tui.konnect.models import AccessToken
    from sa_tui.org.store import Org
    from sa_tui.records.journal import Unfinished

CLOCK_SKEW = timedelta(minutes=5)
"""A smaller difference between Konnect's clock and this machine's is normal."""
LISTED_AFTER = timedelta(minutes=10)
"""The age of an order from which Konnect certainly lists its token, if there is one."""

State = Literal["there", "gone", "late", "unsure"]


@dataclass(frozen=True, kw_only=True)
class Located:
    """What Konnect knows of a left-over token.

    `there`: `label` has its id and its present name. `gone`: there is none. `late`: none is listed,
    but the order is so new that one may still appear. `unsure`: none is listed, but perhaps it was
    ordered elsewhere. `doubt` says why the token that is there may be another one.
    """

    state: State
    label: Label
    doubt: str = ""


async def locate(leftover: Unfinished, *, org: Org, base_url: str, now: datetime) -> Located:
    """Asks Konnect for the token. Raises KonnectError, also if the list is incomplete."""
    label = leftover.label
    try:
        if label.token_id is not None:
            token = await org.token(label.account_id, label.token_id)
            return Located(state="there", label=replace(label, token_name=token.name))
        listing = await org.tokens_named(label.account_id, label.token_name)
    except NotFound:
        return Located(state=_absence(leftover, base_url=base_url, now=now), label=label)
    if listing.rows:
        token = min(listing.rows, key=lambda row: _distance(row, leftover))
        label = replace(label, token_id=token.id)
        return Located(state="there", label=label, doubt=_doubt(token, leftover))
    if listing.incomplete:
        raise Unreadable(listing.incomplete)
    return Located(state=_absence(leftover, base_url=base_url, now=now), label=label)


def _absence(leftover: Unfinished, *, base_url: str, now: datetime) -> State:
    label = leftover.label
    # In another organisation, or at another address, the token may exist.
    is_here = normal_address(label.base_url) == normal_address(base_url)
    if label.organization_id is None or not is_here:
        return "unsure"
    age = now - leftover.intended_at
    if age < -CLOCK_SKEW:  # the clock was set back: the age of the order is unknown
        return "unsure"
    return "gone" if age >= LISTED_AFTER else "late"


def _distance(token: AccessToken, leftover: Unfinished) -> timedelta:
    if token.created_at is None:
        return timedelta.max
    return abs(token.created_at - leftover.intended_at)


def _doubt(token: AccessToken, leftover: Unfinished) -> str:
    """Why a token may be another one; names are unique, so it got the name after the order."""
    if token.created_at is None or _distance(token, leftover) <= CLOCK_SKEW:
        return ""
    return (
        f"Konnect says that it was made {utc(token.created_at)}. Either this "
        "machine's clock was wrong, or it is another token that has this name now: look at both "
        "times before you revoke it."
    )
