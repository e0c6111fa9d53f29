"""Creating, editing and deleting teams, from any page; each is reviewed before it is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.ui.kit import guards
from sa_tui.ui.kit.workers import DETAILS
from sa_tui.ui.teams.reading import read_names_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.konnect.models import Team
    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.host import Host


def new_team(host: Host, *, show: Callable[[str], object]) -> None:
    """Asks for a new team; `show` is given its id once it exists."""
    from sa_tui.ui.teams.form import TeamForm

    def made(team_id: str | None) -> None:
        if team_id is not None:
            show(team_id)
            host.say("The team is created. Press Enter to open it and give it roles and members.")

    if not guards.is_refused(host, verbs.NEW_TEAM, ()):
        host.push_screen(TeamForm(), made)


def edit_team(host: Host, team_id: str) -> None:
    """Asks for the team's new name, description or labels."""
    from sa_tui.ui.teams.form import TeamForm

    if guards.is_refused(host, verbs.EDIT_TEAM, [Target(team_id=team_id)]):
        return
    if (team := host.snapshot.team(team_id)) is not None:
        host.push_screen(TeamForm(team))


def delete_team(host: Host, team_id: str) -> None:
    """Reads who loses what with the team, shows it, and asks for the team's name."""
    if guards.is_refused(host, verbs.DELETE_TEAM, [Target(team_id=team_id)]):
        return
    if host.org is not None and (team := host.snapshot.team(team_id)) is not None:
        host.say(f"Reading who belongs to {team.title}…")
        host.run_worker(_delete(host, host.org, team), group=DETAILS)


async def _delete(host: Host, org: Org, team: Team) -> None:
    from sa_tui.org.changes.teams import delete_team as change

    screen = host.screen
    await org.read_team_details([team.id], again=True)
    if host.screen is not screen:
        return

    def changes(snapshot: Snapshot) -> list[Change]:
        if (current := snapshot.team(team.id)) is None:
            return []
        details = snapshot.team_details_of(team.id)
        ids = (account.id for account in details.accounts.rows)
        # What the pages of its accounts show has to be read again.
        read_ids = tuple(key for key in ids if not snapshot.details_of(key).is_unread)
        return [replace(change(current, details), also_read=read_ids)]

    host.review("", changes)
    read_names_of(host, org, [team])
