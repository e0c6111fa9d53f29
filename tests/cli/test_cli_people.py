"""Who can do what with people included: found like accounts, and told apart from them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from sa_tui.demo.konnect import Fault

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect

    from .conftest import Command

AMARA = "amara.okafor@meridianfreight.example"


def subjects(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(row["subject_type"], row["subject_name"]) for row in rows}


def as_machine(command: Command, fake: FakeKonnect, account: str) -> None:
    """Signs in with a token of a system account."""
    account_id = fake.account_named(account)["id"]
    token = {"id": "spat", "name": "spat", "expires_at": "2027-01-01T00:00:00Z"}
    command.environ["KONNECT_TOKEN"] = fake.organisation.issue_token(account_id, token)


def test_people_are_found_beside_accounts(signed_in: Command) -> None:
    without = signed_in("who", "can:mint", "-o", "json").json["matches"]
    ended = signed_in("who", "can:mint", "--people", "-o", "json")

    assert ended.code == 0
    accounts = {("system_account", "konnect-orchestrator"), ("system_account", "token-minter")}
    assert subjects(without) == accounts
    # By the role Identity Admin, and by the team Organization Admin.
    people = {("user", "Amara Okafor"), ("user", "Ines Castellanos")}
    assert subjects(ended.json["matches"]) == accounts | people
    assert "can:mint: 2 accounts, 2 people" in ended.err


def test_a_person_is_found_with_their_tokens(signed_in: Command) -> None:
    rows = signed_in("who", "is:person", "--people", "-o", "json").json["matches"]
    told = {row["subject_name"]: (row["live_tokens"], row["last_used_at"]) for row in rows}

    # One of the two is revoked, and was used less lately.
    assert told["Amara Okafor"][0] == 1
    assert told["Amara Okafor"][1].startswith("2026-02-27")
    assert told["Luca Moretti"] == (1, None)
    assert told["Priya Raman"] == (0, None)
    assert len(rows) == 10


def test_the_table_says_who_is_a_person(signed_in: Command) -> None:
    lines = signed_in("who", "can:mint", "--people").out.splitlines()

    assert lines[0].split()[:2] == ["ACCOUNT", "SUBJECT"]
    assert "SUBJECT" not in signed_in("who", "can:mint").out
    assert sum(" person " in line for line in lines[1:]) == 2


def test_the_matrix_has_rows_of_people(signed_in: Command) -> None:
    rows = signed_in("matrix", "--people", "-o", "json").json["rows"]

    assert len(rows) == 54
    (ines,) = [row for row in rows if row["subject_name"] == "Ines Castellanos"]
    assert ines["subject_type"] == "user"
    assert ines["cells"]["portals"]["text"] == "a*!"
    out = signed_in("matrix", "--people", "is:person", "-o", "csv").out
    assert {row["subject_type"] for row in csv.DictReader(io.StringIO(out))} == {"user"}
    assert "SUBJECT" in signed_in("matrix", "--people", "is:person").out.splitlines()[0]


@pytest.mark.parametrize("name", ["Amara Okafor", AMARA, AMARA.upper()])
def test_one_person_is_told_by_name_or_by_address(
    signed_in: Command, fake: FakeKonnect, name: str
) -> None:
    ended = signed_in("access", name, "--people", "-o", "json")

    assert ended.code == 0
    assert ended.json["subject_type"] == "user"
    person = ended.json["user"]
    assert (person["email"], person["active"]) == (AMARA, True)
    assert (person["live_tokens"], person["tokens"]) == (1, 2)
    assert (person["armed"], person["can_mint"], person["unknown"]) == (True, True, [])
    assert {(row["role_name"], row["team_name"]) for row in ended.json["grants"]} == {
        ("Admin", None),
        ("Admin", "Platform Engineering"),
        ("Viewer", "Platform Engineering"),
    }
    assert "active: can sign in; can make tokens for anybody" in ended.err
    # Their own three lists: nobody else is asked about.
    assert len([each for each in fake.received if each.path.startswith("/v3/users/")]) == 4


def test_an_account_is_told_as_ever_with_people(signed_in: Command) -> None:
    ended = signed_in("access", "token-minter", "--people", "-o", "json")

    assert (ended.code, ended.json["subject_type"]) == (0, "system_account")
    assert ended.json["system_account"]["name"] == "token-minter"


def test_somebody_who_is_neither_is_refused_with_who_may_be_meant(signed_in: Command) -> None:
    ended = signed_in("access", "Amara", "--people")

    assert ended.code == 2
    assert 'There is no account or person with the name or id "Amara"' in ended.err
    assert '"Amara Okafor"' in ended.err


def test_a_name_that_an_account_and_a_person_share_is_not_guessed(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.add_account("Amara Okafor")

    ended = signed_in("access", "Amara Okafor", "--people")

    assert ended.code == 2
    assert "is not clear" in ended.err


def test_people_that_were_not_asked_for_are_said_to_be_left_out(signed_in: Command) -> None:
    ended = signed_in("who", "is:person")

    assert ended.code == 0
    assert "WARNING: is:person has no effect here: only accounts are listed." in ended.err
    assert "WARNING" not in signed_in("who", "is:person", "--people").err


def test_tokens_of_people_are_unknown_to_a_system_account_and_never_none(
    command: Command, fake: FakeKonnect
) -> None:
    as_machine(command, fake, "konnect-orchestrator")

    ended = command("who", "is:person", "--people", "-o", "json")

    assert ended.code == 3
    assert ended.json["complete"] is False
    missing = ended.json["incomplete"]
    assert {each["what"] for each in missing} == {"personal_access_tokens"}
    assert "Ines Castellanos" in {each["subject"]["name"] for each in missing}
    assert " and 9 more: " in ended.err
    rows = ended.json["matches"]
    assert len(rows) == 10
    assert {row["live_tokens"] for row in rows} == {None}
    assert all({"live_tokens", "last_used_at"} <= set(row["unknown"]) for row in rows)
    assert "INCOMPLETE: personal tokens of" in ended.err
    unarmed = command("who", "is:person -is:armed", "--people", "-o", "json").json["matches"]
    # Sam is not active, and whether there is a token nobody may say; all others can sign in.
    assert [(row["subject_name"], row["match"]) for row in unarmed] == [
        ("sam.ortega@meridianfreight.example", "unknown")
    ]


def test_people_that_cannot_be_listed_make_the_answer_incomplete(
    signed_in: Command, fake: FakeKonnect
) -> None:
    fake.inject(Fault("500", path="/v3/users", times=None))

    ended = signed_in("who", "can:mint", "--people", "-o", "json")

    assert ended.code == 3
    assert [each["what"] for each in ended.json["incomplete"]] == ["users"]
    assert signed_in("who", "can:mint").code == 0


def test_roles_of_a_person_that_cannot_be_read_are_unknown(
    signed_in: Command, fake: FakeKonnect
) -> None:
    person = fake.organisation.operator_id
    fake.inject(Fault("500", path=f"/v3/users/{person}/assigned-roles", times=None))

    ended = signed_in("access", person, "--people", "-o", "json")

    assert ended.code == 3
    (missing,) = ended.json["incomplete"]
    assert missing["what"] == "assigned_roles"
    assert missing["subject"] == {"type": "user", "id": person, "name": "Ines Castellanos"}
    assert ended.json["user"]["assigned_roles"] is None
    assert "assigned_roles" in ended.json["user"]["unknown"]
