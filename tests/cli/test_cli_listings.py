"""Accounts and tokens without the application: the figures, and what could not be read."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.answers.records import account_record
from sa_tui.demo.konnect import Fault
from sa_tui.konnect.models import Listing, SystemAccount
from sa_tui.org.snapshot import Details, Part

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect

    from .conftest import Command

FIGURES = ["live_tokens", "tokens", "next_expires_at", "last_used_at", "assigned_roles", "teams"]


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def named(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(row for row in rows if row["name"] == name)


def test_accounts_come_with_the_figures_of_their_details(
    signed_in: Command, fake: FakeKonnect, now: datetime
) -> None:
    account = fake.add_account("probe", description="Probes.")
    soon, used = stamp(now + timedelta(days=7)), stamp(now - timedelta(hours=3))
    fake.add_token(account, "soon", expires_at=soon, last_used_at=used)
    fake.add_token(account, "later")
    fake.add_token(account, "over", expires_at=stamp(now - timedelta(days=1)))
    fake.add_role(account, "Viewer")
    fake.join(str(fake.add_team("probes")), account)

    ended = signed_in("accounts", "-o", "json")

    assert ended.code == 0
    assert named(ended.json["system_accounts"], "probe") == {
        "id": account,
        "name": "probe",
        "description": "Probes.",
        "konnect_managed": False,
        "created_at": stamp(now),
        "live_tokens": 2,
        "tokens": 3,
        "next_expires_at": soon,
        "last_used_at": used,
        "assigned_roles": 1,
        "teams": 1,
        "match": "yes",
        "unknown": [],
    }


def test_every_account_is_listed_under_its_organisation(
    signed_in: Command, fake: FakeKonnect
) -> None:
    listing = signed_in("accounts", "-o", "json").json

    assert listing["organization"]["name"] == "Meridian Freight"
    assert (listing["complete"], listing["incomplete"]) == (True, [])
    assert {row["id"] for row in listing["system_accounts"]} == {
        row["id"] for row in fake.organisation.accounts
    }


def test_data_and_narration_go_separate_ways(signed_in: Command) -> None:
    ended = signed_in("accounts", "--quick")

    assert ended.out.startswith("NAME")
    assert "profile KONNECT_TOKEN, https://global.api.konghq.com, token from" in ended.err
    assert "token from environment variable KONNECT_TOKEN" in ended.err
    assert "Meridian Freight: 44 system accounts" in ended.err
    assert "NAME" not in ended.err


def test_a_quick_list_asks_for_no_details_and_does_not_pretend_to_know_them(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = signed_in("accounts", "--quick", "-o", "json").json["system_accounts"][0]

    assert not [
        each.path for each in fake.received if each.path.count("/") > 2 and "sys" in each.path
    ]
    assert account["live_tokens"] is None
    assert account["unknown"] == FIGURES


def test_what_could_not_be_read_is_unknown_and_not_zero(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("probe")
    path = f"/v3/system-accounts/{account}/assigned-roles"
    fake.inject(Fault("503", method="GET", path=path, times=None))

    ended = signed_in("accounts", "-o", "json")

    assert ended.code == 3
    assert ended.json["complete"] is False
    (missing,) = ended.json["incomplete"]
    assert (missing["what"], missing["status"]) == ("assigned_roles", 503)
    assert missing["subject"] == {"type": "system_account", "id": account, "name": "probe"}
    row = named(ended.json["system_accounts"], "probe")
    assert (row["assigned_roles"], row["live_tokens"]) == (None, 0)
    assert row["unknown"] == ["assigned_roles"]
    assert "INCOMPLETE: roles of probe" in ended.err


def test_what_was_read_in_part_is_unknown(now: datetime) -> None:
    part: Part[Listing[Any]] = Part(
        value=Listing((), total=3, incomplete="Konnect counts 3, 0 were read.")
    )

    record = account_record(
        SystemAccount(id="a", name="probe"), Details(tokens=part, roles=part, teams=part), now
    )

    assert record["unknown"][-6:] == FIGURES
    assert {record[name] for name in FIGURES} == {None}


def test_an_unreadable_value_is_unknown_while_none_at_all_is_not(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("probe")
    fake.add_token(account, "odd", expires_at="some day", last_used_at=None)
    fake.add_token(account, "everlasting", expires_at=None, last_used_at=None)

    tokens = signed_in("tokens", "probe", "-o", "json").json["access_tokens"]

    odd, everlasting = named(tokens, "odd"), named(tokens, "everlasting")
    assert (odd["expires_at"], odd["state"]) == (None, None)
    assert odd["unknown"] == ["expires_at", "state"]
    assert (everlasting["expires_at"], everlasting["last_used_at"]) == (None, None)
    assert (everlasting["state"], everlasting["unknown"]) == ("live", [])


def test_a_table_shows_what_is_unknown_as_a_question(signed_in: Command, fake: FakeKonnect) -> None:
    account = fake.add_account("probe")
    fake.inject(Fault("500", path=f"/v3/system-accounts/{account}/access-tokens", times=None))

    lines = signed_in("accounts").out.splitlines()

    row = next(line for line in lines if line.startswith("probe"))
    assert row.split()[2:] == ["?", "?", "?", "0", "0"]


@pytest.mark.parametrize("by", ["name", "id", "case"])
def test_an_account_is_found_by_name_or_id(signed_in: Command, fake: FakeKonnect, by: str) -> None:
    account = fake.add_account("Probe-One")
    wanted = {"name": "Probe-One", "id": account, "case": "probe-one"}[by]

    assert signed_in("tokens", wanted, "-o", "json").json["system_account"] == {
        "id": account,
        "name": "Probe-One",
    }


def test_of_names_that_differ_in_case_alone_the_exact_one_is_meant(
    signed_in: Command, fake: FakeKonnect
) -> None:
    listing = signed_in("tokens", "Ci-Prod-Deployer", "-o", "json").json

    assert listing["system_account"]["id"] == fake.account_named("Ci-Prod-Deployer")["id"]


def test_a_name_that_means_several_accounts_is_refused_with_their_ids(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("tokens", "CI-PROD-DEPLOYER")

    assert ended.code == 2
    assert ended.out == ""
    for name in ("Ci-Prod-Deployer", "ci-prod-deployer"):
        assert fake.account_named(name)["id"] in ended.err


def test_an_unknown_account_is_refused_with_names_like_it(signed_in: Command) -> None:
    ended = signed_in("tokens", "ci-prod-deployr")

    assert (ended.code, ended.out) == (2, "")
    assert 'Did you mean "ci-prod-deployer", "Ci-Prod-Deployer"' in ended.err


def test_a_name_is_found_as_it_is_shown_and_as_it_is(signed_in: Command, fake: FakeKonnect) -> None:
    account = fake.add_account("in\u202evoice")

    for wanted in ("in⟨U+202E⟩voice", "in\u202evoice"):
        assert signed_in("tokens", wanted, "-o", "json").json["system_account"]["id"] == account


def test_a_token_that_konnect_refuses_ends_in_4(command: Command) -> None:
    command.environ["KONNECT_TOKEN"] = "kpat_nobody"

    ended = command("accounts")

    assert (ended.code, ended.out) == (4, "")
    assert "401" in ended.err
    assert "kpat_nobody" not in ended.err


def test_a_system_account_without_rights_ends_in_4_and_is_not_asked_who_it_is(
    command: Command, fake: FakeKonnect, now: datetime
) -> None:
    path = f"/v3/system-accounts/{fake.add_account('probe')}/access-tokens"
    body = json.dumps({"name": "fresh", "expires_at": stamp(now + timedelta(days=30))})
    headers = {"authorization": f"Bearer {fake.operator_token}"}
    answer = fake.answer("POST", path, {}, headers, body.encode())
    command.environ["KONNECT_SPAT"] = json.loads(answer.body)["token"]

    ended = command("accounts")

    assert (ended.code, ended.out) == (4, "")
    assert "403" in ended.err
    assert "/v3/users/me" not in {each.path for each in fake.received}


@pytest.mark.parametrize("kind", ["503", "cut-before", "malformed"])
def test_a_konnect_that_fails_ends_in_5(signed_in: Command, fake: FakeKonnect, kind: Any) -> None:
    fake.inject(Fault(kind, times=None))

    ended = signed_in("accounts")

    assert (ended.code, ended.out) == (5, "")
    assert "GET /v3/system-accounts" in ended.err


def test_a_wait_that_konnect_asks_for_is_told(signed_in: Command, fake: FakeKonnect) -> None:
    fake.inject(Fault("429", path="/v3/system-accounts"))

    ended = signed_in("accounts", "--quick")

    assert ended.code == 0
    assert "waiting 2 s: Konnect asks for fewer requests" in ended.err


# Waiting


def test_a_long_wait_is_told_with_its_end(signed_in: Command, fake: FakeKonnect) -> None:
    fake.inject(Fault("429", path="/v3/system-accounts", retry_after_seconds=77))

    ended = signed_in("accounts", "--quick")

    assert ended.code == 0
    assert "waiting 77 s, until 09:31:17 UTC: Konnect asks for fewer requests" in ended.err


@pytest.mark.parametrize("argv", [("--max-wait", "60", "accounts"), ("accounts", "--max-wait=60")])
def test_a_command_ends_when_it_would_outlast_its_limit(
    signed_in: Command, fake: FakeKonnect, argv: tuple[str, ...]
) -> None:
    fake.inject(Fault("429", path="/v3/system-accounts", retry_after_seconds=77))

    ended = signed_in(*argv)

    assert ended.code == 5
    assert "It may be asked again at 09:31:17 UTC, in 77 s" in ended.err
    assert "this command waits 60 s at most" in ended.err
    assert "--max-wait" in ended.err


def test_five_minutes_are_the_limit_of_a_command(signed_in: Command, fake: FakeKonnect) -> None:
    fake.inject(Fault("429", path="/v3/system-accounts", retry_after_seconds=301))

    assert "waits 300 s at most" in signed_in("accounts").err


def test_a_limit_that_is_no_number_is_refused(signed_in: Command) -> None:
    assert signed_in("accounts", "--max-wait", "soon").code == 2
