"""Answers a reading command from Konnect itself, and reports how far the reading has come."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.answers.problems import required
from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.opening import choose_profile, narrate_rotations
from sa_tui.cli.output import narrate_clock, narrate_wait
from sa_tui.org.reading.endless import read_endless_tokens
from sa_tui.org.reading.everything import read_organisation, read_tokens
from sa_tui.org.reading.naming import read_entity_names, read_every_entity

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Awaitable, Callable, Iterable

    from sa_tui.cli.environment import Environment
    from sa_tui.org.reading.calls import Progress
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile

TELL_EVERY = 500
"""While much is read, progress is reported once in so many calls or accounts."""


def answer_live(
    options: Namespace, env: Environment, work: Callable[[KonnectSource], Awaitable[int]]
) -> int:
    """Answers a command from Konnect. Raises ProfileError without a profile, KonnectError."""
    choice = ProfileChoice(options=options, env=env)
    profile = choose_profile(choice)
    return env.signals.run(_answer(choice, profile, work))


async def _answer(
    choice: ProfileChoice, profile: Profile, work: Callable[[KonnectSource], Awaitable[int]]
) -> int:
    progress = _DetailsProgress(choice.env)
    org = await choice.konnect.connect(
        profile, on_change=progress, on_wait=partial(narrate_wait, choice.env)
    )
    async with org:
        return await work(KonnectSource(org, choice.env, profile, progress))


class KonnectSource:
    """An organisation that is read from Konnect when a command asks for it."""

    def __init__(
        self,
        org: Org,
        env: Environment,
        profile: Profile,
        progress: _DetailsProgress | None = None,
    ) -> None:
        self.org = org
        self.profile = profile
        self.now = org.now
        self.read_offer = org.read_offer
        self.read_entities = org.read_entities
        self.read_teams = org.read_teams
        self.read_people = org.read_people
        self.read_accounts_again = org.load_accounts
        self.read_authentication = org.read_authentication
        self.read_team_details = org.read_team_details
        self._env = env
        self._progress = progress or _DetailsProgress(env)

    @property
    def snapshot(self) -> Snapshot:
        """What was read so far."""
        return self.org.snapshot

    async def read_lists(self, *, people: bool = False) -> None:
        """Reads the organisation, its accounts, and with `people` its people."""
        await asyncio.gather(self.org.load(), *([self.org.read_people()] if people else ()))
        self._need_accounts()

    async def read_details(self, account_ids: Iterable[str]) -> None:
        """Reads the tokens, roles and teams of these accounts."""
        self._progress.is_told = True
        try:
            await self.org.read_details(account_ids)
        finally:
            self._progress.is_told = False

    async def read_all(self, *, people: bool = False) -> None:
        """Reads everything that gives access to any account, and with `people` to any person."""
        await read_organisation(
            self.org,
            with_people=people,
            on_progress=self._tell,
            monotonic=self._env.monotonic,
        )
        self._need_accounts()

    async def read_tokens(self) -> None:
        """Reads the tokens of every account, and nothing else of it."""
        await read_tokens(self.org, on_progress=self._tell, monotonic=self._env.monotonic)
        self._need_accounts()

    async def read_one(self, member_id: str, *, people: bool = False) -> None:
        """Reads everything that gives access to one account, or with `people` to one person."""
        await read_organisation(
            self.org, only=member_id, with_people=people, monotonic=self._env.monotonic
        )

    async def read_entity_names(self) -> None:
        """Reads the lists that name the entities of the roles that were read."""
        await read_entity_names(self.org)

    async def read_endless_tokens(self) -> None:
        """Reads tokens without an end once more, each by itself."""
        await read_endless_tokens(self.org)

    async def read_every_entity(self) -> None:
        """Reads every entity that a role can be held on."""
        await read_every_entity(self.org)

    def narrate_rotations(self, account_id: str) -> None:
        """Warns of the rotations of an account that were begun on this machine."""
        narrate_rotations(self._env, self.org, profile=self.profile, account_id=account_id)

    def _need_accounts(self) -> None:
        required(self.snapshot.accounts, "accounts")
        narrate_clock(self._env, self.org)

    def _tell(self, progress: Progress) -> None:
        if progress.done % TELL_EVERY == 0 and progress.done < progress.planned:
            left = progress.seconds_left
            time = f", about {left:.0f} s left" if left is not None else ""
            self._env.tell(f"{progress.done:,} of {progress.planned:,} calls{time}")


class _DetailsProgress:
    """Reports how many accounts have details, while `is_told`."""

    def __init__(self, env: Environment) -> None:
        self.is_told = False
        self._env = env

    def __call__(self, snapshot: Snapshot) -> None:
        if not self.is_told:
            return
        read, total = len(snapshot.details), len(snapshot.accounts.rows)
        if read and read % TELL_EVERY == 0 and read < total:
            self._env.tell(f"read {read:,} of {total:,} accounts")
