"""What was in a snapshot, as a wish: its accounts, teams, roles and memberships; never its tokens.

The rule it keeps: what the snapshot does not know is not wished for, and so nothing of it is taken
away. What Konnect manages is left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.words import plural
from sa_tui.plans.errors import Place, WishError
from sa_tui.plans.scope import Scope
from sa_tui.plans.wished import TeamName, Wished, WishedAccount, WishedRole, WishedTeam

if TYPE_CHECKING:
    from sa_tui.konnect.models import AssignedRole, Listing, SystemAccount, Team
    from sa_tui.org.snapshot import Part, Snapshot

EVERYTHING = Scope(named=True, accounts=("*",), teams=("*",), keeps_others=True)
"""The scope of restoring a whole organisation: what was not there loses its access."""

ONE_ACCOUNT = Scope(named=True)
"""The scope of restoring one account."""


def wished_of(saved: Snapshot, *, name: str, account_id: str | None = None) -> Wished:
    """The state of the snapshot in the file `name`; with `account_id` of this account alone.

    Raises WishError if Konnect manages that account.
    """
    place = Place(name, line=1)
    notes: list[str] = []
    accounts = [
        _account(saved, account, place, notes)
        for account in saved.accounts.rows
        if account_id in (None, account.id) and not account.konnect_managed
    ]
    if account_id is not None and not accounts:
        raise WishError([f"{name}: Konnect manages this account for a mesh zone."])
    used_ids = {team.text for account in accounts for team in account.teams or ()}
    teams = [
        _team(saved, team, place, notes, is_whole=account_id is None)
        for team in saved.teams.rows
        if (account_id is None and team.system_team is False) or team.id in used_ids
    ]
    return Wished(
        accounts=tuple(accounts), teams=tuple(teams), notes=tuple(notes), is_written=False
    )


def _account(
    saved: Snapshot, account: SystemAccount, place: Place, notes: list[str]
) -> WishedAccount:
    details = saved.details_of(account.id)
    what = account.name or account.id
    is_whole = _note_unread(f"the teams of {what}", details.teams, notes)
    teams = tuple(TeamName(team.id, place=place) for team in details.teams.rows)
    roles, more_roles = _roles(f"the roles of {what}", details.roles, place, notes)
    return WishedAccount(
        place=place,
        id=account.id,
        name=account.name,
        description=account.description,
        roles=roles,
        teams=teams if is_whole else None,
        more_roles=more_roles,
        more_teams=() if is_whole else teams,
    )


def _team(
    saved: Snapshot, team: Team, place: Place, notes: list[str], *, is_whole: bool
) -> WishedTeam:
    if team.system_team is not False or not is_whole:
        return WishedTeam(place=place, ref=team.id, id=team.id, name=team.name, is_external=True)
    part = saved.team_details_of(team.id).roles
    roles, more_roles = _roles(f"the roles of team {team.name}", part, place, notes)
    return WishedTeam(
        place=place,
        ref=team.id,
        id=team.id,
        name=team.name,
        description=team.description,
        labels=team.labels,
        roles=roles,
        more_roles=more_roles,
    )


def _roles(
    what: str, part: Part[Listing[AssignedRole]], place: Place, notes: list[str]
) -> tuple[tuple[WishedRole, ...] | None, tuple[WishedRole, ...]]:
    """The roles of a list, and those of one that was not read in full."""
    is_whole = _note_unread(what, part, notes)
    rows = [row for row in part.rows if all(_fields(row))]
    if unknown := len(part.rows) - len(rows):
        notes.append(f"Of {what}, {plural(unknown, 'role')} could not be read: left out.")
        is_whole = False
    roles = tuple(
        WishedRole(
            place=place,
            role_name=row.role_name or "",
            entity_type_name=row.entity_type_name or "",
            entity_id=row.entity_id or "",
            entity_region=row.entity_region or "",
        )
        for row in rows
    )
    return (roles, ()) if is_whole else (None, roles)


def _note_unread(what: str, part: Part[Listing[object]], notes: list[str]) -> bool:
    """Whether the list was read in full; otherwise notes that nothing of it is taken away."""
    if part.is_whole:
        return True
    notes.append(f"The snapshot does not know all of {what}: nothing of it is taken away.")
    return False


def _fields(row: AssignedRole) -> tuple[str | None, ...]:
    return (row.role_name, row.entity_type_name, row.entity_id, row.entity_region)
