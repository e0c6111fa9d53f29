"""The lists that give entities their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sa_tui.demo.konnect import REGIONAL_URL, FakeKonnect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    Issue = Callable[..., Awaitable[str]]
    SignIn = Callable[[str], httpx.AsyncClient]


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["data"]]


def in_region(region: str, path: str) -> str:
    return REGIONAL_URL.format(region=region) + path


@pytest.mark.parametrize(
    ("path", "region", "expected"),
    [
        ("/v2/control-planes", "eu", ["prod-eu", "staging-eu"]),
        ("/v3/apis", "au", ["Depots"]),
        ("/v2/api-products", "us", ["Partner Tracking"]),
        ("/v3/portals", "us", ["Developer Portal"]),
        ("/v1/mesh/control-planes", "eu", ["mesh-eu"]),
        ("/v2/application-auth-strategies", "us", ["partner-key-auth"]),
        ("/v2/dcr-providers", "us", ["okta-partners"]),
        ("/v2/dashboards", "eu", ["EU latency"]),
        ("/v1/catalog-services", "eu", ["customs-desk"]),
        ("/v1/auth-servers", "au", ["depot-login"]),
        ("/v1/event-gateways", "us", ["kafka-edge"]),
        ("/v2/control-planes", "sg", []),
    ],
)
async def test_a_region_lists_its_own_entities(
    operator: httpx.AsyncClient, fake: FakeKonnect, path: str, region: str, expected: list[str]
) -> None:
    assert names(await operator.get(in_region(region, path))) == expected
    # The same region as a part of the path, for a Konnect that has one host only.
    assert names(await operator.get(f"/{region}{path}")) == expected
    assert (fake.received[-1].region, fake.received[-1].path) == (region, path)


async def test_regional_lists_are_not_on_the_global_host(operator: httpx.AsyncClient) -> None:
    assert (await operator.get("/v2/control-planes")).status_code == 404


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v2/cloud-gateways/networks", ["us-east-1", "eu-central-1"]),
        ("/v2/cloud-gateways/add-ons", ["redis-us"]),
    ],
)
async def test_networks_and_add_ons_are_on_the_global_host_only(
    operator: httpx.AsyncClient, path: str, expected: list[str]
) -> None:
    assert names(await operator.get(path)) == expected
    assert (await operator.get(in_region("us", path))).status_code == 404


async def test_some_lists_can_be_asked_for_one_id(operator: httpx.AsyncClient) -> None:
    path = in_region("us", "/v2/control-planes")
    plane = (await operator.get(path)).json()["data"][1]
    found = await operator.get(path, params={"filter[id][eq]": plane["id"]})
    assert found.json()["data"] == [plane]
    refused = await operator.get(
        in_region("us", "/v2/api-products"), params={"filter[id][eq]": plane["id"]}
    )
    assert refused.status_code == 400


async def test_event_gateways_are_paged_by_cursor(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    table = fake.organisation.entities["/v1/event-gateways", "us"]
    for number in range(4):
        table.add({"id": fake.organisation.new_id(), "name": f"extra-{number}"})
    following, seen = in_region("us", "/v1/event-gateways?page[size]=2"), []
    while following:
        answer = await operator.get(following)
        seen += names(answer)
        following = answer.json()["meta"]["page"]["next"]
        following = following and in_region("us", following)
    assert seen == ["kafka-edge", "extra-0", "extra-1", "extra-2", "extra-3"]


async def test_an_unknown_cursor_is_refused(operator: httpx.AsyncClient) -> None:
    following = in_region("us", "/v1/event-gateways?page[after]=nonsense")
    assert (await operator.get(following)).status_code == 400


async def test_an_account_sees_only_what_its_roles_reach(
    fake: FakeKonnect,
    issue: Issue,
    client_with: SignIn,
) -> None:
    secret = await issue(fake.account_named("ci-eu-deployer")["id"])
    async with client_with(secret) as client:
        for region, expected in (("eu", ["prod-eu", "staging-eu"]), ("us", ["prod-us"])):
            assert names(await client.get(in_region(region, "/v2/control-planes"))) == expected
        assert names(await client.get(in_region("eu", "/v2/dashboards"))) == []


async def test_a_wildcard_in_one_region_reaches_only_there(
    fake: FakeKonnect,
    issue: Issue,
    client_with: SignIn,
) -> None:
    secret = await issue(fake.account_named("terraform-eu")["id"])
    async with client_with(secret) as client:
        assert names(await client.get(in_region("eu", "/v2/control-planes")))
        assert not names(await client.get(in_region("us", "/v2/control-planes")))


async def test_organization_admin_sees_everything(
    fake: FakeKonnect,
    issue: Issue,
    client_with: SignIn,
) -> None:
    secret = await issue(fake.account_named("konnect-orchestrator")["id"])
    async with client_with(secret) as client:
        assert names(await client.get("/v2/cloud-gateways/networks")) == [
            "us-east-1",
            "eu-central-1",
        ]
