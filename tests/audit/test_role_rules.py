"""The rules about roles, and about the audit itself: where each says something or does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sa_tui.konnect.offer import CatalogueRole, CatalogueType
from sa_tui.org.snapshot import Part
from tests.access.conftest import UNREAD, read, refused

from .conftest import Audited, audit_of, found, left_open


def severities(org: Audited, rule: str, **more) -> list[str]:
    return [finding.severity for finding in found(org, rule, **more)]


def test_r01_a_role_of_its_own_that_a_team_gives(org: Audited) -> None:
    team = org.team("Readers", org.role("Viewer"))
    org.account("twice", org.role("Viewer"), teams=[team])
    org.account("other region", org.role("Viewer", region="eu"), teams=[team])
    org.account("by two teams", teams=[team, org.team("Others", org.role("Viewer"))])

    (finding,) = found(org, "R01")
    assert finding.subject.name == "twice"
    assert finding.evidence["paths"] == ("direct", "team Readers")
    own = org.details["account-0"].roles.rows[0]
    assert [(step.verb, step.id) for step in finding.remedy] == [("take-role", own.id)]


@pytest.mark.parametrize(
    ("narrow", "wide", "is_found"),
    [
        (("Viewer", "APIs", "id-1", "eu"), ("Admin", "APIs"), True),
        (("Viewer", "APIs", "id-1", "eu"), ("Viewer", "APIs", "*", "eu"), True),
        (("Viewer", "APIs", "*", "eu"), ("Admin", "APIs"), True),
        (("Viewer", "APIs", "id-1", "eu"), ("Admin", "APIs", "id-1", "eu"), True),
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


@pytest.mark.parametrize(("region", "is_open"), [("eu", True), ("*", False), (None, False)])
def test_r04_is_not_checked_without_the_list(org: Audited, region, is_open) -> None:
    org.entities["Control Planes", "eu"] = refused()
    org.account("ci", org.role("Admin", entity_id="gone", region=region))

    assert bool(left_open(org, "R04")) is is_open
    assert left_open(org, "R03")


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
    org.account("other", org.role("Creator", "Portals"), *made)

    assert [finding.subject.name for finding in found(org, "R06")] == ["other"]


def test_r07_an_assignment_that_was_made_twice(org: Audited) -> None:
    org.account("ci", org.role("Viewer"), org.role("Viewer"), org.role("Viewer", region="eu"))
    org.account("unknown", org.role(None), org.role(None))
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
