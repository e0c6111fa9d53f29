"""Issues an access token so that it is never lost and never created twice or for nothing.

The rule it keeps is the order: check the destination, check the name, record the intent, send once,
record the result, deliver, and only then report.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sa_tui.base.label import Label
from sa_tui.base.secrets import fingerprint
from sa_tui.konnect import requests
from sa_tui.konnect.errors import KonnectError
from sa_tui.org.delivering import attempt
from sa_tui.records.journal import JournalError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from pydantic import SecretStr

    from sa_tui.handover.delivery import Delivery, Destination
    from sa_tui.konnect.models import AccessToken, IssuedToken
    from sa_tui.konnect.requests import Request
    from sa_tui.org.store import Org
    from sa_tui.records.journal import Journal

Stage = Literal["checking", "sending", "delivering", "looking"]
"""The step of an order; `looking` is for a token whose answer was lost."""

LOOK_AGAIN_SECONDS = (0.0, 1.0, 3.0)
"""The wait before each look for a token whose answer was lost: Konnect may list it late."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """The order for a token; without a destination its secret is only shown."""

    account_id: str
    account_name: str
    name: str
    expires_at: datetime
    destination: Destination | None
    profile: str
    base_url: str
    organization_id: str | None
    organization_name: str | None

    @property
    def label(self) -> Label:
        """The label of the token, which has no id yet."""
        return Label(
            self.account_id,
            account_name=self.account_name,
            token_id=None,
            token_name=self.name,
            expires_at=self.expires_at,
            base_url=self.base_url,
            organization_id=self.organization_id,
            organization_name=self.organization_name,
        )

    @property
    def place(self) -> Destination | None:
        """The destination, with the names of the account and the token filled in."""
        return self.destination and self.destination.filled(self.label)

    @property
    def request(self) -> Request[IssuedToken]:
        """The request that creates the token."""
        return requests.create_access_token(
            self.account_id, name=self.name, expires_at=self.expires_at
        )


@dataclass(frozen=True, kw_only=True)
class Issued:
    """The token exists; `delivery` is the result of the hand-over, if any.

    `secret` is None when another process had it, delivered it and is gone. `proof` is why the token
    does not work, empty when it was seen to work, None when it was not tried.
    """

    access_token: AccessToken
    secret: SecretStr | None
    label: Label
    destination: Destination | None
    delivery: Delivery | None
    entry: str
    proof: str | None = None


@dataclass(frozen=True, kw_only=True)
class NotIssued:
    """No token was created; `reason` says why and what to do, `error` is the cause."""

    reason: str
    error: KonnectError | JournalError | None = None


@dataclass(frozen=True, kw_only=True)
class Lost:
    """The answer was lost after sending.

    `label.token_id` is the token of this order, whose secret nobody has; None if it was not found.
    `reason` is what happened; `found_out` says what is known of the token. With `may_be_there` its
    secret may have arrived at its destination all the same.
    """

    reason: str
    found_out: str
    label: Label
    entry: str
    may_be_there: bool = False


async def issue(
    order: Order,
    *,
    org: Org,
    journal: Journal,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    on_stage: Callable[[Stage], None] = lambda _: None,
    stop: asyncio.Event | None = None,
) -> Issued | NotIssued | Lost:
    """Creates the token of an order and delivers it, or returns what happened instead.

    The POST is sent at most once. If its answer is lost, Konnect is asked for a token with this
    name, which did not exist before. `stop` ends a delivery in progress.
    """
    on_stage("checking")
    entry = await prepare(order, org=org, journal=journal)
    if isinstance(entry, NotIssued):
        return entry
    on_stage("sending")
    return await send(
        order, entry, org=org, journal=journal, sleep=sleep, on_stage=on_stage, stop=stop
    )


async def prepare(order: Order, *, org: Org, journal: Journal) -> str | NotIssued:
    """Checks the order and records the intent; sends no change.

    Returns the id of the journal's entry, or why no token can be created.
    """
    try:
        if reason := await _why_not(order, org):
            return NotIssued(reason=reason)
        return journal.intend(
            order.label,
            destination=order.place.describe() if order.place else "the screen",
            profile=order.profile,
            at=org.now(),  # compared later with the token's time of creation
        )
    except KonnectError as error:
        return NotIssued(reason=f"Nothing was created. {error}", error=error)
    except JournalError as error:
        return NotIssued(reason=f"Nothing was created: {error}", error=error)


async def send(
    order: Order,
    entry: str,
    *,
    org: Org,
    journal: Journal,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    on_stage: Callable[[Stage], None] = lambda _: None,
    stop: asyncio.Event | None = None,
) -> Issued | NotIssued | Lost:
    """Creates and delivers the token of an order that is prepared.

    After a cancellation it is not known whether the token was created: see `find_out`.
    """
    try:
        issued = await org.issue_token(order.request, account_id=order.account_id, name=order.name)
    except KonnectError as error:
        return await refused(
            error, order, entry, org=org, journal=journal, sleep=sleep, on_stage=on_stage
        )
    on_stage("delivering")
    return await _in_hand(issued, order, order.label, entry, org=org, journal=journal, stop=stop)


async def refused(
    error: KonnectError,
    order: Order,
    entry: str,
    *,
    org: Org,
    journal: Journal,
    sleep: Callable[[float], Awaitable[None]],
    on_stage: Callable[[Stage], None],
) -> NotIssued | Lost:
    """What became of an order that Konnect did not answer with a token."""
    if not error.outcome_unknown:
        with suppress(JournalError):
            journal.failed(entry, str(error))
        return NotIssued(reason=f"Nothing was created. {error}", error=error)
    on_stage("looking")
    lost = Lost(reason=str(error), found_out="", label=order.label, entry=entry)
    return await find_out(lost, org=org, sleep=sleep)


async def _in_hand(
    issued: IssuedToken,
    order: Order,
    label: Label,
    entry: str,
    *,
    org: Org,
    journal: Journal,
    stop: asyncio.Event | None,
) -> Issued:
    """Delivers a secret that exists; an error of the journal must not lose it."""
    label = replace(
        label,
        token_id=issued.access_token.id,
        expires_at=issued.access_token.expires_at or order.expires_at,
    )
    with suppress(JournalError):
        journal.minted(entry, issued.access_token.id, fingerprint=fingerprint(issued.secret))
    delivery = None
    if order.place is not None:
        delivery = await deliver(
            issued.secret,
            order.place,
            label=label,
            entry=entry,
            org=org,
            journal=journal,
            stop=stop,
        )
    return Issued(
        access_token=issued.access_token,
        secret=issued.secret,
        label=label,
        destination=order.place,
        delivery=delivery,
        entry=entry,
    )


async def deliver(
    secret: SecretStr,
    destination: Destination,
    *,
    label: Label,
    entry: str,
    org: Org,
    journal: Journal,
    stop: asyncio.Event | None = None,
) -> Delivery:
    """Delivers the secret and records a confirmed delivery; returns whatever fails.

    `stop` ends it early, for an operator who does not want to wait longer.
    """
    delivery = await attempt(secret, destination, label, stop)
    if delivery.status == "delivered":
        record_delivery(delivery, label=label, entry=entry, org=org, journal=journal)
    return delivery


def record_delivery(
    delivery: Delivery, *, label: Label, entry: str, org: Org, journal: Journal
) -> None:
    """Records a confirmed delivery in the journal and in the log of changes."""
    with suppress(JournalError):
        journal.delivered(entry, delivery.message)
    org.handed_over(label.account_id, name=label.token_name, message=delivery.message)


async def _why_not(order: Order, org: Org) -> str | None:
    """Why nothing can be sent, or None."""
    if order.place and (problem := await order.place.check()):
        return f"Nothing was created: {problem}"
    if (await org.tokens_named(order.account_id, order.name)).rows:
        return (
            f"Nothing was created: {order.account_name} already has a token named "
            f"{order.name!r}. Token names are unique per account: choose another."
        )
    return None


async def find_out(
    lost: Lost,
    *,
    org: Org,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Lost:
    """Looks for the token; its name was free before, so a token with this name is this one."""
    for wait_seconds in LOOK_AGAIN_SECONDS:
        await sleep(wait_seconds)
        lost, is_there = await _look(lost, org)
        if is_there:
            break
    org.found_out_issuing(
        lost.label.account_id,
        name=lost.label.token_name,
        is_there=is_there,
        message=f"{lost.reason} {lost.found_out}",
    )
    return lost


async def _look(lost: Lost, org: Org) -> tuple[Lost, bool | None]:
    """What one look finds, and whether the token exists; None if that is unknown."""
    try:
        listing = await org.tokens_named(lost.label.account_id, lost.label.token_name)
    except KonnectError as error:
        return replace(lost, found_out=f"Whether the token exists is unknown. {error}"), None
    if listing.rows:
        label = replace(lost.label, token_id=listing.rows[0].id)
        found_out = (
            "The token was created, but its secret was in the lost answer: "
            "nobody has it and Konnect will not show it again."
        )
        return replace(lost, found_out=found_out, label=label), True
    if listing.incomplete is not None:
        found_out = "Whether the token exists is unknown: not every token could be read."
        return replace(lost, found_out=found_out), None
    found_out = "Konnect lists no token of this name: most likely none was created."
    return replace(lost, found_out=found_out), False
