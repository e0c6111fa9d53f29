"""The rules about privilege: where each says something, where it just does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sa_tui.audit.limits import BASELINE
from tests.access.conftest import token

from .conftest import Audited, found, left_open


def severities(org: Audited, rule: str, **more) -> list[str]:
    return [finding.severity for finding in found(org, rule, **more)]


def test_p01_a_member_of_organization_admin(org: Audited) -> None:
    admins = org.team("organization-admin", is_predefined=True)
    org.account("armed", teams=[admins], tokens=[token()])
    org.account("unarmed", teams=[admins])
    org.account("namesake", teams=[org.team("Organization Admin")])

    assert {f.subject.name: f.severity for f in found(org, "P01")} == {
        "armed": "critical",
        "unarmed": "high",
    }


def test_p01_takes_in_what_has_the_same_cause(org: Audited) -> None:
    admins = org.team("organization-admin", is_predefined=True)
    org.account("bot", org.role("Admin"), org.role("Creator"), teams=[admins])

    (finding,) = found(org, "P01")
    assert {each.rule for each in finding.folded} == {"P03", "P05", "P06"}
    assert not any(found(org, rule) for rule in ("P03", "P05", "P06"))


def test_p01_keeps_the_rotation_rule(org: Audited) -> None:
    admins = org.team("organization-admin", is_predefined=True)
    org.account("bot", teams=[admins], tokens=[token(age=120)])

    assert severities(org, "T08") == ["medium"]


def test_p02_identity_admin_by_role_and_by_team(org: Audited) -> None:
    identity = org.role("Admin", "Identity")
    org.account("direct", identity)
    org.account("by team", teams=[org.team("Minters", identity)])
    org.account("by predefined team", teams=[org.team("identity-admin", is_predefined=True)])
    org.account("reader", org.role("Viewer", "Identity"), org.role("Admin", "APIs"))

    findings = found(org, "P02")
    assert [finding.subject.name for finding in findings] == [
        "by predefined team",
        "by team",
        "direct",
    ]
    assert findings[0].evidence["can_become"] == "3 other accounts"
    assert [finding.remedy[0].verb for finding in findings] == [
        "leave-team",
        "leave-team",
        "take-role",
    ]


def test_p02_a_role_without_a_name_is_not_checked(org: Audited) -> None:
    org.account("ci", org.role(None, "Identity"))

    assert not found(org, "P02")
    assert left_open(org, "P02")


@pytest.mark.parametrize(
    ("role", "severity"),
    [
        (("Admin", "Control Planes", "*", "*"), "high"),
        (("Admin", "Control Planes", "*", "eu"), "medium"),
        (("Admin", "Control Planes", "id-1", "eu"), None),
        (("Creator", "Control Planes", "*", "*"), None),
        (("Admin", "Audit Logs", "*", "*"), None),
        (("Service Admin", "Service Hub", "*", "*"), "high"),
    ],
)
def test_p03_full_write_on_everything_of_a_type(org: Audited, role, severity) -> None:
    org.account("ci", org.role(*role))

    assert severities(org, "P03") == [severity] * bool(severity)


@pytest.mark.parametrize(
    ("role", "is_found"),
    [
        (("Publisher", "APIs"), True),
        (("Service Viewer", "Service Hub"), True),  # by name a reader
        (("Creator", "APIs"), False),
        (("Publisher", "APIs", "id-1", "eu"), False),
        (("Deployer", "Control Planes"), False),  # P07 says it
    ],
)
def test_p04_partial_write_on_everything(org: Audited, role, is_found) -> None:
    org.account("ci", org.role(*role))

    assert severities(org, "P04") == ["medium"] * is_found


@pytest.mark.parametrize(
    ("role", "severity"),
    [
        (("Viewer", "APIs", "*", "*"), "low"),
        (("Viewer", "APIs", "id-1", "*"), "info"),
        (("Viewer", "APIs", "*", "eu"), None),
        (("Network Admin", "Networks", "*", "*"), None),
        (("Admin", "Identity", "*", "*"), None),
        (("Stargazer", "Black Holes", "*", "*"), None),
    ],
)
def test_p05_every_region(org: Audited, role, severity) -> None:
    org.account("ci", org.role(*role))

    assert severities(org, "P05") == [severity] * bool(severity)


def test_p06_creators(org: Audited) -> None:
    own = org.role("Admin", "APIs", "id-1", "eu")
    others = (org.role("Admin", "Portals", "id-2", "eu"), org.role("Viewer", "APIs", "id-3", "eu"))
    org.account("one", org.role("Creator", "APIs"), own, *others)
    types = ("APIs", "Portals", "Dashboards")
    org.account("three", *(org.role("Creator", name) for name in types))
    org.account("two", *(org.role("Creator", name) for name in types[:2]))

    findings = {finding.subject.name: finding for finding in found(org, "P06")}
    assert {name: finding.severity for name, finding in findings.items()} == {
        "one": "low",
        "two": "low",
        "three": "medium",
    }
    assert findings["one"].evidence["own_admin_roles"] == 1


@pytest.mark.parametrize(
    ("role", "is_found"),
    [
        (("Plugin Admin",), True),
        (("Vault Admin", "Control Planes", "*", "eu"), True),
        (("Deployer", "Control Planes", "id-1", "eu"), False),
        (("Upstream Admin",), False),
    ],
)
def test_p07_code_and_secrets_on_everything(org: Audited, role, is_found) -> None:
    org.account("ci", org.role(*role))

    assert severities(org, "P07") == ["high"] * is_found


def test_p08_audit_logs(org: Audited) -> None:
    org.account("shipper", org.role("Admin", "Audit Log"))
    org.account("ci", org.role("Admin", "APIs"))

    assert [finding.subject.name for finding in found(org, "P08")] == ["shipper"]


@pytest.mark.parametrize(
    ("roles", "pair"),
    [
        ((("Admin", "Identity"), ("Deployer",)), "identity-write"),
        ((("Admin", "Audit Logs"), ("Admin", "APIs")), "audit-write"),
        ((("Publisher", "APIs"), ("Registration Approver", "APIs")), "publish-approve"),
        ((("Admin", "Auth Servers"), ("Admin", "APIs")), "auth-apis"),
        ((("Admin", "Identity"), ("Viewer",)), None),
        ((("Admin", "APIs"), ("Registration Approver", "APIs")), None),
    ],
)
def test_p09_two_duties(org: Audited, roles, pair) -> None:
    org.account("ci", *(org.role(*role) for role in roles))

    assert [finding.object for finding in found(org, "P09")] == [pair] * bool(pair)
    assert not found(org, "P09", limits=replace(BASELINE, allowed_pairs=(str(pair),)))


@pytest.mark.parametrize(
    ("name", "role", "is_found"),
    [
        ("metrics-readonly", "Deployer", True),
        ("metrics-readonly", "Viewer", False),
        ("prometheus", "Deployer", False),
        ("route-planner", "Deployer", False),  # ro within a word
    ],
)
def test_p10_a_name_that_says_less(org: Audited, name, role, is_found) -> None:
    org.account(name, org.role(role))

    assert bool(found(org, "P10")) is is_found


@pytest.mark.parametrize(
    ("privileged", "others", "is_found"), [(3, 27, False), (4, 96, True), (3, 26, True)]
)
def test_p11_too_many(org: Audited, privileged, others, is_found) -> None:
    for number in range(privileged):
        org.account(f"admin-{number}", org.role("Admin"))
    for number in range(others):
        org.account(f"other-{number}", org.role("Viewer"))

    assert bool(found(org, "P11")) is is_found
