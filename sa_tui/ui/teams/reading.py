"""Reading teams, and who decides about their members."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sa_tui.ui.kit.workers import DETAILS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sa_tui.konnect.models import Team
    from sa_tui.org.changes.change import Outcome
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host

    Then = Callable[[tuple[Outcome, ...] | None], None]


GOVERNED = "An identity provider decides which teams people belong to: a change may not last."


BOTH = "An identity provider decides about memberships too: what it maps, it may set again."


NOT_KNOWN = "Whether an identity provider decides about memberships of people is not known."


def governance(snapshot: Snapshot) -> str:
    """What to know before the memberships of people are changed; empty when that is nothing."""
    part = snapshot.authentication
    settings = part.value
    if settings is None:
        return "" if part.error is None else f"{NOT_KNOWN} {part.error}"
    if settings.idp_mapping_enabled is None:
        return NOT_KNOWN
    if not settings.idp_mapping_enabled:
        return ""
    return BOTH if settings.konnect_mapping_enabled else GOVERNED


def read_teams(host: Host, *, again: bool = False) -> None:
    """Reads the list of teams and who decides about memberships."""
    if (org := host.org) is not None:
        host.run_worker(_read_teams(org, again=again), group=DETAILS)


async def _read_teams(org: Org, *, again: bool) -> None:
    await asyncio.gather(org.read_teams(again=again), org.read_authentication(again=again))


def read_team(host: Host, team_ids: Iterable[str], *, again: bool = False) -> None:
    """Reads what these teams hold and who belongs to them."""
    if host.org is not None:
        host.run_worker(host.org.read_team_details(team_ids, again=again), group=DETAILS)


def read_names_of(host: Host, org: Org, teams: Iterable[Team]) -> None:
    """Reads the names of what these teams hold roles on; a review shows them as they arrive."""
    from sa_tui.ui.roles.entity_words import read_names

    held = (org.snapshot.team_details_of(team.id).roles.value for team in teams)
    read_names(host, [role for roles in held if roles is not None for role in roles.rows])
