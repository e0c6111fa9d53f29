"""Where a reading command gets the organisation from: Konnect, or a file.

The rule it keeps: a command asks for what it needs, and cannot tell where that comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sa_tui.org.snapshot import Snapshot


class Source(Protocol):
    """One organisation; each reading adds to `snapshot`, and what fails is an error in there.

    What was not asked for stays unread. Only a missing list of accounts is raised.
    """

    @property
    def snapshot(self) -> Snapshot:
        """What was asked for so far."""

    def now(self) -> datetime:
        """The time by which tokens are judged: Konnect's own, in a file that of its reading."""

    async def read_lists(self, *, people: bool = False) -> None:
        """Reads the organisation, its accounts, and with `people` its people.

        Raises KonnectError without a list of accounts.
        """

    async def read_details(self, account_ids: Iterable[str]) -> None:
        """Reads the tokens, roles and teams of these accounts."""

    async def read_all(self, *, people: bool = False) -> None:
        """Reads everything that gives access to any account, and with `people` to any person.

        Raises KonnectError without a list of accounts.
        """

    async def read_tokens(self) -> None:
        """Reads the tokens of every account, and nothing else of it.

        Raises KonnectError without a list of accounts.
        """

    async def read_one(self, member_id: str, *, people: bool = False) -> None:
        """Reads everything that gives access to one account, or with `people` to one person."""

    async def read_teams(self) -> None:
        """Reads the list of teams."""

    async def read_people(self) -> None:
        """Reads the list of people."""

    async def read_accounts_again(self) -> None:
        """Lists the accounts once more: some may have come or gone while others were read."""

    async def read_authentication(self) -> None:
        """Reads how people get into teams."""

    async def read_endless_tokens(self) -> None:
        """Reads tokens without an end once more, each by itself: a list may leave the end out."""

    async def read_team_details(self, team_ids: Iterable[str]) -> None:
        """Reads the roles and the members of these teams."""

    async def read_entity_names(self) -> None:
        """Reads the lists that name the entities of the roles that were read."""

    async def read_offer(self) -> None:
        """Reads the roles and regions that Konnect offers."""

    async def read_entities(self, pairs: Iterable[tuple[str, str]], *, again: bool = False) -> None:
        """Reads the lists of these (entity type, region)."""

    async def read_every_entity(self) -> None:
        """Reads every entity that a role can be held on."""

    def narrate_rotations(self, account_id: str) -> None:
        """Warns of the rotations of an account that were begun on this machine."""
