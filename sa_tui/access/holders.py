"""Who holds which grants, read off one snapshot; what was not read is said in a sentence.

The rule it keeps: a holder is `is_complete` only when nothing of its access can be missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sa_tui.access.answer import Answer
from sa_tui.access.catalogue import TYPES
from sa_tui.access.grants import EVERY, MINT, Grant, Via, has, implied_grant, kind_and_tier
from sa_tui.access.roles import implied_by
from sa_tui.org.summary import token_state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sa_tui.access.catalogue import Tier
    from sa_tui.access.grants import Question
    from sa_tui.api.models import AccessToken, AssignedRole, Entity, Listing, SystemAccount, Team
    from sa_tui.org.snapshot import Part, Snapshot


@dataclass(frozen=True, kw_only=True, eq=False)
class Holder:
    """A system account with everything that gives it access.

    `missing` says what of its roles, teams and team roles could not be read. `teams` and `tokens`
    are what was read of them, empty also when that is nothing: `roles_missing`, `teams_missing` and
    `tokens_missing` say why some may be missing.
    """

    account: SystemAccount
    grants: tuple[Grant, ...]
    missing: tuple[str, ...] = ()
    roles_missing: str | None = None
    teams: tuple[Team, ...] = ()
    teams_missing: str | None = None
    tokens: tuple[AccessToken, ...] = ()
    tokens_missing: str | None = None

    @property
    def id(self) -> str:
        """The account's id."""
        return self.account.id

    @property
    def name(self) -> str:
        """The account's name."""
        return self.account.name

    @property
    def is_complete(self) -> bool:
        """Whether the grants are all there are."""
        return not self.missing

    def has(self, question: Question) -> Answer:
        """Whether it can do what is asked, with its own grants."""
        return has(self.grants, question, is_complete=self.is_complete)

    @property
    def can_mint(self) -> Answer:
        """Whether it can make itself tokens of any account, and with that become it."""
        return self.has(MINT)

    def live_tokens(self, now: datetime) -> tuple[int, bool]:
        """How many tokens work now, and whether that is sure."""
        states = [token_state(token, now) for token in self.tokens]
        is_sure = not self.tokens_missing and "unknown" not in states
        return states.count("live"), is_sure

    def is_armed(self, now: datetime) -> Answer:
        """Whether its access can be used now: whether it has a token that works."""
        live, is_sure = self.live_tokens(now)
        if live:
            return Answer.YES
        return Answer.NO if is_sure else Answer.UNKNOWN

    @property
    def last_used_at(self) -> datetime | None:
        """When a token of it was last used, as far as tokens were read."""
        return max((t.last_used_at for t in self.tokens if t.last_used_at), default=None)

    def without(self, *removed: Grant) -> Holder:
        """The same without these paths; the very grants, not others like them."""
        gone = set(map(id, removed))
        return replace(self, grants=tuple(each for each in self.grants if id(each) not in gone))

    def without_team(self, team_id: str) -> Holder:
        """The same outside a team."""
        return self.without(*(g for g in self.grants if g.via and g.via.team_id == team_id))

    def with_grants(self, *added: Grant) -> Holder:
        """The same with these grants besides."""
        return replace(self, grants=(*self.grants, *added))


@dataclass(frozen=True, kw_only=True, eq=False)
class Access:
    """Who holds what in one organisation, as one snapshot has it.

    `missing` says why accounts may be missing altogether.
    """

    holders: tuple[Holder, ...]
    missing: str | None = None
    entities: Mapping[tuple[str, str], Part[Listing[Entity]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    regions: tuple[str, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Holder]:
        return {holder.id: holder for holder in self.holders}

    def holder(self, account_id: str) -> Holder | None:
        """The holder with this account id."""
        return self._by_id.get(account_id)

    @cached_property
    def entities_by_id(self) -> Mapping[str, Entity]:
        """Every entity whose name could be read."""
        listings = (part.value for part in self.entities.values() if part.value)
        return MappingProxyType({each.id: each for those in listings for each in those.rows})

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The keys of all types that somebody holds a role on."""
        return frozenset(grant.kind for holder in self.holders for grant in holder.grants)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Every role that is held, and those that the table has."""
        held = {grant.role for holder in self.holders for grant in holder.grants if grant.role}
        return frozenset(held.union(*(each.roles for each in TYPES)))

    def is_listed(self, type_name: str, *, role: str | None, region: str | None) -> bool:
        """Whether every list that could name an entity of such a grant was read in full.

        An empty list counts as not read: so Konnect answers those who may not see what is in it.
        """
        from sa_tui.org.entities import listings_for  # knows the lists, and with them pydantic

        pairs = listings_for(type_name, region or EVERY, regions=self.regions, role_name=role or "")
        parts = [self.entities.get(pair) for pair in pairs]
        return bool(parts) and all(
            part and part.value and part.value.rows and not _why_missing(part) for part in parts
        )

    def entity_name(self, entity_id: str | None) -> str | None:
        """The name that an entity is known by; None when it is not visible."""
        entity = self.entities_by_id.get(entity_id or "")
        return entity.name if entity else None

    @cached_property
    def is_complete(self) -> bool:
        """Whether no account and nothing of any account's access can be missing."""
        return self.missing is None and all(holder.is_complete for holder in self.holders)


def read_access(snapshot: Snapshot) -> Access:
    """Who holds what in a snapshot."""
    from sa_tui.org.entities import regions_of  # it loads pydantic

    listing = snapshot.accounts.value
    reader = _Reader(snapshot)
    return Access(
        holders=tuple(reader.holder(account) for account in (listing.rows if listing else ())),
        missing=_why_missing(snapshot.accounts),
        entities=snapshot.entities,
        regions=regions_of(snapshot),
    )


class _Reader:
    """Makes holders; grants of a team are made once and shared by its members."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._kinds: dict[tuple[str | None, str | None], tuple[str, Tier]] = {}
        self._teams: dict[str, tuple[tuple[Grant, ...], tuple[str, ...]]] = {}

    def holder(self, account: SystemAccount) -> Holder:
        details = self._snapshot.details_of(account.id)
        grants = self._grants(details.roles, via=None)
        missing = [f"its roles: {why}" for why in _whys(details.roles)]
        missing += [f"its teams: {why}" for why in _whys(details.teams)]
        teams = details.teams.value.rows if details.teams.value else ()
        for team in teams:
            if team.id not in self._teams:
                self._teams[team.id] = self._team(team)
            those, whys = self._teams[team.id]
            grants += those
            missing += whys
        return Holder(
            account=account,
            grants=tuple(grants),
            missing=tuple(missing),
            roles_missing=_why_missing(details.roles),
            teams=teams,
            teams_missing=_why_missing(details.teams),
            tokens=details.tokens.value.rows if details.tokens.value else (),
            tokens_missing=_why_missing(details.tokens),
        )

    def _team(self, team: Team) -> tuple[tuple[Grant, ...], tuple[str, ...]]:
        team = self._snapshot.team(team.id) or team
        roles = self._snapshot.team_details_of(team.id).roles
        via = Via(team.id, team.name, bool(team.system_team))
        grants = self._grants(roles, via=via)
        missing = [f'roles of team "{team.name}": {why}' for why in _whys(roles)]
        implied = implied_by(team.name)
        if team.system_team and implied is None:
            missing.append(f'what Konnect\'s own team "{team.name}" gives is not documented')
        if team.system_team is None and implied is not None:
            missing.append(f'whether the team "{team.name}" is Konnect\'s own is not known')
        if team.system_team:
            grants += [implied_grant(role, name, via=via) for role, name in implied or ()]
        return tuple(grants), tuple(missing)

    def _grants(self, roles: Part[Listing[AssignedRole]], *, via: Via | None) -> list[Grant]:
        return [self._grant(each, via) for each in (roles.value.rows if roles.value else ())]

    def _grant(self, assigned: AssignedRole, via: Via | None) -> Grant:
        # The same few roles on the same few types, many thousand times.
        name = (assigned.entity_type_name, assigned.role_name)
        kind, tier = self._kinds.get(name) or self._kinds.setdefault(name, kind_and_tier(*name))
        return Grant(
            role=assigned.role_name,
            type_name=assigned.entity_type_name,
            entity_id=assigned.entity_id,
            region=assigned.entity_region,
            kind=kind,
            tier=tier,
            assignment_id=assigned.id,
            via=via,
        )


def _whys(part: Part[Listing[Any]]) -> list[str]:
    why = _why_missing(part)
    return [why] if why else []


def _why_missing(part: Part[Listing[Any]]) -> str | None:
    """Why something may be missing from a list; None when it was read in full."""
    if part.error is not None:
        return str(part.error)
    if part.value is None:
        return "not read"
    return part.value.incomplete
