"""Two accounts, teams or people side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.demo.konnect import Fault

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command


def test_each_grant_says_how_each_of_the_two_has_it(signed_in: Command) -> None:
    ended = signed_in("compare", "terraform-eu", "terraform-prod", "-o", "json")

    assert ended.code == 0
    grants = {
        (row["role_name"], row["entity_type_name"], row["entity_region"]): row
        for row in ended.json["grants"]
    }
    in_eu = grants["Admin", "Control Planes", "eu"]
    everywhere = grants["Admin", "Control Planes", "*"]
    assert (everywhere["left_held"], everywhere["right_held"]) == (False, True)
    assert ended.json["left"]["subject_name"] == "terraform-eu"
    assert in_eu["right_held"] is True
    assert "6 differences" in ended.err


def test_an_account_is_compared_with_a_team(signed_in: Command) -> None:
    ended = signed_in("compare", "ci-eu-deployer", "Release Bots", "-o", "json")

    kinds = [ended.json[side]["subject_type"] for side in ("left", "right")]
    assert kinds == ["system_account", "team"]
    (same, *_) = [row for row in ended.json["grants"] if row["entity_name"] == "prod-eu"]
    assert same["same"] is True


def test_a_predefined_team_is_found_by_both_of_its_names(signed_in: Command) -> None:
    names = {
        signed_in("compare", "terraform-eu", name, "-o", "json").json["right"]["subject_id"]
        for name in ("Organization Admin", "organization-admin")
    }

    assert len(names) == 1


def test_what_both_have_is_left_out_on_demand(signed_in: Command) -> None:
    line = ("compare", "ci-eu-deployer", "Release Bots")

    every = signed_in(*line, "-o", "json").json["grants"]
    differing = signed_in(*line, "--only-differences", "-o", "json").json["grants"]

    assert differing == [row for row in every if row["same"] is not True]
    assert len(differing) < len(every)


def test_a_name_of_an_account_and_of_a_team_is_listed_with_both(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account, team = fake.add_account("twin"), fake.add_team("twin")

    ended = signed_in("compare", "terraform-eu", "twin")

    assert (ended.code, ended.out) == (2, "")
    assert f'"twin" {account} (account)' in ended.err
    assert f'"twin" {team} (team)' in ended.err


def test_one_with_itself_is_refused(signed_in: Command) -> None:
    ended = signed_in("compare", "terraform-eu", "TERRAFORM-EU")

    assert (ended.code, ended.out) == (2, "")
    assert "nothing to compare" in ended.err


def test_roles_that_could_not_be_read_make_the_difference_unknown(
    signed_in: Command, fake: FakeKonnect
) -> None:
    team = fake.add_team("Pilots")
    fake.inject(Fault("503", path=f"/v3/teams/{team}/assigned-roles", times=None))

    ended = signed_in("compare", "terraform-eu", "Pilots", "-o", "json")

    assert ended.code == 3
    assert {row["right_held"] for row in ended.json["grants"]} == {None}
    assert {row["same"] for row in ended.json["grants"]} == {None}
    (problem,) = ended.json["incomplete"]
    assert (problem["what"], problem["subject"]["id"]) == ("assigned_roles", team)


def test_a_name_that_nothing_has_may_be_in_a_list_that_failed(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("503", path="/v3/teams", times=None))

    assert signed_in("compare", "terraform-eu", "Release Bots").code == 5
    assert signed_in("compare", "terraform-eu", "terraform-prod").code == 0


def test_a_person_is_compared_where_people_are_counted_in(signed_in: Command) -> None:
    line = ("compare", "terraform-eu", "amara.okafor@meridianfreight.example")

    assert signed_in(*line).code == 2
    ended = signed_in(*line, "--people", "-o", "json")
    assert ended.json["right"]["subject_type"] == "user"


def test_nobody_else_is_read(signed_in: Command, fake: FakeKonnect) -> None:
    signed_in("compare", "terraform-eu", "Release Bots")

    read = {each.path for each in fake.received if each.path.startswith("/v3/system-accounts/")}
    assert len(read) == 3


def test_odd_names_are_safe_in_the_head_of_a_table(signed_in: Command, fake: FakeKonnect) -> None:
    fake.add_role(fake.add_account("a\x1b[31m\nb"), "Viewer")

    ended = signed_in("compare", "a\x1b[31m\nb", "terraform-eu")

    assert ended.code == 0
    assert "\x1b" not in ended.out
    assert len(ended.out.splitlines()[0].split("  ")) > 4
