"""Organisations written by hand, and what the rules say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.access.reader import read_access
from sa_tui.audit.facts import Facts
from sa_tui.audit.limits import BASELINE
from sa_tui.audit.mutes import Mutes
from sa_tui.audit.registry import rules
from sa_tui.audit.run import run_audit
from sa_tui.konnect.models import (
    AuthenticationSettings,
    Organization,
    SystemAccount,
    Team,
    User,
)
from sa_tui.konnect.offer import CatalogueType
from sa_tui.org.snapshot import Part
from tests.access.conftest import NOW, Organisation, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sa_tui.audit.finding import Finding
    from sa_tui.audit.limits import Limits
    from sa_tui.audit.mute import Mute
    from sa_tui.audit.run import Audit
    from sa_tui.org.snapshot import Snapshot

ORGANIZATION = "organization-1"


class Audited(Organisation):
    """An organisation of which everything was read, that can be audited."""

    def join(self, team: Team, *, accounts: Iterable[Any] = (), users: Iterable[User] = ()) -> None:
        """Puts these into a team, as the team lists them."""
        self.team_details[team.id] = replace(
            self.team_details[team.id], accounts=read(accounts), users=read(users)
        )

    def managed(self, account: SystemAccount, is_managed: bool | None = True) -> SystemAccount:
        """The account as one that Konnect manages."""
        changed = replace(account, konnect_managed=is_managed)
        self.accounts[self.accounts.index(account)] = changed
        return changed

    def whole(self, *, has_idp: bool | None = False) -> Snapshot:
        """Everything read, with what the other lists of the organisation hold."""
        for team in self.teams:
            details = self.team_details[team.id]
            members: dict[str, Any] = {
                name: read(()) for name in ("accounts", "users") if getattr(details, name).is_unread
            }
            self.team_details[team.id] = replace(details, **members)
        return replace(
            self.snapshot,
            organization=Part(value=Organization(id=ORGANIZATION, name="Meridian")),
            catalogue=Part(value=(CatalogueType(key="none", name="None"),)),
            authentication=Part(value=AuthenticationSettings(idp_mapping_enabled=has_idp)),
        )


def facts_of(snapshot: Snapshot, limits: Limits = BASELINE, **more: Any) -> Facts:
    """A snapshot as rules look at it, at noon of the day of the tests."""
    more.setdefault("limits_of", lambda _: limits)
    more.setdefault("with_personal_tokens", True)
    return Facts(snapshot=snapshot, access=read_access(snapshot), now=NOW, limits=limits, **more)


def audit_of(
    organisation: Audited | Snapshot,
    *,
    limits: Limits = BASELINE,
    mutes: Iterable[Mute] = (),
    active: Iterable[str] | None = None,
    **more: Any,
) -> Audit:
    """The audit with every rule that there is."""
    snapshot = organisation.whole() if isinstance(organisation, Audited) else organisation
    return run_audit(
        facts_of(snapshot, limits, **more),
        active=set(rules()) if active is None else set(active),
        mutes=Mutes(mutes, today=NOW.date()),
    )


def found(organisation: Audited | Snapshot, rule: str, **more: Any) -> list[Finding]:
    """What one rule finds, while all are asked."""
    return [each for each in audit_of(organisation, **more).findings if each.rule == rule]


def left_open(organisation: Audited | Snapshot, rule: str, **more: Any) -> list[Finding]:
    """What one rule could not check."""
    return [each for each in audit_of(organisation, **more).not_checked if each.rule == rule]


@pytest.fixture
def org() -> Audited:
    return Audited()
