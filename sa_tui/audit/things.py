"""Accounts, tokens, teams and people, as rules look at them.

The rule it keeps: what could not be read has a reason in `gaps`, by the name of the need.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sa_tui.access.answer import Answer, any_of
from sa_tui.access.catalogue import canonical_key
from sa_tui.access.grants import mints
from sa_tui.access.roles import ANY, ORGANIZATION_ADMIN
from sa_tui.audit.finding import Subject
from sa_tui.audit.gaps import (
    token_gaps,
)
from sa_tui.base.times import days_between
from sa_tui.konnect.regions import EVERY
from sa_tui.org.summary import token_state

if TYPE_CHECKING:
    from datetime import timedelta

    from sa_tui.access import subjects
    from sa_tui.access.grants import Grant
    from sa_tui.audit.gaps import Gaps
    from sa_tui.audit.limits import Limits
    from sa_tui.konnect.models import AccessToken, AssignedRole, SystemAccount, Team, User
    from sa_tui.org.snapshot import Details, TeamDetails, UserDetails
    from sa_tui.org.summary import TokenState

_NEVER = datetime.min.replace(tzinfo=UTC)

OWN_RULES = frozenset({canonical_key("Identity"), canonical_key("Audit Logs"), ANY})
"""The keys of the types whose Admin has a rule of its own."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TokenFacts:
    """An access token of an account."""

    token: AccessToken
    account: AccountFacts
    state: TokenState
    now: datetime
    gaps: Gaps

    @property
    def is_live(self) -> bool:
        """Whether it works now, as far as that is known."""
        return self.state == "live"

    @property
    def age_days(self) -> int:
        """Whole days since it was issued; 0 if that is not known."""
        created_at = self.token.created_at
        return days_between(created_at, self.now) if created_at else 0

    @property
    def limits(self) -> Limits:
        """The limits of its account."""
        return self.account.limits

    def used_within(self, span: timedelta) -> bool:
        """Whether it was last used so recently."""
        used_at = self.token.last_used_at
        return used_at is not None and self.now - used_at <= span


@dataclass(frozen=True, kw_only=True, eq=False)
class AccountFacts:
    """A system account with its tokens and its access."""

    account: SystemAccount
    details: Details
    access: subjects.Subject
    now: datetime
    limits: Limits
    gaps: Gaps

    @property
    def subject(self) -> Subject:
        """What a finding about it says."""
        return Subject(account_id=self.account.id, name=self.account.name)

    @property
    def is_managed(self) -> bool:
        """Whether Konnect manages it, as far as that is known."""
        return self.account.konnect_managed is True

    @property
    def age_days(self) -> int:
        """Whole days since it was made; 0 if that is not known."""
        created_at = self.account.created_at
        return days_between(created_at, self.now) if created_at else 0

    @cached_property
    def tokens(self) -> tuple[TokenFacts, ...]:
        """Its tokens that were read."""
        return tuple(
            TokenFacts(
                token=token,
                account=self,
                state=token_state(token, self.now),
                now=self.now,
                gaps=token_gaps(token),
            )
            for token in self.details.tokens.rows
        )

    @cached_property
    def live(self) -> tuple[TokenFacts, ...]:
        """Its tokens that work now, the first issued first; those of unknown age come first."""
        live = (token for token in self.tokens if token.state == "live")
        return tuple(sorted(live, key=_by_issue))

    @property
    def last_used_at(self) -> datetime | None:
        """When one of its tokens was last used."""
        return self.access.last_used_at

    @property
    def grants(self) -> tuple[Grant, ...]:
        """All that it holds, directly and by its teams."""
        return self.access.grants

    @property
    def roles(self) -> tuple[AssignedRole, ...]:
        """The roles that are assigned to it itself."""
        return self.details.roles.rows

    @cached_property
    def own_grants(self) -> tuple[Grant, ...]:
        """What it holds directly."""
        return tuple(grant for grant in self.access.grants if grant.via is None)

    @cached_property
    def on_all(self) -> tuple[Grant, ...]:
        """What it holds on every entity of a type."""
        return tuple(grant for grant in self.grants if grant.entity_id == EVERY)

    @cached_property
    def as_administrator(self) -> tuple[Grant, ...]:
        """What makes it an administrator of the organisation."""
        return tuple(
            grant for grant in self.on_all if grant.kind == ANY and grant.role == ORGANIZATION_ADMIN
        )

    @cached_property
    def minting(self) -> tuple[tuple[Grant, Answer], ...]:
        """What lets it make tokens for anybody, or may; without the administrator's."""
        asked = ((grant, mints(grant)) for grant in self.grants if grant.kind != ANY)
        return tuple((grant, given) for grant, given in asked if given is not Answer.NO)

    @cached_property
    def on_everything(self) -> tuple[Grant, ...]:
        """Full write on everything of a type."""
        return tuple(
            grant for grant in self.on_all if grant.tier == "A" and grant.kind not in OWN_RULES
        )

    @cached_property
    def is_privileged(self) -> Answer:
        """Whether it is an administrator of the organisation, can mint, or has all of a type."""
        if self.as_administrator or self.on_everything:
            return Answer.YES
        doubts = Answer.NO if "access" not in self.gaps else Answer.UNKNOWN
        return any_of((*(given for _, given in self.minting), doubts))


@dataclass(frozen=True, kw_only=True, eq=False)
class TeamFacts:
    """A team with its members and its roles."""

    team: Team
    details: TeamDetails
    grants: tuple[Grant, ...]
    now: datetime
    limits: Limits
    gaps: Gaps

    @property
    def subject(self) -> Subject:
        """What a finding about it says."""
        return Subject(team_id=self.team.id, name=self.team.title)

    @property
    def is_custom(self) -> bool:
        """Whether it is not predefined, as far as that is known."""
        return self.team.system_team is not True

    @property
    def roles(self) -> tuple[AssignedRole, ...]:
        """The roles that are assigned to it."""
        return self.details.roles.rows

    @property
    def own_grants(self) -> tuple[Grant, ...]:
        """What it gives."""
        return self.grants

    @property
    def writes(self) -> bool:
        """Whether it gives any write access but to create."""
        return any(grant.tier in "AW" for grant in self.grants)


Holder = AccountFacts | TeamFacts


@dataclass(frozen=True, kw_only=True, eq=False)
class PersonFacts:
    """A person with their personal access tokens."""

    user: User
    details: UserDetails
    now: datetime
    limits: Limits
    gaps: Gaps

    @property
    def subject(self) -> Subject:
        """What a finding about them says."""
        return Subject(user_id=self.user.id, name=self.user.full_name or self.user.email)


def _by_issue(each: TokenFacts) -> tuple[datetime, str]:
    return each.token.created_at or _NEVER, each.token.id
