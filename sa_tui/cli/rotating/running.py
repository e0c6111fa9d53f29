"""One run: claims what the entries are for, does what is due, and tells of it as it happens.

The rule it keeps: the token that ends first goes first, and a Konnect that cannot be asked is not
asked once more for every token.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sa_tui.answers.head import organization_record
from sa_tui.answers.problems import error_record
from sa_tui.cli.rotating.carrying import Carrier
from sa_tui.cli.rotating.results import QUIET, of_trouble
from sa_tui.cli.rotating.telling import tell_event
from sa_tui.konnect.errors import KonnectError, NotSignedIn, RateLimited, Unreachable
from sa_tui.rotation.due import decide

if TYPE_CHECKING:
    from sa_tui.answers.records import Record
    from sa_tui.cli.rotating.duty import Duty
    from sa_tui.cli.rotating.results import Result
    from sa_tui.rotation.due import Family

MOST_FAILURES = 3
"""So many requests in a row that Konnect did not take at all end a run."""

_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass
class Running:
    """A run and what came of it: `families` are claimed, `next_at` is the next that falls due.

    `not_tried` counts those that were left when Konnect could not be asked.
    """

    duty: Duty
    results: list[Result] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    next_at: datetime | None = None
    not_tried: int = 0
    _told: int = 0

    async def run(self) -> None:
        """Does what is due. Raises KonnectError, JournalError, LeaseTakenError."""
        duty = self.duty
        claims = await duty.claims()
        self.families = self._in_order(claims.families)
        self.results += map(of_trouble, claims.troubles)
        await self._tell()
        self._note_gone()
        organization = duty.org.snapshot.organization.value
        shared = duty.places.shared(self.families, organization)
        carrier = Carrier(duty, shared, self.results.append)
        left = deque(self.families)
        while left and not self._is_over:
            await carrier.carry_out(left.popleft())
            await self._tell()
        self.not_tried = len(left)

    def _in_order(self, families: list[Family]) -> list[Family]:
        """The families, those that fall due first coming first."""
        known, now = self.duty.known(), self.duty.org.now()
        due = [(decide(family, known, now=now).due_at or _LATEST, family) for family in families]
        due.sort(key=lambda pair: pair[0])
        self.next_at = next((at for at, _ in due if now < at < _LATEST), None)
        return [family for _, family in due]

    @property
    def _is_over(self) -> bool:
        if self.duty.env.signals.number is not None:
            return True
        last = self.results[-MOST_FAILURES:]
        systemic = (NotSignedIn, RateLimited, Unreachable)
        return len(last) == MOST_FAILURES and all(
            isinstance(result.error, systemic) for result in last
        )

    def _note_gone(self) -> None:
        """Ends the rotations on record whose old token is gone, as another run left them."""
        duty = self.duty
        if duty.lease is None:
            return
        for rotation in duty.in_progress():
            part = duty.org.snapshot.details_of(rotation.account_id).tokens
            if part.is_whole and rotation.old_id not in {token.id for token in part.rows}:
                duty.rotations.end(rotation.id, "the old token is gone")

    async def tell_failure(self, error: Exception) -> None:
        """Tells each command of `on_event` that the run as a whole has failed."""
        failure = {
            "rotation": None,
            "action": "run",
            "status": "failed",
            "system_account": None,
            "access_token": None,
            "expires_at": None,
            "successor": None,
            "reason": "The run failed as a whole.",
            "message": str(error),
            "error": error_record(error) if isinstance(error, KonnectError) else None,
        }
        for argv in dict.fromkeys(policy.on_event for policy in self.duty.policies):
            await self._tell_of(failure, argv)

    async def _tell(self) -> None:
        """Tells the commands of the entries what has happened since."""
        policies = {policy.name: policy for policy in self.duty.policies}
        for result in self.results[self._told :]:
            self._told += 1
            if result.status not in QUIET:
                await self._tell_of(result.record(), policies[result.rotation].on_event)

    async def _tell_of(self, event: Record, argv: tuple[str, ...]) -> None:
        duty = self.duty
        if not argv or duty.lease is None:
            return
        about = {
            "schema_version": 1,
            "at": duty.org.now(),
            "profile": duty.profile.name,
            "organization": organization_record(duty.org.snapshot.organization.value),
        }
        problem = await tell_event(argv, about | event, environ=duty.env.child_environ)
        if problem:
            duty.env.warn(problem)
