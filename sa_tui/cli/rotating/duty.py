"""What a run works with, and what it reads of Konnect and of this machine's records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_tui.access.query.account_terms import needs
from sa_tui.access.reader import read_access
from sa_tui.answers.problems import required
from sa_tui.rotation.claims import accounts_named, claims_of
from sa_tui.rotation.due import Known

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from sa_tui.access.subjects import Access
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.rotating.places import Places
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.records.journal import Journal
    from sa_tui.records.lease import Lease
    from sa_tui.records.rotations import Rotation, Rotations
    from sa_tui.rotation.claims import Claims
    from sa_tui.rotation.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One run of `rotate --due`; without a `lease` it is a dry run."""

    options: Namespace
    env: Environment
    profile: Profile
    org: Org
    policies: Sequence[Policy]
    places: Places
    journal: Journal
    rotations: Rotations
    lease: Lease | None

    def in_progress(self) -> tuple[Rotation, ...]:
        """The rotations that this machine knows. Raises JournalError."""
        return self.rotations.all_in_progress(base_url=self.profile.base_url)

    def known(self) -> Known:
        """What this machine knows besides what Konnect tells. Raises JournalError."""
        handovers = self.journal.history(base_url=self.profile.base_url)
        held = (each.entry.label.token_id for each in handovers if each.is_under_way)
        return Known(
            rotations=self.in_progress(),
            held=frozenset(token_id for token_id in held if token_id),
            is_clock_sure=self.org.knows_clock,
        )

    async def claims(self) -> Claims:
        """What the entries claim, read from Konnect. Raises KonnectError without accounts."""
        access = None
        if any(policy.query is not None for policy in self.policies):
            access = await self._access()
        else:
            await self.org.load()
            accounts = accounts_named(self.policies, self.org.snapshot)
            await self.org.read_tokens([account.id for account in accounts])
        snapshot = self.org.snapshot
        required(snapshot.accounts, "accounts")
        return claims_of(
            self.policies, snapshot, access, rotations=self.in_progress(), now=self.org.now()
        )

    async def _access(self) -> Access:
        """Who holds what, for the entries with a query; warns of what is doubtful in these."""
        from sa_tui.cli.reading.asking import read_whole, warn_of
        from sa_tui.cli.reading.live import KonnectSource

        asked = [(each.query, each.query_text) for each in self.policies if each.query is not None]
        queries = [query for query, _ in asked]
        source = KonnectSource(self.org, self.env, self.profile)
        if any(needs(query) == "everything" for query in queries):
            access = await read_whole(source, *queries, with_people=False)
        else:
            await source.read_tokens()
            access = read_access(source.snapshot)
        for query, text in asked:
            warn_of(query, text, source, access, self.env, with_people=False)
        return access
