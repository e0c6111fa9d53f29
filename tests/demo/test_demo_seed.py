"""The organisation of the demo: the same every time, and with everything worth trying."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.organisation import Organisation, stamp
from sa_tui.demo.seed import build_organisation

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def contents(organisation: Organisation) -> str:
    accounts = organisation.accounts.rows
    tokens = [organisation.tokens(row["id"]).rows for row in accounts]
    roles = [organisation.roles(row["id"]).rows for row in accounts]
    people = [organisation.users.rows, organisation.teams.rows]
    return json.dumps([accounts, tokens, roles, people, organisation.record])


def tokens_by_account(fake: FakeKonnect) -> dict[str, list[dict[str, Any]]]:
    return {row["name"]: fake.tokens_of(row["id"]) for row in fake.organisation.accounts}


@pytest.mark.parametrize("accounts", [None, 300])
def test_the_same_seed_gives_the_same_organisation(accounts: int | None) -> None:
    first, second = (build_organisation(NOW, seed=7, accounts=accounts) for _ in range(2))
    assert contents(first) == contents(second)
    assert first.operator_token == second.operator_token


def test_another_seed_gives_other_ids_and_secrets() -> None:
    first, second = build_organisation(NOW, seed=1), build_organisation(NOW, seed=2)
    assert first.operator_token != second.operator_token
    assert {row["id"] for row in first.accounts}.isdisjoint(row["id"] for row in second.accounts)


def test_a_later_now_moves_every_date_and_nothing_else() -> None:
    first, second = build_organisation(NOW), build_organisation(NOW + timedelta(days=100))
    for before, after in zip(first.accounts, second.accounts, strict=True):
        assert before["id"] == after["id"]
        distance = datetime.fromisoformat(after["created_at"]) - datetime.fromisoformat(
            before["created_at"]
        )
        assert distance == timedelta(days=100)


@pytest.mark.parametrize("count", [0, 1, 10, 44, 1000])
def test_the_number_of_accounts_can_be_chosen(count: int) -> None:
    organisation = build_organisation(NOW, accounts=count)
    assert len(organisation.accounts) == count
    assert len(organisation.account_ids) == count


def test_every_predefined_team_is_there(fake: FakeKonnect) -> None:
    predefined = {team["name"] for team in fake.organisation.teams if team["system_team"]}
    assert predefined == {
        "analytics-admin",
        "analytics-viewer",
        "organization-admin",
        "organization-admin-readonly",
        "portal-admin",
        "api-product-admin",
        "api-product-developer",
        "control-plane-admin",
    }


def test_tokens_are_live_expired_unused_stale_and_about_to_end(fake: FakeKonnect) -> None:
    tokens = tokens_by_account(fake)
    now, soon = stamp(NOW), stamp(NOW + timedelta(days=2))
    ends_soon = {n for n, rows in tokens.items() for t in rows if now < t["expires_at"] < soon}
    assert ends_soon >= {"ci-au-deployer", "ci-sandbox"}
    assert all(token["expires_at"] < now for token in tokens["legacy-jenkins"])
    assert "last_used_at" not in tokens["incident-responder"][0]
    assert tokens["poc-ai-gateway"][0]["last_used_at"] < stamp(NOW - timedelta(days=250))
    assert len([t for t in tokens["ci-prod-deployer"] if t["expires_at"] > now]) == 2
    assert tokens["reserved-for-sre"] == []


def test_no_token_contradicts_itself() -> None:
    fake = FakeKonnect(build_organisation(NOW, accounts=500), clock=lambda: NOW)
    for name, rows in tokens_by_account(fake).items():
        account = fake.account_named(name)
        for token in rows:
            created, expires = token["created_at"], token["expires_at"]
            assert account["created_at"] <= created <= expires
            assert created <= token.get("last_used_at", created) <= min(expires, stamp(NOW))
            lifetime = datetime.fromisoformat(expires) - datetime.fromisoformat(created)
            assert lifetime <= timedelta(days=366)


def test_grants_reach_from_one_entity_to_everything(fake: FakeKonnect) -> None:
    roles = [role for row in fake.organisation.accounts for role in fake.roles_of(row["id"])]
    scopes = {(role["entity_id"] == "*", role["entity_region"] == "*") for role in roles}
    assert scopes == {(True, True), (True, False), (False, True), (False, False)}
    assert {"Control Plane Groups", "Identity", "Metering"} <= {
        r["entity_type_name"] for r in roles
    }
    assert "Creator" in {role["role_name"] for role in roles}
    known = {row["id"] for table in fake.organisation.entities.values() for row in table}
    named = {role["entity_id"] for role in roles} - {"*"}
    assert len(named - known) == 2


def test_people_and_machines_share_teams(fake: FakeKonnect) -> None:
    organisation = fake.organisation
    shared = [
        team["name"]
        for team in organisation.teams
        if organisation.user_teams.members(team["id"])
        and organisation.account_teams.members(team["id"])
    ]
    assert "Platform Engineering" in shared
    assert "organization-admin" in shared


def test_hostile_names_are_there(fake: FakeKonnect) -> None:
    names = list(fake.organisation.account_ids)
    assert {"[/foo]", "[red]x[/red] ci"} <= set(names)
    assert any("\x1b]52;c;" in name for name in names)
    assert any("\u202e" in name for name in names)
    assert any(unicodedata.bidirectional(letter) == "R" for name in names for letter in name)
    assert any(unicodedata.east_asian_width(letter) == "W" for name in names for letter in name)
    assert max(map(len, names)) == 300
    assert len({name.lower() for name in names}) == len(names) - 1


def test_a_time_that_nothing_can_parse_is_among_the_odd(fake: FakeKonnect) -> None:
    times = {token["created_at"] for rows in tokens_by_account(fake).values() for token in rows}
    assert "2025-01-12:15:54Z" in times


def test_nothing_is_odd_unless_asked_for() -> None:
    fake = FakeKonnect(build_organisation(NOW), clock=lambda: NOW)
    organisation = fake.organisation
    tokens = [token for rows in tokens_by_account(fake).values() for token in rows]
    rows = [*organisation.accounts, *organisation.teams, *organisation.users, *tokens]
    texts = [(name, text) for row in rows for name, text in row.items() if isinstance(text, str)]
    assert [text for _, text in texts if not text.isprintable() or "[/" in text] == []
    assert {name for name, text in texts if not text} <= {"description", "preferred_name"}
    for name, text in texts:
        if name.endswith("_at"):
            datetime.fromisoformat(text)


def test_an_organisation_may_have_no_account_at_all() -> None:
    fake = FakeKonnect(build_organisation(NOW, accounts=0), clock=lambda: NOW)
    headers = {"authorization": f"Bearer {fake.operator_token}"}
    answer = fake.answer("GET", "/v3/system-accounts", {}, headers, b"")
    assert json.loads(answer.body)["data"] == []
