"""Answers a reading command from a snapshot file, as Konnect would have answered it then.

The rules it keeps: what a command did not ask for stays unread, also where the file has it, so the
answer is the same. Tokens are judged by Konnect's clock of the snapshot; the age of the file is
said. Nothing is waited for, and no client is loaded.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from sa_tui.answers.head import FileOrigin
from sa_tui.answers.problems import required
from sa_tui.base.times import ago, utc
from sa_tui.cli.exits import UsageError
from sa_tui.org.reading.entities import every_listing
from sa_tui.org.reading.naming import read_entity_names
from sa_tui.org.saved.file import read_file
from sa_tui.org.saved.model import SavedError
from sa_tui.org.snapshot import Details, Snapshot

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Coroutine, Iterable, Mapping
    from datetime import datetime

    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.org.saved.model import Saved

T = TypeVar("T")

_CLOCKS_APART = timedelta(minutes=1)
"""More than this is no small difference of two clocks."""


def answer_from_file(
    options: Namespace, env: Environment, work: Callable[[Source], Coroutine[object, object, int]]
) -> int:
    """Answers a command from a file. Raises UsageError when it cannot be read."""
    saved = open_file(options, env)
    coroutine = work(FileSource(saved))
    try:
        coroutine.send(None)
    except StopIteration as end:
        code: int = end.value
        return code
    raise RuntimeError("nothing in a file has to be waited for")


def open_file(options: Namespace, env: Environment) -> Saved:
    """The snapshot in the file of --from; says its origin and its age. Raises UsageError."""
    for other in ("demo", "profile"):
        if hasattr(options, other):
            raise UsageError(f"--from and --{other} exclude each other.")
    name: str = options.from_file
    saved, now = saved_in(name, env, lead="from"), env.now()
    env.run.profile = saved.profile
    env.run.source = FileOrigin(
        file=str(Path(name).expanduser()),
        taken_at=saved.taken_at,
        age_seconds=int((now - saved.taken_at).total_seconds()),
    )
    if saved.taken_at > now + _CLOCKS_APART:
        env.warn(
            f"{name} is of a time that is still to come here: its tokens may live longer than it "
            "says. Check the clock of this machine and where the file is from."
        )
    return saved


def saved_in(name: str, env: Environment, *, lead: str, use: str = "") -> Saved:
    """The snapshot in a file; says its origin and its age, after `lead`.

    Raises UsageError when it cannot be read, and if it is to be of `use` without any accounts.
    """
    try:
        saved = read_file(Path(name).expanduser())
    except SavedError as error:
        raise UsageError(f"{name}: {error}.") from None
    if use and saved.snapshot.accounts.value is None:
        raise UsageError(f"{name} has no list of accounts: nothing can be {use} it.")
    when = f"taken {ago(saved.taken_at, env.now())} ({utc(saved.taken_at)})"
    env.tell(f"{lead} {name}, {when}: profile {saved.profile}, {saved.base_url}")
    return saved


class FileSource:
    """The organisation of a file; each reading takes from it what Konnect would be asked for."""

    def __init__(self, saved: Saved) -> None:
        self._file = saved.snapshot
        self._taken_at = saved.taken_at
        self.snapshot = Snapshot(has_person=self._file.has_person)

    def now(self) -> datetime:
        """The time of Konnect's clock when the snapshot was taken."""
        return self._taken_at

    async def read_lists(self, *, people: bool = False) -> None:
        """Takes the organisation, its accounts, and with `people` its people."""
        self._take_lists(people=people)

    def _take_lists(self, *, people: bool) -> None:
        file = self._file
        self.snapshot = replace(
            self.snapshot, organization=file.organization, me=file.me, accounts=file.accounts
        )
        if people:
            self.snapshot = replace(self.snapshot, people=file.people)
        if file.accounts.is_unread:
            raise UsageError("The file has no list of accounts.")
        required(file.accounts, "accounts")

    async def read_details(self, account_ids: Iterable[str]) -> None:
        """Takes the tokens, roles and teams of these accounts."""
        self.snapshot = self.snapshot.with_details(_only(self._file.details, account_ids))

    async def read_all(self, *, people: bool = False) -> None:
        """Takes everything that gives access to any account, and with `people` to any person."""
        file = self._file
        self._take_lists(people=people)
        self.snapshot = replace(
            self.snapshot, teams=file.teams, catalogue=file.catalogue, details=file.details
        )
        if people:
            self.snapshot = replace(self.snapshot, user_details=file.user_details)
        self._take_teams()

    async def read_tokens(self) -> None:
        """Takes the tokens of every account, and nothing else of it."""
        self._take_lists(people=False)
        tokens = {id: Details(tokens=of.tokens) for id, of in self._file.details.items()}
        self.snapshot = self.snapshot.with_details(tokens)

    async def read_one(self, member_id: str, *, people: bool = False) -> None:
        """Takes everything that gives access to one account, or with `people` to one person."""
        self.snapshot = self.snapshot.with_details(_only(self._file.details, [member_id]))
        if people:
            of_person = _only(self._file.user_details, [member_id])
            self.snapshot = self.snapshot.with_user_details(of_person)
        self._take_teams()

    def _take_teams(self) -> None:
        """Takes the details of the teams that those who were taken are in."""
        snapshot = self.snapshot
        of_members = [details.teams for details in snapshot.details.values()]
        of_members += [details.teams for details in snapshot.user_details.values()]
        team_ids = {team.id for teams in of_members for team in teams.rows}
        self.snapshot = snapshot.with_team_details(_only(self._file.team_details, team_ids))

    async def read_teams(self) -> None:
        """Takes the list of teams."""
        self.snapshot = replace(self.snapshot, teams=self._file.teams)

    async def read_people(self) -> None:
        """Takes the list of people."""
        self.snapshot = replace(self.snapshot, people=self._file.people)

    async def read_accounts_again(self) -> None:
        """Does nothing: a file does not change."""

    async def read_authentication(self) -> None:
        """Takes how people get into teams."""
        self.snapshot = replace(self.snapshot, authentication=self._file.authentication)

    async def read_endless_tokens(self) -> None:
        """Does nothing: nobody can be asked once more."""

    async def read_team_details(self, team_ids: Iterable[str]) -> None:
        """Takes the roles and the members of these teams."""
        self.snapshot = self.snapshot.with_team_details(_only(self._file.team_details, team_ids))

    async def read_entity_names(self) -> None:
        """Takes the lists that name the entities of the roles that were taken."""
        await read_entity_names(self)

    async def read_offer(self) -> None:
        """Takes the roles and regions that Konnect offers."""
        file = self._file
        self.snapshot = replace(self.snapshot, catalogue=file.catalogue, regions=file.regions)

    async def read_entities(self, pairs: Iterable[tuple[str, str]], *, again: bool = False) -> None:
        """Takes the lists of these (entity type, region)."""
        taken = {pair: self._file.entities[pair] for pair in pairs if pair in self._file.entities}
        entities = MappingProxyType({**self.snapshot.entities, **taken})
        self.snapshot = replace(self.snapshot, entities=entities)

    async def read_every_entity(self) -> None:
        """Takes every list of entities."""
        await self.read_offer()
        await self.read_entities(every_listing(self.snapshot))

    def narrate_rotations(self, account_id: str) -> None:
        """Says nothing: a file does not have what is under way on this machine."""


def _only(all_details: Mapping[str, T], ids: Iterable[str]) -> dict[str, T]:
    return {id: all_details[id] for id in ids if id in all_details}
