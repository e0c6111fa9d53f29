"""Teams of the demo Konnect and who is in them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from sa_tui.demo.konnect import FakeKonnect

TEAMS = "/v3/teams"


async def test_a_team_lives_from_creation_to_deletion(operator: httpx.AsyncClient) -> None:
    body = {"name": "Depots", "description": "Runs depots.", "labels": {"env": "test"}}
    made = await operator.post(TEAMS, json=body)
    assert made.status_code == 201
    team = made.json()
    assert team | body == team
    assert team["system_team"] is False
    path = f"{TEAMS}/{team['id']}"
    changed = await operator.patch(path, json={"name": "Depots AU"})
    assert (changed.status_code, changed.json()["description"]) == (200, "Runs depots.")
    assert (await operator.get(path)).json()["name"] == "Depots AU"
    gone = await operator.delete(path)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await operator.get(path)).status_code == 404


async def test_two_teams_may_have_one_name(operator: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert (await operator.post(TEAMS, json={"name": "Twins"})).status_code == 201


async def test_a_label_is_replaced_kept_or_taken_away(operator: httpx.AsyncClient) -> None:
    body = {"name": "Depots", "labels": {"env": "test", "tier": "1", "zone": "a"}}
    team = (await operator.post(TEAMS, json=body)).json()
    labels = {"env": "prod", "zone": None}
    changed = await operator.patch(f"{TEAMS}/{team['id']}", json={"labels": labels})
    assert changed.json()["labels"] == {"env": "prod", "tier": "1"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "n" * 251}, "name"),
        ({"name": "n", "description": ""}, "description"),
        ({"name": "n", "description": "d" * 251}, "description"),
        ({"name": "n", "labels": []}, None),
        ({"name": "n", "labels": ["env"]}, "labels"),
        ({"name": "n", "labels": {"kong-env": "x"}}, "labels.kong-env"),
        ({"name": "n", "labels": {"env": "no spaces"}}, "labels.env"),
        ({"name": "n", "labels": {"env": 1}}, "labels.env"),
        ({"name": "n", "labels": {f"k{n}": "v" for n in range(51)}}, "labels"),
    ],
)
async def test_a_bad_team_is_refused_by_field(
    operator: httpx.AsyncClient, body: object, field: str | None
) -> None:
    answer = await operator.post(TEAMS, json=body)
    if field is None:
        assert answer.status_code == 201
    else:
        assert answer.status_code == 400
        assert answer.json()["invalid_parameters"][0]["field"] == field


async def test_a_predefined_team_can_be_neither_changed_nor_deleted(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    path = f"{TEAMS}/{fake.team_named('organization-admin')['id']}"
    for answer in (await operator.patch(path, json={"name": "x"}), await operator.delete(path)):
        assert answer.status_code == 400
        assert answer.json()["invalid_parameters"] == [
            {"field": "teamID", "reason": "system teams cannot be modified"}
        ]


@pytest.mark.parametrize("kind", ["system-accounts", "users"])
async def test_a_member_joins_once_and_leaves_once(
    operator: httpx.AsyncClient, fake: FakeKonnect, kind: str
) -> None:
    # Predefined teams cannot change, but their membership can.
    path = f"{TEAMS}/{fake.team_named('portal-admin')['id']}/{kind}"
    rows = fake.organisation.accounts if kind == "system-accounts" else fake.organisation.users
    member_id = rows.rows[0]["id"]
    joined = await operator.post(path, json={"id": member_id})
    assert (joined.status_code, joined.text) == (201, "Created")
    assert joined.headers["content-type"].startswith("text/plain")
    assert (await operator.post(path, json={"id": member_id})).status_code == 409
    listed = (await operator.get(path)).json()
    assert listed["data"][-1]["id"] == member_id
    teams = (await operator.get(f"/v3/{kind}/{member_id}/teams")).json()["data"]
    assert teams[-1]["name"] == "portal-admin"
    gone = await operator.delete(f"{path}/{member_id}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await operator.delete(f"{path}/{member_id}")).status_code == 404


@pytest.mark.parametrize("kind", ["system-accounts", "users"])
@pytest.mark.parametrize(
    ("member_id", "status"), [("nonsense", 400), (str(uuid.UUID(int=9)), 404), (None, 400)]
)
async def test_a_stranger_cannot_join(
    operator: httpx.AsyncClient, fake: FakeKonnect, kind: str, member_id: str | None, status: int
) -> None:
    path = f"{TEAMS}/{fake.team_named('portal-admin')['id']}/{kind}"
    assert (await operator.post(path, json={"id": member_id})).status_code == status


async def test_a_deleted_team_is_nobodys_team(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    team_id = fake.team_named("Release Bots")["id"]
    account_id = fake.account_named("ci-prod-deployer")["id"]
    await operator.delete(f"{TEAMS}/{team_id}")
    teams = await operator.get(f"/v3/system-accounts/{account_id}/teams")
    assert teams.json()["data"] == []


async def test_an_id_that_is_none_is_refused(operator: httpx.AsyncClient) -> None:
    answer = await operator.get(f"{TEAMS}/nonsense")
    assert answer.status_code == 400
    assert answer.json()["invalid_parameters"] == [
        {"field": "teamID", "reason": "invalid ID format"}
    ]


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        ({"filter[name][eq]": "Integrations"}, 2),
        ({"filter[name][contains]": "admin"}, 6),
        ({"filter[labels.env][eq]": "prod"}, 3),
        ({"filter[labels.env][contains]": "t"}, 1),
        ({"filter[labels.env][exists]": "true"}, 4),
        ({"filter[labels.env][exists]": "false"}, 11),
        ({"filter[labels.env]": "test", "filter[name]": "Integrations"}, 1),
    ],
)
async def test_teams_are_filtered_by_name_and_label(
    operator: httpx.AsyncClient, filters: dict[str, str], total: int
) -> None:
    assert (await operator.get(TEAMS, params=filters)).json()["meta"]["page"]["total"] == total


@pytest.mark.parametrize("key", ["filter[labels.env][lt]", "filter[system_team]", "filter[labels]"])
async def test_other_filters_on_teams_are_refused(operator: httpx.AsyncClient, key: str) -> None:
    assert (await operator.get(TEAMS, params={key: "true"})).status_code == 400
