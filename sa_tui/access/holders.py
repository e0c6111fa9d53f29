"""Who holds which grants, read off one snapshot; what was not read is said in a sentence.

The rule it keeps: a holder is `is_complete` only when nothing of its access can be missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sa_tui.access.answer import Answer, any_of
from sa_tui.access.catalogue import TYPES
from sa_tui.access.given import Giving, implied_grants, undocumented, why_missing, whys
from sa_tui.access.grant_terms import kinds_named
from sa_tui.access.grants import Grant, has, mints
from sa_tui.access.lists import Lists, wanted_lists
from sa_tui.base.text import sought
from sa_tui.org.summary import token_state

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping
    from datetime import datetime

    from sa_tui.access.given import TeamGrants
    from sa_tui.access.grants import Question
    from sa_tui.access.lists import Pair
    from sa_tui.access.query import Query
    from sa_tui.api.models import AccessToken, Entity, Listing, Row, SystemAccount, Team, User
    from sa_tui.org.snapshot import Details, Part, Snapshot, UserDetails

Kind = Literal["account", "person", "team"]

STEP = 250
"""Accounts that are looked at in one step of a reading."""


class Source(NamedTuple):
    """What a holder was read off: its row, what was read of it besides, and its teams."""

    row: Row
    read: object
    teams: tuple[TeamGrants, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Holder:
    """Somebody or something with everything that gives it access.

    `missing` says what of its roles, teams and team roles could not be read. `teams` and `tokens`
    are what was read of them, empty also when that is nothing: `roles_missing`, `teams_missing` and
    `tokens_missing` say why some may be missing. `is_managed` is None where that is not known;
    only accounts are managed by Konnect. `can_sign_in` says whether it can do without a token, as
    a person who is active can. A bare word of a query looks in `texts`. With `token` it stands for
    that one token in a list of tokens. `made_from` is what it was read off. `other_names` are those
    of a predefined team besides the one that is shown.
    """

    id: str
    name: str
    other_names: tuple[str, ...] = ()
    description: str = ""
    created_at: datetime | None = None
    kind: Kind = "account"
    is_managed: bool | None = False
    can_sign_in: bool | None = False
    texts: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    missing: tuple[str, ...] = ()
    roles_missing: str | None = None
    teams: tuple[Team, ...] = ()
    teams_missing: str | None = None
    tokens: tuple[AccessToken, ...] = ()
    tokens_missing: str | None = None
    token: AccessToken | None = None
    made_from: Source | None = field(default=None, repr=False)

    @cached_property
    def haystack(self) -> str:
        """The texts without case, a line each."""
        return sought(*self.texts)

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
        return any_of((*map(mints, self.grants), Answer(0 if self.is_complete else 1)))

    def live_tokens(self, now: datetime) -> tuple[int, bool]:
        """How many tokens work now, and whether that is sure."""
        states = [token_state(token, now) for token in self.tokens]
        is_sure = not self.tokens_missing and "unknown" not in states
        return states.count("live"), is_sure

    def is_armed(self, now: datetime) -> Answer:
        """Whether its access can be used now: with a token that works, or by signing in.

        A person who is not active was disabled, or did not confirm the e-mail address yet: only
        tokens count then.
        """
        live, is_sure = self.live_tokens(now)
        if live or self.can_sign_in:
            return Answer.YES
        return Answer.NO if is_sure and self.can_sign_in is False else Answer.UNKNOWN

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

    def for_token(self, token: AccessToken, now: datetime) -> Holder:
        """The same in a list of tokens: terms about a token are about this one alone.

        A bare word looks in names and ids, in the state, and in `unused` for one never used.
        """
        is_unused = token.last_used_at is None and "last_used_at" not in token.unreadable
        unused = ("unused",) if is_unused else ()
        texts = (self.name, token.name, self.id, token.id, token_state(token, now), *unused)
        return replace(self, token=token, texts=texts)


@dataclass(frozen=True, kw_only=True, eq=False)
class Access:
    """Who holds what in one organisation, as one snapshot has it.

    `missing` says why accounts or people may be missing altogether, `teams_missing` why teams.
    """

    holders: tuple[Holder, ...]
    missing: str | None = None
    entities: Mapping[tuple[str, str], Part[Listing[Entity]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    regions: tuple[str, ...] = ()
    teams: tuple[Team, ...] = ()
    teams_missing: str | None = "not read"

    @cached_property
    def _by_id(self) -> dict[str, Holder]:
        return {holder.id: holder for holder in self.holders}

    def holder(self, holder_id: str) -> Holder | None:
        """The holder with this id."""
        return self._by_id.get(holder_id)

    @cached_property
    def lists(self) -> Lists:
        """The lists that name entities."""
        return Lists(
            parts=self.entities,
            regions=self.regions,
            held=lambda: (
                (grant.kind, grant.entity_id, grant.region)
                for holder in self.holders
                for grant in holder.grants
            ),
        )

    @property
    def entities_by_id(self) -> Mapping[str, Entity]:
        """Every entity whose name could be read."""
        return self.lists.by_id

    @cached_property
    def has_strays(self) -> bool:
        """Whether somebody holds a role on an entity in a region where it is not."""
        return any(grant.is_stray for holder in self.holders for grant in holder.grants)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The keys of all types that somebody holds a role on."""
        return frozenset(grant.kind for holder in self.holders for grant in holder.grants)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Every role that is held, and those that the table has."""
        held = {grant.role for holder in self.holders for grant in holder.grants if grant.role}
        return frozenset(held.union(*(each.roles for each in TYPES)))

    def kinds_named(self, value: str) -> frozenset[str]:
        """The keys of the types that a value of a query means here."""
        return kinds_named(value, known=self.kinds)

    def lists_for(self, query: Query) -> tuple[Pair, ...]:
        """The lists that a query needs before its answers about names are certain."""
        return wanted_lists(query, self.regions, kinds_named=self.kinds_named)

    def entity_name(self, entity_id: str | None) -> str | None:
        """The name that an entity is known by; None when it is not visible."""
        entity = self.entities_by_id.get(entity_id or "")
        return entity.name if entity else None

    @cached_property
    def is_complete(self) -> bool:
        """Whether nobody and nothing of anybody's access can be missing."""
        return self.missing is None and all(holder.is_complete for holder in self.holders)


def read_access(
    snapshot: Snapshot, *, before: Access | None = None, with_people: bool = False
) -> Access:
    """Who holds what in a snapshot: the system accounts, and `with_people` the people after them.

    Holders of an earlier reading, `before`, are taken as they are where nothing of theirs changed.
    """
    steps = reading_access(snapshot, before=before, with_people=with_people)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            access: Access = end.value
            return access


def reading_access(
    snapshot: Snapshot, *, before: Access | None = None, with_people: bool = False
) -> Generator[None, None, Access]:
    """The same in steps of a few milliseconds, for where somebody waits for the screen."""
    from sa_tui.org.entities import regions_of  # it loads pydantic

    is_named = before is not None and before.entities is snapshot.entities
    reader = _Reader(snapshot, before.holders if before else (), is_named=is_named)
    accounts, people = snapshot.accounts.value, snapshot.people.value
    holders: list[Holder] = []
    missing = whys(snapshot.accounts)
    for number, account in enumerate(accounts.rows if accounts else ()):
        if number % STEP == STEP - 1:
            yield
        holders.append(reader.account(account))
    if with_people:
        holders += [reader.person(each) for each in (people.rows if people else ())]
        missing += [f"people: {why}" for why in whys(snapshot.people)]
    return Access(
        holders=tuple(holders),
        missing=" ".join(missing) or None,
        entities=snapshot.entities,
        regions=regions_of(snapshot),
        teams=snapshot.teams.value.rows if snapshot.teams.value else (),
        teams_missing=why_missing(snapshot.teams),
    )


def team_holders(snapshot: Snapshot, *, before: Iterable[Holder] = ()) -> tuple[Holder, ...]:
    """The teams of a snapshot, each as the holder of what it gives to its members.

    Holders of an earlier reading, `before`, are taken as they are where nothing of theirs changed.
    """
    listing = snapshot.teams.value
    reader = _Reader(snapshot, before)
    return tuple([reader.team(each) for each in (listing.rows if listing else ())])


class _Reader:
    """Makes holders, or takes those made before from the very same values."""

    def __init__(
        self, snapshot: Snapshot, before: Iterable[Holder], *, is_named: bool = False
    ) -> None:
        self._snapshot = snapshot
        self._is_named = is_named  # by the very lists that named entities before
        self._before = {holder.id: holder for holder in before}
        sources = [holder.made_from for holder in self._before.values() if holder.made_from]
        shared = {each.team.id: each for source in sources for each in source.teams}
        self._giving = Giving(snapshot, shared)

    def account(self, account: SystemAccount) -> Holder:
        details = self._snapshot.details_of(account.id)
        return self._kept(account, details) or self._member(
            account,
            details,
            name=account.name,
            description=account.description,
            is_managed=account.konnect_managed,
            texts=(account.name, account.description, account.id),
        )

    def person(self, user: User) -> Holder:
        details = self._snapshot.user_details_of(user.id)
        return self._kept(user, details) or self._member(
            user,
            details,
            name=user.full_name or user.email or user.preferred_name or user.id,
            description=user.email,
            kind="person",
            can_sign_in=user.active,
            texts=(user.full_name, user.preferred_name, user.email, user.id),
        )

    def _member(
        self, row: SystemAccount | User, details: Details | UserDetails, **about: Any
    ) -> Holder:
        """Who holds roles directly and through teams."""
        listed = details.teams.value.rows if details.teams.value else ()
        given = tuple([self._giving.by_team(team) for team in listed])
        missing = [f"its roles: {why}" for why in whys(details.roles)]
        missing += [f"its teams: {why}" for why in whys(details.teams)]
        grants = self._giving.listed(details.roles)
        for each in given:
            grants += each.grants
            missing += each.missing
        return Holder(
            id=row.id,
            created_at=row.created_at,
            **about,
            grants=grants,
            missing=tuple(missing),
            roles_missing=why_missing(details.roles),
            teams=tuple(each.team for each in given),
            teams_missing=why_missing(details.teams),
            tokens=details.tokens.value.rows if details.tokens.value else (),
            tokens_missing=why_missing(details.tokens),
            made_from=Source(row, details, given),
        )

    def team(self, team: Team) -> Holder:
        roles = self._snapshot.team_details_of(team.id).roles
        if (kept := self._kept(team, roles)) is not None:
            return kept
        labels = (f"{key}={value}" for key, value in sorted(team.labels.items()))
        made_by = {True: ("predefined",), False: ("custom",), None: ()}[team.system_team]
        return Holder(
            id=team.id,
            name=team.title,
            other_names=team.names,
            description=team.description,
            created_at=team.created_at,
            kind="team",
            texts=(*team.names, team.description, team.id, *labels, *made_by),
            grants=(*self._giving.listed(roles), *implied_grants(team, via=None)),
            missing=(*(f"its roles: {why}" for why in whys(roles)), *undocumented(team)),
            roles_missing=why_missing(roles),
            made_from=Source(team, roles),
        )

    def _kept(self, row: Row, read: object) -> Holder | None:
        """The holder made before, when it was made from the same."""
        before = self._before.get(row.id)
        if before is None or (source := before.made_from) is None or source.read is not read:
            return None
        # A list that was read again has new rows that say the same.
        if source.row is not row and source.row != row:
            return None
        for each in source.teams:
            if self._giving.by_team(each.team) is not each:
                return None
        if not self._is_named and not self._giving.is_placed(before.grants):
            return None
        return before
