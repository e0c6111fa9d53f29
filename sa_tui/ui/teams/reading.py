"""Reading teams, their roles and their members."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sa_tui.ui.kit.workers import DETAILS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.konnect.models import Team
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host


def read_teams(host: Host, *, again: bool = False) -> None:
    """Reads the list of teams and who decides about memberships."""
    if (org := host.org) is not None:
        host.run_worker(_read_teams(org, again=again), group=DETAILS)


async def _read_teams(org: Org, *, again: bool) -> None:
    await asyncio.gather(org.read_teams(again=again), org.read_authentication(again=again))


def read_team(host: Host, team_ids: Iterable[str], *, again: bool = False) -> None:
    """Reads the roles and the members of these teams."""
    if host.org is not None:
        host.run_worker(host.org.read_team_details(team_ids, again=again), group=DETAILS)


def read_names_of(host: Host, org: Org, teams: Iterable[Team]) -> None:
    """Reads the names of the entities that these teams have roles on, for a review."""
    from sa_tui.ui.roles.entity_words import read_names

    role_lists = (org.snapshot.team_details_of(team.id).roles.value for team in teams)
    read_names(host, [role for roles in role_lists if roles is not None for role in roles.rows])
