"""The words that name a role, an entity type, an entity and a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sa_tui.demo.konnect import Fault
from tests.cli.changing.answered import entity_id, held, run_json, writes

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command

GIVE = ("role", "give", "probe", "--type", "cp", "--role", "Viewer")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--role", "Veiwer", "--type", "cp"), 'Did you mean "Viewer"?'),
        (("--role", "Publisher", "--type", "cp"), "There is no role on Control Planes"),
        (("--role", "Viewer", "--type", "control-plan"), 'Did you mean "Control Planes"?'),
        (("--role", "Viewer", "--type", "cp", "--region", "euu"), 'Did you mean "eu"?'),
        (("--role", "Viewer", "--type", "cp", "--region", "us"), 'no entity "prod-eu"'),
    ],
)
def test_a_word_that_is_wrong_is_refused_with_the_nearest(
    signed_in: Command, fake: FakeKonnect, words: tuple[str, ...], said: str
) -> None:
    ended = signed_in("role", "give", "probe", *words, "--entity", "prod-eu", "--yes")

    assert ended.code == 2
    assert said in ended.err
    assert writes(fake) == []


@pytest.mark.parametrize("type", ["cp", "Control Planes", "control planes", "control-plane"])
def test_a_type_may_be_written_in_any_spelling(
    signed_in: Command, fake: FakeKonnect, type: str
) -> None:
    code, answer = run_json(
        signed_in, "role", "give", "other", "--role", "viewer", "--type", type,
        "--entity", "prod-eu", "--dry-run",
    )  # fmt: skip

    body = answer["preview"]["changes"][0]["request"]["body"]
    assert (code, body["entity_type_name"], body["role_name"]) == (0, "Control Planes", "Viewer")


def test_every_entity_wants_a_region(signed_in: Command, fake: FakeKonnect) -> None:
    ended = signed_in(*GIVE, "--entity", "*", "--yes")
    assert ended.code == 2
    assert "--region" in ended.err

    assert signed_in(*GIVE, "--entity", "*", "--region", "eu,us", "--yes").code == 0
    given = held(fake, fake.account_named("probe")["id"])
    assert ("Viewer", "*", "eu") in given
    assert ("Viewer", "*", "us") in given


def test_an_entity_that_no_list_names_is_taken_by_its_id(
    signed_in: Command, fake: FakeKonnect
) -> None:
    hidden = "9f4f3f7e-2f57-4f7e-9d57-2f3c1d1e0a11"

    assert signed_in(*GIVE, "--entity", hidden, "--yes").code == 2
    assert signed_in(*GIVE, "--entity", hidden, "--region", "eu", "--yes").code == 0
    assert ("Viewer", hidden, "eu") in held(fake, fake.account_named("probe")["id"])


def test_a_name_in_a_list_that_could_not_be_read_is_not_said_to_be_missing(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("403", method="GET", path="/v2/control-planes", times=None))

    ended = signed_in(*GIVE, "--entity", "prod-eu", "--yes")

    assert ended.code == 5
    assert "among the names of Control Planes that could be read" in ended.err


def test_a_name_that_several_entities_have_is_refused_with_their_ids(
    signed_in: Command, fake: FakeKonnect
) -> None:
    planes = {
        region: fake.organisation.entities["/v2/control-planes", region] for region in ("eu", "us")
    }
    twins = [fake.organisation.new_id() for _ in range(3)]
    for region, id in zip(("eu", "us", "us"), twins, strict=True):
        planes[region].add({**planes["eu"].rows[0], "id": id, "name": "twin"})

    refused = signed_in(*GIVE, "--entity", "twin", "--yes")
    assert refused.code == 2
    assert all(id in refused.err for id in twins)
    assert signed_in(*GIVE, "--entity", "twin", "--region", "eu,us", "--yes").code == 2
    assert signed_in(*GIVE, "--entity", "twin", "--region", "eu", "--yes").code == 0
    assert signed_in(*GIVE, "--entity", twins[2][:8], "--yes").code == 0
    given = {(id, region) for _, id, region in held(fake, fake.account_named("probe")["id"])}
    assert {(twins[0], "eu"), (twins[2], "us")} <= given
    assert twins[1] not in {id for id, _ in given}


@pytest.mark.parametrize("path", ["/v3/roles", "/v3/available-regions"])
def test_what_konnect_could_not_list_is_taken_as_it_is_given(
    signed_in: Command, fake: FakeKonnect, path: str
) -> None:
    fake.inject(Fault("503", method="GET", path=path, times=None))
    role, region = ("Novelty", "eu") if path == "/v3/roles" else ("Viewer", "mars")
    line = ("role", "give", "other", "--type", "cp", "--entity", "*")

    code, answer = run_json(signed_in, *line, "--role", role, "--region", region, "--dry-run")

    body = answer["preview"]["changes"][0]["request"]["body"]
    assert (code, body["role_name"], body["entity_region"]) == (0, role, region)


def test_a_role_is_not_said_to_be_taken_while_roles_could_not_be_read(
    signed_in: Command, fake: FakeKonnect
) -> None:
    id = fake.account_named("probe")["id"]
    fake.inject(Fault("503", method="GET", path=f"/v3/system-accounts/{id}/*", times=None))
    line = ("role", "take", "probe", "--role", "Viewer", "--type", "cp", "--entity", "prod-us")

    assert signed_in(*line, "--yes").code == 5
    assert writes(fake) == []


def test_admin_of_everything_wants_the_name(signed_in: Command, fake: FakeKonnect) -> None:
    line = ("role", "give", "probe", "--role", "Admin", "--type", "cp", "--entity", "*")

    refused = signed_in(*line, "--region", "*", "--yes")
    assert refused.code == 7
    assert "full write on everything" in refused.err
    assert signed_in(*line, "--region", "*", "--yes", "--confirm", "probe").code == 0


def test_a_role_is_taken_in_any_region_unless_one_is_named(
    signed_in: Command, fake: FakeKonnect
) -> None:
    id = fake.account_named("probe")["id"]
    fake.add_role(id, "Viewer", entity_id=entity_id(fake, "prod-us"), entity_region="*")
    line = ("role", "take", "probe", "--role", "Viewer", "--type", "cp", "--entity", "prod-us")

    assert signed_in(*line, "--region", "*", "--yes").code == 0
    assert [region for *_, region in held(fake, id)] == ["us"]
    assert signed_in(*line, "--yes").code == 0
    assert held(fake, id) == []


def test_a_role_of_an_old_type_can_be_taken(signed_in: Command, fake: FakeKonnect) -> None:
    id = fake.account_named("other")["id"]
    fake.add_role(id, "Peeper", entity_type_name="Runtime Groups", entity_id="*", entity_region="*")
    line = ("--role", "Peeper", "--type", "Runtime Groups", "--entity", "*", "--region", "*")

    assert signed_in("role", "give", "other", *line, "--yes").code == 2
    assert signed_in("role", "take", "other", *line, "--yes").code == 0
    assert held(fake, id) == []


def test_roles_of_an_account_and_a_team_are_given_together(
    signed_in: Command, fake: FakeKonnect
) -> None:
    line = ("role", "give", "other", "--team", "crew", "--role", "Viewer,Deployer", "--type", "cp")

    assert signed_in(*line, "--entity", "prod-eu", "--yes").code == 0
    for holder in (fake.account_named("other")["id"], fake.team_named("crew")["id"]):
        assert sorted(role for role, *_ in held(fake, holder)) == ["Deployer", "Viewer"]
