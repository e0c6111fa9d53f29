"""Accounts and tokens of the whole organisation that match a query."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.demo.konnect import Fault

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


def calls(fake: FakeKonnect, ending: str) -> int:
    return sum(each.path.endswith(ending) for each in fake.received)


# Accounts


def test_accounts_are_found_by_what_they_can_do(signed_in: Command) -> None:
    listed = signed_in("accounts", "role:Admin type:cp region:eu", "-o", "json").json
    found = signed_in("who", "role:Admin type:cp region:eu", "-o", "json").json["matches"]

    sure = {row["subject_id"] for row in found if row["match"] == "yes"}
    assert {row["id"] for row in listed["system_accounts"] if row["match"] == "yes"} == sure
    assert listed["query"] == "role:Admin type:cp region:eu"


def test_a_query_about_names_reads_the_details_of_those_alone(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("accounts", "name:ci-*", "-o", "json")

    assert ended.code == 0
    assert len(names(ended.json["system_accounts"])) == calls(fake, "/access-tokens") > 0


def test_a_quick_list_refuses_a_query_about_what_it_leaves_out(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("accounts", "--quick", "role:Admin")

    assert (ended.code, ended.out, fake.received) == (2, "", [])
    assert "--quick leaves out what role:Admin asks about" in ended.err
    assert signed_in("accounts", "--quick", "name:ci-*").code == 0


def test_an_account_of_which_too_little_is_known_comes_last_with_a_question_mark(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("aa-first")
    fake.inject(Fault("503", path=f"/v3/system-accounts/{account}/assigned-roles", times=None))
    query = "role:Viewer -name:legacy*"

    ended = signed_in("accounts", query, "-o", "json")

    assert ended.code == 3
    assert ended.json["system_accounts"][-1]["name"] == "aa-first"
    assert ended.json["system_accounts"][-1]["match"] == "unknown"
    lines = signed_in("accounts", query).out.splitlines()
    assert lines[0].split()[:2] == ["NAME", "?"]
    assert lines[-1].split()[:2] == ["aa-first", "?"]


def test_an_account_that_certainly_does_not_match_makes_nothing_incomplete(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("aa-first")
    fake.inject(Fault("503", path=f"/v3/system-accounts/{account}/assigned-roles", times=None))

    ended = signed_in("accounts", "role:Viewer -name:aa-first", "-o", "json")

    assert ended.code == 0
    assert "aa-first" not in names(ended.json["system_accounts"])


def test_a_query_that_begins_with_a_minus_is_no_option(signed_in: Command) -> None:
    ended = signed_in("accounts", "-name:ci-*", "-o", "json")

    assert ended.code == 0
    assert not [name for name in names(ended.json["system_accounts"]) if name.startswith("ci-")]


def test_a_typo_is_warned_of_in_the_answer(signed_in: Command) -> None:
    warnings = signed_in("accounts", "role:Amdin is:person", "-o", "json").json["warnings"]

    assert [warning["term"] for warning in warnings] == ["role:Amdin", "is:person"]


# Tokens


def test_the_tokens_that_match_are_listed_and_not_all_of_their_accounts(
    signed_in: Command, fake: FakeKonnect, now: datetime
) -> None:
    account = fake.add_account("probe")
    fake.add_token(account, "soon", expires_at=stamp(now + timedelta(days=3)))
    fake.add_token(account, "later", expires_at=stamp(now + timedelta(days=99)))

    rows = signed_in("tokens", "expires:<14d name:probe", "-o", "json").json["access_tokens"]

    assert [(row["system_account_name"], row["name"]) for row in rows] == [("probe", "soon")]
    assert (rows[0]["system_account_id"], rows[0]["match"]) == (account, "yes")


def test_a_question_about_tokens_reads_nothing_but_tokens(
    signed_in: Command, fake: FakeKonnect
) -> None:
    ended = signed_in("tokens", "expires:<14d")

    assert ended.code == 0
    assert calls(fake, "/access-tokens") == len(fake.organisation.accounts)
    assert calls(fake, "/assigned-roles") == calls(fake, "/teams") == 0


def test_tokens_are_found_by_what_their_accounts_can_do(signed_in: Command) -> None:
    rows = signed_in("tokens", "can:mint -used:never", "-o", "json").json["access_tokens"]

    assert {row["system_account_name"] for row in rows} == {"konnect-orchestrator", "token-minter"}


def test_without_a_query_every_token_is_listed(signed_in: Command, fake: FakeKonnect) -> None:
    rows = signed_in("tokens", "-o", "json").json["access_tokens"]

    accounts = [account["id"] for account in fake.organisation.accounts]
    every = {token["id"] for id in accounts for token in fake.organisation.tokens(id)}
    assert {row["id"] for row in rows} == every


def test_the_name_of_an_account_is_that_account_and_in_quotes_a_word(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account, other = fake.add_account("probe"), fake.add_account("probe-2")
    fake.add_token(account, "a")
    fake.add_token(other, "b")

    one = signed_in("tokens", "probe", "-o", "json")
    word = signed_in("tokens", '"probe"', "-o", "json")

    assert (one.json["command"], names(one.json["access_tokens"])) == ("tokens", ["a"])
    assert word.json["command"] == "tokens of all accounts"
    assert names(word.json["access_tokens"]) == ["a", "b"]


def test_a_word_that_is_no_account_is_a_query_and_that_is_said(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.add_token(fake.add_account("probe-2"), "b")

    ended = signed_in("tokens", "probe", "-o", "json")

    assert (ended.code, names(ended.json["access_tokens"])) == (0, ["b"])
    assert 'no account with the name or id "probe": it is taken for a query' in ended.err
    assert 'Did you mean "probe-2"' in ended.err


def test_what_is_neither_an_account_nor_a_query_says_both(signed_in: Command) -> None:
    ended = signed_in("tokens", "expire:<3d")

    assert (ended.code, ended.out) == (2, "")
    assert "There is no such account, and as a query: There is no field" in ended.err


def test_the_states_of_tokens_are_words(
    signed_in: Command, fake: FakeKonnect, now: datetime
) -> None:
    account = fake.add_account("probe")
    fake.add_token(account, "over", expires_at=stamp(now - timedelta(days=1)))

    rows = signed_in("tokens", "expired name:probe", "-o", "json").json["access_tokens"]

    assert names(rows) == ["over"]


def test_tokens_that_could_not_be_read_make_the_list_incomplete(
    signed_in: Command, fake: FakeKonnect
) -> None:
    account = fake.add_account("probe")
    fake.inject(Fault("503", path=f"/v3/system-accounts/{account}/access-tokens", times=None))

    ended = signed_in("tokens", "expires:<14d", "-o", "json")

    assert ended.code == 3
    (problem,) = ended.json["incomplete"]
    assert (problem["what"], problem["subject"]["id"]) == ("access_tokens", account)


def test_a_token_that_may_match_comes_last_with_a_question_mark(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.add_token(fake.add_account("aa-first"), "odd", expires_at="some day")

    rows = signed_in("tokens", "expires:<400d", "-o", "json").json["access_tokens"]

    assert (rows[-1]["name"], rows[-1]["match"]) == ("odd", "unknown")


@pytest.mark.parametrize("name", ["accounts", "tokens"])
def test_text_formats_have_the_match_at_their_end(signed_in: Command, name: str) -> None:
    plain = signed_in(name, "-o", "csv").out.splitlines()[0].split(",")
    asked = list(csv.DictReader(io.StringIO(signed_in(name, "is:armed", "-o", "csv").out)))

    assert plain[-1] == "complete"
    assert [*asked[0]] == [*plain, "match"]
    assert {row["match"] for row in asked} == {"yes"}
