"""Creating, editing and deleting teams, from any page; each is reviewed before it is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.access import verbs
from sa_tui.access.verbs import Target
from sa_tui.base.words import plural
from sa_tui.ui.kit import guards
from sa_tui.ui.kit.workers import DETAILS
from sa_tui.ui.teams.reading import read_names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


def delete_teams(host: Host, team_ids: Sequence[str], *, notes: Sequence[str] = ()) -> None:
    """Reads who loses what with the teams, shows it, and asks for a name or number."""
    targets = [Target(team_id=team_id) for team_id in team_ids]
    if guards.is_refused(host, verbs.DELETE_TEAM, targets) or host.org is None:
        return
    teams = [team for team in map(host.snapshot.team, team_ids) if team is not None]
    name = teams[0].title if len(teams) == 1 else plural(len(teams), "team")
    host.say(f"Reading who belongs to {name}…")
    host.run_worker(_delete(host, host.org, teams, notes), group=DETAILS)


async def _delete(host: Host, org: Org, teams: Sequence[Team], notes: Sequence[str]) -> None:
    from sa_tui.org.changes.teams import delete_team as change

    screen = host.screen
    await org.read_team_details([team.id for team in teams], again=True)
    if host.screen is not screen:
        return

    def deletion(team: Team, snapshot: Snapshot) -> Change:
        details = snapshot.team_details_of(team.id)
        ids = (account.id for account in details.accounts.rows)
        # What the pages of its accounts show has to be read again.
        read_ids = tuple(key for key in ids if not snapshot.details_of(key).is_unread)
        return replace(change(team, details), also_read=read_ids)

    def changes(snapshot: Snapshot) -> list[Change]:
        current_teams = [snapshot.team(team.id) for team in teams]
        return [deletion(team, snapshot) for team in current_teams if team is not None]

    host.review("", changes, notes=notes)
    read_names_of(host, org, teams)
