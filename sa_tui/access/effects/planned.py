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
    from collections.abc import Iterable

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


def with_team_roles(changes: Iterable[Change], snapshot: Snapshot) -> Snapshot:
    """The snapshot with the roles that these changes give to teams, and without those they take."""
    later: dict[str, TeamDetails] = {}
    for number, change in enumerate(changes):
        team_id = change.ids.team_id
        if team_id is None or change.verb not in ("give-role", "take-role"):
            continue
        details = later.get(team_id, snapshot.team_details_of(team_id))
        if details.roles.value is None:
            continue
        rows = tuple(role for role in details.roles.rows if role.id != change.ids.role_id)
        if change.verb == "give-role":
            rows += (AssignedRole(id=f"planned-{number}", **(change.request.body or {})),)
        roles = replace(details.roles, value=replace(details.roles.value, rows=rows))
        later[team_id] = replace(details, roles=roles)
    return snapshot.with_team_details(later) if later else snapshot


def _with_rows(part: Part[Listing[RowT]], rows: Iterable[RowT]) -> Part[Listing[RowT]]:
    """The list with these rows; one that was not read has them alone, and stays incomplete."""
    listing = part.value or Listing((), incomplete=part.why_incomplete)
    return replace(part, value=replace(listing, rows=(*listing.rows, *rows)))
