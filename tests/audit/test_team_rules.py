"""The rules about teams and people: where each says something, where it just does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sa_tui.org.snapshot import TeamDetails
from tests.access.conftest import UNREAD, personal_token, read

from .conftest import Audited, found, left_open


@pytest.mark.parametrize(("role", "severity"), [("Viewer", "low"), ("Deployer", "medium")])
def test_g01_people_and_accounts_in_one_team(org: Audited, role, severity) -> None:
    team = org.team("Platform", org.role(role))
    ci, ines = org.account("ci", teams=[team]), org.person("ines")
    org.join(team, accounts=[ci], users=[ines])

    (finding,) = found(org, "G01")
    assert (finding.severity, finding.subject.team_id) == (severity, team.id)
    assert finding.evidence["idp_mapping_enabled"] is False


def test_g01_is_silent_about_either_alone_and_predefined_teams(org: Audited) -> None:
    ci, ines = org.account("ci"), org.person("ines")
    org.join(org.team("machines", org.role()), accounts=[ci])
    org.join(org.team("people", org.role()), users=[ines])
    org.join(org.team("portal-admin", is_predefined=True), accounts=[ci], users=[ines])

    assert not found(org, "G01")


def test_g01_is_not_checked_without_the_members(org: Audited) -> None:
    team = org.team("Platform", org.role())
    org.join(team, accounts=[org.account("ci")])
    snapshot = org.whole()
    details = replace(snapshot.team_details[team.id], users=UNREAD)

    assert left_open(snapshot.with_team_details({team.id: details}), "G01")


def test_g01_an_identity_provider_is_in_the_evidence(org: Audited) -> None:
    team = org.team("Platform", org.role())
    org.join(team, accounts=[org.account("ci")], users=[org.person("ines")])

    (finding,) = found(org.whole(has_idp=True), "G01")
    assert finding.evidence["idp_mapping_enabled"] is True


@pytest.mark.parametrize(
    ("roles", "severity"), [(("Deployer",), "low"), (("Viewer",), None), ((), "info")]
)
def test_g02_nobody_is_in_a_team(org: Audited, roles, severity) -> None:
    org.team("Waiting", *(org.role(role) for role in roles))

    assert [finding.severity for finding in found(org, "G02")] == [severity] * bool(severity)


def test_g02_an_identity_provider_may_fill_it(org: Audited) -> None:
    org.team("Waiting", org.role("Deployer"))

    assert not found(org.whole(has_idp=True), "G02")
    assert left_open(org.whole(has_idp=None), "G02")


def test_g02_one_member_is_enough(org: Audited) -> None:
    org.join(org.team("People", org.role("Deployer")), users=[org.person("ines")])

    assert not found(org, "G02")


def test_g03_a_team_that_gives_nothing(org: Audited) -> None:
    org.join(org.team("Nothing"), users=[org.person("ines")])
    org.join(org.team("Something", org.role("Viewer")), users=[org.person("otto")])

    assert [finding.subject.name for finding in found(org, "G03")] == ["Nothing"]


@pytest.mark.parametrize(
    ("count", "role", "is_found"),
    [(10, "Admin", False), (11, "Admin", True), (11, "Viewer", False)],
)
def test_g04_a_team_of_many_administrators(org: Audited, count, role, is_found) -> None:
    team = org.team("Fleet", org.role(role))
    org.join(team, accounts=[org.account(f"zone-{n}", teams=[team]) for n in range(count)])

    assert bool(found(org, "G04")) is is_found


@pytest.mark.parametrize(
    ("is_active", "state", "used_ago", "age", "is_found"),
    [
        (False, "ACTIVE", 1, 200, True),
        (False, "REVOKED", 1, 200, False),
        (True, "ACTIVE", 1, 200, False),
        (None, "ACTIVE", 1, 200, False),
        (False, "ACTIVE", None, 7, False),  # invited, and has not confirmed the address
        (False, "ACTIVE", None, 8, True),
    ],
)
def test_h01_a_disabled_user_whose_token_works(
    org: Audited, is_active, state, used_ago, age, is_found
) -> None:
    tokens = [personal_token(state=state, used_ago=used_ago, age=5)]
    org.person("ines", is_active=is_active, age=age, tokens=tokens)

    assert bool(found(org, "H01")) is is_found


@pytest.mark.parametrize(
    ("name", "is_found"), [("github actions", True), ("my-ci", True), ("circle", False)]
)
def test_h02_a_persons_token_for_a_machine(org: Audited, name, is_found) -> None:
    org.person("ines", tokens=[personal_token(name)])

    assert bool(found(org, "H02")) is is_found


def test_the_tokens_of_people_are_not_checked_when_they_may_not_be_read(org: Audited) -> None:
    org.person("ines", parts={"tokens": UNREAD})

    assert left_open(org, "H01")
    assert left_open(org, "H02")


def test_a_team_whose_roles_were_not_read_gives_no_all_clear(org: Audited) -> None:
    team = org.team("Platform", part=UNREAD)
    org.team_details[team.id] = TeamDetails(accounts=read(()), users=read(()))
    org.account("ci", teams=[team])

    open_rules = {
        finding.rule for rule in ("P01", "P03", "G02", "R03") for finding in left_open(org, rule)
    }
    assert open_rules == {"P01", "P03", "G02", "R03"}
