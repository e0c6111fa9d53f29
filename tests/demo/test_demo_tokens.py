"""Access tokens of the demo Konnect: issuing them, and what they open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sa_tui.demo.seed import build_organisation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from sa_tui.demo.konnect import FakeKonnect

    Issue = Callable[..., Awaitable[str]]
    SignIn = Callable[[str], httpx.AsyncClient]


@pytest.fixture
def account_id(fake: FakeKonnect) -> str:
    return str(fake.account_named("ci-eu-deployer")["id"])


@pytest.fixture
def tokens(account_id: str) -> str:
    return f"/v3/system-accounts/{account_id}/access-tokens"


async def test_the_secret_is_shown_once(operator: httpx.AsyncClient, tokens: str) -> None:
    body = {"name": "fresh", "expires_at": "2026-06-01T00:00:00Z"}
    made = await operator.post(tokens, json=body)
    assert made.status_code == 201
    secret = made.json()["token"]
    assert secret.startswith("spat_")
    assert len(secret) == len("spat_") + 50
    row = (await operator.get(f"{tokens}/{made.json()['id']}")).json()
    assert "token" not in row
    assert "last_used_at" not in row
    assert secret not in (await operator.get(tokens)).text


async def test_every_secret_is_different(fake: FakeKonnect, account_id: str, issue: Issue) -> None:
    secrets = {await issue(account_id, name=str(number)) for number in range(20)}
    assert len(secrets | {fake.operator_token}) == 21


async def test_no_secret_is_kept(fake: FakeKonnect, account_id: str, issue: Issue) -> None:
    secret = await issue(account_id)
    assert secret not in repr(vars(fake.organisation))


async def test_expiry_is_kept_in_whole_seconds_of_utc(
    operator: httpx.AsyncClient, tokens: str
) -> None:
    body = {"name": "fresh", "expires_at": "2026-06-01T02:00:00.987+02:00"}
    made = await operator.post(tokens, json=body)
    assert made.json()["expires_at"] == "2026-06-01T00:00:00Z"


@pytest.mark.parametrize(
    "expires_at",
    [
        None,
        "",
        "soon",
        "2026-06-01",
        "2026-06-01T00:00:00",
        "2026-03-02T09:30:00Z",
        "2026-03-02T09:30:00.900Z",
        "2025-01-12:15:54Z",
        "2027-03-04T09:30:00Z",
        "0001-01-01T00:00:00+14:00",
        1780000000,
    ],
)
async def test_an_unusable_expiry_is_refused(
    operator: httpx.AsyncClient, fake: FakeKonnect, account_id: str, tokens: str, expires_at: object
) -> None:
    before = len(fake.tokens_of(account_id))
    answer = await operator.post(tokens, json={"name": "fresh", "expires_at": expires_at})
    assert answer.status_code == 400
    assert answer.json()["invalid_parameters"][0]["field"] == "expires_at"
    assert len(fake.tokens_of(account_id)) == before


@pytest.mark.parametrize("days", [365, 366])
async def test_twelve_months_are_allowed_across_a_leap_day(
    issue: Issue, account_id: str, days: int
) -> None:
    assert await issue(account_id, days=days)


async def test_a_token_name_is_unique_on_its_account(
    operator: httpx.AsyncClient,
    fake: FakeKonnect,
    account_id: str,
    tokens: str,
    issue: Issue,
) -> None:
    await issue(account_id, name="twice")
    body = {"name": "twice", "expires_at": "2026-06-01T00:00:00Z"}
    assert (await operator.post(tokens, json=body)).status_code == 409
    assert await issue(fake.account_named("ci-sandbox")["id"], name="twice")


async def test_only_the_name_of_a_token_can_change(
    operator: httpx.AsyncClient, fake: FakeKonnect, account_id: str, tokens: str
) -> None:
    token = dict(fake.tokens_of(account_id)[0])
    body = {"name": "renamed", "expires_at": "2030-01-01T00:00:00Z"}
    changed = (await operator.patch(f"{tokens}/{token['id']}", json=body)).json()
    assert (changed["name"], changed["expires_at"]) == ("renamed", token["expires_at"])


async def test_renaming_to_another_tokens_name_is_refused(
    operator: httpx.AsyncClient, fake: FakeKonnect, account_id: str, tokens: str
) -> None:
    fake.add_token(account_id, "other")
    token_id = fake.tokens_of(account_id)[0]["id"]
    answer = await operator.patch(f"{tokens}/{token_id}", json={"name": "other"})
    assert answer.status_code == 409
    assert (await operator.patch(f"{tokens}/{token_id}", json={})).status_code == 400


async def test_tokens_are_filtered_by_name(
    operator: httpx.AsyncClient, fake: FakeKonnect, tokens: str, account_id: str
) -> None:
    fake.add_token(account_id, "gitlab-next")
    answer = await operator.get(tokens, params={"filter[name][contains]": "gitlab"})
    assert answer.json()["meta"]["page"]["total"] == 2
    answer = await operator.get(tokens, params={"filter[name][eq]": "gitlab-next"})
    assert answer.json()["meta"]["page"]["total"] == 1
    refused = await operator.get(tokens, params={"filter[name][exists]": "true"})
    assert refused.status_code == 400


async def test_a_token_belongs_to_one_account_only(
    operator: httpx.AsyncClient, fake: FakeKonnect, account_id: str
) -> None:
    other_id = fake.account_named("ci-sandbox")["id"]
    token_id = fake.tokens_of(account_id)[0]["id"]
    path = f"/v3/system-accounts/{other_id}/access-tokens/{token_id}"
    assert (await operator.get(path)).status_code == 404
    assert (await operator.delete(path)).status_code == 404


async def test_using_a_token_moves_its_last_use(
    fake: FakeKonnect,
    advance: Callable[..., None],
    account_id: str,
    issue: Issue,
    client_with: SignIn,
) -> None:
    secret = await issue(account_id)
    advance(hours=3)
    async with client_with(secret) as client:
        assert (await client.get("/v3/organizations/me")).status_code == 200
    assert fake.tokens_of(account_id)[-1]["last_used_at"] == "2026-03-02T12:30:00Z"
    assert fake.received[-1].token_id == fake.tokens_of(account_id)[-1]["id"]


async def test_a_deleted_token_opens_nothing(
    operator: httpx.AsyncClient,
    tokens: str,
    fake: FakeKonnect,
    account_id: str,
    issue: Issue,
    client_with: SignIn,
) -> None:
    secret = await issue(account_id)
    token_id = fake.tokens_of(account_id)[-1]["id"]
    gone = await operator.delete(f"{tokens}/{token_id}")
    assert (gone.status_code, gone.content) == (204, b"")
    async with client_with(secret) as client:
        assert (await client.get("/v3/organizations/me")).status_code == 401
    assert (await operator.delete(f"{tokens}/{token_id}")).status_code == 404


async def test_a_token_of_a_deleted_account_opens_nothing(
    operator: httpx.AsyncClient,
    account_id: str,
    issue: Issue,
    client_with: SignIn,
) -> None:
    secret = await issue(account_id)
    await operator.delete(f"/v3/system-accounts/{account_id}")
    async with client_with(secret) as client:
        assert (await client.get("/v3/organizations/me")).status_code == 401


async def test_an_expired_token_opens_nothing_and_stays_listed(
    fake: FakeKonnect,
    advance: Callable[..., None],
    account_id: str,
    issue: Issue,
    client_with: SignIn,
) -> None:
    secret = await issue(account_id, days=2)
    async with client_with(secret) as client:
        advance(days=2, seconds=-1)
        assert (await client.get("/v3/organizations/me")).status_code == 200
        advance(seconds=1)
        assert (await client.get("/v3/organizations/me")).status_code == 401
    assert fake.tokens_of(account_id)[-1]["name"] == "fresh"


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer spat_wrong", "Basic {token}"])
async def test_without_a_good_token_the_answer_is_401(
    operator: httpx.AsyncClient, fake: FakeKonnect, authorization: str
) -> None:
    headers = {"authorization": authorization.format(token=fake.operator_token)}
    answer = await operator.get("/v3/organizations/me", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "A valid token is required"
    assert fake.received[-1].token_id is None


async def test_an_ordinary_account_may_not_read_identity(
    account_id: str,
    issue: Issue,
    client_with: SignIn,
) -> None:
    async with client_with(await issue(account_id)) as client:
        for path in ("/v3/system-accounts", "/v3/teams", "/v3/users"):
            answer = await client.get(path)
            assert answer.status_code == 403
            assert answer.json()["title"] == "Invalid Permissions"
        assert (await client.get("/v3/roles")).status_code == 200


@pytest.mark.parametrize("name", ["token-minter", "konnect-orchestrator"])
async def test_an_administrating_account_may_manage_identity(
    fake: FakeKonnect,
    issue: Issue,
    client_with: SignIn,
    name: str,
) -> None:
    async with client_with(await issue(fake.account_named(name)["id"])) as client:
        assert (await client.get("/v3/system-accounts")).status_code == 200
        assert (await client.post("/v3/teams", json={"name": "made"})).status_code == 201


async def test_identity_admin_can_come_through_a_custom_team(
    fake: FakeKonnect,
    account_id: str,
    issue: Issue,
    client_with: SignIn,
) -> None:
    team_id = fake.add_team("Minters")
    fake.add_role(team_id, "Admin", entity_type_name="Identity")
    fake.join(team_id, account_id)
    async with client_with(await issue(account_id)) as client:
        assert (await client.get("/v3/teams")).status_code == 200


async def test_a_reading_administrator_changes_nothing(
    fake: FakeKonnect,
    account_id: str,
    issue: Issue,
    client_with: SignIn,
) -> None:
    fake.join(fake.team_named("organization-admin-readonly")["id"], account_id)
    async with client_with(await issue(account_id)) as client:
        assert (await client.get("/v3/teams")).status_code == 200
        assert (await client.post("/v3/teams", json={"name": "made"})).status_code == 403


async def test_a_team_that_only_calls_itself_organization_admin_gives_nothing(
    fake: FakeKonnect,
    account_id: str,
    issue: Issue,
    client_with: SignIn,
) -> None:
    fake.join(fake.add_team("organization-admin"), account_id)
    async with client_with(await issue(account_id)) as client:
        assert (await client.get("/v3/teams")).status_code == 403


async def test_only_a_person_is_a_user(
    operator: httpx.AsyncClient,
    fake: FakeKonnect,
    issue: Issue,
    client_with: SignIn,
) -> None:
    assert (await operator.get("/v3/users/me")).json()["full_name"] == "Ines Castellanos"
    secret = await issue(fake.account_named("konnect-orchestrator")["id"])
    async with client_with(secret) as client:
        assert (await client.get("/v3/users/me")).status_code == 401


async def test_the_same_seed_issues_the_same_secrets(account_id: str, issue: Issue) -> None:
    again = build_organisation(datetime(2027, 1, 1, tzinfo=UTC))
    row = {"id": again.new_id(), "name": "fresh", "expires_at": "2030-01-01T00:00:00Z"}
    assert again.issue_token(account_id, row) == await issue(account_id)
