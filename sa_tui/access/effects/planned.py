"""The organisation with what earlier changes of the same plan make, before they are sent.

The rule it keeps: what is not there yet certainly has nothing but what the plan gives it.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from sa_tui.konnect.models import AssignedRole, Listing, Row, SystemAccount
from sa_tui.org.changes.teams import team_of_new
from sa_tui.org.snapshot import Details, Part, TeamDetails

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sa_tui.org.changes.change import Change
    from sa_tui.org.snapshot import Snapshot

RowT = TypeVar("RowT", bound=Row)
_NONE: Part[Listing[Any]] = Part(value=Listing(()))


def with_new(changes: Iterable[Change], snapshot: Snapshot) -> Snapshot:
    """The snapshot with the accounts and teams that these changes need, who have nothing yet."""
    needs = {new.text: new for change in changes for new in change.needs}
    accounts = [
        SystemAccount(id=id, name=new.key, konnect_managed=False)
        for id, new in needs.items()
        if new.kind == "account" and snapshot.account(id) is None
    ]
    teams = [
        team_of_new(new)
        for id, new in needs.items()
        if new.kind == "team" and snapshot.team(id) is None
    ]
    if not accounts and not teams:
        return snapshot
    details = dict.fromkeys(
        (account.id for account in accounts), Details(tokens=_NONE, roles=_NONE, teams=_NONE)
    )
    of_teams = dict.fromkeys(
        (team.id for team in teams), TeamDetails(roles=_NONE, accounts=_NONE, users=_NONE)
    )
    return replace(
        snapshot,
        accounts=_with_rows(snapshot.accounts, accounts),
        teams=_with_rows(snapshot.teams, teams),
        details=MappingProxyType({**snapshot.details, **details}),
        team_details=MappingProxyType({**snapshot.team_details, **of_teams}),
    )


def unmade(changes: Sequence[Change]) -> list[str]:
    """A sentence for each change that needs what none of these changes makes."""
    made = {id(change.makes) for change in changes}
    return [
        f"{change.title}: it needs {new.describe()}, which no change here makes: it is not sent."
        for change in changes
        for new in change.needs
        if new.value is None and id(new) not in made
    ]


def afterwards(changes: Iterable[Change], snapshot: Snapshot) -> Snapshot:
    """The snapshot with the roles and memberships of accounts, and the roles of teams, as they
    are after these changes.

    What was not read stays unknown.
    """
    accounts: dict[str, Details] = {}
    teams: dict[str, TeamDetails] = {}
    for number, change in enumerate(changes):
        account_id, team_id = change.ids.account_id, change.ids.team_id or ""
        if change.verb in ("give-role", "take-role") and account_id is not None:
            details = accounts.get(account_id, snapshot.details_of(account_id))
            accounts[account_id] = replace(details, roles=_roles(details.roles, change, number))
        elif change.verb in ("give-role", "take-role"):
            of_team = teams.get(team_id, snapshot.team_details_of(team_id))
            teams[team_id] = replace(of_team, roles=_roles(of_team.roles, change, number))
        elif change.verb in ("join-team", "leave-team") and account_id is not None:
            details = accounts.get(account_id, snapshot.details_of(account_id))
            joined = snapshot.team(team_id) if change.verb == "join-team" else None
            joined_teams = [joined] if joined is not None else []
            moved = _changed(details.teams, without=team_id, more=joined_teams)
            accounts[account_id] = replace(details, teams=moved)
    snapshot = snapshot.with_details(accounts) if accounts else snapshot
    return snapshot.with_team_details(teams) if teams else snapshot


def _roles(
    part: Part[Listing[AssignedRole]], change: Change, number: int
) -> Part[Listing[AssignedRole]]:
    if change.verb == "take-role":
        return _changed(part, without=change.ids.role_id)
    given = AssignedRole(id=f"planned-{number}", **(change.request.body or {}))
    return _changed(part, more=[given])


def _changed(
    part: Part[Listing[RowT]], *, without: str | None = None, more: Iterable[RowT] = ()
) -> Part[Listing[RowT]]:
    if part.value is None:
        return part
    kept = (row for row in part.rows if row.id != without)
    return replace(part, value=replace(part.value, rows=(*kept, *more)))


def _with_rows(part: Part[Listing[RowT]], rows: Iterable[RowT]) -> Part[Listing[RowT]]:
    """The list with these rows; one that was not read has them alone, and stays incomplete."""
    listing = part.value or Listing((), incomplete=part.why_incomplete)
    return replace(part, value=replace(listing, rows=(*listing.rows, *rows)))
