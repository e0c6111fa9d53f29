"""The demo organisation: what every rule finds in it, listed by hand from its facts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from sa_tui.audit.limits import STRICT
from sa_tui.audit.mute import Mute
from sa_tui.audit.registry import rules
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.settings import Settings
from sa_tui.org.reading.everything import read_organisation
from sa_tui.org.reading.naming import read_entity_names
from sa_tui.org.store import Org
from tests.access.conftest import NOW

from .conftest import audit_of

if TYPE_CHECKING:
    from sa_tui.org.snapshot import Snapshot

BY_HAND = {
    "P01": {"konnect-orchestrator"},
    "P02": {"token-minter"},
    "P03": {"incident-responder", "terraform-prod", "terraform-eu"},
    "P04": {
        *("api-publisher-ci", "backstage-catalog", "billing-meter-ingest"),
        "partner-onboarding",
    },
    "P06": {
        *("ci-sandbox", "dashboards-provisioner", "event-gateway-bootstrap"),
        *("incident-responder", "terraform-eu", "terraform-prod"),
    },
    "P07": {"vault-secrets-sync"},
    "P08": {"audit-log-shipper"},
    # platform@ is a list, and no user.
    "A07": {"ci-eu-deployer", "ci-prod-deployer", "deck-backup-nightly"},
    "A01": {"reserved-for-sre"},
    "A02": {"mobile-release-bot"},
    "A03": {"backstage-catalog", "legacy-jenkins"},
    "A04": {
        *("Ci-Prod-Deployer", "datadog-sync", "grafana-exporter", "incident-responder"),
        "poc-ai-gateway",
    },
    "A05": {"grafana-exporter", "tmp-load-test"},
    "A09": {"poc-ai-gateway", "tmp-load-test"},
    "T03": {
        *("ci-au-deployer", "ci-sandbox", "event-gateway-bootstrap", "terraform-eu"),
        *("token-minter", "addon-manager", "audit-log-shipper", "portal-content-sync"),
        "sandbox-reset",
    },
    "T04": {"ci-sandbox", "legacy-jenkins"},
    "T06": {"terraform-prod", "tmp-load-test"},
    "T07": {"terraform-prod"},
    "T08": {
        *("audit-log-shipper", "ci-staging-deployer", "customs-gateway", "deck-backup-nightly"),
        *("mobile-release-bot", "partner-onboarding", "sandbox-reset", "terraform-prod"),
    },
    "T09": {"terraform-prod"},
    "T10": {"terraform-prod"},
    "R01": {"ci-eu-deployer", "ci-prod-deployer"},
    "R02": {"terraform-prod"},
    "R03": {"sandbox-reset"},
    "R05": {"legacy-jenkins"},
    "G01": {"Customs EU", "Integrations", "Platform Engineering", "Read Everything"},
    "G02": {"Depot Kiosks [retired]", "Integrations"},
}
"""Rule -> the accounts and teams that it reports; P05 is left to the boundaries of its own test."""


@pytest.fixture(scope="module")
def demo() -> Snapshot:
    import asyncio

    async def read() -> Snapshot:
        fake = FakeKonnect(build_organisation(NOW), clock=lambda: NOW)
        settings = Settings(transport=fake.transport(), now=lambda: NOW)
        async with (
            KonnectClient(SecretStr(fake.operator_token), settings) as client,
            Org(client, now=lambda: NOW) as org,
        ):
            await org.load()
            await org.read_people()
            await read_organisation(org, with_people=True)
            await org.read_team_details(team.id for team in org.snapshot.teams.rows)
            await org.read_authentication()
            await read_entity_names(org)
            return org.snapshot

    return asyncio.run(read())


def names(snapshot: Snapshot, **more) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for finding in audit_of(snapshot, **more).findings:
        found[finding.rule].add(finding.subject.name)
    return found


def test_the_findings_of_the_demo_are_those_of_the_list(demo: Snapshot) -> None:
    active = [id for id, rule in rules().items() if rule.is_default]
    found = names(demo, active=active)

    del found["P05"]
    assert found == BY_HAND


def test_the_strict_profile_finds_more(demo: Snapshot) -> None:
    usual, strict = names(demo), names(demo, limits=STRICT)

    assert usual["T07"] <= strict["T07"]
    assert "ci-staging-deployer" in strict["T02"] - usual["T02"]


def test_what_is_managed_is_not_in_it(demo: Snapshot) -> None:
    assert not any("mesh-zone" in name for found in names(demo).values() for name in found)


def test_every_token_finding_says_which_token(demo: Snapshot) -> None:
    for finding in audit_of(demo).findings:
        if rules()[finding.rule].about == "token":
            assert finding.token_id
            assert finding.evidence["token"]


MUTED = sorted(id for id, rule in rules().items() if "mute it" in " ".join(rule.mistakes))


@pytest.mark.parametrize("rule", MUTED)
def test_a_known_false_positive_that_is_to_be_muted_can_be(demo: Snapshot, rule: str) -> None:
    findings = [finding for finding in audit_of(demo).findings if finding.rule == rule]
    mutes = [
        Mute(
            rule=rule,
            account=finding.subject.account_id or "",
            team=finding.subject.team_id or "",
            object=finding.token_id or finding.object,
            reason="It is meant.",
            approved_by="ines",
            created=NOW.date(),
            expires=NOW.date(),
        )
        for finding in findings
    ]
    muted = [each for each in audit_of(demo, mutes=mutes).findings if each.rule == rule]

    assert [each.status for each in muted] == ["muted"] * len(findings)
    assert findings or rule in {"A10", "A11", "G04", "H02", "R06", "T05"}
