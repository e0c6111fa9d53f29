"""Every operation asks for exactly what Kong's specification names, and returns its own type."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from sa_tui.konnect import requests
from sa_tui.konnect.client import KonnectClient
from sa_tui.konnect.errors import Misconfigured
from sa_tui.konnect.models import (
    AccessToken,
    AssignedRole,
    AuthenticationSettings,
    IssuedToken,
    Organization,
    PersonalAccessToken,
    SystemAccount,
    Team,
    User,
)
from sa_tui.konnect.offer import Regions

GRANT = {
    "role_name": "Viewer",
    "entity_type_name": "Control Planes",
    "entity_id": "*",
    "entity_region": "eu",
}
EXPIRES_AT = datetime(2025, 9, 1, 2, 0, 0, 999999, tzinfo=timezone(timedelta(hours=2)))
Call = Callable[[KonnectClient], Awaitable[Any]]

# (operation, method and path, call, body sent, what comes back)
OPERATIONS: list[tuple[str, str, Call, object, type | None]] = [
    (
        "post-system-accounts",
        "POST /v3/system-accounts",
        lambda c: c.send(requests.create_system_account("ci", description="builds")),
        {"name": "ci", "description": "builds"},
        SystemAccount,
    ),
    (
        "get-system-accounts-id",
        "GET /v3/system-accounts/A",
        lambda c: c.accounts.get("A"),
        None,
        SystemAccount,
    ),
    (
        "patch-system-accounts-id",
        "PATCH /v3/system-accounts/A",
        lambda c: c.send(requests.update_system_account("A", description="")),
        {"description": ""},
        SystemAccount,
    ),
    (
        "delete-system-accounts-id",
        "DELETE /v3/system-accounts/A",
        lambda c: c.send(requests.delete_system_account("A")),
        None,
        None,
    ),
    (
        "post-system-accounts-id-access-tokens",
        "POST /v3/system-accounts/A/access-tokens",
        lambda c: c.send(requests.create_access_token("A", name="ci", expires_at=EXPIRES_AT)),
        {"name": "ci", "expires_at": "2025-09-01T00:00:00Z"},
        IssuedToken,
    ),
    (
        "get-system-accounts-id-access-tokens-id",
        "GET /v3/system-accounts/A/access-tokens/K",
        lambda c: c.accounts.token("A", "K"),
        None,
        AccessToken,
    ),
    (
        "patch-system-accounts-id-access-tokens-id",
        "PATCH /v3/system-accounts/A/access-tokens/K",
        lambda c: c.send(requests.update_access_token("A", "K", name="new")),
        {"name": "new"},
        AccessToken,
    ),
    (
        "delete-system-accounts-id-access-tokens-id",
        "DELETE /v3/system-accounts/A/access-tokens/K",
        lambda c: c.send(requests.delete_access_token("A", "K")),
        None,
        None,
    ),
    (
        "post-system-accounts-accountId-assigned-roles",
        "POST /v3/system-accounts/A/assigned-roles",
        lambda c: c.send(requests.assign_role("system-accounts", "A", **GRANT)),
        GRANT,
        AssignedRole,
    ),
    (
        "delete-system-accounts-accountId-assigned-roles-roleId",
        "DELETE /v3/system-accounts/A/assigned-roles/R",
        lambda c: c.send(requests.remove_role("system-accounts", "A", "R")),
        None,
        None,
    ),
    (
        "post-teams-teamId-system-accounts",
        "POST /v3/teams/T/system-accounts",
        lambda c: c.send(requests.add_member("T", "system-accounts", "A")),
        {"id": "A"},
        None,
    ),
    (
        "delete-teams-teamId-system-accounts-accountId",
        "DELETE /v3/teams/T/system-accounts/A",
        lambda c: c.send(requests.remove_member("T", "system-accounts", "A")),
        None,
        None,
    ),
    (
        "create-team",
        "POST /v3/teams",
        lambda c: c.send(requests.create_team("Platform", description="d", labels={"env": "prod"})),
        {"name": "Platform", "description": "d", "labels": {"env": "prod"}},
        Team,
    ),
    ("get-team", "GET /v3/teams/T", lambda c: c.teams.get("T"), None, Team),
    (
        "update-team",
        "PATCH /v3/teams/T",
        lambda c: c.send(requests.update_team("T", name="New", labels={"env": None})),
        {"name": "New", "labels": {"env": None}},
        Team,
    ),
    ("delete-team", "DELETE /v3/teams/T", lambda c: c.send(requests.delete_team("T")), None, None),
    (
        "teams-assign-role",
        "POST /v3/teams/T/assigned-roles",
        lambda c: c.send(requests.assign_role("teams", "T", **GRANT)),
        GRANT,
        AssignedRole,
    ),
    (
        "teams-remove-role",
        "DELETE /v3/teams/T/assigned-roles/R",
        lambda c: c.send(requests.remove_role("teams", "T", "R")),
        None,
        None,
    ),
    (
        "add-user-to-team",
        "POST /v3/teams/T/users",
        lambda c: c.send(requests.add_member("T", "users", "U")),
        {"id": "U"},
        None,
    ),
    (
        "remove-user-from-team",
        "DELETE /v3/teams/T/users/U",
        lambda c: c.send(requests.remove_member("T", "users", "U")),
        None,
        None,
    ),
    ("get-user", "GET /v3/users/U", lambda c: c.users.get("U"), None, User),
    ("get-predefined-roles", "GET /v3/roles", lambda c: c.list_roles(), None, tuple),
    (
        "get-organizations-me",
        "GET /v3/organizations/me",
        lambda c: c.get_organization(),
        None,
        Organization,
    ),
    (
        "get-authentication-settings",
        "GET /v3/authentication-settings",
        lambda c: c.get_authentication_settings(),
        None,
        AuthenticationSettings,
    ),
    ("get-users-me", "GET /v3/users/me", lambda c: c.get_me(), None, User),
    (
        "available-regions",
        "GET /v3/available-regions",
        lambda c: c.list_regions(),
        None,
        Regions,
    ),
]

# (operation, path, call, type of the rows, whether pages are asked for)
LISTS: list[tuple[str, str, Call, type, bool]] = [
    (
        "get-system-accounts",
        "/v3/system-accounts",
        lambda c: c.accounts.list(),
        SystemAccount,
        True,
    ),
    (
        "get-system-account-id-access-tokens",
        "/v3/system-accounts/A/access-tokens",
        lambda c: c.accounts.tokens("A"),
        AccessToken,
        True,
    ),
    (
        "get-system-accounts-accountId-assigned-roles",
        "/v3/system-accounts/A/assigned-roles",
        lambda c: c.accounts.roles("A"),
        AssignedRole,
        False,
    ),
    (
        "get-system-accounts-accountId-teams",
        "/v3/system-accounts/A/teams",
        lambda c: c.accounts.teams("A"),
        Team,
        True,
    ),
    ("list-teams", "/v3/teams", lambda c: c.teams.list(), Team, True),
    (
        "list-team-roles",
        "/v3/teams/T/assigned-roles",
        lambda c: c.teams.roles("T"),
        AssignedRole,
        False,
    ),
    ("list-team-users", "/v3/teams/T/users", lambda c: c.teams.users("T"), User, True),
    (
        "get-teams-teamId-system-accounts",
        "/v3/teams/T/system-accounts",
        lambda c: c.teams.accounts("T"),
        SystemAccount,
        True,
    ),
    ("list-users", "/v3/users", lambda c: c.users.list(), User, True),
    ("list-user-teams", "/v3/users/U/teams", lambda c: c.users.teams("U"), Team, True),
    (
        "list-user-roles",
        "/v3/users/U/assigned-roles",
        lambda c: c.users.roles("U"),
        AssignedRole,
        False,
    ),
    (
        "list-users-personal-access-tokens",
        "/v3/users/U/access-tokens",
        lambda c: c.users.tokens("U"),
        PersonalAccessToken,
        False,
    ),
]

BODY = {
    "id": "x",
    "token": "spat_x",
    "regions": {"stable": ["us"]},
    "control_planes": {"name": "Control Planes", "roles": {"viewer": {"name": "Viewer"}}},
}


@pytest.mark.parametrize(
    ("asked", "call", "body", "kind"),
    [each[1:] for each in OPERATIONS],
    ids=[each[0] for each in OPERATIONS],
)
async def test_an_operation_asks_as_the_specification_says(
    connect: Any, script: Any, answer: Any, asked: str, call: Call, body: object, kind: type | None
) -> None:
    konnect = script(answer(201, BODY))
    result = await call(connect(konnect))
    assert konnect.sent == [asked]
    assert result is None if kind is None else isinstance(result, kind)
    if body is None:
        assert konnect.requests[0].content == b""
    else:
        assert konnect.body() == body
        assert konnect.requests[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "call", "kind", "is_paged"),
    [each[1:] for each in LISTS],
    ids=[each[0] for each in LISTS],
)
async def test_a_list_asks_as_the_specification_says(
    connect: Any, script: Any, answer: Any, path: str, call: Call, kind: type, is_paged: bool
) -> None:
    konnect = script(answer(200, {"data": [{"id": "x"}], "meta": {"page": {"total": 1.0}}}))
    listing = await call(connect(konnect, page_size=50))
    assert konnect.requests[0].method == "GET"
    assert konnect.requests[0].url.path == path
    pages = {"page[size]": "50", "page[number]": "1"} if is_paged else {}
    assert dict(konnect.requests[0].url.params) == pages
    assert [type(each) for each in listing.rows] == [kind]
    assert (listing.total, listing.incomplete) == (1, None)


def test_every_operation_of_the_client_is_among_these() -> None:
    methods = {
        name
        for name, _ in inspect.getmembers(KonnectClient, inspect.iscoroutinefunction)
        if not name.startswith("_") and name not in {"aclose"}
    }
    changes = {
        name
        for name, builder in inspect.getmembers(requests, inspect.isfunction)
        if not name.startswith("_") and builder.__module__ == requests.__name__
    }
    calls = (call for _, _, call, *_ in (*OPERATIONS, *LISTS))
    called = {name for call in calls for name in call.__code__.co_names}
    # What entities are listed with; they know no operation of their own.
    assert methods | changes <= called | {"read_row", "read_list", "read_list_by_cursor"}


async def test_a_setting_that_is_no_yes_or_no_is_not_known(
    connect: Any, script: Any, answer: Any
) -> None:
    konnect = script(answer(200, {"idp_mapping_enabled": "yes", "konnect_mapping_enabled": True}))
    settings = await connect(konnect).get_authentication_settings()
    assert (settings.idp_mapping_enabled, settings.konnect_mapping_enabled) == (None, True)


async def test_accounts_are_searched_by_a_part_of_the_name(
    connect: Any, script: Any, answer: Any
) -> None:
    konnect = script(answer(200, {"data": []}))
    await connect(konnect).accounts.list(name_contains="ci & co")
    assert konnect.requests[0].url.params["filter[name][contains]"] == "ci & co"


async def test_tokens_are_found_by_their_exact_name(connect: Any, script: Any, answer: Any) -> None:
    konnect = script(answer(200, {"data": []}))
    await connect(konnect).accounts.tokens("A", name="ci")
    assert konnect.requests[0].url.params["filter[name][eq]"] == "ci"


@pytest.mark.parametrize("name", ["a&b=c#d?e", "100 % + more", "Weiß 赵", "\N{COLLISION SYMBOL}"])
async def test_a_name_that_is_asked_for_arrives_as_it_is(
    connect: Any, script: Any, answer: Any, name: str
) -> None:
    konnect = script(answer(200, {"data": []}))
    await connect(konnect).accounts.tokens("A", name=name)
    assert dict(konnect.requests[0].url.params)["filter[name][eq]"] == name


async def test_a_name_that_is_no_text_is_sent_all_the_same(
    connect: Any, script: Any, answer: Any
) -> None:
    konnect = script(answer(200, {"data": []}))
    await connect(konnect).accounts.tokens("A", name="half a pair: \ud83d")
    assert b"half+a+pair%3A+%ED%A0%BD" in konnect.requests[0].url.query


async def test_a_time_without_a_zone_is_no_expiry(connect: Any, script: Any) -> None:
    konnect = script()
    naive = EXPIRES_AT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        await connect(konnect).send(requests.create_access_token("A", name="ci", expires_at=naive))
    assert konnect.sent == []


async def test_an_id_cannot_reach_another_path(connect: Any, script: Any, answer: Any) -> None:
    konnect = script(answer(204))
    client = connect(konnect)
    await client.send(requests.delete_access_token("A", "../../../users/U?x="))
    assert konnect.sent == [
        "DELETE /v3/system-accounts/A/access-tokens/..%2F..%2F..%2Fusers%2FU%3Fx%3D"
    ]
    with pytest.raises(Misconfigured):
        await client.send(requests.delete_system_account(".."))
    assert len(konnect.sent) == 1


async def test_a_name_that_is_no_valid_unicode_is_sent_all_the_same(
    connect: Any, script: Any, answer: Any
) -> None:
    konnect = script(answer(201, {"id": "x"}))
    await connect(konnect).send(requests.create_system_account("ci\udcff"))
    assert konnect.body()["name"] == "ci\udcff"
