"""The organisation as it would be after a change, to see what everybody would still have."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sa_tui.access.verbs import Target, Verb
    from sa_tui.konnect.models import Listing
    from sa_tui.org.snapshot import Details, Part, Snapshot, TeamDetails, UserDetails

T = TypeVar("T")
DetailsT = TypeVar("DetailsT")
OwnerT = TypeVar("OwnerT", "Details", "TeamDetails")
MemberT = TypeVar("MemberT", "Details", "UserDetails")


def without(verb: Verb, targets: Sequence[Target], snapshot: Snapshot) -> Snapshot:
    """The snapshot as it would be after what the verb ends."""
    account_ids = {target.account_id for target in targets if target.account_id is not None}
    team_ids = {target.team_id for target in targets if target.team_id is not None}
    if verb.ends in ("account", "tokens"):
        return _without_accounts(snapshot, account_ids)
    if verb.ends == "team":
        rows = _filtered(snapshot.teams, lambda team: team.id not in team_ids)
        return replace(snapshot, teams=rows).without_teams(team_ids)
    if verb.ends == "roles":
        role_ids = {role.id for target in targets for role in target.roles}
        return _without_roles(snapshot, account_ids, team_ids, role_ids)
    for target in targets:
        snapshot = _without_membership(snapshot, target)
    return snapshot


def _filtered(part: Part[Listing[T]], keep: Callable[[T], bool]) -> Part[Listing[T]]:
    if part.value is None:
        return part
    rows = tuple(row for row in part.rows if keep(row))
    return replace(part, value=replace(part.value, rows=rows))


def _mapped(
    details: Mapping[str, DetailsT], change: Callable[[DetailsT], DetailsT], keys: Collection[str]
) -> Mapping[str, DetailsT]:
    changed = {key: change(details[key]) for key in keys if key in details}
    return MappingProxyType({**details, **changed})


def _without_accounts(snapshot: Snapshot, account_ids: Collection[str]) -> Snapshot:
    def without_members(team: TeamDetails) -> TeamDetails:
        return replace(
            team, accounts=_filtered(team.accounts, lambda row: row.id not in account_ids)
        )

    details = {key: value for key, value in snapshot.details.items() if key not in account_ids}
    return replace(
        snapshot,
        accounts=_filtered(snapshot.accounts, lambda row: row.id not in account_ids),
        details=MappingProxyType(details),
        team_details=_mapped(snapshot.team_details, without_members, tuple(snapshot.team_details)),
    )


def _without_roles(
    snapshot: Snapshot,
    account_ids: Collection[str],
    team_ids: Collection[str],
    role_ids: Collection[str],
) -> Snapshot:
    def without_roles(details: OwnerT) -> OwnerT:
        return replace(
            details, roles=_filtered(details.roles, lambda role: role.id not in role_ids)
        )

    return replace(
        snapshot,
        details=_mapped(snapshot.details, without_roles, account_ids),
        team_details=_mapped(snapshot.team_details, without_roles, team_ids),
    )


def _without_membership(snapshot: Snapshot, target: Target) -> Snapshot:
    def without_member(details: TeamDetails) -> TeamDetails:
        return replace(
            details,
            accounts=_filtered(details.accounts, lambda row: row.id != target.account_id),
            users=_filtered(details.users, lambda row: row.id != target.user_id),
        )

    def without_team(details: MemberT) -> MemberT:
        return replace(
            details, teams=_filtered(details.teams, lambda team: team.id != target.team_id)
        )

    return replace(
        snapshot,
        details=_mapped(snapshot.details, without_team, {target.account_id or ""}),
        user_details=_mapped(snapshot.user_details, without_team, {target.user_id or ""}),
        team_details=_mapped(snapshot.team_details, without_member, {target.team_id or ""}),
    )
