"""Reads what the rules look at, in as few calls as that takes.

The rule it keeps: what a rule that is on needs is asked for, and nothing besides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.audit.registry import needs_people, needs_personal_tokens

if TYPE_CHECKING:
    from collections.abc import Collection

    from sa_tui.cli.reading.source import Source


async def gather(source: Source, active: Collection[str]) -> None:
    """Reads the accounts with everything, all teams, and as much of people as the rules need.

    Raises KonnectError without a list of accounts.
    """
    await source.read_all(people=needs_personal_tokens(active))
    if needs_people(active):
        await source.read_people()
    await source.read_team_details([team.id for team in source.snapshot.teams.rows])
    await source.read_authentication()
    await source.read_entity_names()
    await source.read_endless_tokens()
    await source.read_accounts_again()  # a new one was not read, and C01 says so
