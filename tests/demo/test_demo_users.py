"""People, the organisation, and what needs no rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sa_tui.demo.konnect import BASE_URL, REGIONAL_URL, FakeKonnect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@pytest.fixture
def person(fake: FakeKonnect) -> dict[str, Any]:
    return fake.organisation.users.rows[1]


async def test_people_are_listed_filtered_and_read(
    operator: httpx.AsyncClient, person: dict[str, Any]
) -> None:
    everyone = (await operator.get("/v3/users", params={"page[size]": 100})).json()
    assert everyone["meta"]["page"]["total"] == 10
    filters = {"filter[active]": "false"}
    assert (await operator.get("/v3/users", params=filters)).json()["meta"]["page"]["total"] == 1
    filters = {"filter[full_name][contains]": "Lindqvist"}
    assert (await operator.get("/v3/users", params=filters)).json()["data"] == [person]
    assert (await operator.get(f"/v3/users/{person['id']}")).json() == person
    refused = await operator.get("/v3/users", params={"filter[id][contains]": "a"})
    assert refused.status_code == 400


async def test_a_person_without_a_name_has_no_such_field(operator: httpx.AsyncClient) -> None:
    everyone = (await operator.get("/v3/users", params={"page[size]": 100})).json()["data"]
    invited = next(row for row in everyone if row["email"].startswith("sam.ortega"))
    assert "full_name" not in invited


async def test_only_the_names_of_a_person_can_change(
    operator: httpx.AsyncClient, person: dict[str, Any]
) -> None:
    body = {"full_name": "T. Lindqvist", "email": "else@where.example"}
    changed = (await operator.patch(f"/v3/users/{person['id']}", json=body)).json()
    assert changed["full_name"] == "T. Lindqvist"
    assert changed["email"] == "tobias.lindqvist@meridianfreight.example"
    refused = await operator.patch(f"/v3/users/{person['id']}", json={"full_name": "n" * 251})
    assert refused.status_code == 400


async def test_a_removed_person_is_in_no_team(
    operator: httpx.AsyncClient, fake: FakeKonnect, person: dict[str, Any]
) -> None:
    assert (await operator.delete(f"/v3/users/{person['id']}")).status_code == 204
    assert (await operator.get(f"/v3/users/{person['id']}")).status_code == 404
    path = f"/v3/teams/{fake.team_named('Platform Engineering')['id']}/users"
    assert person["id"] not in [row["id"] for row in (await operator.get(path)).json()["data"]]


async def test_the_owner_cannot_be_removed(operator: httpx.AsyncClient, fake: FakeKonnect) -> None:
    answer = await operator.delete(f"/v3/users/{fake.organisation.operator_id}")
    assert answer.status_code == 403
    assert (await operator.get("/v3/users/me")).status_code == 200


async def test_a_person_has_tokens_in_every_state(
    operator: httpx.AsyncClient, fake: FakeKonnect, advance: Callable[..., None]
) -> None:
    async def tokens(name: str) -> list[dict[str, Any]]:
        user = next(row for row in fake.organisation.users if row["full_name"] == name)
        body = (await operator.get(f"/v3/users/{user['id']}/access-tokens")).json()
        assert body["meta"] == {"number": 1, "size": len(body["data"]), "total": len(body["data"])}
        assert all(row["user_id"] == user["id"] for row in body["data"])
        return list(body["data"])

    laptops = await tokens("Tobias Lindqvist")
    assert [row["state"] for row in laptops] == ["ACTIVE", "EXPIRED"]
    active, revoked = await tokens("Amara Okafor")
    assert (active["state"], revoked["state"]) == ("ACTIVE", "REVOKED")
    assert revoked["revoked_at"] < active["last_used_at"]
    (unused,) = await tokens("Luca Moretti")
    assert "last_used_at" not in unused
    advance(days=400)
    assert {row["state"] for row in await tokens("Amara Okafor")} == {"EXPIRED", "REVOKED"}


async def test_the_operator_is_signed_in_by_a_token_of_the_list(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    path = f"/v3/users/{fake.organisation.operator_id}/access-tokens"
    (token,) = (await operator.get(path)).json()["data"]
    assert token["id"] == fake.received[-1].token_id


async def test_tokens_of_people_are_not_told_to_a_system_account(
    operator: httpx.AsyncClient,
    fake: FakeKonnect,
    person: dict[str, Any],
    issue: Callable[..., Awaitable[str]],
    client_with: Callable[[str], httpx.AsyncClient],
) -> None:
    mighty = fake.account_named("konnect-orchestrator")["id"]
    async with client_with(await issue(mighty)) as machine:
        assert (await machine.get(f"/v3/users/{person['id']}")).status_code == 200
        answer = await machine.get(f"/v3/users/{person['id']}/access-tokens")
    assert answer.status_code == 403
    stranger = "/v3/users/00000000-0000-4000-8000-000000000000/access-tokens"
    assert (await operator.get(stranger)).status_code == 404


async def test_the_tokens_of_a_removed_person_are_gone(
    operator: httpx.AsyncClient, fake: FakeKonnect, person: dict[str, Any]
) -> None:
    await operator.delete(f"/v3/users/{person['id']}")
    assert fake.tokens_of(person["id"]) == []


async def test_the_organisation_names_itself_on_every_host(operator: httpx.AsyncClient) -> None:
    here = (await operator.get("/v3/organizations/me")).json()
    assert (here["name"], here["state"]) == ("Meridian Freight", "active")
    there = await operator.get(REGIONAL_URL.format(region="eu") + "/v3/organizations/me")
    assert there.json() == here


async def test_the_regions_are_told_to_anyone(fake: FakeKonnect) -> None:
    async with httpx.AsyncClient(transport=fake.transport(), base_url=BASE_URL) as stranger:
        answer = await stranger.get("/v3/available-regions")
    assert answer.json() == {
        "regions": {
            "stable": ["au", "eu", "in", "me", "us"],
            "stable_opt_in": ["sg"],
            "beta": [],
        }
    }


async def test_authentication_settings_say_who_decides_on_teams(
    operator: httpx.AsyncClient,
) -> None:
    settings = (await operator.get("/v3/authentication-settings")).json()
    assert settings["idp_mapping_enabled"] is False
    assert settings["konnect_mapping_enabled"] is True
