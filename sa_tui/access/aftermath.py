"""The organisation as it would be after a change, to see who is left with what."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from sa_tui.access.verbs import Target, Verb
    from sa_tui.konnect.models import Listing
    from sa_tui.org.snapshot import Details, Part, Snapshot, TeamDetails, UserDetails

T = TypeVar("T")
DetailsT = TypeVar("DetailsT")
OwnerT = TypeVar("OwnerT", "Details", "TeamDetails")
MemberT = TypeVar("MemberT", "Details", "UserDetails")


def without(verb: Verb, targets: Sequence[Target], snapshot: Snapshot) -> Snapshot:
    """The snapshot as it would be after what the verb ends."""
    accounts = {each.account_id for each in targets if each.account_id is not None}
    teams = {each.team_id for each in targets if each.team_id is not None}
    if verb.ends in ("account", "tokens"):
        return _without_accounts(snapshot, accounts)
    if verb.ends == "team":
        rows = _kept(snapshot.teams, lambda team: team.id not in teams)
        return replace(snapshot, teams=rows).without_teams(teams)
    if verb.ends == "roles":
        return _without_roles(snapshot, accounts, teams, _role_ids(targets))
    for target in targets:
        snapshot = _without_membership(snapshot, target)
    return snapshot


def _role_ids(targets: Iterable[Target]) -> frozenset[str]:
    return frozenset(role.id for target in targets for role in target.roles)


def _kept(part: Part[Listing[T]], keep: Callable[[T], bool]) -> Part[Listing[T]]:
    if part.value is None:
        return part
    rows = tuple(row for row in part.rows if keep(row))
    return replace(part, value=replace(part.value, rows=rows))


def _mapped(
    details: Mapping[str, DetailsT], change: Callable[[DetailsT], DetailsT], keys: Collection[str]
) -> Mapping[str, DetailsT]:
    changed = {key: change(details[key]) for key in keys if key in details}
    return MappingProxyType({**details, **changed})


def _without_accounts(snapshot: Snapshot, gone: Collection[str]) -> Snapshot:
    def alone(details: TeamDetails) -> TeamDetails:
        return replace(details, accounts=_kept(details.accounts, lambda row: row.id not in gone))

    left = {key: each for key, each in snapshot.details.items() if key not in gone}
    return replace(
        snapshot,
        accounts=_kept(snapshot.accounts, lambda row: row.id not in gone),
        details=MappingProxyType(left),
        team_details=_mapped(snapshot.team_details, alone, tuple(snapshot.team_details)),
    )


def _without_roles(
    snapshot: Snapshot, accounts: Collection[str], teams: Collection[str], gone: Collection[str]
) -> Snapshot:
    def poorer(details: OwnerT) -> OwnerT:
        return replace(details, roles=_kept(details.roles, lambda role: role.id not in gone))

    return replace(
        snapshot,
        details=_mapped(snapshot.details, poorer, accounts),
        team_details=_mapped(snapshot.team_details, poorer, teams),
    )


def _without_membership(snapshot: Snapshot, target: Target) -> Snapshot:
    def smaller(details: TeamDetails) -> TeamDetails:
        return replace(
            details,
            accounts=_kept(details.accounts, lambda row: row.id != target.account_id),
            users=_kept(details.users, lambda row: row.id != target.user_id),
        )

    def outside(details: MemberT) -> MemberT:
        return replace(details, teams=_kept(details.teams, lambda team: team.id != target.team_id))

    return replace(
        snapshot,
        details=_mapped(snapshot.details, outside, {target.account_id or ""}),
        user_details=_mapped(snapshot.user_details, outside, {target.user_id or ""}),
        team_details=_mapped(snapshot.team_details, smaller, {target.team_id or ""}),
    )
