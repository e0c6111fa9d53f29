"""Issues a token whose secret this process never gets, unless it could not be delivered.

The order is that of `issuing`: check, record the intent, send once, record the result. The request
and the delivery are another process's, which ends with them.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from sa_tui.handover.command import CommandDestination
from sa_tui.handover.delivery import Delivery
from sa_tui.handover.file import FileDestination
from sa_tui.konnect.errors import KonnectError
from sa_tui.konnect.models import AccessToken
from sa_tui.org.births import HelperEndedError
from sa_tui.org.issuing import (
    Issued,
    Lost,
    NotIssued,
    issue,
    prepare,
    record_delivery,
    refused,
)
from sa_tui.records.journal import JournalError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sa_tui.base.label import Label
    from sa_tui.org.births import Births, Helper
    from sa_tui.org.issuing import Order, Stage
    from sa_tui.org.store import Org
    from sa_tui.records.journal import Journal

_FILE_SECONDS = 60.0


async def issue_apart(
    order: Order,
    *,
    org: Org,
    journal: Journal,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    on_stage: Callable[[Stage], None] = lambda _: None,
    stop: asyncio.Event | None = None,
    prove: bool = False,
) -> Issued | NotIssued | Lost:
    """Issues as `issue` does; what goes to a file or a command is born in a process of its own.

    With `prove` that process also tries the token, once it is delivered.
    """
    place = order.place
    if org.births is None or not isinstance(place, CommandDestination | FileDestination):
        return await issue(
            order, org=org, journal=journal, sleep=sleep, on_stage=on_stage, stop=stop
        )
    on_stage("checking")
    async with org.births.helper() as helper:  # it gets ready while the order is checked
        entry = await prepare(order, org=org, journal=journal)
        if isinstance(entry, NotIssued):
            return entry
        if problem := await helper.ready():
            reason = f"Nothing was created: the process for the secret cannot run: {problem}."
            with suppress(JournalError):
                journal.failed(entry, reason)
            return NotIssued(reason=reason)
        on_stage("sending")
        bearing = _Bearing(order, place, entry, org=org, journal=journal, helper=helper)
        try:
            token = await bearing.create(org.births, prove=prove)
        except KonnectError as error:
            return await refused(
                error, order, entry, org=org, journal=journal, sleep=sleep, on_stage=on_stage
            )
        on_stage("delivering")
        return await bearing.deliver(token, stop=stop)


class _Bearing:
    """One order in the hands of one process."""

    def __init__(
        self,
        order: Order,
        place: CommandDestination | FileDestination,
        entry: str,
        *,
        org: Org,
        journal: Journal,
        helper: Helper,
    ) -> None:
        self._order = order
        self._place = place
        self._entry = entry
        self._org = org
        self._journal = journal
        self._helper = helper

    async def create(self, births: Births, *, prove: bool) -> AccessToken:
        """Has the token made. Raises KonnectError."""
        order, request = self._order, self._order.request
        message = births.order(
            {"method": request.method, "path": request.path, "body": request.body},
            label=asdict(order.label) | {"expires_at": None},
            destination=_as_message(self._place),
            prove=prove,
        )

        seen: str | None = None

        async def created() -> AccessToken:
            nonlocal seen
            event = await self._helper.created(message)
            seen = event["fingerprint"]
            return AccessToken.from_wire(event["access_token"])

        token = await self._org.token_made(created(), account_id=order.account_id, name=order.name)
        with suppress(JournalError):
            self._journal.minted(self._entry, token.id, fingerprint=seen)
        return token

    async def deliver(self, token: AccessToken, *, stop: asyncio.Event | None) -> Issued | Lost:
        """Waits for the delivery; a process that ended took the secret with it."""
        label = replace(
            self._order.label,
            token_id=token.id,
            expires_at=token.expires_at or self._order.expires_at,
        )
        limit = (
            self._place.limit_seconds
            if isinstance(self._place, CommandDestination)
            else _FILE_SECONDS
        )
        try:
            event = await self._helper.delivered(stop=stop, within_seconds=limit)
        except HelperEndedError as error:
            return self._lost(label, str(error))
        return self._issued(token, label, event)

    def _issued(self, token: AccessToken, label: Label, event: dict[str, Any]) -> Issued:
        delivery = Delivery(**event["delivery"])
        if delivery.status == "delivered":
            record_delivery(
                delivery, label=label, entry=self._entry, org=self._org, journal=self._journal
            )
        secret = event.get("secret")
        return Issued(
            access_token=token,
            secret=None if secret is None else SecretStr(secret),
            label=label,
            destination=self._place,
            delivery=delivery,
            entry=self._entry,
            proof=event["proof"],
        )

    def _lost(self, label: Label, reason: str) -> Lost:
        return Lost(
            reason=f"The process that had the secret {reason}.",
            found_out="The token was created. Nobody has its secret, unless it arrived at "
            f"{self._place.describe()}: look there.",
            label=label,
            entry=self._entry,
            may_be_there=True,
        )


def _as_message(place: CommandDestination | FileDestination) -> dict[str, object]:
    if isinstance(place, FileDestination):
        return {
            "kind": "file",
            "path": str(place.target),
            "format": place.format,
            "variable": place.variable,
        }
    return {
        "kind": "command",
        "argv": place.argv,
        "format": place.format,
        "verify": place.verify,
        "timeout_seconds": place.timeout_seconds,
    }
