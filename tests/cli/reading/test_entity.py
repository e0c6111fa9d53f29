"""Who reaches an entity, and the list of all entities."""

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


def add_plane(fake: FakeKonnect, name: str, region: str, id: str) -> None:
    fake.organisation.entities["/v2/control-planes", region].add({"id": id, "name": name})


def test_everybody_who_reaches_it_is_listed_the_strongest_first(signed_in: Command) -> None:
    ended = signed_in("entity", "prod-eu", "-o", "json")

    assert ended.code == 0
    rows = [row for row in ended.json["matches"] if row["match"] == "yes"]
    names = list(dict.fromkeys(row["subject_name"] for row in rows))
    assert names[0] == "incident-responder"
    assert {"terraform-prod", "ci-prod-deployer", "deck-backup-nightly"} <= set(names)
    assert ended.json["entity"]["entity_type_name"] == "Control Planes"
    first = [next(row for row in rows if row["subject_name"] == name)["tier"] for name in names]
    assert first == sorted(first, key="AWR".index)


def test_who_can_become_one_of_them_is_told_apart(signed_in: Command) -> None:
    rows = signed_in("entity", "prod-eu", "-o", "json").json["matches"]

    becoming = [row["subject_name"] for row in rows if row["match"] == "can_become"]
    assert becoming == ["token-minter"]


@pytest.mark.parametrize("by", ["id", "begin", "case"])
def test_an_entity_is_found_by_id_and_loosely_by_name(
    signed_in: Command, fake: FakeKonnect, by: str
) -> None:
    id = plane(fake, "prod-eu", "eu")
    text = {"id": id, "begin": id[:8], "case": "PROD-EU"}[by]

    assert signed_in("entity", text, "-o", "json").json["entity"]["id"] == id


def test_an_ambiguous_name_is_listed_with_types_regions_and_ids(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ids = [f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2)]
    add_plane(fake, "twin", "eu", ids[0])
    add_plane(fake, "twin", "us", ids[1])

    ended = signed_in("entity", "twin")

    assert (ended.code, ended.out) == (2, "")
    assert f'"twin" {ids[0]} (Control Planes in eu)' in ended.err
    assert f'"twin" {ids[1]} (Control Planes in us)' in ended.err
    one = signed_in("entity", "twin", "--region", "us", "-o", "json").json
    assert one["entity"]["id"] == ids[1]


def test_the_accounts_are_not_read_for_a_name_that_nothing_has(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("entity", "prod-ue")

    assert (ended.code, ended.out) == (2, "")
    assert '"prod-eu"' in ended.err
    assert not [each for each in fake.received if "assigned-roles" in each.path]


def test_an_entity_that_no_list_names_is_found_by_the_id_in_a_role(
    signed_in: Command, fake: FakeKonnect
) -> None:
    id = "11111111-2222-4333-8444-555555555555"
    fake.add_role(fake.add_account("probe"), "Viewer", entity_id=id, entity_region="eu")

    ended = signed_in("entity", id, "-o", "json")

    assert ended.json["entity"] == {
        "id": id,
        "name": None,
        "entity_type_name": "Control Planes",
        "region": "eu",
    }
    assert "probe" in {row["subject_name"] for row in ended.json["matches"]}


def test_a_type_and_a_region_without_a_list_are_refused(signed_in: Command) -> None:
    ended = signed_in("entity", "prod-eu", "--type", "teapot")

    assert (ended.code, ended.out) == (2, "")
    assert "no list of entities for --type teapot" in ended.err
    assert "Control Planes" in ended.err


def test_a_list_that_failed_may_have_the_name_as_well(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("503", path="/v3/portals", times=None))

    ended = signed_in("entity", "prod-eu", "-o", "json")
    by_id = signed_in("entity", plane(fake, "prod-eu", "eu"), "-o", "json")

    assert ended.code == 3
    assert {problem["what"] for problem in ended.json["incomplete"]} == {"entity_names"}
    assert by_id.code == 0
    unknown = signed_in("entity", "nowhere")
    assert unknown.code == 5
    assert "among those that could be read" in unknown.err


def test_a_list_that_nobody_may_see_is_a_warning(signed_in: Command, fake: FakeKonnect) -> None:
    fake.inject(Fault("403", path="/v3/portals", times=None))

    ended = signed_in("entity", "prod-eu", "-o", "json")

    assert ended.code == 0
    assert any("Portals" in warning["message"] for warning in ended.json["warnings"])


def test_an_account_that_could_not_be_read_is_uncertain_and_not_left_out(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("probe")
    fake.inject(Fault("503", path=f"/v3/system-accounts/{account}/assigned-roles", times=None))

    ended = signed_in("entity", "prod-eu", "-o", "json")

    assert ended.code == 3
    rows = {row["subject_name"]: row["match"] for row in ended.json["matches"]}
    assert rows["probe"] == "unknown"


def test_people_are_counted_in_where_they_are_asked_for(signed_in: Command) -> None:
    kinds = {
        row["subject_type"]
        for row in signed_in("entity", "prod-eu", "--people", "-o", "json").json["matches"]
    }

    assert kinds == {"system_account", "user"}


# The list


def test_the_entities_come_with_how_many_reach_each(signed_in: Command) -> None:
    listed = signed_in("entities", "-o", "json").json["entities"]
    reaching = signed_in("entity", "prod-eu", "-o", "json").json["matches"]

    (prod,) = (row for row in listed if row["name"] == "prod-eu")
    who = {row["subject_id"] for row in reaching if row["match"] == "yes"}
    assert sum(prod[name] for name in ("admin", "write", "read")) == len(who)
    assert [row["name"].casefold() for row in listed] == sorted(
        row["name"].casefold() for row in listed
    )


def test_a_query_finds_entities_by_word_type_and_region(signed_in: Command) -> None:
    rows = signed_in("entities", "prod type:cp -region:us", "-o", "json").json["entities"]

    assert [row["name"] for row in rows] == ["prod-au", "prod-eu"]
    assert {row["match"] for row in rows} == {"yes"}


def test_a_query_about_accounts_is_refused_and_says_what_answers_it(signed_in: Command) -> None:
    ended = signed_in("entities", "is:armed")

    assert (ended.code, ended.out) == (2, "")
    assert "sa-tui entity NAME" in ended.err


def test_a_list_of_entities_that_could_not_be_read_makes_it_incomplete(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("403", path="/v3/portals", times=None))

    ended = signed_in("entities", "-o", "json")

    assert ended.code == 3
    assert {problem["what"] for problem in ended.json["incomplete"]} == {"entity_names"}


def test_the_same_entities_are_in_every_format(signed_in: Command) -> None:
    ids = [row["id"] for row in signed_in("entities", "prod", "-o", "json").json["entities"]]
    rows = list(csv.DictReader(io.StringIO(signed_in("entities", "prod", "-o", "csv").out)))

    assert [row["id"] for row in rows] == ids
    assert signed_in("entities", "prod").out.count("\n") == len(ids) + 1
    assert "MATCH" not in signed_in("entities", "--all-columns").out.splitlines()[0]
