"""Assigned roles of accounts, teams and users, and the catalogue."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from sa_tui.demo.konnect import FakeKonnect

GRANT = {
    "role_name": "Viewer",
    "entity_type_name": "Control Planes",
    "entity_id": "*",
    "entity_region": "eu",
}


def holder_path(fake: FakeKonnect, kind: str) -> str:
    if kind == "users":
        holder = fake.organisation.users.rows[-1]
    elif kind == "teams":
        holder = fake.team_named("Integrations")
    else:
        holder = fake.account_named("reserved-for-sre")
    return f"/v3/{kind}/{holder['id']}/assigned-roles"


@pytest.fixture(params=["system-accounts", "teams", "users"])
def roles(request: pytest.FixtureRequest, fake: FakeKonnect) -> str:
    return holder_path(fake, request.param)


async def test_an_assigned_role_can_be_read_and_removed(
    operator: httpx.AsyncClient, roles: str
) -> None:
    made = await operator.post(roles, json=GRANT)
    assert made.status_code == 201
    role = made.json()
    assert role == {"id": role["id"], **GRANT}
    assert (await operator.get(f"{roles}/{role['id']}")).json() == role
    assert role in (await operator.get(roles)).json()["data"]
    gone = await operator.delete(f"{roles}/{role['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await operator.get(f"{roles}/{role['id']}")).status_code == 404
    assert (await operator.delete(f"{roles}/{role['id']}")).status_code == 404


async def test_the_same_role_is_assigned_only_once(operator: httpx.AsyncClient, roles: str) -> None:
    made = (await operator.post(roles, json=GRANT)).json()
    assert (await operator.post(roles, json=GRANT)).status_code == 409
    assert (await operator.post(roles, json=GRANT | {"entity_region": "us"})).status_code == 201
    await operator.delete(f"{roles}/{made['id']}")
    assert (await operator.post(roles, json=GRANT)).status_code == 201


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("role_name", None, "required"),
        ("role_name", "Plugins Admin", "enum"),
        ("entity_type_name", "Control Plane Groups", "enum"),
        ("entity_region", "mars", "enum"),
        ("entity_id", "prod-us", "is_uuid"),
    ],
)
async def test_a_role_that_does_not_exist_is_refused_by_field(
    operator: httpx.AsyncClient, roles: str, field: str | None, value: object, rule: str
) -> None:
    answer = await operator.post(roles, json=GRANT | {field: value})
    assert answer.status_code == 400
    parameter = answer.json()["invalid_parameters"][0]
    assert (parameter["field"], parameter["rule"]) == (field, rule)


async def test_a_refused_role_offers_the_choices_there_are(
    operator: httpx.AsyncClient, roles: str
) -> None:
    answer = await operator.post(roles, json=GRANT | {"entity_type_name": "Networks"})
    choices = answer.json()["invalid_parameters"][0]["choices"]
    assert choices == ["Network Admin", "Network Creator", "Network Viewer"]


async def test_a_role_may_be_assigned_on_an_entity_nobody_knows(
    operator: httpx.AsyncClient, roles: str
) -> None:
    answer = await operator.post(roles, json=GRANT | {"entity_id": str(uuid.UUID(int=5))})
    assert answer.status_code == 201


async def test_assigned_roles_come_as_one_page_whatever_is_asked(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    path = f"/v3/system-accounts/{fake.account_named('terraform-prod')['id']}/assigned-roles"
    answer = (await operator.get(path, params={"page[size]": 1})).json()
    assert len(answer["data"]) == 4
    assert answer["meta"] == {"page": {"number": 1, "size": 4, "total": 4}}


async def test_assigned_roles_are_filtered_by_exact_values(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    path = f"/v3/system-accounts/{fake.account_named('terraform-prod')['id']}/assigned-roles"
    filters = {"filter[role_name][eq]": "Admin", "filter[entity_type_name]": "Portals"}
    found = (await operator.get(path, params=filters)).json()["data"]
    assert [(row["role_name"], row["entity_type_name"]) for row in found] == [("Admin", "Portals")]
    for key in ("filter[role_name][contains]", "filter[entity_region]"):
        assert (await operator.get(path, params={key: "*"})).status_code == 400


async def test_roles_of_a_team_have_no_filter_on_the_entity(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    answer = await operator.get(holder_path(fake, "teams"), params={"filter[entity_id]": "*"})
    assert answer.status_code == 400


async def test_roles_of_a_predefined_team_cannot_change(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    path = f"/v3/teams/{fake.team_named('portal-admin')['id']}/assigned-roles"
    answer = await operator.post(path, json=GRANT)
    assert answer.json()["invalid_parameters"] == [
        {"field": "teamID", "reason": "system teams cannot be modified"}
    ]
    assert (await operator.get(path)).json()["data"] == []


async def test_the_catalogue_names_types_and_roles(operator: httpx.AsyncClient) -> None:
    catalogue = (await operator.get("/v3/roles")).json()
    assert list(catalogue) == [
        "control_planes",
        "api_products",
        "audit_logs",
        "identity",
        "mesh_control_planes",
        "dashboards",
        "reports",
    ]
    assert catalogue["identity"] == {
        "name": "Identity",
        "roles": {
            "admin": {
                "name": "Admin",
                "description": "This role grants full write access to the Identity configuration.",
            }
        },
    }


async def test_the_catalogue_spells_mesh_unlike_the_role_that_is_assigned(
    operator: httpx.AsyncClient, roles: str
) -> None:
    catalogue = (await operator.get("/v3/roles")).json()
    assert catalogue["mesh_control_planes"]["name"] == "Mesh Control Plane"
    for name, status in (("Mesh Control Plane", 400), ("Mesh Control Planes", 201)):
        answer = await operator.post(roles, json=GRANT | {"entity_type_name": name})
        assert answer.status_code == status
