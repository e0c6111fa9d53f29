"""The rules about privilege and roles: where each says something, where it just does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sa_tui.audit.limits import BASELINE
from sa_tui.konnect.offer import CatalogueRole, CatalogueType
from sa_tui.org.snapshot import Part
from tests.access.conftest import UNREAD, read, refused, token

from .conftest import Audited, audit_of, found, left_open


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


def test_r01_a_role_of_its_own_that_a_team_gives(org: Audited) -> None:
    team = org.team("Readers", org.role("Viewer"))
    org.account("twice", org.role("Viewer"), teams=[team])
    org.account("other region", org.role("Viewer", region="eu"), teams=[team])
    org.account("by two teams", teams=[team, org.team("Others", org.role("Viewer"))])

    (finding,) = found(org, "R01")
    assert finding.subject.name == "twice"
    assert finding.evidence["paths"] == ("direct", "team Readers")


@pytest.mark.parametrize(
    ("narrow", "wide", "is_found"),
    [
        (("Viewer", "APIs", "id-1", "eu"), ("Admin", "APIs"), True),
        (("Viewer", "APIs", "id-1", "eu"), ("Viewer", "APIs", "*", "eu"), True),
        (("Publisher", "APIs"), ("Admin", "APIs"), False),
        (("Viewer", "APIs", "id-1", "eu"), ("Admin", "APIs", "*", "us"), False),
        (("Stargazer", "APIs"), ("Admin", "APIs"), False),
        (("Viewer", "APIs"), ("Viewer", "APIs"), False),  # the same: R07
    ],
)
def test_r02_a_role_that_another_one_gives(org: Audited, narrow, wide, is_found) -> None:
    org.account("ci", org.role(*narrow), org.role(*wide))

    findings = found(org, "R02")
    assert bool(findings) is is_found
    # Which of the two is the mistake is not said.
    assert all(finding.remedy == () for finding in findings)


def test_r02_a_pair_within_one_team_is_that_teams(org: Audited) -> None:
    team = org.team("Both", org.role("Viewer", "APIs"), org.role("Admin", "APIs"))
    org.account("ci", teams=[team])

    (finding,) = found(org, "R02")
    assert finding.subject.team_id == team.id


def test_r03_an_entity_that_is_no_more(org: Audited) -> None:
    org.entity("prod")
    org.account("ci", org.role("Admin", entity_id="gone", region="eu"))
    org.account("fine", org.role("Admin", entity_id="id-of-prod", region="eu"))

    (finding,) = found(org, "R03")
    assert finding.subject.name == "ci"
    assert finding.evidence["listed_at"] is not None


def test_r03_is_also_asked_of_teams(org: Audited) -> None:
    org.entity("prod")
    team = org.team("Deployers", org.role("Admin", entity_id="gone", region="eu"))

    assert [finding.subject.team_id for finding in found(org, "R03")] == [team.id]


@pytest.mark.parametrize("part", [refused(), UNREAD, None], ids=["refused", "unread", "empty"])
def test_r03_without_a_list_nothing_is_said(org: Audited, part) -> None:
    org.entities["Control Planes", "eu"] = read(()) if part is None else part
    org.account("ci", org.role("Admin", entity_id="gone", region="eu"))

    assert not found(org, "R03")
    assert left_open(org, "R03")


def test_r04_a_region_where_the_entity_is_not(org: Audited) -> None:
    org.entity("prod")
    org.entity("other", region="us")
    org.account("ci", org.role("Admin", entity_id="id-of-prod", region="us"))
    org.account("fine", org.role("Admin", entity_id="id-of-prod", region="*"))

    (finding,) = found(org, "R04")
    assert (finding.subject.name, finding.evidence["is_in"]) == ("ci", "eu")
    assert not found(org, "R03")


@pytest.mark.parametrize(
    "role", [("Admin", "Black Holes"), ("Stargazer", "APIs"), (None, "APIs"), ("Viewer", None)]
)
def test_r05_a_role_that_nobody_knows(org: Audited, role) -> None:
    org.account("ci", org.role(*role), org.role("Viewer", "APIs"))

    assert severities(org, "R05") == ["info"]


@pytest.mark.parametrize("missing", ["entity_id", "entity_region"])
def test_r05_a_missing_place_is_not_taken_for_everything(org: Audited, missing) -> None:
    place: dict[str, Any] = {missing: None}
    org.account("ci", replace(org.role(), **place))

    assert found(org, "R05")
    assert not found(org, "P05")


def test_r05_what_konnect_offers_is_known(org: Audited) -> None:
    org.account("ci", org.role("Admin", "Black Holes"))
    offered = CatalogueType(
        key="x", name="Black Hole", roles=(CatalogueRole(key="a", name="Admin"),)
    )
    whole = org.whole()

    assert not found(replace(whole, catalogue=Part(value=(offered,))), "R05")
    unread = replace(whole, catalogue=refused())
    assert not found(unread, "R05")
    assert left_open(unread, "R05")


@pytest.mark.parametrize(("count", "is_found"), [(10, False), (11, True)])
def test_r06_many_roles_of_its_own(org: Audited, count, is_found) -> None:
    roles = [org.role("Viewer", entity_id=f"id-{number}") for number in range(count)]
    org.account("ci", *roles)

    assert bool(found(org, "R06")) is is_found


def test_r06_what_a_creator_made_does_not_count(org: Audited) -> None:
    made = [org.role("Admin", "APIs", f"id-{number}", "eu") for number in range(20)]
    org.account("ci", org.role("Creator", "APIs"), *made)

    assert not found(org, "R06")


def test_r07_an_assignment_that_was_made_twice(org: Audited) -> None:
    org.account("ci", org.role("Viewer"), org.role("Viewer"))
    team = org.team("Readers", org.role("Viewer", "APIs"), org.role("Viewer", "API"))
    org.account("fine", org.role("Viewer"), org.role("Viewer", region="eu"))

    findings = found(org, "R07")
    assert [finding.subject.id for finding in findings] == ["account-0", team.id]
    assert all(len(finding.remedy) == 1 for finding in findings)


def test_c01_each_list_that_is_not_whole(org: Audited) -> None:
    org.account("ci", parts={"tokens": refused(), "roles": read((), incomplete="1 of 2 rows.")})
    findings = found(org, "C01")

    assert sorted((f.evidence["what"], f.evidence["status"]) for f in findings) == [
        ("access_tokens", 403),
        ("assigned_roles", None),
    ]
    assert all(finding.severity == "high" for finding in findings)
    assert not audit_of(org).is_complete


def test_c01_a_list_of_names_that_may_not_be_read_is_no_gap(org: Audited) -> None:
    org.entities["APIs", "eu"] = refused()

    assert audit_of(org).is_complete
