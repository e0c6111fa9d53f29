"""What roles and teams give, as grants; the members of a team share its grants.

The rule it keeps: what could not be read is reported, never left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sa_tui.access.grants import Grant, Via, implied_grant, kind_and_tier
from sa_tui.access.roles import implied_by
from sa_tui.konnect.regions import EVERY, GLOBAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sa_tui.access.catalogue import Tier
    from sa_tui.konnect.models import AssignedRole, Listing, Team
    from sa_tui.org.snapshot import Part, Snapshot


@dataclass(frozen=True, kw_only=True, eq=False)
class TeamGrants:
    """What a team gives, why there may be more, and what it was made from."""

    team: Team
    roles: Part[Listing[AssignedRole]]
    grants: tuple[Grant, ...]
    missing: tuple[str, ...]


class TeamGrantMaker:
    """Makes the grants of the roles and teams of a snapshot.

    `before` is what teams gave earlier, by their ids: it is reused if the roles are the same.
    """

    def __init__(self, snapshot: Snapshot, before: dict[str, TeamGrants] | None = None) -> None:
        self._snapshot = snapshot
        self._before = before or {}
        self._kinds: dict[tuple[str | None, str | None], tuple[str, Tier]] = {}
        self.teams: dict[str, TeamGrants] = {}

    def by_team(self, team: Team) -> TeamGrants:
        """What the members of a team get."""
        if (given := self.teams.get(team.id)) is None:
            given = self.teams[team.id] = self._by_team(team)
        return given

    def _by_team(self, team: Team) -> TeamGrants:
        team = self._snapshot.team(team.id) or team
        roles = self._snapshot.team_details_of(team.id).roles
        before = self._before.get(team.id)
        is_same = before is not None and before.roles is roles and before.team == team
        if before is not None and is_same and self.is_placed(before.grants):
            return before
        via = Via(team.id, team.name, bool(team.system_team))
        missing = [f'roles of team "{team.title}": {reason}' for reason in gaps(roles)]
        return TeamGrants(
            team=team,
            roles=roles,
            grants=(*self.listed(roles, via=via), *implied_grants(team, via=via)),
            missing=(*missing, *undocumented(team)),
        )

    def listed(
        self, roles: Part[Listing[AssignedRole]], *, via: Via | None = None
    ) -> tuple[Grant, ...]:
        """The roles that were read, as grants."""
        return tuple([self._grant(role, via) for role in roles.rows])

    def _grant(self, assigned: AssignedRole, via: Via | None) -> Grant:
        # Many thousand grants have the same few roles and types.
        name = (assigned.entity_type_name, assigned.role_name)
        entity_id, region = assigned.entity_id, assigned.entity_region
        kind, tier = self._kinds.get(name) or self._kinds.setdefault(name, kind_and_tier(*name))
        return Grant(
            role=assigned.role_name,
            type_name=assigned.entity_type_name,
            entity_id=entity_id,
            region=region,
            kind=kind,
            tier=tier,
            assignment_id=assigned.id,
            via=via,
            is_stray=entity_id in self._places and self._is_stray(entity_id, region),
        )

    def is_placed(self, grants: Iterable[Grant]) -> bool:
        """Whether `is_stray` of grants that were made earlier still holds."""
        places = self._places
        return all(
            grant.is_stray == self._is_stray(grant.entity_id, grant.region)
            for grant in grants
            if grant.is_stray or grant.entity_id in places
        )

    def _is_stray(self, entity_id: str | None, region: str | None) -> bool:
        place = self._places.get(entity_id)
        return place is not None and region not in (None, EVERY, place)

    @cached_property
    def _places(self) -> Mapping[str | None, str]:
        """Entity id -> its region by the list that names it, without global types."""
        return {
            entity.id: entity.region
            for part in self._snapshot.entities.values()
            for entity in part.rows
            if entity.region != GLOBAL
        }


def implied_grants(team: Team, *, via: Via | None) -> tuple[Grant, ...]:
    """What a predefined team gives beyond the roles that Konnect lists."""
    implied = implied_by(team.name) if team.system_team else None
    return tuple(implied_grant(role, name, via=via) for role, name in implied or ())


def undocumented(team: Team) -> tuple[str, ...]:
    """Why a team may give more than what can be read; empty for most teams."""
    implied = implied_by(team.name)
    if team.system_team and implied is None:
        return (f'what the predefined team "{team.title}" gives is not documented',)
    if team.system_team is None and implied is not None:
        return (f'whether the team "{team.name}" is predefined is not known',)
    return ()


def gaps(part: Part[Listing[object]]) -> list[str]:
    """Why a list may be incomplete, as a list of at most one sentence."""
    return [part.why_incomplete] if part.why_incomplete else []
