"""Carries out what is due for one token and its successors, by what Konnect says at that moment.

The rule it keeps: what is to be done is decided once more on tokens that were just read, and a
token that nobody has is revoked at once, or named.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from sa_tui.base.secrets import redact
from sa_tui.base.times import MAX_LIFETIME
from sa_tui.cli.exits import Exit, code_for, code_for_refusal
from sa_tui.cli.interruption import UnansweredError, answered
from sa_tui.cli.rotating.results import Successor, of_action, of_gone, of_idle
from sa_tui.cli.run import LeftToken
from sa_tui.handover.command import CommandDestination
from sa_tui.konnect.errors import Conflict, KonnectError
from sa_tui.org.bearing import issue_apart
from sa_tui.org.changes.accounts import revoke_token
from sa_tui.org.issuing import Issued, Lost, NotIssued, Order
from sa_tui.org.rotating import begin
from sa_tui.records.journal import JournalError
from sa_tui.records.rotations import AlreadyRotatingError
from sa_tui.rotation.claims import renewed
from sa_tui.rotation.due import decide

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.base.label import Label
    from sa_tui.cli.rotating.duty import Duty
    from sa_tui.cli.rotating.results import Result, Status
    from sa_tui.org.changes.change import Change
    from sa_tui.org.rotating import Succession
    from sa_tui.rotation.due import Action, Family

IDLE = ("wait", "alarm")

_MARGIN = timedelta(minutes=1)
"""Konnect's clock is known to a second, and it refuses a life that is a second too long."""


class Carrier:
    """Does the work of one run; `shared` says which families cannot go to their place, and why."""

    def __init__(
        self,
        duty: Duty,
        shared: dict[tuple[str, str], str],
        on_result: Callable[[Result], None],
    ) -> None:
        self._duty = duty
        self._shared = shared
        self._on_result = on_result

    async def carry_out(self, family: Family) -> None:
        """Does what is due for a family. Raises LeaseTakenError, JournalError."""
        duty = self._duty
        actions = decide(family, duty.known(), now=duty.org.now()).actions
        if duty.lease is not None and any(action.kind not in IDLE for action in actions):
            duty.lease.take()
            await duty.org.read_tokens([family.account.id])
            part = duty.org.snapshot.details_of(family.account.id).tokens
            if not part.is_whole:
                for action in actions:
                    self._on_result(self._unread(family, action, part.error))
                return
            family = renewed(family, part.rows, duty.in_progress())
            if not family.tokens:
                self._on_result(of_gone(actions[0], family))
                return
            actions = decide(family, duty.known(), now=duty.org.now()).actions
        may_issue = True
        for action in actions:
            if action.kind == "issue" and not may_issue:
                message = "Nothing was created: a token that nobody has is still there."
                self._on_result(of_action(family, action, "waiting", message=message))
                continue
            result = await self._result(family, action)
            self._on_result(result)
            # Otherwise there would be more and more tokens that nobody has.
            may_issue = may_issue and (action.kind != "revoke" or result.code == Exit.DONE)
            if duty.env.signals.number is not None:
                return

    @staticmethod
    def _unread(family: Family, action: Action, error: KonnectError | None) -> Result:
        code = (error and code_for(error)) or Exit.INCOMPLETE
        message = "Nothing was done: the tokens could not be read again."
        return of_action(family, action, "failed", message=message, code=code, error=error)

    async def _result(self, family: Family, action: Action) -> Result:
        if action.kind in IDLE:
            return of_idle(family, action)
        if action.kind == "issue":
            if why := self._shared.get((family.account.id, family.key)):
                return of_action(family, action, "failed", message=why, code=Exit.USAGE)
            return await self._issue(family, action)
        if action.kind == "retire" and (why := await self._why_missing(family, action)):
            return of_action(family, action, "alarm", message=why, code=Exit.FINDINGS)
        change = revoke_token(family.account, action.token)
        if self._duty.lease is None:
            return of_action(family, action, "planned", request=change.request)
        return await self._end(family, action, change)

    # The end of a token

    async def _why_missing(self, family: Family, action: Action) -> str:
        """Why the successor is not where it was delivered, if this machine can tell; else empty.

        What another machine has delivered has no fingerprint here: that it was used is all there
        is to go by.
        """
        duty, successor = self._duty, action.by
        place = duty.places.by_name[family.policy.to]
        if successor is None or not isinstance(place, CommandDestination) or not place.verify:
            return ""
        organization = duty.org.snapshot.organization.value
        label = duty.places.label(family, successor.name, organization)
        where = redact(place.filled(label).describe())
        for handover in duty.journal.history(base_url=duty.profile.base_url):
            entry = handover.entry
            is_this = (entry.label.token_id, entry.destination) == (successor.id, where)
            if is_this and handover.fingerprint is not None:
                why = await place.why_missing(handover.fingerprint, label)
                return why and f"{successor.name} is not where it was delivered: {why}."
        return ""

    async def _end(self, family: Family, action: Action, change: Change) -> Result:
        duty = self._duty
        sending = duty.org.carry_out([change], on_outcome=lambda _: None, sleep=duty.env.sleep)
        try:
            (outcome,) = await answered(sending, env=duty.env)
        except UnansweredError as error:
            return of_action(family, action, "unknown", message=str(error), code=Exit.UNKNOWN)
        message = outcome.message
        if outcome.is_good:
            self._note_end(action)
            return of_action(family, action, "done", message=message)
        if outcome.is_overtaken:
            return of_action(family, action, "waiting", message=message)
        cause = outcome.error
        if outcome.status == "unknown":
            code = Exit.UNKNOWN
            return of_action(family, action, "unknown", message=message, code=code, error=cause)
        code = (cause and code_for_refusal(cause)) or Exit.UNREACHABLE
        return of_action(family, action, "failed", message=message, code=code, error=cause)

    def _note_end(self, action: Action) -> None:
        """Closes what this machine's records say of a token that no longer works."""
        duty, token = self._duty, action.token
        with suppress(JournalError):
            for rotation in duty.in_progress():
                if rotation.old_id == token.id:
                    duty.rotations.end(rotation.id, "retired")
                elif rotation.new_id == token.id and action.kind == "revoke":
                    duty.rotations.end(rotation.id, "its successor never came into use")
            for entry in duty.journal.unfinished(base_url=duty.profile.base_url):
                if entry.label.token_id == token.id:
                    duty.journal.revoked(entry.id)

    # A successor

    async def _issue(self, family: Family, action: Action) -> Result:
        duty = self._duty
        order = self._order(family, action)
        if duty.lease is None:
            return of_action(family, action, "planned", request=order.request)
        try:
            succession = await self._begun(family, action, order)
        except AlreadyRotatingError as error:
            return of_action(family, action, "waiting", message=str(error))
        stop = asyncio.Event()
        work = issue_apart(
            order,
            org=duty.org,
            journal=duty.journal,
            sleep=duty.env.sleep,
            stop=stop,
            prove=True,
        )
        try:
            made = await answered(work, env=duty.env, on_signal=stop.set)
        except UnansweredError as error:
            succession.failed("interrupted")
            message = f"Whether {action.name} was made is unknown. {error}"
            return of_action(family, action, "unknown", message=message, code=Exit.UNKNOWN)
        if isinstance(made, Issued) and made.delivery and made.delivery.status == "delivered":
            return await self._delivered(family, action, succession, made)
        succession.failed("no successor")
        if isinstance(made, NotIssued):
            return await self._not_issued(family, action, made)
        return await self._not_delivered(family, action, made)

    async def _not_issued(self, family: Family, action: Action, made: NotIssued) -> Result:
        """The result where nothing was made; another run that was faster is no failure."""
        cause = made.error if isinstance(made.error, KonnectError) else None
        if made.error is None or isinstance(cause, Conflict):
            await self._duty.org.read_tokens([family.account.id])
            part = self._duty.org.snapshot.details_of(family.account.id).tokens
            if any(token.name == action.name for token in part.rows):
                message = f"Nothing was created: {action.name} was made by somebody else just now."
                return of_action(family, action, "waiting", message=message)
        code = (cause and code_for_refusal(cause)) or Exit.USAGE
        return of_action(family, action, "failed", message=made.reason, code=code, error=cause)

    def _order(self, family: Family, action: Action) -> Order:
        duty = self._duty
        organization = duty.org.snapshot.organization.value
        lifetime = min(family.policy.lifetime, MAX_LIFETIME - _MARGIN)
        return Order(
            account_id=family.account.id,
            account_name=family.account.name,
            name=action.name,
            expires_at=duty.org.now().replace(microsecond=0) + lifetime,
            destination=duty.places.by_name[family.policy.to],
            profile=duty.profile.name,
            base_url=duty.profile.base_url,
            organization_id=organization.id if organization else None,
            organization_name=organization.name if organization else None,
        )

    async def _begun(self, family: Family, action: Action, order: Order) -> Succession:
        """The rotation, on record; one whose successor nobody has used gives way to it."""
        duty = self._duty
        for attempt in (1, 2):
            try:
                return await begin(
                    duty.rotations,
                    order,
                    old=action.token,
                    idle_for=family.policy.idle_for,
                    org=duty.org,
                )
            except AlreadyRotatingError as error:
                if error.rotation.new_id is None or attempt == 2:  # it is being issued right now
                    raise
                duty.rotations.end(error.rotation.id, "its successor never came into use")
        raise AssertionError  # pragma: no cover - the second attempt returns or raises

    async def _delivered(
        self, family: Family, action: Action, succession: Succession, made: Issued
    ) -> Result:
        duty = self._duty
        succession.issued(made)
        with suppress(JournalError):
            duty.journal.acknowledged(made.entry)
        problem = await succession.prove(made, sleep=duty.env.sleep)
        successor = Successor(name=action.name, id=made.access_token.id)
        message = made.delivery.message if made.delivery else ""
        if problem:
            message = f"{message} It is not proven: {problem}"
            return of_action(
                family,
                action,
                "unproven",
                successor=successor,
                message=message,
                code=Exit.INCOMPLETE,
            )
        message += await self._why_unseen(family, made)
        return of_action(family, action, "done", successor=successor, message=message)

    async def _why_unseen(self, family: Family, made: Issued) -> str:
        """A note if Konnect does not show the use that proved a successor; empty if it does.

        Other machines rely on that use.
        """
        try:
            token = await self._duty.org.token(family.account.id, made.access_token.id)
        except KonnectError:
            return ""
        return "" if token.last_used_at else " Konnect does not tell yet that it was used."

    async def _not_delivered(self, family: Family, action: Action, made: Issued | Lost) -> Result:
        """The result for a token that nobody is known to have; it is revoked if nobody can."""
        status: Status
        if isinstance(made, Lost):
            status, may_be_there = "lost", made.may_be_there
            message = f"{made.reason} {made.found_out}"
        else:
            delivery = made.delivery
            status = "undelivered"
            may_be_there = delivery is not None and delivery.may_be_there
            message = " ".join(
                filter(None, (delivery.message, delivery.detail) if delivery else ())
            )
        token_id, name = made.label.token_id, made.label.token_name
        if token_id is None:  # the next run finds it, if there is one
            return of_action(family, action, "unknown", message=message, code=Exit.UNKNOWN)
        is_revoked: bool | None = False
        if may_be_there:
            status = "unclear"
            message += " It stays until a later run has replaced it."
        else:
            is_revoked, why = await self._taken_back(made.label, made.entry)
            message += f" {why}"
        self._duty.env.run.left_tokens.append(
            LeftToken(
                system_account_id=family.account.id, id=token_id, name=name, is_revoked=is_revoked
            )
        )
        return of_action(
            family,
            action,
            status,
            successor=Successor(name=name, id=token_id),
            message=message,
            code=Exit.UNDELIVERED,
        )

    async def _taken_back(self, label: Label, entry: str) -> tuple[bool | None, str]:
        """Revokes a token that nobody has; says whether it is revoked."""
        duty = self._duty
        revoking = duty.org.revoke_token(
            label.account_id, label.token_id or "", name=label.token_name
        )
        try:
            await answered(revoking, env=duty.env)
        except (KonnectError, UnansweredError) as error:
            why = f"It is not confirmed as revoked: a later run does it. {error}"
            return None, why
        with suppress(JournalError):
            duty.journal.revoked(entry)
        return True, "It is revoked."
