"""The rules about accounts: where each says something, where it just does not, and its mistakes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sa_tui.audit.limits import BASELINE
from sa_tui.audit.registry import rules
from sa_tui.konnect.errors import NotFound
from sa_tui.org.snapshot import Part
from tests.access.conftest import UNREAD, refused, token

from .conftest import Audited, audit_of, found, left_open

SECOND = 1 / 86_400


@pytest.mark.parametrize(("age", "is_found"), [(7.9, False), (8, True)])
def test_a01_an_account_without_anything_after_its_first_days(org: Audited, age, is_found) -> None:
    org.account("empty", age=age, description="empty")

    verbs = [step.verb for finding in found(org, "A01") for step in finding.remedy]
    assert verbs == ["delete-account"] * is_found


def test_a01_one_thing_is_enough_to_be_no_orphan(org: Audited) -> None:
    org.account("role", org.role())
    org.account("team", teams=[org.team("Readers")])
    org.account("token", tokens=[token(expires_in=-30)])

    assert not found(org, "A01")


def test_a01_hides_that_nobody_says_what_it_is_for(org: Audited) -> None:
    org.account("empty")

    assert not found(org, "A05")
    assert not found(org, "A06")


def test_a02_a_live_token_that_opens_nothing(org: Audited) -> None:
    org.account("ci", tokens=[token(), token("over", expires_in=-1)])
    org.account("reader", org.role("Viewer"), tokens=[token("other")])
    org.account("unarmed")

    (finding,) = found(org, "A02")
    assert finding.subject.name == "ci"
    assert [(step.verb, step.id) for step in finding.remedy] == [("revoke-token", "token-token")]


def test_a02_roles_that_this_api_does_not_have_are_in_the_advice(org: Audited) -> None:
    assert "new products may be missing" in rules()["A02"].mistakes[0]


@pytest.mark.parametrize(
    ("role", "age", "severity"),
    [
        ("Deployer", 8, "medium"),
        ("Deployer", 7.9, None),  # it waits for its first token
        ("Viewer", 100, None),
        ("Creator", 100, "medium"),
        ("Admin", 100, "high"),  # on everything: privileged
    ],
)
def test_a03_write_access_that_nobody_can_use(org: Audited, role, age, severity) -> None:
    org.account("ci", org.role(role), age=age, tokens=[token(expires_in=-1)])

    assert [finding.severity for finding in found(org, "A03")] == [severity] * bool(severity)


def test_a03_a_role_that_may_write_is_not_checked(org: Audited) -> None:
    org.account("ci", org.role("Stargazer"))

    assert not found(org, "A03")
    assert left_open(org, "A03")


@pytest.mark.parametrize(
    ("used_ago", "age", "is_found"),
    [
        (90 + SECOND, 91, True),
        (90, 91, False),
        (None, 91, True),
        (None, 90.9, False),
    ],
)
def test_a04_an_account_that_is_not_used(org: Audited, used_ago, age, is_found) -> None:
    org.account("ci", org.role(), age=age, tokens=[token(age=80, used_ago=used_ago)])

    assert bool(found(org, "A04")) is is_found


def test_a04_stands_for_the_findings_about_its_tokens(org: Audited) -> None:
    tokens = [token(age=300, used_ago=200), token("never", age=300, used_ago=None)]
    org.account("ci", org.role(), age=400, tokens=tokens)

    assert found(org, "A04")
    assert not any(found(org, rule) for rule in ("T06", "T07", "T08"))


def test_a04_the_use_of_an_expired_token_counts(org: Audited) -> None:
    tokens = [token(age=80, used_ago=None), token("over", expires_in=-10, used_ago=11, age=90)]
    org.account("ci", org.role(), tokens=tokens)

    assert not found(org, "A04")


def test_a04_a_yearly_job_has_limits_of_its_own(org: Audited) -> None:
    org.account("yearly", org.role(), age=400, tokens=[token(used_ago=200, age=300)])
    yearly = replace(BASELINE, idle_days=400, stale_days=400)

    assert found(org, "A04")
    assert not found(org, "A04", limits_of=lambda account: yearly)


@pytest.mark.parametrize(
    ("description", "is_found"), [("", True), (" \n", True), (" CI ", True), ("ci of x", False)]
)
def test_a05_nobody_says_what_it_is_for(org: Audited, description, is_found) -> None:
    org.account("ci", org.role(), description=description)

    assert bool(found(org, "A05")) is is_found


@pytest.mark.parametrize(
    ("description", "is_found"),
    [
        ("Deploys.", True),
        ("owner: ", True),
        ("Owner = platform", False),
        ("ask x@y.example", False),
        ("ask @platform", False),
    ],
)
def test_a06_nobody_is_in_charge(org: Audited, description, is_found) -> None:
    org.account("ci", org.role(), description=description)

    assert bool(found(org, "A06")) is is_found


@pytest.mark.parametrize("owned", ["ci", "account-0"])
def test_a06_owners_may_be_recorded_elsewhere(org: Audited, owned) -> None:
    org.account("ci", org.role(), description="Deploys.")

    assert not found(org, "A06", owned=frozenset({owned}))


@pytest.mark.parametrize(("is_active", "severity"), [(True, None), (False, "medium"), (None, None)])
def test_a07_the_owner_is_a_user(org: Audited, is_active, severity) -> None:
    org.person("ines", is_active=is_active)
    org.account("ci", org.role(), description="owner: Ines@Example.com")

    assert [finding.severity for finding in found(org, "A07")] == [severity] * bool(severity)


def test_a07_the_owner_is_gone(org: Audited) -> None:
    org.account("ci", org.role(), description="owner: gone@example.com")

    assert [finding.severity for finding in found(org, "A07")] == ["high"]


@pytest.mark.parametrize("outside", ["example.com", "gone@EXAMPLE.com"])
def test_a07_a_list_outside_konnect_is_no_user(org: Audited, outside) -> None:
    org.account("ci", org.role(), description="owner: gone@example.com")

    assert not found(org, "A07", limits=replace(BASELINE, outside_owners=(outside,)))


def test_a07_is_not_checked_without_the_people(org: Audited) -> None:
    org.account("ci", org.role(), description="owner: gone@example.com")
    snapshot = replace(org.whole(), people=refused())

    assert not found(snapshot, "A07")
    assert left_open(snapshot, "A07")


@pytest.mark.parametrize("text", ["a", "a.", "-", "owner", "a@b."])
def test_a_huge_text_is_looked_at_once(org: Audited, text) -> None:
    """With a look at the rest from each place, this would take hours."""
    huge = text * 50_000
    org.account(huge, org.role(), description=huge, tokens=[token(huge)])

    assert audit_of(org).is_complete


@pytest.mark.parametrize(
    ("description", "is_found"),
    [
        ("review: 2026-08-25", False),  # 90 days before
        ("review: 2026-08-24", True),
        ("review: 2020-01-01, review: 2026-11-01", False),
        ("review: 2026-13-01", True),
        ("review: quarterly", True),
        ("", True),
    ],
)
def test_a08_nobody_has_looked_at_it(org: Audited, description, is_found) -> None:
    org.account("ci", org.role(), description=description)

    assert bool(found(org, "A08")) is is_found


@pytest.mark.parametrize(
    ("name", "description", "age", "is_found"),
    [
        ("ci-tmp", "", 31, True),
        ("ci-tmp", "", 30.9, False),
        ("contest", "latest greatest", 400, False),
        ("ci", "to DELETE soon", 400, True),
        ("temperature", "", 400, False),
    ],
)
def test_a09_a_temporary_account_that_stayed(
    org: Audited, name, description, age, is_found
) -> None:
    org.account(name, org.role(), description=description, age=age)

    assert bool(found(org, "A09")) is is_found


@pytest.mark.parametrize(
    ("names", "is_found"),
    [
        (("ci-deploy", "CI_deploy2"), True),
        (("deployer", "deploier"), True),
        (("deployer", "deployers"), True),
        (("deplyr", "deplyrs"), False),  # too short
        (("deployer", "depoiler"), False),  # two letters
        (("deployer", "edployer"), False),  # two letters, in each other's place
        (("zone-1", "zone-2", "zone-3"), True),
        (("zone-1", "zone-2", "zone-3", "zone-4"), False),  # a fleet
    ],
)
def test_a10_names_that_are_easily_mistaken(org: Audited, names, is_found) -> None:
    for name in names:
        org.account(name, org.role())

    assert bool(found(org, "A10")) is is_found


def crossing(org: Audited, role: str, *names: str) -> None:
    entities = [org.entity(name) for name in names]
    org.account("ci", *(org.role(role, entity_id=each.id, region="eu") for each in entities))


@pytest.mark.parametrize(
    ("role", "names", "is_found"),
    [
        ("Deployer", ("prod-eu", "staging-eu"), True),
        ("Viewer", ("prod-eu", "staging-eu"), False),
        ("Deployer", ("prod-eu", "product-test-free"), True),
        ("Deployer", ("products", "staging-eu"), False),
        ("Deployer", ("prod-eu", "prod-us"), False),
        ("Deployer", ("non-prod", "staging-eu"), False),
    ],
)
def test_a11_one_account_for_two_environments(org: Audited, role, names, is_found) -> None:
    crossing(org, role, *names)

    assert bool(found(org, "A11")) is is_found


def test_a11_is_not_checked_where_names_are_not_known(org: Audited) -> None:
    org.account("ci", org.role("Deployer", entity_id="hidden"))

    assert left_open(org, "A11")


def test_a12_one_account_for_many_things(org: Audited) -> None:
    types = ("Control Planes", "APIs", "Portals", "Dashboards")
    org.account("three", *(org.role("Admin", name) for name in types[:3]))
    org.account("four", *(org.role("Admin", name) for name in types))
    org.account("two", tokens=[token("a-1"), token("a-2"), token("b")])
    org.account("jobs", tokens=[token("a 1"), token("b_2"), token("c")])

    four, jobs = found(org, "A12")
    assert (four.subject.name, four.evidence["entity_types"]) == ("four", tuple(sorted(types)))
    assert (jobs.subject.name, jobs.evidence["token_names"]) == ("jobs", ("a", "b", "c"))


def test_a13_an_account_of_a_mesh_zone_that_can_do_more(org: Audited) -> None:
    connector = org.role("Connector", "Mesh Control Plane", "id-of-mesh", "eu")
    org.managed(org.account("zone-1", connector))
    org.managed(org.account("zone-2", connector, org.role("Viewer")))
    org.managed(org.account("zone-3", connector, teams=[org.team("Readers")]))
    org.account("ci", org.role("Viewer"))

    assert [finding.subject.name for finding in found(org, "A13")] == ["zone-2", "zone-3"]


def test_a13_what_is_managed_may_come_to_hold_other_roles(org: Audited) -> None:
    org.managed(org.account("zone-1", org.role("Viewer", "APIs")))

    assert found(org, "A13")
    assert not found(org, "A13", limits=replace(BASELINE, managed_roles=("APIs/Viewer",)))


def test_a13_whether_it_is_managed_may_not_be_known(org: Audited) -> None:
    org.managed(org.account("zone-1", org.role("Viewer", "APIs")), None)

    assert left_open(org, "A13")


def test_a_managed_account_is_asked_few_rules(org: Audited) -> None:
    org.managed(org.account("zone-1", org.role("Admin"), age=400, tokens=[token(age=300)]))

    audit = audit_of(org)
    assert {finding.rule for finding in audit.findings} == {"A13", "P11"}
    assert not audit.not_checked


def test_an_account_that_was_deleted_meanwhile_is_no_gap(org: Audited) -> None:
    gone: Part[Any] = Part(error=NotFound(404, request="GET /v3/system-accounts/x/…"))
    org.account("gone", parts={"tokens": gone, "roles": gone})

    audit = audit_of(org)
    assert audit.is_complete
    assert not audit.findings
    assert not audit.not_checked


def test_parts_that_were_never_read_are_gaps(org: Audited) -> None:
    org.account("ci", parts={"tokens": UNREAD, "roles": UNREAD, "teams": UNREAD})

    audit = audit_of(org)
    assert {finding.rule for finding in audit.findings} >= {"C01"}
    assert {"T01", "A01", "P01"} <= {finding.rule for finding in audit.not_checked}
