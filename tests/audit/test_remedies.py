"""A remedy that is applied ends its finding: through the demo Konnect, for every rule with one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from sa_tui.audit.mending import remedy_of
from sa_tui.audit.registry import rules
from sa_tui.audit.run import run_audit
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.reading.everything import read_organisation
from sa_tui.org.reading.naming import read_entity_names
from sa_tui.org.store import Org
from tests.access.conftest import NOW, token

from .conftest import Audited, facts_of, found

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sa_tui.audit.finding import Finding
    from sa_tui.audit.run import Audit

WITH_CHANGES = {
    *("T04", "T06", "T07", "T11", "A01", "A02", "A03", "A04", "A09", "P01", "P02", "P03", "P04"),
    *("P05", "P06", "P07", "P08", "R01", "R03", "R04", "R07", "G02", "G03"),
}
"""The rules whose remedy is a change that needs nobody's words."""

WITH_TEXT = {"A05": "describe-account", "A06": "describe-account", "T14": "rename-token"}


@pytest.fixture
async def org() -> AsyncIterator[Org]:
    """The demo organisation, with what it lacks for some rules, read as an audit does."""
    fake = FakeKonnect(build_organisation(NOW, odd=True), clock=lambda: NOW)
    bot = fake.add_account("cut-over", description="Runs.")
    for name, age, used in (("old", 60, 50), ("new", 40, 1)):
        token_id = fake.add_token(bot, name, last_used_at=stamp(used))
        fake.organisation.tokens(bot)[token_id]["created_at"] = stamp(age)
    prod = next(row for row in fake.organisation.entities["/v2/control-planes", "eu"])
    fake.add_role(bot, "Viewer", entity_id=prod["id"], entity_region="us")
    twice = fake.add_account("twice", description="Has the same twice.")
    for _ in range(2):
        fake.add_role(twice, "Viewer", entity_region="eu")
    settings = Settings(transport=fake.transport(), now=lambda: NOW)
    async with (
        KonnectClient(SecretStr(fake.operator_token), settings) as client,
        Org(client, now=lambda: NOW) as opened,
    ):
        await opened.load()
        await opened.read_people()
        await read_organisation(opened)
        await opened.read_team_details(team.id for team in opened.snapshot.teams.rows)
        await opened.read_authentication()
        await read_entity_names(opened)
        yield opened


def stamp(days_ago: float) -> str:
    return (NOW - timedelta(days=days_ago)).isoformat().replace("+00:00", "Z")


def audit(org: Org) -> Audit:
    return run_audit(facts_of(org.snapshot), active=set(rules()))


async def apply(org: Org, finding: Finding, *, text: str | None = None) -> None:
    changes = remedy_of(finding, org.snapshot, text=text).changes
    outcomes = await org.carry_out(changes, on_outcome=lambda _: None)
    assert all(outcome.is_good for outcome in outcomes), [each.message for each in outcomes]


@pytest.mark.complete
async def test_each_remedy_of_the_demo_ends_its_finding_one_after_the_other(org: Org) -> None:
    for fingerprint in [each.fingerprint for each in audit(org).findings]:
        by_print = {each.fingerprint: each for each in audit(org).findings}
        finding = by_print.get(fingerprint)  # the remedy of another one may have ended it
        if finding is not None and remedy_of(finding, org.snapshot).changes:
            await apply(org, finding)
            assert fingerprint not in {each.fingerprint for each in audit(org).findings}, finding


async def test_every_rule_with_changes_has_a_finding_that_they_end(org: Org) -> None:
    # Accounts are deleted last: their other findings go with them.
    for rule in sorted(WITH_CHANGES, key=lambda rule: (rule in ("A01", "A09"), rule)):
        finding = next(each for each in audit(org).findings if each.rule == rule)

        await apply(org, finding)

        left = {each.fingerprint for each in audit(org).findings}
        assert finding.fingerprint not in left, rule


async def test_a_remedy_that_needs_words_takes_them(org: Org) -> None:
    for rule, verb in WITH_TEXT.items():
        finding = next(each for each in audit(org).findings if each.rule == rule)

        nothing = remedy_of(finding, org.snapshot)
        assert nothing.changes == ()
        assert [step.verb for step in nothing.named] == [verb]
        await apply(org, finding, text="Owner: platform, runs the depots")
        assert finding.fingerprint not in {each.fingerprint for each in audit(org).findings}


async def test_a_rotation_is_named_and_is_no_change(org: Org) -> None:
    finding = next(each for each in audit(org).findings if each.rule == "T08")

    remedy = remedy_of(finding, org.snapshot)
    assert remedy.changes == ()
    assert [step.verb for step in remedy.named] == ["rotate-token"]


async def test_what_is_gone_needs_no_change(org: Org) -> None:
    gone = replace(
        org.snapshot,
        accounts=replace(org.snapshot.accounts, value=None),
        teams=replace(org.snapshot.teams, value=None),
    )
    for finding in audit(org).findings:
        assert remedy_of(finding, gone, text="x").changes == ()


def test_a_managed_account_is_never_changed() -> None:
    org: Any = Audited()
    org.managed(org.account("zone", org.role("Admin", "Identity"), tokens=[token()]))

    (finding,) = found(org, "P02")
    assert finding.remedy
    assert remedy_of(finding, org.whole()).changes == ()


def test_which_of_two_roles_is_the_mistake_is_left_to_people() -> None:
    org: Any = Audited()
    org.account("ci", org.role("Admin"), org.role("Viewer"))

    assert [finding.remedy for finding in found(org, "R02")] == [()]
