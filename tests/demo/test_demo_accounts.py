"""System accounts of the demo Konnect."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from sa_tui.demo.konnect import FakeKonnect

ACCOUNTS = "/v3/system-accounts"


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["data"]]


async def test_a_page_says_where_it_is_and_how_many_there_are(operator: httpx.AsyncClient) -> None:
    answer = await operator.get(ACCOUNTS, params={"page[size]": 7, "page[number]": 2})
    assert len(answer.json()["data"]) == 7
    assert answer.json()["meta"] == {"page": {"number": 2, "size": 7, "total": 44}}


async def test_pages_together_hold_every_account_once(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    seen = []
    for number in range(1, 6):
        seen += names(await operator.get(ACCOUNTS, params={"page[number]": number}))
    assert seen == [row["name"] for row in fake.organisation.accounts]


async def test_a_page_beyond_the_last_is_empty(operator: httpx.AsyncClient) -> None:
    answer = await operator.get(ACCOUNTS, params={"page[number]": 99})
    assert answer.json()["data"] == []
    assert answer.json()["meta"]["page"]["total"] == 44


@pytest.mark.parametrize(
    ("name", "value"),
    [("page[size]", "0"), ("page[size]", "1001"), ("page[number]", "-1"), ("page[number]", "x")],
)
async def test_an_unusable_page_is_refused(
    operator: httpx.AsyncClient, name: str, value: str
) -> None:
    answer = await operator.get(ACCOUNTS, params={name: value})
    assert answer.status_code == 400
    assert answer.json()["invalid_parameters"][0]["field"] == name


@pytest.mark.parametrize("key", ["filter[name]", "filter[name][eq]"])
async def test_a_name_is_found_exactly_with_its_case(operator: httpx.AsyncClient, key: str) -> None:
    assert names(await operator.get(ACCOUNTS, params={key: "ci-prod-deployer"})) == [
        "ci-prod-deployer"
    ]
    assert names(await operator.get(ACCOUNTS, params={key: "ci-prod"})) == []


async def test_part_of_a_name_finds_every_account_that_has_it(operator: httpx.AsyncClient) -> None:
    found = names(await operator.get(ACCOUNTS, params={"filter[name][contains]": "terraform"}))
    assert found == ["terraform-prod", "terraform-eu"]


async def test_filters_narrow_each_other(operator: httpx.AsyncClient) -> None:
    filters = {"filter[konnect_managed]": "true", "filter[description][contains]": "mesh-eu"}
    assert names(await operator.get(ACCOUNTS, params=filters)) == ["mesh-zone-eu-1"]


async def test_accounts_that_konnect_does_not_manage_can_be_asked_for(
    operator: httpx.AsyncClient,
) -> None:
    answer = await operator.get(ACCOUNTS, params={"filter[konnect_managed]": "false"})
    assert answer.json()["meta"]["page"]["total"] == 42


async def test_an_unsupported_operator_is_refused_the_way_kong_does(
    operator: httpx.AsyncClient,
) -> None:
    answer = await operator.get(ACCOUNTS, params={"filter[name][lt]": "m"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["invalid_parameters"] == [
        {"field": "[filter][name][lt]", "reason": "[lt] is not a supported filter operation"}
    ]


@pytest.mark.parametrize("key", ["filter[owner]", "filter[name", "filter[konnect_managed][eq]"])
async def test_an_unknown_filter_is_refused(operator: httpx.AsyncClient, key: str) -> None:
    assert (await operator.get(ACCOUNTS, params={key: "true"})).status_code == 400


async def test_a_new_account_can_be_read_back(operator: httpx.AsyncClient) -> None:
    made = await operator.post(ACCOUNTS, json={"name": "new", "description": "why"})
    assert made.status_code == 201
    account = made.json()
    assert account["created_at"] == "2026-03-02T09:30:00Z"
    assert account["konnect_managed"] is False
    assert (await operator.get(f"{ACCOUNTS}/{account['id']}")).json() == account


async def test_a_name_alone_is_enough_for_a_new_account(operator: httpx.AsyncClient) -> None:
    made = await operator.post(ACCOUNTS, json={"name": "new"})
    assert (made.status_code, made.json()["description"]) == (201, "")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": 7}, "name"),
        ({"name": "new", "description": []}, "description"),
        ({"name": "new", "konnect_managed": "no"}, "konnect_managed"),
        (["new"], "body"),
    ],
)
async def test_a_bad_account_is_refused_by_field(
    operator: httpx.AsyncClient, body: object, field: str
) -> None:
    answer = await operator.post(ACCOUNTS, json=body)
    assert answer.status_code == 400
    assert answer.json()["invalid_parameters"][0]["field"] == field


@pytest.mark.parametrize("content", [b"", b"{", b'{"name": "\\ud800"}', b"\xff"])
async def test_a_body_that_is_no_json_is_refused(
    operator: httpx.AsyncClient, content: bytes
) -> None:
    answer = await operator.post(ACCOUNTS, content=content)
    assert answer.status_code == 400
    assert answer.json()["invalid_parameters"][0]["reason"] == "request format is invalid"


async def test_a_name_cannot_be_taken_twice(operator: httpx.AsyncClient) -> None:
    answer = await operator.post(ACCOUNTS, json={"name": "token-minter", "description": ""})
    assert answer.status_code == 409
    assert "[token-minter]" in answer.json()["detail"]


async def test_a_name_cannot_be_taken_by_renaming(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    account = fake.account_named("ci-sandbox")
    answer = await operator.patch(f"{ACCOUNTS}/{account['id']}", json={"name": "token-minter"})
    assert answer.status_code == 409
    assert fake.account_named("ci-sandbox")["id"] == account["id"]


async def test_renaming_frees_the_old_name(operator: httpx.AsyncClient, fake: FakeKonnect) -> None:
    account = fake.account_named("ci-sandbox")
    changed = await operator.patch(f"{ACCOUNTS}/{account['id']}", json={"name": "ci-preview"})
    assert (changed.status_code, changed.json()["name"]) == (200, "ci-preview")
    again = await operator.post(ACCOUNTS, json={"name": "ci-sandbox", "description": ""})
    assert again.status_code == 201


async def test_an_account_may_keep_its_own_name(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    account = fake.account_named("ci-sandbox")
    body = {"name": "ci-sandbox", "description": "changed"}
    changed = await operator.patch(f"{ACCOUNTS}/{account['id']}", json=body)
    assert changed.json()["description"] == "changed"
    assert changed.json()["updated_at"] == "2026-03-02T09:30:00Z"


async def test_a_managed_account_can_be_neither_changed_nor_deleted(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    path = f"{ACCOUNTS}/{fake.account_named('mesh-zone-eu-1')['id']}"
    assert (await operator.patch(path, json={"description": "x"})).status_code == 403
    assert (await operator.delete(path)).status_code == 403
    assert (await operator.get(path)).json()["description"] == "Zone eu-1 of mesh-eu."


async def test_a_deleted_account_takes_everything_with_it(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    account_id = fake.account_named("ci-prod-deployer")["id"]
    team_id = fake.team_named("Release Bots")["id"]
    assert "ci-prod-deployer" in names(await operator.get(ACCOUNTS))
    gone = await operator.delete(f"{ACCOUNTS}/{account_id}")
    assert (gone.status_code, gone.content) == (204, b"")
    for path in ("", "/access-tokens", "/assigned-roles", "/teams"):
        assert (await operator.get(f"{ACCOUNTS}/{account_id}{path}")).status_code == 404
    assert "ci-prod-deployer" not in names(await operator.get(ACCOUNTS))
    members = await operator.get(f"/v3/teams/{team_id}/system-accounts")
    assert "ci-prod-deployer" not in names(members)
    assert (await operator.post(ACCOUNTS, json={"name": "ci-prod-deployer"})).status_code == 201


@pytest.mark.parametrize("account_id", ["nonsense", str(uuid.UUID(int=7))])
async def test_an_unknown_account_is_not_found(
    operator: httpx.AsyncClient, account_id: str
) -> None:
    answer = await operator.get(f"{ACCOUNTS}/{account_id}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "The requested system account was not found"
    assert answer.json()["instance"].startswith("konnect:trace:")


async def test_every_problem_has_a_trace_of_its_own(operator: httpx.AsyncClient) -> None:
    traces = {(await operator.get(f"{ACCOUNTS}/x")).json()["instance"] for _ in range(3)}
    assert len(traces) == 3
    assert all(trace.removeprefix("konnect:trace:").isdigit() for trace in traces)


async def test_a_method_nobody_offers_is_answered_with_the_ones_there_are(
    operator: httpx.AsyncClient,
) -> None:
    answer = await operator.put(ACCOUNTS, json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_a_method_that_two_paths_offer_is_named_once(operator: httpx.AsyncClient) -> None:
    answer = await operator.options("/v3/users/me")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PATCH, DELETE")


async def test_an_unknown_path_is_not_found(operator: httpx.AsyncClient) -> None:
    assert (await operator.get("/v2/system-accounts")).status_code == 404


async def test_what_was_received_is_kept_without_the_token(
    operator: httpx.AsyncClient, fake: FakeKonnect
) -> None:
    await operator.post(f"{ACCOUNTS}?dry=1", json={"name": "new", "description": ""})
    received = fake.received[-1]
    assert (received.method, received.path, received.query) == ("POST", ACCOUNTS, {"dry": "1"})
    assert (received.body, received.status) == ({"name": "new", "description": ""}, 201)
    assert fake.operator_token not in repr(fake.received)
