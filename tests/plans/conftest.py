"""An organisation of the demo that is read whole, changed by plans, and read again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pytest
from pydantic import SecretStr

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.reading.everything import read_organisation
from sa_tui.org.reading.naming import read_entity_names, read_every_entity
from sa_tui.org.store import Org
from sa_tui.plans.difference import Difference, difference
from sa_tui.plans.form import read_wished
from sa_tui.plans.scope import NOTHING, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable
    from datetime import datetime

    from sa_tui.org.changes.change import Change, Outcome
    from sa_tui.org.snapshot import Snapshot

T = TypeVar("T")


async def no_sleep(_: float) -> None:
    """Lets no time pass."""


@dataclass
class World:
    """One demo Konnect, and what a plan does to it."""

    fake: FakeKonnect

    def read(self, *, with_every_entity: bool = False, with_people: bool = False) -> Snapshot:
        """Everything that an export says."""

        async def work(org: Org) -> Snapshot:
            await org.read_teams()
            await read_organisation(org, with_people=with_people)
            await org.read_team_details([team.id for team in org.snapshot.teams.rows])
            await read_entity_names(org)
            if with_every_entity:
                await read_every_entity(org)
            return org.snapshot

        return self._run(work)

    def send(self, changes: Iterable[Change]) -> tuple[Outcome, ...]:
        """Sends changes, as they are."""

        async def work(org: Org) -> tuple[Outcome, ...]:
            outcomes: list[Outcome] = []
            return await org.carry_out(tuple(changes), on_outcome=outcomes.append, sleep=no_sleep)

        return self._run(work)

    def plan(self, text: str, *, scope: Scope = NOTHING) -> Difference:
        """What a file wishes for, against all that there is."""
        snapshot = self.read(with_every_entity=True)
        return difference(read_wished([("wish.yaml", text.encode())]), snapshot, scope=scope)

    def apply(self, text: str, *, scope: Scope = NOTHING) -> tuple[Outcome, ...]:
        """Plans and sends."""
        outcomes = self.send(self.plan(text, scope=scope).changes)
        assert [outcome.message for outcome in outcomes if not outcome.is_good] == []
        return outcomes

    def _run(self, work: Callable[[Org], Coroutine[object, object, T]]) -> T:
        async def main() -> T:
            settings = Settings(
                base_url=BASE_URL,
                regional_url=REGIONAL_URL,
                transport=self.fake.transport(sleep=no_sleep),
                sleep=no_sleep,
            )
            client = KonnectClient(SecretStr(self.fake.operator_token), settings)
            async with Org(client) as org:
                return await work(org)

        return asyncio.run(main())


@pytest.fixture
def world(now: datetime) -> World:
    return World(FakeKonnect(build_organisation(now, odd=True), clock=lambda: now))


@pytest.fixture
def empty(now: datetime) -> World:
    """The same entities, people and predefined teams, and what Konnect manages; nothing else."""
    fake = FakeKonnect(build_organisation(now, odd=True), clock=lambda: now)
    for account in list(fake.organisation.accounts):
        if not account["konnect_managed"]:
            fake.organisation.remove_account(account["id"])
    for team in list(fake.organisation.teams):
        if not team["system_team"]:
            fake.organisation.remove_team(team["id"])
    return World(fake)
