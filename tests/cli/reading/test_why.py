"""Why an account matches a query, or what comes nearest to it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from sa_tui.demo.konnect import Fault

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command


def plane(fake: FakeKonnect, name: str, region: str) -> str:
    rows = fake.organisation.entities["/v2/control-planes", region].rows
    return str(next(row["id"] for row in rows if row["name"] == name))


def test_every_path_that_gives_it_is_told_with_what_remains_without_it(
    signed_in: Command,
) -> None:
    ended = signed_in("why", "ci-eu-deployer", "role:Deployer entity:prod-eu", "-o", "json")

    assert (ended.code, ended.json["match"], ended.json["near_misses"]) == (0, "yes", [])
    direct, by_team = ended.json["grants"]
    assert (direct["via"], by_team["team_name"]) == ("direct", "Release Bots")
    assert [same["team_name"] for same in direct["same_as"]] == ["Release Bots"]
    assert (direct["needed"], by_team["needed"]) == (False, False)
    assert "matches by 2 paths, 2 of them needless" in ended.err


def test_the_nearest_grant_is_told_with_the_terms_that_it_does_not_meet(
    signed_in: Command,
) -> None:
    ended = signed_in("why", "ci-prod-deployer", "role:Admin type:cp region:eu", "-o", "json")

    assert (ended.code, ended.json["match"], ended.json["grants"]) == (0, "no", [])
    (miss,) = ended.json["near_misses"]
    assert (miss["role_name"], miss["entity_name"]) == ("Deployer", "prod-eu")
    assert miss["unmet"] == ["role:Admin"]
    assert "does not match role:Admin type:cp region:eu" in ended.err


def test_a_term_that_no_grant_meets_is_told_without_a_grant(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.add_account("probe")

    (miss,) = signed_in("why", "probe", "role:Admin", "-o", "json").json["near_misses"]

    assert (miss["unmet"], miss["role_name"], miss["unknown"]) == (["role:Admin"], None, [])


def test_a_grant_that_reaches_nothing_is_the_nearest_where_it_meets_every_term(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("probe")
    fake.add_role(account, "Admin", entity_id=plane(fake, "prod-eu", "eu"), entity_region="us")

    ended = signed_in("why", "probe", "role:Admin", "-o", "json")

    (miss,) = ended.json["near_misses"]
    assert (miss["unmet"], miss["reaches_nothing"]) == ([], True)
    assert "reaches nothing" in signed_in("why", "probe", "role:Admin").out


def test_what_is_not_so_of_the_account_and_of_its_tokens_is_told_as_well(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("probe")
    fake.add_token(account, "ci")
    fake.add_role(account, "Viewer")

    query = "name:other role:Viewer token:ci used:<7d"
    misses = signed_in("why", "probe", query, "-o", "json").json["near_misses"]

    assert [miss["unmet"] for miss in misses] == [["name:other"], ["used:<7d"]]
    assert [miss["access_token_name"] for miss in misses] == [None, "ci"]


def test_of_alternatives_the_nearest_is_told(signed_in: Command, fake: FakeKonnect) -> None:
    account = fake.add_account("probe")
    fake.add_role(account, "Viewer")

    query = "(name:other role:Admin type:portal) OR (role:Admin type:cp)"
    misses = signed_in("why", "probe", query, "-o", "json").json["near_misses"]

    assert [miss["unmet"] for miss in misses] == [["role:Admin"]]


def test_an_account_that_is_one_step_away_says_by_what(signed_in: Command) -> None:
    ended = signed_in("why", "token-minter", "role:Admin type:cp", "-o", "json")

    assert ended.json["match"] == "can_become"
    assert [grant["entity_type_name"] for grant in ended.json["grants"]] == ["Identity"]
    assert ended.json["near_misses"]
    assert "can make tokens for anybody" in ended.err


def test_the_tokens_that_match_are_told(signed_in: Command, fake: FakeKonnect) -> None:
    account = fake.add_account("probe")
    fake.add_token(account, "ci")
    fake.add_token(account, "other")

    ended = signed_in("why", "probe", "token:ci is:armed", "-o", "json")

    assert [token["name"] for token in ended.json["access_tokens"]] == ["ci"]
    assert "token ci" in signed_in("why", "probe", "token:ci is:armed").out


def test_what_could_not_be_read_makes_it_uncertain_and_not_a_no(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("probe")
    fake.inject(Fault("503", path=f"/v3/system-accounts/{account}/assigned-roles", times=None))

    ended = signed_in("why", "probe", "role:Admin", "-o", "json")

    assert (ended.code, ended.json["match"], ended.json["near_misses"]) == (3, "unknown", [])
    assert [problem["what"] for problem in ended.json["incomplete"]] == ["assigned_roles"]


def test_only_the_one_account_is_read(signed_in: Command, fake: FakeKonnect) -> None:
    signed_in("why", "ci-prod-deployer", "role:Viewer")

    read = {each.path for each in fake.received if each.path.startswith("/v3/system-accounts/")}
    assert len(read) == 3


def test_a_query_that_cannot_be_read_is_refused_before_anything_is_sent(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("why", "probe", "roel:Admin")

    assert (ended.code, ended.out, fake.received) == (2, "", [])


@pytest.mark.parametrize(
    ("query", "match"),
    [("role:Deployer entity:prod-eu", "yes"), ("role:Admin", "no"), ("is:armed", "yes")],
)
def test_tables_of_text_have_a_line_for_each_path_and_else_one_for_the_verdict(
    signed_in: Command, query: str, match: str
) -> None:
    ended = signed_in("why", "ci-eu-deployer", query, "-o", "csv")

    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert {row["match"] for row in rows} == {match}
    assert {row["subject_name"] for row in rows} == {"ci-eu-deployer"}
    assert signed_in("why", "ci-eu-deployer", query, "-o", "md").out.count("\n") == len(rows) + 2
