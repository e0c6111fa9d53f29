"""What rules look at: one snapshot with its access, by Konnect's clock.

The rule it keeps: each value is made once, in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sa_tui.access.catalogue import canonical_key, offered_types
from sa_tui.access.team_grants import TeamGrantMaker
from sa_tui.audit.coverage import missing_of
from sa_tui.audit.finding import Subject
from sa_tui.audit.gaps import (
    account_gaps,
    gaps_of_parts,
    person_gaps,
    team_gaps,
    was_deleted,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sa_tui.access.subjects import Access
    from sa_tui.audit.coverage import Missing
    from sa_tui.audit.gaps import Gaps
    from sa_tui.audit.limits import Limits
    from sa_tui.audit.needs import Need
    from sa_tui.konnect.models import SystemAccount, User
    from sa_tui.org.snapshot import Part, Snapshot

from sa_tui.audit.things import AccountFacts, PersonFacts, TeamFacts


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """One organisation, as rules look at it.

    `limits_of` gives the limits of an account; those of the rest are `limits`. `owned` are the
    names and ids of accounts whose owner is recorded elsewhere. `with_people` and
    `with_personal_tokens` say what the rules that are on look at besides the accounts.
    """

    snapshot: Snapshot
    access: Access
    now: datetime
    limits: Limits
    limits_of: Callable[[SystemAccount], Limits]
    owned: frozenset[str] = field(default_factory=frozenset)
    with_people: bool = True
    with_personal_tokens: bool = False

    @property
    def subject(self) -> Subject:
        """What a finding about all of it says."""
        return Subject()

    @property
    def organization_id(self) -> str:
        """The id of the organisation; empty if it could not be read."""
        organization = self.snapshot.organization.value
        return organization.id if organization else ""

    @cached_property
    def accounts(self) -> tuple[AccountFacts, ...]:
        """Every system account, without those that were deleted during the reading."""
        details_of = self.snapshot.details_of
        rows = self.snapshot.accounts.rows
        return tuple([self._account(row) for row in rows if not was_deleted(details_of(row.id))])

    def _account(self, account: SystemAccount) -> AccountFacts:
        details = self.snapshot.details_of(account.id)
        access = self.access.subject(account.id)
        if access is None:
            raise ValueError(f"the access is of another snapshot: it has no account {account.id}")
        return AccountFacts(
            account=account,
            details=details,
            access=access,
            now=self.now,
            limits=self.limits_of(account),
            gaps=account_gaps(account, details, access),
        )

    @cached_property
    def unmanaged(self) -> tuple[AccountFacts, ...]:
        """The accounts that Konnect does not manage, as far as that is known."""
        return tuple(account for account in self.accounts if not account.is_managed)

    @cached_property
    def teams(self) -> tuple[TeamFacts, ...]:
        """Every team."""
        maker = TeamGrantMaker(self.snapshot)
        return tuple(
            TeamFacts(
                team=team,
                details=(details := self.snapshot.team_details_of(team.id)),
                grants=(given := maker.by_team(team)).grants,
                now=self.now,
                limits=self.limits,
                gaps=team_gaps(team, details, given.missing),
            )
            for team in self.snapshot.teams.rows
        )

    @cached_property
    def people(self) -> tuple[PersonFacts, ...]:
        """Every person, with those of their tokens that were read."""
        return tuple(
            PersonFacts(
                user=user,
                details=(details := self.snapshot.user_details_of(user.id)),
                now=self.now,
                limits=self.limits,
                gaps=person_gaps(details),
            )
            for user in self.snapshot.people.rows
        )

    @cached_property
    def users_by_email(self) -> Mapping[str, User]:
        """The people by their casefolded e-mail addresses."""
        return {user.email.casefold(): user for user in self.snapshot.people.rows}

    @cached_property
    def offered(self) -> frozenset[tuple[str, str]]:
        """Every role that the table or the catalogue of Konnect has, with the key of its type."""
        types = offered_types(self.snapshot.catalogue.value)
        return frozenset(
            (canonical_key(kind.name), role.name) for kind in types for role in kind.roles
        )

    @cached_property
    def places(self) -> Mapping[str | None, str]:
        """The regions of the entities that were listed, by their ids."""
        parts = self.snapshot.entities.values()
        return {entity.id: entity.region for part in parts for entity in part.rows}

    @property
    def idp_mapping_enabled(self) -> bool | None:
        """Whether an identity provider decides who is in teams; None if that is not known."""
        settings = self.snapshot.authentication.value
        return settings.idp_mapping_enabled if settings else None

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """Everything that the rules need and that could not be read in full."""
        return tuple(
            missing_of(
                self.snapshot,
                needs_people=self.with_people,
                needs_personal_tokens=self.with_personal_tokens,
            )
        )

    @cached_property
    def gaps(self) -> Gaps:
        """What is missing of the lists of the organisation."""
        parts: dict[Need, Part[Any]] = {
            "accounts": self.snapshot.accounts,
            "people": self.snapshot.people,
            "catalogue": self.snapshot.catalogue,
        }
        return gaps_of_parts(parts)

    @cached_property
    def gaps_of_all(self) -> Gaps:
        """What is missing of the organisation or of any account."""
        whole: dict[Need, str] = {}
        for account in self.unmanaged:
            for need, reason in account.gaps.items():
                whole.setdefault(need, reason)
        return MappingProxyType(whole | dict(self.gaps))
