"""What the commands that change something work with, and what they want to be changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sa_tui.answers.problems import required
from sa_tui.cli.exits import Exit
from sa_tui.cli.finding import (
    find_account_to_change,
    find_person_to_change,
    find_team_to_change,
)
from sa_tui.org.changes.change import Outcome

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sa_tui.answers.problems import Problem
    from sa_tui.cli.environment import Environment
    from sa_tui.konnect.models import SystemAccount, Team, User
    from sa_tui.org.changes.change import Change
    from sa_tui.org.log import ActionLog
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.records.records import Records

ALREADY = "It was so already: nothing was sent."


@dataclass(frozen=True, kw_only=True)
class ChangeCommand:
    """One command: its options, its organisation, and the names that it was given."""

    options: Namespace
    env: Environment
    profile: Profile
    org: Org
    records: Records
    actions: ActionLog
    names: tuple[str, ...]

    @property
    def snapshot(self) -> Snapshot:
        """What was read so far."""
        return self.org.snapshot

    @property
    def is_planned(self) -> bool:
        """Whether nothing is to be sent."""
        return bool(self.options.dry_run)

    def account(self, text: str) -> SystemAccount:
        """The account that is named exactly. Raises as `find_account_to_change`."""
        accounts = required(self.snapshot.accounts, "accounts")
        return find_account_to_change(text, accounts.rows, incomplete=accounts.incomplete)

    def accounts(self, names: Iterable[str]) -> tuple[SystemAccount, ...]:
        """The accounts that are named exactly, each once."""
        found = {account.id: account for account in map(self.account, names)}
        return tuple(found.values())

    async def teams(self, names: Iterable[str]) -> tuple[Team, ...]:
        """The teams that are named exactly, each once; their list is read for that."""
        names = tuple(names)
        if not names:
            return ()
        await self.org.read_teams()
        teams = required(self.snapshot.teams, "teams")
        found = (
            find_team_to_change(name, teams.rows, incomplete=teams.incomplete) for name in names
        )
        return tuple({team.id: team for team in found}.values())

    async def people(self, names: Iterable[str]) -> tuple[User, ...]:
        """The people that are named exactly, each once; their list is read for that."""
        names = tuple(names)
        if not names:
            return ()
        await self.org.read_people()
        people = required(self.snapshot.people, "people")
        found = (
            find_person_to_change(name, people.rows, incomplete=people.incomplete) for name in names
        )
        return tuple({user.id: user for user in found}.values())


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The changes that a command wants, and those of them that are so `already`.

    `notes` are sentences to know before, besides what the changes mean. `title` is made from the
    changes if it is empty. `problems` are what could not be read, so that more may be wanted, and
    `more` are fields that the JSON has besides. `on_sent` is told what became of the changes.
    """

    changes: tuple[Change, ...]
    already: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    title: str = ""
    problems: tuple[Problem, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)
    on_sent: Callable[[Sequence[Outcome]], None] = lambda _: None

    def complete(self, code: Exit) -> Exit:
        """The exit code; what was done in full is not complete if something was not read."""
        is_good = code in (Exit.DONE, Exit.ALREADY)
        return Exit.INCOMPLETE if self.problems and is_good else code

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What became of those that are so already."""
        return tuple(
            Outcome(change=change, status="already", message=ALREADY) for change in self.already
        )
